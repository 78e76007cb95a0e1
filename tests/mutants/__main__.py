"""Try a sample of deliberate faults of the core: how many of them does the suite notice?

    python -m tests.mutants schema history/diff --tests tests/schema tests/history --count 50

Works in a copy of the last commit, one process at a time. The same seed gives the same sample of
the same commit. A fault is noticed if a test that calls the changed function fails, or takes far
longer than before. Each unnoticed one is printed with its place: it is a gap in the suite or
changes nothing that can be seen.
"""

import argparse
import io
import json
import os
import random
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.calls import OUTPUT, ROOT
from tests.mutants.mutations import Mutation, mutations

MANY = 300
"""Tests that are run at most for a fault outside of functions, which no call tells about."""
SLOWER = 10.0
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Called:
    """A test, its duration in seconds and the functions it calls: module and first line."""

    test: str
    seconds: float
    functions: frozenset[tuple[str, int]]


def main() -> None:
    """Try the faults and print what went unnoticed and how many."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("sources", nargs="+", help="folders or modules to change")
    parser.add_argument("--tests", nargs="+", required=True, help="folders or files of tests")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calls", type=Path, help="keep what the tests call in this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary, "copy")
        _copy_of_the_last_commit(copy)
        calls = options.calls or Path(temporary, "calls.jsonl")
        if not calls.exists():
            _run(copy, options.tests, {OUTPUT: str(calls)}, None)
        outcomes = _tried(copy, list(_called(calls)), options)
    print(", ".join(f"{outcome}: {number}" for outcome, number in outcomes.items()))


def _copy_of_the_last_commit(folder: Path) -> None:
    archive = subprocess.run(
        ["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as opened:
        opened.extractall(folder, filter="data")


def _run(
    copy: Path, words: Sequence[str], variables: dict[str, str], timeout: float | None
) -> bool:
    """Run tests in the copy; tell whether all passed in time."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider"]
    if OUTPUT in variables:  # Pytest loads no plugin that a file of arguments names.
        command += ["-p", "tests.mutants.calls"]
    base = ["--basetemp", str(copy.parent / "pytest"), "-o", "tmp_path_retention_policy=none"]
    # Names of very many tests are more than a command line may hold.
    arguments = copy.parent / "arguments"
    arguments.write_text("\n".join(words), encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": f"{copy / '.alias'}{os.pathsep}{copy}", **variables}
    try:
        done = subprocess.run(
            [*command, *base, f"@{arguments}"],
            cwd=copy,
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _called(calls: Path) -> Iterator[Called]:
    for line in calls.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        functions = frozenset((name, number) for name, number in row["calls"])
        yield Called(row["test"], row["seconds"], functions)


def _tried(copy: Path, tests: list[Called], options: argparse.Namespace) -> Counter[str]:
    outcomes = Counter[str]()
    for number, (path, mutation) in enumerate(_sample(copy, options), start=1):
        outcome = _outcome(copy, path, mutation, tests)
        outcomes[outcome] += 1
        if outcome != "noticed":
            line = (copy / path).read_text(encoding="utf-8").splitlines()[mutation.line - 1]
            print(f"{outcome} {path}:{mutation.line}:{mutation.column} → {mutation.text}")
            print(f"    {line.strip()}", flush=True)
        if sys.stderr.isatty():
            print(f"{number} of {options.count}", end="\r", file=sys.stderr)
    return outcomes


def _sample(copy: Path, options: argparse.Namespace) -> list[tuple[str, Mutation]]:
    """Return the faults to try, chosen by the seed."""
    paths = sorted(
        path
        for source in options.sources
        for path in ([copy / source] if source.endswith(".py") else (copy / source).rglob("*.py"))
    )
    known = [
        (path.relative_to(copy).as_posix(), mutation)
        for path in paths
        for mutation in mutations(path.read_bytes())
    ]
    chance = random.Random(options.seed)  # noqa: S311 - no secret
    return chance.sample(known, min(options.count, len(known)))


def _outcome(copy: Path, path: str, mutation: Mutation, tests: list[Called]) -> str:
    if mutation.function:
        covering = [one for one in tests if (path, mutation.function) in one.functions]
    else:
        own = _calling_most({path}, tests)
        covering = own or _calling_most({*_importers(copy, path)}, tests)
    if not covering:
        return "never called"
    covering.sort(key=lambda one: one.seconds)
    module = copy / path
    original = module.read_bytes()
    status = module.stat()
    module.write_bytes(mutation.apply(original))  # Its time tells Python that its cache is old.
    names = [one.test for one in covering]
    limit = PATIENCE + SLOWER * sum(one.seconds for one in covering)
    try:
        passed = _run(copy, names, {"PYTHONDONTWRITEBYTECODE": "1"}, limit)
    finally:
        module.write_bytes(original)
        os.utime(module, (status.st_atime, status.st_mtime))
    return "UNNOTICED" if passed else "noticed"


def _calling_most(modules: set[str], tests: list[Called]) -> list[Called]:
    """Return at most `MANY` tests: those that call the most functions of some modules."""
    counts = {one.test: sum(name in modules for name, _ in one.functions) for one in tests}
    known = [one for one in tests if counts[one.test]]
    return sorted(known, key=lambda one: -counts[one.test])[:MANY]


def _importers(copy: Path, path: str) -> Iterator[str]:
    """Yield the modules that import a module: it may have constants only, which no call tells."""
    name = ".".join(("kvartal", *Path(path).with_suffix("").parts))
    for folder in ("schema", "history", "exchange", "tui"):
        for module in (copy / folder).rglob("*.py"):
            if f"{name} import" in module.read_text(encoding="utf-8"):
                yield module.relative_to(copy).as_posix()


if __name__ == "__main__":
    main()

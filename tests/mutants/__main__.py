"""Try a sample of deliberate faults of the core: how many of them does the suite notice?

    python -m tests.mutants schema history/diff --tests tests/schema tests/history --count 50

Works in a copy of the last commit. The same seed gives the same sample of the same commit. A fault
is noticed if a test that calls the changed function fails, or takes far longer than before. Each
unnoticed one is printed with its place: it is a gap in the suite or changes nothing that is seen.
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
from tests.mutants.trial import FAULTS, OUTCOMES, PATIENCE, SLOWER, Fault
from tests.support.isolation import memory_folder

MANY = 300
"""Tests that are run at most for a fault outside of functions, which no call tells about."""


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
    parser.add_argument("--calls", type=Path, help="keep what the tests call in this folder")
    parser.add_argument(
        "--seconds", type=float, default=600.0, help="leave out the slowest tests of a fault above"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=memory_folder()) as temporary:
        copy = Path(temporary, "copy")
        _copy_of_the_last_commit(copy)
        calls = options.calls or Path(temporary, "calls")
        if not calls.exists():
            calls.mkdir(parents=True)
            more = ("-n3", "--maxfail=1000", "-p", "tests.mutants.calls")
            _run(copy, options.tests, {OUTPUT: str(calls.resolve())}, *more, timeout=None)
        outcomes = Counter[str]()
        for fault, outcome in _tried(copy, _faults(copy, list(_called(calls)), options)):
            outcomes[outcome] += 1
            if outcome != "noticed":
                _print(copy, fault, outcome)
    print(", ".join(f"{outcome}: {number}" for outcome, number in outcomes.items()))


def _copy_of_the_last_commit(folder: Path) -> None:
    archive = subprocess.run(
        ["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as opened:
        opened.extractall(folder, filter="data")


def _run(
    copy: Path, words: Sequence[str], variables: dict[str, str], *more: str, timeout: float | None
) -> bool:
    """Run tests in the copy; tell whether all passed in time."""
    try:
        with _started(copy, words, variables, *more) as run:
            try:
                return run.wait(timeout) == 0
            finally:
                run.kill()
    except subprocess.TimeoutExpired:
        return False


def _started(
    copy: Path,
    words: Sequence[str],
    variables: dict[str, str],
    *more: str,
    kept: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", *more]
    base = ["--basetemp", str(copy.parent / "pytest"), "-o", "tmp_path_retention_policy=none"]
    # Names of very many tests are more than a command line may hold.
    arguments = copy.parent / "arguments"
    arguments.write_text("\n".join(words), encoding="utf-8")
    return subprocess.Popen(
        [*command, *base, f"@{arguments}"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": f"{copy / '.alias'}{os.pathsep}{copy}", **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=kept,
    )


def _called(calls: Path) -> Iterator[Called]:
    for path in sorted(calls.iterdir()):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            functions = frozenset((name, number) for name, number in row["calls"])
            yield Called(row["test"], row["seconds"], functions)


def _faults(copy: Path, tests: list[Called], options: argparse.Namespace) -> list[Fault]:
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
    sample = chance.sample(known, min(options.count, len(known)))
    return [_fault(copy, path, mutation, tests, options.seconds) for path, mutation in sample]


def _fault(copy: Path, path: str, mutation: Mutation, tests: list[Called], most: float) -> Fault:
    if mutation.function:
        covering = [one for one in tests if (path, mutation.function) in one.functions]
    else:
        own = _calling_most({path}, tests)
        covering = own or _calling_most({*_importers(copy, path)}, tests)
    covering.sort(key=lambda one: one.seconds)
    seconds, names = 0.0, list[str]()
    for one in covering:
        if names and seconds + one.seconds > most:
            break
        seconds += one.seconds
        names.append(one.test)
    return Fault(path, mutation, tuple(names), seconds, complete=len(names) == len(covering))


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


def _tried(copy: Path, faults: list[Fault]) -> Iterator[tuple[Fault, str]]:
    """Yield each fault and what came of it: those in functions first, which are tried together."""
    inside = [fault for fault in faults if fault.tests and fault.mutation.outermost]
    outside = [fault for fault in faults if fault not in inside]
    for fault, test in zip(inside, _failing(copy, inside), strict=False):
        if test == "":
            outside.append(fault)
        else:
            yield fault, _outcome(fault, test)
    for fault in outside:
        yield fault, _outcome(fault, _failing_alone(copy, fault))


def _failing(copy: Path, faults: list[Fault]) -> Iterator[str | None]:
    """Yield for each fault what `tests.mutants.trial` says of it."""
    given = copy.parent / "faults"
    given.write_text("".join(map(Fault.as_line, faults)), encoding="utf-8")
    files = sorted({name.partition("::")[0] for fault in faults for name in fault.tests})
    reading, writing = os.pipe()
    variables = {FAULTS: str(given), OUTCOMES: str(writing)}
    more = ("-p", "tests.mutants.trial")
    with os.fdopen(reading, encoding="utf-8") as said:
        if faults:
            with _started(copy, files, variables, *more, kept=[writing]):
                os.close(writing)
                yield from map(json.loads, said)


def _outcome(fault: Fault, test: str | None) -> str:
    if not fault.tests:
        return "never called"
    if test is not None:
        return "noticed"
    return "UNNOTICED" if fault.complete else "unnoticed by the quick tests"


def _failing_alone(copy: Path, fault: Fault) -> str | None:
    """Try a fault that only a module imported anew has, with a run of pytest."""
    module = copy / fault.path
    original, status = module.read_bytes(), module.stat()
    module.write_bytes(fault.mutation.apply(original))  # Its time makes the cached code stale.
    limit = PATIENCE + SLOWER * fault.seconds
    try:
        passed = _run(copy, fault.tests, {"PYTHONDONTWRITEBYTECODE": "1"}, timeout=limit)
    finally:
        module.write_bytes(original)
        os.utime(module, (status.st_atime, status.st_mtime))
    return None if passed else "one of them"


def _print(copy: Path, fault: Fault, outcome: str) -> None:
    mutation = fault.mutation
    line = (copy / fault.path).read_text(encoding="utf-8").splitlines()[mutation.line - 1]
    print(f"{outcome} {fault.path}:{mutation.line}:{mutation.column} → {mutation.text}")
    print(f"    {line.strip()}", flush=True)


if __name__ == "__main__":
    main()

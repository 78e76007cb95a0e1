"""The time of the log of one measure in a long history, against `git log` with the same filter.

    python -m benchmarks.log [--commits N] [--runs N] [--measure ID]

Builds a history in a temporary folder: the year of tests/scenarios and, on top of it, commits that
each change a field of one measure, with the program's messages. Then git and `kvartal log` print
the log of one measure alternately, each in its own process. The ratios are computed per round and
their median is reported, so that a drift in the speed of the machine does not matter. For the git
commands see docs/decisions/0007. The only check is that both find the same commits.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.history.diff.layout import layout
from kvartal.history.messages.message import commit_message
from kvartal.history.yaml_text.loader import load
from kvartal.schema.operations import set_fields
from tests.scenarios.working_copy import NAME
from tests.scenarios.year import year as write_year

if TYPE_CHECKING:
    from kvartal.schema.changes import PlanData

FIRST_MOMENT: Final = 1_736_500_000
"""When the first of the added commits was made, in seconds since 1970."""
STEP: Final = 3_000
"""Seconds between two commits: 10,000 of them make a year."""
SKIP_AFTER: Final = 7
"""After so many commits one measure is skipped, so that their order varies."""
MAIN: Final = "from kvartal.tui.main import main; main()"
RESULT: Final = re.compile(rb"^    result: .*$", re.MULTILINE)
HEAD_OF_ENTRY: Final = re.compile(rb"^(?:commit [0-9a-f]{40}$|[0-9a-f]{10}  [0-9])", re.MULTILINE)
"""The line that git or this program prints once per commit."""


def history(folder: Path, count: int) -> None:
    """Write a repository of ``count`` commits: the year, then changes of one measure each."""
    plan = write_year(folder)
    written = int(_git(folder, "rev-list", "--count", "HEAD"))
    command = ["git", "-C", str(folder), "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        if process.stdin is None:
            sys.exit("git fast-import takes no input")
        before = b"from refs/heads/main^0\n"
        for number, (text, message) in enumerate(_versions(plan.read_bytes(), count - written)):
            encoded = message.encode()
            author = b"A. Ivanova <ivanova@energosbyt.example> %d +0700" % (
                FIRST_MOMENT + number * STEP
            )
            process.stdin.write(
                b"commit refs/heads/main\nauthor %b\ncommitter %b\n" % (author, author)
                + b"data %d\n%b\n%b" % (len(encoded), encoded, before)
                + b"M 100644 inline plan/%b\ndata %d\n%b\n" % (NAME.encode(), len(text), text)
            )
            before = b""
        process.stdin.close()
    _git(folder, "reset", "-q", "--hard")
    # As in a clone: packed, with a commit graph.
    _git(folder, "gc", "-q")


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def _versions(text: bytes, count: int) -> Iterator[tuple[bytes, str]]:
    """Yield texts of the plan, each with a new result of one measure, and the commit messages."""
    found = layout(text)
    rows = load(text, NAME).data["measures"]
    if found is None or not isinstance(rows, list):
        sys.exit("the layout of the plan is not supported")
    blocks = {name.decode(): lines for name, lines in found.measures.items()}
    parts = {str(row["id"]): row for row in rows if isinstance(row, dict)}
    names = list(blocks)
    for number in range(count):
        name = names[(number + number // SKIP_AFTER) % len(names)]
        result = f"Достигнуто на {number % 1000 / 10} %, сообщение {number}"
        before: PlanData = {"measures": [parts[name]]}
        change = set_fields(before, name, {"result": result})
        parts[name] = {**parts[name], "result": result}
        blocks[name] = RESULT.sub(f"    result: {result}".encode(), blocks[name], count=1)
        whole = found.around[0] + b"".join(blocks.values()) + found.around[1]
        yield whole, commit_message(change, before, folder="plan")


def by_git_lines(folder: Path, measure: str) -> tuple[str, ...]:
    """Return git's command for the same: the history of the lines of one measure."""
    lines = "/- id: {}$/,/^$/".format(measure.replace(".", r"\."))
    return ("git", "-C", str(folder), "--no-pager", "log", "-L", f"{lines}:plan/{NAME}")


def by_git_patches(folder: Path, measure: str) -> tuple[str, ...]:
    """Return git's command for all changes of the plan, of any measure."""
    del measure
    log = ("log", "-p", "--no-textconv", "--no-ext-diff")
    return ("git", "-C", str(folder), "--no-pager", *log, "--", f"plan/{NAME}")


def ours(folder: Path, measure: str) -> tuple[str, ...]:
    """Return this program's command."""
    plan = str(folder / "plan" / NAME)
    return (sys.executable, "-c", MAIN, "--plan", plan, "log", measure)


def timed(command: tuple[str, ...]) -> tuple[float, bytes]:
    """Return how many seconds a command took, and its output."""
    begun = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun, done.stdout


def spread(values: list[float]) -> str:
    """Return minimum, median and maximum."""
    found = min(values), statistics.median(values), max(values)
    return " / ".join(f"{value:.2f}" for value in found)


def main() -> None:
    """Build the history, time the commands alternately, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--commits", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=7, help="rounds after one warm-up")
    parser.add_argument("--measure", default="1.1.2")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "programme")
        history(folder, options.commits)
        commands = {
            "git log -L": by_git_lines(folder, options.measure),
            "git log -p": by_git_patches(folder, options.measure),
            "kvartal log": ours(folder, options.measure),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        counts = {}
        for run in range(options.runs + 1):
            for name, command in commands.items():
                taken, printed = timed(command)
                counts[name] = len(HEAD_OF_ENTRY.findall(printed))
                times[name] += [taken] if run else []
    report(times, counts, options.commits)


def report(times: dict[str, list[float]], counts: dict[str, int], commits: int) -> None:
    """Print the times and the ratios."""
    print(f"log of one measure of {commits} commits, s (min / median / max)")
    for name, values in times.items():
        print(f"  {name:12}{spread(values)}   {counts[name]} commits")
    *by_git, mine = times
    for name in by_git:
        ratios = [b / a for a, b in zip(times[name], times[mine], strict=True)]
        print(f"  {mine} : {name}   {spread(ratios)}")
    if counts[mine] != counts["git log -L"]:
        sys.exit("the two logs differ in their commits")


if __name__ == "__main__":
    main()

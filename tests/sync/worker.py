"""A program that changes a plan and shares it, again and again; tells each accepted commit.

Run as `python -m tests.sync.worker PLAN NAME TIMES`.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kvartal.history.store.errors import PlanChangedOutside
from kvartal.history.sync.divergence import Side
from kvartal.history.sync.errors import RemoteKeepsChanging
from kvartal.schema.changes import StaleChange
from tests.sync.clones import Clone


def main(plan: Path, name: str, times: int) -> None:
    """Change and share; print the id of each commit."""
    clone = Clone(plan.parents[1])
    for number in range(times):
        words = f"{name} {number}"
        _tell(partial(clone.keep, "1.1.2", notes=words))
        _tell(partial(clone.attach, "1.1.2", "Акт.pdf", words.encode()))
        try:
            clone.sync(Side.OURS)
        except RemoteKeepsChanging:  # Everything is kept here, and goes with the next one.
            continue


def _tell(change: Callable[[], str]) -> None:
    """Make a change, anew when another program was quicker; print its commit."""
    while True:
        try:
            commit = change()
        except (PlanChangedOutside, StaleChange):
            continue
        print(commit, flush=True)  # noqa: T201 - a program's output
        return


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))

"""A program that changes a plan and syncs it several times; it prints each accepted commit.

Run as `python -m tests.sync.worker PLAN NAME TIMES`.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kvartal.history.store.errors import PlanChangedOutside
from kvartal.history.sync.divergence import Side
from kvartal.history.sync.remote_errors import RemoteKeepsChanging
from kvartal.schema.changes import StaleChange
from tests.sync.clones import Clone


def main(plan: Path, name: str, times: int) -> None:
    """Change and sync; print the id of each commit."""
    clone = Clone(plan.parents[1])
    for number in range(times):
        text = f"{name} {number}"
        _print_commit(partial(clone.save, "1.1.2", notes=text))
        _print_commit(partial(clone.attach, "1.1.2", "Акт.pdf", text.encode()))
        try:
            clone.sync(Side.OURS)
        except RemoteKeepsChanging:  # Everything is saved here and is pushed by the next sync.
            continue


def _print_commit(change: Callable[[], str]) -> None:
    """Make a change, again where another program was faster; print its commit."""
    while True:
        try:
            commit = change()
        except (PlanChangedOutside, StaleChange):
            continue
        print(commit, flush=True)  # noqa: T201 - a program's output
        return


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))

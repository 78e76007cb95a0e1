"""A program that keeps changing a plan and prints each accepted commit, until it is killed.

Run as `python -m tests.faults.writer PLAN NAME CHANGES EVIDENCE`.
"""

import signal
import sys
from itertools import count, islice
from pathlib import Path

from kvartal.history.store.errors import PlanChangedOutside
from kvartal.history.store.ledger import Ledger
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, measure_data
from tests.support.repository import record_with_file, set_responsible

RECORDED = "1.1.3"


def main(plan: Path, name: str, changes: int, evidence: Path | None) -> None:
    """Change the plan again and again; print the id of each commit and what it wrote."""
    ledger = Ledger(plan)
    ledger.recover()
    print("started", flush=True)
    for number in islice(count(1), changes or None):
        value = f"{name} {number}"
        commit = _change(ledger, value)
        print(commit, value, flush=True)
        if evidence is not None:
            _record_and_undo(ledger, evidence, value)


def _change(ledger: Ledger, value: str) -> str | None:
    while True:
        snapshot = ledger.read()
        try:
            return ledger.apply(snapshot, set_responsible(snapshot.data, value)).commit
        except PlanChangedOutside:
            continue


def _record_and_undo(ledger: Ledger, evidence: Path, value: str) -> None:
    """Add an evidence file and remove it again, in two commits."""
    evidence.write_text(value, encoding="utf-8")
    before = ledger.read()
    left = measure_data(before.data, RECORDED).get("records")
    if isinstance(left, list):  # Left by a writer that was killed before it could remove it.
        edit = Edit(RECORDED, ("records", 0), left[0], MISSING)
        before = ledger.apply(before, Change(ChangeKind.UNDO, (edit,))).snapshot
    change, files = record_with_file(before.data, ledger.path, evidence, RECORDED)
    recorded = ledger.apply(before, change, files)
    print(recorded.commit, value, flush=True)
    undone = ledger.apply(recorded.snapshot, change.inverse())
    print(undone.commit, value, flush=True)


if __name__ == "__main__":
    # A shell starts a job in the background with the interrupt ignored, and Python inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main(
        Path(sys.argv[1]),
        sys.argv[2],
        int(sys.argv[3]),
        Path(sys.argv[4]) if len(sys.argv) > 4 else None,
    )

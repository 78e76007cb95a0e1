"""Two programs write one plan at once: one change is saved, and the other gets a reason."""

import os
import subprocess
import sys
from pathlib import Path

from tests.sync.clones import Clone

# Each waits for the other to be ready, so that both write at the same moment.
WRITER = """\
import sys, time
from pathlib import Path
from kvartal.history.store.ledger import Ledger
from kvartal.schema.errors import KvartalError
from kvartal.schema.operations import set_fields
plan, value, mine, other = sys.argv[1:]
ledger = Ledger(Path(plan))
snapshot = ledger.read().checked()
change = set_fields(snapshot.data, "1.1.2", {"notes": value})
Path(mine).touch()
while not Path(other).exists():
    time.sleep(0.001)
try:
    print(ledger.apply(snapshot, change).commit)
except KvartalError as error:
    print(type(error).__name__)
"""


def run_writers(clone: Clone, folder: Path) -> list[str]:
    """Let two programs set a field at once; return the commit or the error of each."""
    ready = [folder / f"ready-{at}" for at in (0, 1)]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, clone.plan, value, mine, other],
            stdout=subprocess.PIPE,
            env=dict(os.environ),
        )
        for value, mine, other in zip(("Один", "Два"), ready, reversed(ready), strict=True)
    ]
    answers = [writer.communicate()[0].decode().strip() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert clone.git("status", "--porcelain") == ""
    assert clone.plan.read_bytes() == clone.git("show", "HEAD:plan/2024.yaml").encode()
    return answers


def test_of_two_changes_at_once_the_second_gets_a_reason(one: Clone, tmp_path: Path) -> None:
    answers = run_writers(one, tmp_path)
    assert sorted(answers, key=len, reverse=True)[1] == "PlanChangedOutside"
    assert one.head in answers
    winner = answers.index(one.head)
    assert one.value("1.1.2", "notes") == ("Один", "Два")[winner]

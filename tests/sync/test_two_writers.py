"""Two programs write one plan at once: both changes are saved, or the second gets a reason."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sync.clones import Clone

# Each waits for the other to be ready, so that both write at the same moment.
WRITER = """\
import sys, time
from pathlib import Path
from kvartal.history.store.ledger import Ledger
from kvartal.schema.errors import KvartalError
from kvartal.schema.operations import set_fields
plan, how, field, value, mine, other = sys.argv[1:]
ledger = Ledger(Path(plan))
snapshot = ledger.read().checked()
change = set_fields(snapshot.data, "1.1.2", {field: value})
Path(mine).touch()
while not Path(other).exists():
    time.sleep(0.001)
try:
    apply = getattr(ledger, how)
    outcome = apply(snapshot, change) if how == "apply" else apply(change)
    print(outcome.commit)
except KvartalError as error:
    print(type(error).__name__)
"""


def run_writers(clone: Clone, how: str, fields: tuple[str, str], folder: Path) -> list[str]:
    """Let two programs set fields at once; return the commit or the error of each."""
    ready = [folder / f"ready-{at}" for at in (0, 1)]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, clone.plan, how, field, value, mine, other],
            stdout=subprocess.PIPE,
            env=dict(os.environ),
        )
        for field, value, mine, other in zip(
            fields, ("Один", "Два"), ready, reversed(ready), strict=True
        )
    ]
    answers = [writer.communicate()[0].decode().strip() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert clone.git("status", "--porcelain") == ""
    assert clone.plan.read_bytes() == clone.git("show", "HEAD:plan/2024.yaml").encode()
    return answers


def test_changes_of_different_fields_are_both_saved(one: Clone, tmp_path: Path) -> None:
    commits = run_writers(one, "apply_to_latest", ("notes", "responsible"), tmp_path)
    assert set(one.git("rev-list", "-2", "HEAD").split()) == set(commits)
    assert (one.value("1.1.2", "notes"), one.value("1.1.2", "responsible")) == ("Один", "Два")


@pytest.mark.parametrize(
    ("how", "reason"), [("apply_to_latest", "StaleChange"), ("apply", "PlanChangedOutside")]
)
def test_of_two_changes_of_one_field_the_second_gets_a_reason(
    one: Clone, tmp_path: Path, how: str, reason: str
) -> None:
    answers = run_writers(one, how, ("notes", "notes"), tmp_path)
    assert sorted(answers, key=len, reverse=True)[1] == reason
    assert one.head in answers
    winner = answers.index(one.head)
    assert one.value("1.1.2", "notes") == ("Один", "Два")[winner]

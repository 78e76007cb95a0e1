"""The short part of `python -m tests.faults sweep`: faults in the system calls of every process."""

from pathlib import Path

import pytest

from tests.faults.injection import IS_POSSIBLE, Fault, run_traced
from tests.faults.kinds import call, prepared, words_of
from tests.faults.sweep import sweep

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not IS_POSSIBLE, reason="traces system calls of Linux on x86-64"),
]


@pytest.fixture(scope="module", autouse=True)
def _tracing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip where the system lets no process trace another."""
    folder = tmp_path_factory.mktemp("traced")

    def write() -> int:
        (folder / "file").write_text("text", encoding="ascii")
        return 0

    if run_traced(write, folder, None, 0).calls[:1] != [f"openat {folder}/file"]:
        pytest.skip("this system allows no tracing")


@pytest.mark.parametrize(
    ("kind", "fault", "step"),
    [
        ("set", Fault.KILL, 60),
        ("record", Fault.TORN, 7),
        ("undo", Fault.EIO, 25),
        ("sync", Fault.KILL, 360),
        ("sync", Fault.FULL, 133),
        ("init", Fault.KILL, 173),
    ],
)
def test_after_a_fault_the_plan_is_old_or_new_and_the_next_command_puts_all_right(
    tmp_path: Path, kind: str, fault: Fault, step: int
) -> None:
    tally = sweep(tmp_path, kind, [fault], step, every=1000)
    assert tally.wrong == []
    assert tally.points == 1


@pytest.mark.parametrize(
    ("kind", "fault", "call"),
    [
        # The commit is made, and then git cannot put its index in place.
        ("init", Fault.EIO, "rename repo/.git/index"),
        # Git calls it a success when it cannot delete its lock.
        ("init", Fault.EIO, "unlink repo/.git/HEAD.lock"),
        ("receive", Fault.EIO, "unlink clone-1/.git/HEAD.lock"),
        # The branch there is moved, and then its log cannot be written: git tells a failure.
        ("sync", Fault.FULL_ONCE, "openat общий.git/logs/HEAD"),
    ],
)
def test_what_git_fails_at_after_its_commit_is_no_failure_and_leaves_nothing(
    tmp_path: Path, kind: str, fault: Fault, call: str
) -> None:
    tally = sweep(tmp_path, kind, [fault], call=call)
    assert tally.wrong == []
    assert tally.points >= 1


def test_settings_whose_writing_was_cut_off_are_written_by_the_next_call(tmp_path: Path) -> None:
    call = "rename repo/.git/config"
    tally = sweep(tmp_path, "git-setup", [Fault.KILL], every=7, call=call)
    assert tally.wrong == []
    assert tally.points == 1


def test_the_changes_that_a_sweep_tries_succeed_without_a_fault(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "run", "set")
    for kind in ("record", "correct", "move", "postpone", "add", "import", "cancel", "remove"):
        code = call(words_of(kind, folder), folder)
        assert code == 0, (tmp_path / "output").read_text("utf-8")

"""What a crash left unfinished, met by the commands that only read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.store.ledger import Ledger
from kvartal.history.store.write_lock import write_lock
from tests.states.conftest import Run
from tests.support.repository import git, set_responsible, subjects, visible_state
from tests.sync.clones import Clone, create_shared_repository

READING = (
    ("list",),
    ("show", "1.1.2"),
    ("overdue",),
    ("validate",),
    ("log",),
    ("diff", "HEAD"),
    ("verify",),
)


class Killed(BaseException):
    """Simulates the end of the process."""


@pytest.fixture
def crash(programme: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """Return a function that crashes while a change is saved: written, not committed."""

    def crash() -> Path:
        def killed(*_arguments: object, **_named: object) -> None:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr("kvartal.history.store.commit.commit_intent", killed)
            patch.setattr("kvartal.history.store.commit.roll_back", killed)
            ledger = Ledger(programme)
            snapshot = ledger.read()
            with pytest.raises(Killed):
                ledger.apply(snapshot, set_responsible(snapshot.data, "Отдел ОК"))
        return programme

    return crash


@pytest.mark.parametrize("command", READING, ids=lambda words: str(words[0]))
def test_a_command_that_reads_finishes_what_was_interrupted(
    crash: Callable[[], Path], repo: Path, ask: Run, command: tuple[str, ...]
) -> None:
    plan = crash()
    done = ask(plan, *command)
    assert done.stderr.startswith("kvartal: Прерванное сохранение завершено: 1.1.2: ")
    assert subjects(repo, 1)[0].startswith("1.1.2: ")
    assert git(repo, "status", "--porcelain", "--ignored") == ""
    assert visible_state(repo).leftovers == []
    assert "Прерванное" not in ask(plan, *command).stderr


@pytest.mark.parametrize("command", READING, ids=lambda words: str(words[0]))
def test_where_nothing_can_be_written_what_is_unfinished_is_reported(
    crash: Callable[[], Path], repo: Path, ask: Run, command: tuple[str, ...]
) -> None:
    plan = crash()
    lock = repo / ".git" / "kvartal" / "lock"
    lock.unlink()
    lock.mkdir()
    done = ask(plan, *command)
    assert "kvartal: Прерванное сохранение «1.1.2: " in done.stderr
    assert f"» не закончено. «{lock}» — не обычный файл" in done.stderr
    assert "Отдел ОК" in plan.read_text("utf-8")
    assert done.exit_code == (1 if command == ("verify",) else 0)


def test_a_writer_at_work_is_neither_waited_for_nor_reported(
    crash: Callable[[], Path], repo: Path, ask: Run
) -> None:
    plan = crash()
    with write_lock(repo / ".git"):
        assert ask(plan, "list").stderr == ""
    assert "завершено" in ask(plan, "list").stderr


def test_an_interrupted_sync_is_taken_back_by_a_command_that_reads(
    tmp_path: Path, ask: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = create_shared_repository(tmp_path).clones
    one.set("1.1.2", notes="Издалека")
    one.push()
    before = _crash_while_syncing(other, monkeypatch)
    assert "Издалека" in other.plan.read_text("utf-8")
    assert "Издалека" not in ask(other.plan, "show", "1.1.2").stdout
    assert other.plan.read_bytes() == before
    assert other.git("status", "--porcelain", "--ignored") == ""
    _crash_while_syncing(other, monkeypatch)
    lock = other.folder / ".git" / "kvartal" / "lock"
    lock.unlink()
    lock.mkdir()
    done = ask(other.plan, "show", "1.1.2")
    unfinished = "kvartal: Прерванный обмен не закончен, показано то, что в файле. "
    assert done.stderr.startswith(f"{unfinished}«{lock}» — не обычный файл")


def _crash_while_syncing(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> bytes:
    before = clone.plan.read_bytes()

    def killed(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("kvartal.history.store.fast_forward._merge", killed)
        patch.setattr("kvartal.history.store.fast_forward.recover_fast_forward", killed)
        patch.setattr("kvartal.history.store.recovery.recover_fast_forward", lambda _found: None)
        with pytest.raises(Killed):
            clone.sync()
    return before

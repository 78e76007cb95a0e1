"""What stands in the way of a sync before anything is sent: by the state of the repository."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kvartal.history.git.repository import Repository
from kvartal.history.store.errors import UncommittedEdits
from kvartal.history.store.repo_state import PlanStatus, RepoState
from kvartal.history.sync import preflight
from kvartal.history.sync.errors import NothingCommitted
from kvartal.history.sync.preflight import checked_for_sync, locked_for_sync


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let each step say its name; return the names."""
    names: list[str] = []
    repository = Repository(tmp_path, tmp_path / ".git", tmp_path / ".git", "")

    @contextmanager
    def lock(_: Path, *, timeout: float) -> Iterator[int]:
        names.append(f"locked for {timeout}")
        yield 7
        names.append("free")

    monkeypatch.setattr(preflight, "find_repository", lambda _: repository)
    monkeypatch.setattr(preflight, "write_lock", lock)
    for name in ("recover", "clear_interrupted_call", "check_recovery_to_read"):
        monkeypatch.setattr(preflight, name, lambda _, name=name: names.append(name))
    monkeypatch.setattr(preflight, "has_intent", lambda _: False)
    monkeypatch.setattr(preflight, "is_fast_forwarding", lambda _: False)
    state = RepoState(repository, PlanStatus.COMMITTED, head="a" * 40)
    monkeypatch.setattr(preflight, "ready_state", lambda *_: state)
    return names


def test_the_state_is_looked_at_with_the_lock_held(done: list[str], tmp_path: Path) -> None:
    with locked_for_sync(tmp_path / "2024.yaml", 3.0) as (repository, state):
        assert (repository.held, repository.may_fetch) == ((7,), True)
        assert state.plan is PlanStatus.COMMITTED
        assert done == ["locked for 3.0", "recover", "clear_interrupted_call"]
    assert done[-1] == "free"
    repository, _ = checked_for_sync(tmp_path / "2024.yaml", 3.0)
    assert repository.held == ()
    assert repository.may_fetch


@pytest.mark.parametrize("name", ["has_intent", "is_fast_forwarding"])
def test_who_only_reads_is_told_before_anything_is_recovered(
    done: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    checked_for_sync(tmp_path / "2024.yaml", 3.0, to_read=True)
    monkeypatch.setattr(preflight, name, lambda _: True)
    checked_for_sync(tmp_path / "2024.yaml", 3.0)
    assert "check_recovery_to_read" not in done
    done.clear()
    checked_for_sync(tmp_path / "2024.yaml", 3.0, to_read=True)
    assert done[0] == "check_recovery_to_read"


@pytest.mark.parametrize(
    ("plan", "head", "kind"),
    [
        (PlanStatus.COMMITTED, None, NothingCommitted),
        (PlanStatus.NEW, "a" * 40, NothingCommitted),
        (PlanStatus.EDITED, "a" * 40, UncommittedEdits),
    ],
)
def test_what_is_not_in_the_history_is_not_synced(
    done: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    plan: PlanStatus,
    head: str | None,
    kind: type[Exception],
) -> None:
    state = RepoState(None, plan, head=head)
    monkeypatch.setattr(preflight, "ready_state", lambda *_: state)
    with pytest.raises(kind) as caught:
        checked_for_sync(tmp_path / "2024.yaml", 3.0)
    assert "2024.yaml" in str(caught.value)
    assert done

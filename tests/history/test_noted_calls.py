"""What is noted of a git call under the write lock, and what is cleared away after it.

Without git: the repository says what it was asked.
"""

import os
import time
from pathlib import Path
from typing import ClassVar

import pytest

from kvartal.history.git.command import GitResult
from kvartal.history.git.errors import GitLocked
from kvartal.history.git.repository import Repository
from kvartal.history.store import call_note, git_locks
from kvartal.history.store.call_note import (
    clear_noted_call,
    has_noted_call,
    noted_call,
    noted_settings,
)
from kvartal.history.store.files import spare_path
from kvartal.history.store.state_folder import read_note, state_folder, write_note


class _Asked(Repository):
    """A repository on branch main that only writes down what it is asked."""

    asked: ClassVar[list[tuple[str, ...]]] = []

    def run(self, *arguments: str, **_: object) -> GitResult:
        self.asked.append(arguments)
        printed = b"main\n" if arguments[0] == "symbolic-ref" else b""
        return GitResult(arguments[0], 0, printed, "")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    git_dir = tmp_path / ".git"
    (git_dir / "refs/heads").mkdir(parents=True)
    (git_dir / "kvartal").mkdir()
    monkeypatch.setattr(git_locks, "git_runs_in", lambda _: False)
    monkeypatch.setattr(git_locks, "_SHORT_TIMEOUT", 0.0)
    monkeypatch.setattr(git_locks, "GIT_TIMEOUT", 0.0)
    flushed: list[float] = []
    monkeypatch.setattr(call_note, "flush_repository", lambda _, since: flushed.append(since))
    _Asked.asked = []
    return _Asked(tmp_path / "plan", git_dir, git_dir, "plan/")


def put(path: Path, *, age: float = 0.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    os.utime(path, (time.time() - age,) * 2)
    return path


def note_of(repository: Repository) -> Path:
    return state_folder(repository.git_dir) / "call.json"


def test_all_that_a_call_may_leave_is_noted_and_cleared_away(
    repository: Repository, tmp_path: Path
) -> None:
    temporary = tmp_path / "plan/2024.yaml.kvartal-tmp"
    left = [
        repository.git_dir / name
        for name in ("index.lock", "refs/heads/main.lock", "config.lock", "next-index-1.lock")
    ]
    with noted_call(
        repository, locks=("config.lock",), temporary=temporary, staged=["plan/.gitattributes"]
    ):
        note = read_note(note_of(repository))
        assert abs(note.pop("started") - time.time()) < 60
        assert note == {
            "branch": "main",
            "locks": ["config.lock"],
            "temporary": "plan/2024.yaml.kvartal-tmp",
            "staged": ["plan/.gitattributes"],
            "commits": True,
        }
        for path in (*left, temporary, spare_path(temporary)):
            put(path)
        other = put(repository.git_dir / "packed-refs.lock")
    assert [path for path in left if path.exists()] == []
    assert not temporary.exists()
    assert not spare_path(temporary).exists()
    assert other.exists()
    assert not has_noted_call(repository.git_dir)
    resets = [arguments for arguments in _Asked.asked if arguments[0] == "reset"]
    assert len(resets) == 1
    assert "plan/.gitattributes" in resets[0]


def test_a_call_that_commits_nothing_leaves_the_locks_of_commits(repository: Repository) -> None:
    index = put(repository.git_dir / "index.lock")
    with noted_call(repository, locks=("config.lock",), commits=False):
        put(repository.git_dir / "config.lock")
    assert index.exists()
    assert not (repository.git_dir / "config.lock").exists()
    assert not any(arguments[0] == "reset" for arguments in _Asked.asked)


def test_what_could_not_be_cleared_away_is_noted_still(repository: Repository) -> None:
    """The lock of somebody else is in the way: the next who holds the lock goes on."""
    with noted_call(repository):
        put(repository.git_dir / "index.lock", age=60)
    assert has_noted_call(repository.git_dir)
    with pytest.raises(GitLocked):
        clear_noted_call(repository)
    (repository.git_dir / "index.lock").unlink()
    clear_noted_call(repository)
    assert not has_noted_call(repository.git_dir)


def test_a_note_that_could_not_be_ours_names_nothing(repository: Repository) -> None:
    outside = put(repository.git_dir.parent.parent / "outside.kvartal-tmp")
    own = put(repository.git_dir.parent / "plan/2024.yaml")
    lock = put(repository.git_dir / "refs/heads/main.lock", age=60)
    note = {
        "started": time.time(),
        "branch": "../main",
        "locks": ["../x.lock", "HEAD"],
        "temporary": "plan/2024.yaml",
        "staged": ["../x"],
    }
    write_note(note_of(repository), note)
    clear_noted_call(repository)
    write_note(note_of(repository), {**note, "temporary": "../outside.kvartal-tmp"})
    clear_noted_call(repository)
    assert outside.exists()
    assert own.exists()
    assert lock.exists()
    assert not any(arguments[0] == "reset" for arguments in _Asked.asked)
    write_note(note_of(repository), ["odd"])
    clear_noted_call(repository)
    assert not has_noted_call(repository.git_dir)


def test_settings_are_written_under_the_lock_and_a_note(repository: Repository) -> None:
    with noted_settings(repository) as held:
        assert held.held
        assert read_note(note_of(repository))["commits"] is False
        put(repository.git_dir / "config.lock")
    assert not (repository.git_dir / "config.lock").exists()
    assert not has_noted_call(repository.git_dir)
    lock = repository.git_dir / "config.lock"

    def refuse() -> None:
        put(lock, age=60)
        raise GitLocked(lock=lock, since="?")

    with pytest.raises(GitLocked) as caught, noted_settings(repository):
        refuse()
    assert str(lock) in str(caught.value)

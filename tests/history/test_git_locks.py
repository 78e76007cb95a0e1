"""Lock files in a git directory: whose they are, what is moved away and what stays. Without git."""

import os
import time
from pathlib import Path

import pytest

from kvartal.history.git.command import GitResult
from kvartal.history.git.errors import GitLocked
from kvartal.history.git.repository import Repository
from kvartal.history.store import git_locks
from kvartal.history.store.errors import LockIsFolder, StaleLock
from kvartal.history.store.state_folder import backup_folder

NAMES = (
    "index.lock",
    "HEAD.lock",
    "refs/heads/main.lock",
    "reftable/tables.list.lock",
)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a repository of which there is nothing but its folders, and in which no git runs."""
    git_dir = tmp_path / ".git"
    for folder in ("refs/heads", "reftable"):
        (git_dir / folder).mkdir(parents=True)
    monkeypatch.setattr(git_locks, "GIT_TIMEOUT", 0.0)
    monkeypatch.setattr(git_locks, "_SHORT_TIMEOUT", 0.0)
    monkeypatch.setattr(git_locks, "git_runs_in", lambda _: False)
    return Repository(tmp_path, git_dir, git_dir, "")


def locked(repository: Repository, name: str, *, age: float = 0.0) -> Path:
    """Return a new lock file of an age in seconds."""
    lock = repository.git_dir / name
    lock.write_bytes(b"")
    os.utime(lock, (time.time() - age,) * 2)
    return lock


def moved(repository: Repository) -> list[str]:
    folder = backup_folder(repository.git_dir)
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("name", NAMES)
def test_each_lock_that_a_commit_needs_is_found(repository: Repository, name: str) -> None:
    assert git_locks.first_lock(repository, "main") is None
    git_locks.wait_for_git(repository, "main")
    lock = locked(repository, name)
    found = git_locks.first_lock(repository, "main")
    assert found is not None
    assert type(found) is GitLocked
    assert str(lock) in str(found)
    with pytest.raises(GitLocked) as caught:
        git_locks.wait_for_git(repository, "main")
    assert str(caught.value) == str(found)


def test_a_lock_of_another_branch_is_in_nobodys_way(repository: Repository) -> None:
    lock = locked(repository, "refs/heads/other.lock")
    assert git_locks.stale_lock(repository, "main") is None
    git_locks.remove_own_locks(repository, "main", 0.0)
    assert lock.exists()


def test_an_old_lock_in_a_repository_without_a_git_is_stale(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = locked(repository, "index.lock", age=61)
    assert git_locks.stale_lock(repository, "main") == lock
    with pytest.raises(StaleLock):
        git_locks.wait_for_git(repository, "main")
    assert isinstance(git_locks.first_lock(repository, "main"), StaleLock)
    monkeypatch.setattr(git_locks, "git_runs_in", lambda _: True)
    assert git_locks.stale_lock(repository, "main") is None
    monkeypatch.undo()
    locked(repository, "index.lock", age=50)
    assert git_locks.stale_lock(repository, "main") is None


def test_a_folder_in_place_of_a_lock_is_no_gits(repository: Repository) -> None:
    (repository.git_dir / "index.lock").mkdir()
    assert isinstance(git_locks.first_lock(repository, "main"), LockIsFolder)
    lock = locked(repository, "HEAD.lock")
    assert not isinstance(git_locks.stale_lock_error(lock), LockIsFolder)


def test_stale_locks_are_moved_away_each_to_its_backup(repository: Repository) -> None:
    young = locked(repository, "HEAD.lock")
    locked(repository, "index.lock", age=100)
    locked(repository, "refs/heads/main.lock", age=100)
    removed = git_locks.remove_stale_locks(repository, "main")
    folder = backup_folder(repository.git_dir)
    assert removed == (folder / "index.lock", folder / "main.lock")
    assert all(path.exists() for path in removed)
    assert young.exists()


def test_a_lock_of_our_own_git_is_moved_away_and_one_of_another_stays(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = time.time() - 5
    locked(repository, "index.lock", age=1)
    locked(repository, "HEAD.lock", age=6)  # The clocks of disks may be off by so much.
    git_locks.remove_own_locks(repository, "main", started)
    assert moved(repository) == ["HEAD.lock", "index.lock"]

    older = locked(repository, "index.lock", age=10)
    with pytest.raises(GitLocked):
        git_locks.remove_own_locks(repository, "main", started)
    assert older.exists()

    locked(repository, "index.lock", age=1)
    monkeypatch.setattr(git_locks, "git_runs_in", lambda _: True)
    with pytest.raises(GitLocked):
        git_locks.remove_own_locks(repository, "main", started)
    assert older.exists()


@pytest.mark.parametrize(
    ("code", "words", "is_moved"),
    [
        (-9, "", True),
        (0, "warning: unable to unlink '/r/.git/index.lock': Permission denied", True),
        (1, "fatal: unable to write '/r/.git/index.lock'", True),
        (0, "warning: something else", False),
        (1, "error: something else", False),
    ],
)
def test_what_a_git_that_has_ended_left_goes_where_it_was_killed_or_says_so(
    repository: Repository, code: int, words: str, *, is_moved: bool
) -> None:
    lock = locked(repository, "index.lock")
    result = GitResult("commit", code, b"", words)
    git_locks.remove_undeleted_locks(repository, "main", result, time.time())
    assert lock.exists() is not is_moved


def test_a_prepared_index_goes_unless_a_git_works_with_it(repository: Repository) -> None:
    started = time.time()
    prepared = locked(repository, "next-index-1.lock")
    old = locked(repository, "next-index-2.lock", age=60)
    index = locked(repository, "index.lock")
    git_locks.remove_prepared_indexes(repository, started)
    assert prepared.exists()
    index.unlink()
    git_locks.remove_own_locks(repository, "main", started)
    assert moved(repository) == ["next-index-1.lock"]
    assert old.exists()


def test_locks_of_a_remote_folder_go_where_all_are_ours(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_locks, "_REMOTE_TIMEOUT", 0.0)
    monkeypatch.setattr(git_locks, "git_runs_below", lambda _: False)
    started = time.time() - 5
    old = locked(repository, "HEAD.lock", age=60)
    lock = locked(repository, "refs/heads/main.lock")
    names = ("HEAD.lock", "refs/heads/main.lock", "packed-refs.lock")
    git_locks.remove_remote_locks(repository.git_dir, names, started)
    assert moved(repository) == []
    old.unlink()
    git_locks.remove_remote_locks(repository.git_dir, names, started)
    assert moved(repository) == ["main.lock"]
    assert not lock.exists()


def test_other_locks_of_our_own_git_go_where_none_runs(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = time.time() - 5
    old = locked(repository, "packed-refs.lock", age=60)
    lock = locked(repository, "ORIG_HEAD.lock")
    both = [old, lock, repository.git_dir / "config.lock"]
    monkeypatch.setattr(git_locks, "git_runs_in", lambda _: True)
    git_locks.remove_locks(repository, both, started)
    assert moved(repository) == []
    monkeypatch.setattr(git_locks, "git_runs_in", lambda _: False)
    git_locks.remove_locks(repository, both, started)
    assert moved(repository) == ["ORIG_HEAD.lock"]
    assert old.exists()


@pytest.mark.parametrize("error", [FileNotFoundError, OSError])
def test_a_lock_that_cannot_be_moved_goes_all_the_same(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, error: type[OSError]
) -> None:
    lock = locked(repository, "index.lock")

    def refuse(path: Path, _: Path) -> Path:
        if error is FileNotFoundError:
            path.unlink()
        raise error

    monkeypatch.setattr(Path, "replace", refuse)
    git_locks.remove_own_locks(repository, "main", time.time())
    assert not lock.exists()


def test_a_stale_lock_that_holds_up_no_commit_is_named_and_moved_away(
    repository: Repository,
) -> None:
    lock = locked(repository, "packed-refs.lock")
    (repository.git_dir / "folder.lock").mkdir()
    assert git_locks.first_lock(repository, "main") is None
    assert git_locks.remove_stale_locks(repository, "main") == ()
    locked(repository, "packed-refs.lock", age=100)
    git_locks.wait_for_git(repository, "main")
    found = git_locks.first_lock(repository, "main")
    assert isinstance(found, StaleLock)
    assert str(lock) in str(found)
    other = locked(repository, "refs/heads/other.lock", age=100)
    copies = git_locks.remove_stale_locks(repository, "main")
    assert [path.name for path in copies] == ["packed-refs.lock", "other.lock"]
    assert all(path.exists() for path in copies)
    assert not lock.exists()
    assert not other.exists()

"""Git's lock files: waits for those in use, moves away those that a killed git left."""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from kvartal.history.git.command import GitResult
from kvartal.history.git.diagnosis import modified_at
from kvartal.history.git.errors import GitLocked
from kvartal.history.git.failures import IndexDamaged, command_error
from kvartal.history.git.repository import Repository
from kvartal.history.store.errors import LockIsFolder, StaleLock, StaleRefLock
from kvartal.history.store.running_git import git_runs_below, git_runs_in, shows_processes
from kvartal.history.store.state_folder import backup_folder, make_own_folder

GIT_TIMEOUT: Final = 5.0
"""Seconds to wait for another git command."""
_SHORT_TIMEOUT: Final = 1.0
_REMOTE_TIMEOUT: Final = 3.0
_POLL_SECONDS: Final = 0.05
_LOCK_LEFT: Final = ".lock'"
"""Ends the path of a lock in a message of git."""
_CLOCK_TOLERANCE: Final = 2.0  # Seconds by which modification times may be off.
_STALE_AFTER: Final = 60.0
"""Age in seconds from which a lock file is stale if no git runs in the repository."""


def wait_for_git(repository: Repository, branch: str) -> None:
    """Wait until no other git command holds what a commit needs.

    Raises:
        StaleLock: A git that no longer runs holds it.
        GitLocked: One that may be running still holds it.
    """
    stale = stale_lock(repository, branch)
    if stale is not None:
        raise stale_lock_error(stale)
    held = _lock_after_waiting(repository, branch, GIT_TIMEOUT)
    if held is not None:
        raise GitLocked(lock=held, since=modified_at(held))


def stale_lock(repository: Repository, branch: str) -> Path | None:
    """Return a lock file left by a git that no longer runs; None when there is none.

    A young one, one in a repository in which a git runs, and any on a system that does not show
    its processes may belong to a running command: a change has to wait for those.

    Args:
        repository: The repository.
        branch: The branch at HEAD.
    """
    locks = (path for path in _lock_files(repository, branch) if path.exists())
    return next((path for path in locks if _is_stale(repository, path)), None)


def stale_lock_error(lock: Path) -> StaleLock:
    """Return the error for a lock file that `stale_lock` found."""
    kind = LockIsFolder if lock.is_dir() else StaleLock
    return kind(lock=lock, since=modified_at(lock))


def lock_error(repository: Repository, lock: Path) -> GitLocked:
    """Return the error for a lock file, other than those of a commit, that a git failed on.

    Args:
        repository: The repository.
        lock: The lock file.

    Returns:
        A StaleLock for one that a git left that no longer runs.
    """
    since = modified_at(lock)
    is_other = any(path.samefile(lock) for path in _other_locks(repository) if lock.exists())
    if is_other and _is_stale(repository, lock):
        return StaleRefLock(lock=lock, since=since, locked=lock.with_suffix(""))
    return GitLocked(lock=lock, since=since)


def first_lock(repository: Repository, branch: str) -> GitLocked | None:
    """Return which lock file is in the way at this moment, of a commit first; None when none is.

    Args:
        repository: The repository.
        branch: The branch at HEAD.

    Returns:
        A StaleLock for one that a git left that no longer runs.
    """
    lock = stale_lock(repository, branch)
    if lock is not None:
        return stale_lock_error(lock)
    lock = next((path for path in _lock_files(repository, branch) if path.exists()), None)
    if lock is not None:
        return GitLocked(lock=lock, since=modified_at(lock))
    errors = (lock_error(repository, lock) for lock in _other_locks(repository))
    return next((error for error in errors if isinstance(error, StaleLock)), None)


def remove_stale_locks(repository: Repository, branch: str) -> tuple[Path, ...]:
    """Move lock files of gits that no longer run to the backups; return where they are now.

    To be called with the write lock held: then no git of ours is running.

    Args:
        repository: The repository.
        branch: The branch at HEAD.
    """
    moved = []
    while lock := stale_lock(repository, branch):
        _move_away(repository, lock)
        moved.append(backup_folder(repository.git_dir) / lock.name)
    for lock in _other_locks(repository):
        if _is_stale(repository, lock):
            _move_away(repository, lock)
            moved.append(backup_folder(repository.git_dir) / lock.name)
    return tuple(moved)


def remove_own_locks(repository: Repository, branch: str, started: float) -> None:
    """Move away the lock files that a git of ours left when it was killed.

    To be called with the write lock held: then no git of ours is running.

    Args:
        repository: The repository.
        branch: The branch that git was to commit to.
        started: When our change began; an older lock file belongs to somebody else.

    Raises:
        GitLocked: A lock file belongs to somebody else, and stays.
    """
    while lock := _lock_after_waiting(repository, branch, _SHORT_TIMEOUT):
        if _modified(lock) < started - _CLOCK_TOLERANCE or git_runs_in(repository):
            wait_for_git(repository, branch)
        else:
            _move_away(repository, lock)
    remove_prepared_indexes(repository, started)


def remove_undeleted_locks(
    repository: Repository, branch: str, result: GitResult, started: float
) -> None:
    """Move away what a git of ours has left behind that has ended, if it left anything.

    Git calls it a success, too, when it could not delete its own lock: that is a warning of its.

    Args:
        repository: As for `remove_own_locks`.
        branch: As for `remove_own_locks`.
        result: How git ended.
        started: As for `remove_own_locks`.

    Raises:
        GitLocked: A lock file belongs to somebody else, and stays.
    """
    if result.code < 0 or names_lock(result):
        remove_own_locks(repository, branch, started)


def names_lock(result: GitResult) -> bool:
    """Return whether git, or a remote, has complained of a lock file."""
    return _LOCK_LEFT in result.stderr


def remove_prepared_indexes(repository: Repository, started: float) -> None:
    """Move away what `git commit --only` prepares beside the index and could not delete.

    Args:
        repository: The repository.
        started: When our change began; an older file is not ours.
    """
    # A running git has index.lock beside it.
    index_lock = repository.git_dir / "index.lock"
    for path in list(repository.git_dir.glob("next-index-*.lock")):
        if _modified(path) >= started - _CLOCK_TOLERANCE and not index_lock.exists():
            _move_away(repository, path)


def clear_interrupted_git(repository: Repository, branch: str, started: float) -> None:
    """Move away what a git of ours left when it was killed, or when the power was cut.

    That may be lock files, and an index that never got to the disk: git makes it again from HEAD;
    only what the user had staged was in it.

    Args:
        repository: As for `remove_own_locks`, which this does too.
        branch: As for `remove_own_locks`.
        started: As for `remove_own_locks`.

    Raises:
        GitLocked: A lock file belongs to somebody else, and stays.
        GitFailed: Git refused.
    """
    remove_own_locks(repository, branch, started)
    top = repository.at("")
    result = top.run("ls-files", "--", ".git")
    failed = command_error("ls-files", result.stderr, result.code) if result.code else None
    if isinstance(failed, IndexDamaged):
        _move_away(repository, repository.git_dir / "index")
        top.run("reset", "--quiet", writes=True).checked()


def remove_locks(repository: Repository, locks: Iterable[Path], started: float) -> None:
    """Move away lock files that a killed git of ours left; those of a running git stay.

    Args:
        repository: The repository.
        locks: The lock files that it may have left.
        started: When it began, in seconds since the epoch; an older lock file is not ours.
    """
    earliest = started - _CLOCK_TOLERANCE
    left = [path for path in locks if path.exists() and _modified(path) >= earliest]
    if left and not git_runs_in(repository):
        for path in left:
            _move_away(repository, path)


def remove_remote_locks(git_dir: Path, names: Iterable[str], started: float) -> None:
    """Move away lock files that a killed push of ours left in a remote that is a folder.

    Another machine may be pushing there: git holds such a file for a moment, so one that stays for
    longer belongs to nobody.

    Args:
        git_dir: The remote's git directory.
        names: The lock files in it that may have been left.
        started: When our push began, in seconds since the epoch; an older lock file is not ours.
    """
    locks = [git_dir / name for name in names]
    end = time.monotonic() + _REMOTE_TIMEOUT
    while left := [path for path in locks if path.exists()]:
        if any(_modified(path) < started - _CLOCK_TOLERANCE for path in left):
            return
        if time.monotonic() >= end:
            break
        time.sleep(_POLL_SECONDS)
    if left and not git_runs_below((git_dir,)):
        folder = backup_folder(git_dir)
        make_own_folder(folder)
        for path in left:
            with suppress(FileNotFoundError):
                path.replace(folder / path.name)


def _lock_files(repository: Repository, branch: str) -> Iterator[Path]:
    yield repository.git_dir / "index.lock"
    yield repository.git_dir / "HEAD.lock"
    yield repository.common_dir / "refs" / "heads" / f"{branch}.lock"
    yield repository.common_dir / "reftable" / "tables.list.lock"


def _other_locks(repository: Repository) -> list[Path]:
    """Return the lock files that hold up no commit, but a sync, a mark or a setting."""
    folders = {repository.git_dir, repository.common_dir}
    found = {path for folder in folders for path in folder.glob("*.lock")}
    found |= {*repository.common_dir.glob("refs/**/*.lock")}
    of_commits = {folder / name for folder in folders for name in ("index.lock", "HEAD.lock")}
    return sorted(path for path in found - of_commits if path.is_file())


def _lock_after_waiting(repository: Repository, branch: str, timeout: float) -> Path | None:
    """Return a lock file that outlasts the timeout; None when none does."""
    end = time.monotonic() + timeout
    while True:
        lock = next((path for path in _lock_files(repository, branch) if path.exists()), None)
        if lock is None or time.monotonic() >= end:
            return lock
        time.sleep(_POLL_SECONDS)


def _move_away(repository: Repository, path: Path) -> None:
    folder = backup_folder(repository.git_dir)
    make_own_folder(folder)
    try:
        path.replace(folder / path.name)
    except FileNotFoundError:
        pass  # Its owner was running after all, and has just ended.
    except OSError:  # The working tree's git directory is on a different disk than the common one.
        path.unlink(missing_ok=True)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _is_stale(repository: Repository, lock: Path) -> bool:
    """Return whether no process uses a lock file any more, as far as the system shows that."""
    if lock.is_dir():
        return True
    if not shows_processes() or time.time() - _modified(lock) < _STALE_AFTER:
        return False
    return not git_runs_in(repository)

"""Lock files of git: waited for while a command lives, put aside when a killed one left them."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kvartal.history.git.diagnosis import modified_at
from kvartal.history.git.errors import GitLocked
from kvartal.history.git.repository import Repository
from kvartal.history.store.errors import StaleLock
from kvartal.history.store.write_lock import ASIDE, FOLDER

PATIENCE: Final = 5.0
BRIEFLY: Final = 1.0
INTERVAL: Final = 0.05
PROCESSES: Final = Path("/proc")
GRAIN: Final = 2.0  # Seconds by which the times of files may be off.
ABANDONED: Final = 60.0
"""Seconds after which a lock file that no git works with is taken for a leftover."""


def wait_for_git(repository: Repository, branch: str) -> None:
    """Wait until no other git command holds what a commit needs.

    Raises:
        StaleLock: A git that is no more holds it.
        GitLocked: One that may be alive holds it still.
    """
    left = abandoned_lock(repository, branch)
    if left is not None:
        raise StaleLock(lock=left, since=modified_at(left))
    held = _first_lock(repository, branch, PATIENCE)
    if held is not None:
        raise GitLocked(lock=held, since=modified_at(held))


def abandoned_lock(repository: Repository, branch: str) -> Path | None:
    """Return a lock file that a git left which is no more; None when there is none.

    A young one, one in a repository in which a git works, and any on a system that does not show
    its processes may be a live command's: of those nothing is said before a change has to wait.

    Args:
        repository: The repository.
        branch: The branch at HEAD.
    """
    found = (path for path in _lock_files(repository, branch) if path.exists())
    return next((path for path in found if _is_abandoned(repository, path)), None)


def put_abandoned_aside(repository: Repository, branch: str) -> tuple[Path, ...]:
    """Put the lock files aside that gits left which are no more; return where they now are.

    To be called with the lock of all writers held: then no git of ours is alive.

    Args:
        repository: The repository.
        branch: The branch at HEAD.
    """
    moved = []
    while held := abandoned_lock(repository, branch):
        _put_aside(repository, held)
        moved.append(repository.git_dir / FOLDER / ASIDE / held.name)
    return tuple(moved)


def clear_away(repository: Repository, branch: str, started: float) -> None:
    """Put aside the lock files that a git of ours left when it was killed.

    To be called with the lock of all writers held: then no git of ours is alive.

    Args:
        repository: The repository.
        branch: The branch that git was to commit to.
        started: When our change began; an older lock file is another's.

    Raises:
        GitLocked: A lock file is another's, and it stays.
    """
    while held := _first_lock(repository, branch, BRIEFLY):
        if _changed(held) < started - GRAIN or _git_is_alive(repository):
            wait_for_git(repository, branch)
        else:
            _put_aside(repository, held)
    # The index that `git commit --only` prepares. A git that lives has index.lock beside it.
    for path in list(repository.git_dir.glob("next-index-*.lock")):
        if _changed(path) >= started - GRAIN and not (repository.git_dir / "index.lock").exists():
            _put_aside(repository, path)


def clear_locks(repository: Repository, locks: Iterable[Path], started: float) -> None:
    """Put aside lock files that a git of ours left when it was killed; those of a live one stay.

    Args:
        repository: The repository.
        locks: The lock files that it may have left.
        started: When it began, in seconds since the epoch; an older lock file is another's.
    """
    left = [path for path in locks if path.exists() and _changed(path) >= started - GRAIN]
    if left and not _git_is_alive(repository):
        for path in left:
            _put_aside(repository, path)


def _lock_files(repository: Repository, branch: str) -> Iterator[Path]:
    yield repository.git_dir / "index.lock"
    yield repository.git_dir / "HEAD.lock"
    yield repository.common_dir / "refs" / "heads" / f"{branch}.lock"
    yield repository.common_dir / "reftable" / "tables.list.lock"


def _first_lock(repository: Repository, branch: str, patience: float) -> Path | None:
    """Return a lock file that stays for longer than the patience; None when none does."""
    end = time.monotonic() + patience
    while True:
        held = next((path for path in _lock_files(repository, branch) if path.exists()), None)
        if held is None or time.monotonic() >= end:
            return held
        time.sleep(INTERVAL)


def _put_aside(repository: Repository, path: Path) -> None:
    folder = repository.git_dir / FOLDER / ASIDE
    folder.mkdir(parents=True, exist_ok=True)
    try:
        path.replace(folder / path.name)
    except FileNotFoundError:
        pass  # Its owner was alive after all, and has just ended.
    except OSError:  # The working tree's git directory is on another disk than the shared one.
        path.unlink(missing_ok=True)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _is_abandoned(repository: Repository, lock: Path) -> bool:
    """Tell whether nobody works with a lock file any more, as far as the system shows that."""
    if not PROCESSES.is_dir() or time.time() - _changed(lock) < ABANDONED:
        return False
    return not _git_is_alive(repository)


def _git_is_alive(repository: Repository) -> bool:
    """Tell whether a git works in this repository, as far as the system shows that (Linux)."""
    places = (repository.at("").folder, repository.git_dir, repository.common_dir)
    for process in PROCESSES.glob("[0-9]*"):
        try:
            if (process / "comm").read_text(encoding="utf-8").strip() != "git":
                continue
            folder = (process / "cwd").readlink()
        except PermissionError:
            return True  # Another user's: where it works is not ours to see.
        except OSError:
            continue
        if any(folder.is_relative_to(place) for place in places):
            return True
    return False

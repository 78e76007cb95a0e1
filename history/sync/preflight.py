"""Prepares the repository for a sync: takes the lock, heals after a crash, refuses obstacles."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kvartal.history.git.repository import Repository, find_repository
from kvartal.history.store.errors import UncommittedEdits
from kvartal.history.store.recovery import heal
from kvartal.history.store.repo_state import InGit, RepoState, ready_state
from kvartal.history.store.write_lock import locked
from kvartal.history.sync.errors import NothingCommitted
from kvartal.history.sync.state_files import clear_interrupted_call


@contextmanager
def locked_for_sync(path: Path, patience: float) -> Iterator[tuple[Repository, RepoState]]:
    """Yield a repository that is ready for a sync, and its state; the block holds the write lock.

    The git calls of that repository inherit the lock.

    Args:
        path: The plan file.
        patience: How many seconds to wait for another writer.

    Raises:
        NothingCommitted: The plan is in no commit yet.
        UncommittedEdits: The plan holds a manual edit that is not in the history.
        LedgerBusy: Another process holds the lock for too long.
        KvartalError: The state of the repository prevents a sync; each reason has its class.
    """
    repository = find_repository(path.resolve().parent)
    with locked(repository.git_dir, patience=patience) as descriptor:
        holding_lock = replace(repository, held=(descriptor,))
        heal(holding_lock)
        clear_interrupted_call(repository)
        yield holding_lock, _checked_state(repository, path)


def checked_for_sync(path: Path, patience: float) -> tuple[Repository, RepoState]:
    """Return a repository that was ready for a sync, and its state; the lock is free again.

    Args:
        path: The plan file.
        patience: How many seconds to wait for another writer.

    Raises:
        KvartalError: As for `locked_for_sync`.
    """
    with locked_for_sync(path, patience) as (repository, state):
        return replace(repository, held=()), state


def _checked_state(repository: Repository, path: Path) -> RepoState:
    name = path.resolve().name
    state = ready_state(repository, name)
    if state.head is None or state.plan is InGit.NEW:
        raise NothingCommitted(plan=name)
    if state.plan is InGit.EDITED:
        raise UncommittedEdits(plan=name)
    return state

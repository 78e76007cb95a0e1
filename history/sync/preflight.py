"""Prepares the repository for a sync: takes the lock, recovers after a crash, refuses obstacles."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kvartal.history.git.branch_target import misplaced_branch
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.own_programs import check_recovery_to_read
from kvartal.history.git.repository import Repository
from kvartal.history.store.errors import UncommittedEdits
from kvartal.history.store.fast_forward import is_fast_forwarding
from kvartal.history.store.recovery import recover
from kvartal.history.store.repo_state import PlanStatus, RepoState, ready_state
from kvartal.history.store.write_ahead import has_intent
from kvartal.history.store.write_lock import write_lock
from kvartal.history.sync.errors import NothingCommitted
from kvartal.history.sync.state_files import clear_interrupted_call


@contextmanager
def locked_for_sync(
    path: Path, timeout: float, *, to_read: bool = False
) -> Iterator[tuple[Repository, RepoState]]:
    """Yield a repository that is ready for a sync, and its state; the block holds the write lock.

    The git calls of that repository inherit the lock.

    Args:
        path: The plan file.
        timeout: How many seconds to wait for another writer.
        to_read: Nothing is to be moved: no program that the repository names is started.

    Raises:
        NothingCommitted: The plan is in no commit yet.
        UncommittedEdits: The plan holds a manual edit that is not in the history.
        LedgerBusy: Another process holds the lock for too long.
        KvartalError: The state of the repository prevents a sync; each reason has its class.
    """
    repository = find_repository(path.resolve().parent)
    git_dir = repository.git_dir
    if to_read and (has_intent(git_dir) or is_fast_forwarding(git_dir)):
        check_recovery_to_read(repository)
    with write_lock(repository.git_dir, timeout=timeout) as descriptor:
        holding_lock = replace(repository, held=(descriptor,), may_fetch=True)
        recover(holding_lock)
        clear_interrupted_call(repository)
        yield holding_lock, _checked_state(repository, path)


def checked_for_sync(
    path: Path, timeout: float, *, to_read: bool = False
) -> tuple[Repository, RepoState]:
    """Return a repository that was ready for a sync, and its state; the lock is free again.

    Args:
        path: The plan file.
        timeout: How many seconds to wait for another writer.
        to_read: As for `locked_for_sync`.

    Raises:
        KvartalError: As for `locked_for_sync`.
    """
    with locked_for_sync(path, timeout, to_read=to_read) as (repository, state):
        return replace(repository, held=()), state


def _checked_state(repository: Repository, path: Path) -> RepoState:
    name = path.resolve().name
    state = ready_state(repository, name)
    if state.head is None or state.plan is PlanStatus.NEW:
        raise NothingCommitted(plan=name)
    if state.plan is PlanStatus.EDITED:
        raise UncommittedEdits(plan=name)
    misplaced = misplaced_branch(repository)
    if misplaced is not None:
        raise misplaced
    return state

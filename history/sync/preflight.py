"""The repository made ready for sharing: others kept out, crashes healed, nothing in the way."""

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
def ready(
    path: Path, patience: float, *, held: bool = True
) -> Iterator[tuple[Repository, RepoState]]:
    """Keep other writers out, heal what a crash left, and refuse what is in the way.

    Args:
        path: The plan file.
        patience: How many seconds to wait for another writer.
        held: Whether the repository is used while the lock is held.

    Raises:
        NothingCommitted: The plan is in no commit yet.
        UncommittedEdits: The plan holds an edit by hand that is not in the history.
        LedgerBusy: Another process writes, and for too long.
        KvartalError: A state of the repository is in the way; each has its class.
    """
    repository = find_repository(path.resolve().parent)
    with locked(repository.git_dir, patience=patience) as descriptor:
        locked_one = replace(repository, held=(descriptor,))
        heal(locked_one)
        clear_interrupted_call(repository)
        yield (locked_one if held else repository), _checked_state(repository, path)


def _checked_state(repository: Repository, path: Path) -> RepoState:
    """Return the state of a repository in which nothing prevents a sync."""
    name = path.resolve().name
    state = ready_state(repository, name)
    if state.head is None or state.plan is InGit.NEW:
        raise NothingCommitted(plan=name)
    if state.plan is InGit.EDITED:
        raise UncommittedEdits(plan=name)
    return state

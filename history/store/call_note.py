"""Notes what is under way under the write lock without being a change of the plan.

Killed, a git that commits an acceptance, creates a tag or writes settings leaves lock files, which
would stop the next one; a file that is being put back leaves a temporary one, a file that a
programme begins with may be left staged. The note names all of these, and whoever holds the lock
next and finds it clears them away: nobody is working on that any more.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from kvartal.history.git.errors import GitLocked
from kvartal.history.git.local_settings import SETTINGS_LOCK
from kvartal.history.git.repository import Repository
from kvartal.history.store.durable import flush_repository
from kvartal.history.store.files import TEMPORARY_SUFFIX, spare_path
from kvartal.history.store.git_locks import clear_interrupted_git, lock_error, remove_locks
from kvartal.history.store.state_folder import (
    delete_note,
    has_note,
    inner_names,
    is_inner_path,
    lock_names,
    note_time,
    read_note,
    state_folder,
    write_note,
)
from kvartal.history.store.write_lock import write_lock
from kvartal.schema.errors import KvartalError

_NOTE: Final = "call.json"


@contextmanager
def noted_call(
    repository: Repository,
    *,
    locks: Iterable[str] = (),
    temporary: Path | None = None,
    staged: Iterable[str] = (),
    commits: bool = True,
) -> Iterator[None]:
    """Keep a note while the block runs, and flush what git did in it to the disk.

    Args:
        repository: The repository, with the write lock held.
        locks: Lock files that git may leave, from the git directory that working trees share, other
            than those of a commit.
        temporary: A file in the working tree that the block may leave.
        staged: Files, from the root of the working tree, that the block may leave staged only.
        commits: Whether git may leave the locks of a commit.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    started, top = time.time(), repository.at("").folder
    left = None if temporary is None else temporary.relative_to(top).as_posix()
    note = {
        "started": started,
        "branch": repository.run("symbolic-ref", "--quiet", "--short", "HEAD").text.strip(),
        "locks": list(locks),
        "temporary": left,
        "staged": list(staged),
        "commits": commits,
    }
    write_note(_note_path(repository.git_dir), note)
    try:
        yield
    finally:
        # Where it fails the note stays: what was done is done, and the next start does the rest.
        with suppress(KvartalError, OSError):
            clear_noted_call(repository)


@contextmanager
def noted_settings(repository: Repository) -> Iterator[Repository]:
    """Take the write lock and keep a note while the block writes the repository's own settings.

    Args:
        repository: The repository.

    Yields:
        The repository, with the lock held.

    Raises:
        GitLocked: A different git is writing them; a StaleLock for one that no longer runs.
        KvartalError: The git directory cannot be written, or another writer is at work.
    """
    with write_lock(repository.git_dir) as descriptor:
        held = replace(repository, held=(descriptor,))
        clear_noted_call(held)
        with noted_call(held, locks=(SETTINGS_LOCK,), commits=False):
            try:
                yield held
            except GitLocked as error:
                raise lock_error(repository, Path(str(error.fields["lock"]))) from error


def has_noted_call(git_dir: Path) -> bool:
    """Return whether there is a note, even a partly written one."""
    return has_note(_note_path(git_dir))


def clear_noted_call(repository: Repository) -> None:
    """Clear away what a call left, and flush what it did, if there is a note of one.

    To be called with the write lock held: then the call has ended, one way or the other.

    Raises:
        GitLocked: A lock file belongs to somebody else, and stays.
        KvartalError: The disk cannot be written.
        OSError: The same.
    """
    path = _note_path(repository.git_dir)
    note = read_note(path)
    if isinstance(note, dict):
        started = note_time(note)
        branch = note.get("branch")
        if note.get("commits") is not False:
            clear_interrupted_git(repository, str(branch) if is_inner_path(branch) else "", started)
        locks = [repository.common_dir / name for name in lock_names(note.get("locks"))]
        remove_locks(repository, locks, started)
        staged = inner_names(note.get("staged"))
        if staged:
            repository.at("").reset_index(staged)
        for name in inner_names([note.get("temporary")]):
            if name.endswith(TEMPORARY_SUFFIX):
                left = repository.at("").folder / name
                left.unlink(missing_ok=True)
                spare_path(left).unlink(missing_ok=True)
        flush_repository(repository, started)
    delete_note(path)


def _note_path(git_dir: Path) -> Path:
    return state_folder(git_dir) / _NOTE

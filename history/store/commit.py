"""Carries out an intent: writes the files, then commits them, or rolls everything back.

Each step can be repeated and goes by what is on disk and in HEAD, not by what was done before: so
the same functions carry out a change, roll it back, and recover it after a crash.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final, Protocol

from kvartal.history.git.command import GitResult
from kvartal.history.git.diagnosis import blocking_lock, commit_error
from kvartal.history.git.repository import Repository
from kvartal.history.store.altered_commit import MeaningCheck, settle_altered_commit
from kvartal.history.store.durable import flush_repository
from kvartal.history.store.errors import (
    CleanUpFailed,
)
from kvartal.history.store.evidence_files import (
    delete_added,
    delete_removed,
    hide_removed,
    restore_removed,
    write_added,
)
from kvartal.history.store.files import (
    file_digest,
    remove_file,
    replace_file,
    spare_path,
    swap,
    write_errors,
    write_new_file,
)
from kvartal.history.store.git_locks import (
    GIT_TIMEOUT,
    remove_own_locks,
    remove_prepared_indexes,
    remove_undeleted_locks,
    wait_for_git,
)
from kvartal.history.store.write_ahead import Intent, delete_intent, write_intent
from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import KvartalError

SPARED: Final = ".spared-"
"""Part of the name of a file that another program wrote to after it had been replaced."""


@dataclass(frozen=True, slots=True)
class Committed:
    """A change that is committed: whatever fails from then on is no failure of it.

    Attributes:
        commit: Id of the commit.
        warning: What could not be cleaned up after it, if anything; the next start does that.
    """

    commit: str
    warning: CleanUpFailed | None = None


class EvidenceContent(Protocol):
    """Where the content of an evidence file comes from."""

    def open(self) -> BinaryIO:
        """Return the content, to be read once from its beginning."""


def write_and_commit(
    repository: Repository,
    intent: Intent,
    plan: bytes,
    evidence: Mapping[str, EvidenceContent],
    is_meant: MeaningCheck,
) -> Committed:
    """Write a change and commit it.

    Args:
        repository: As seen from the plan's folder, with the write lock held.
        intent: The change.
        plan: The plan after the change.
        evidence: Contents of the files that the change adds, by their path.
        is_meant: Tells whether a plan that a hook has altered still means what it should.

    Raises:
        KvartalError: It could not be done; everything is as before.
        KeyboardInterrupt: It was stopped before there was a commit; everything is as before.
    """
    write_intent(repository.git_dir, intent)
    folder, path = repository.folder, repository.folder / intent.name
    try:
        for file in intent.added:
            if file.brought:
                with evidence[file.path].open() as content:
                    write_added(folder, intent, file, content)
        if intent.after != intent.before:
            with write_errors(path):
                write_new_file(intent.temporary(path), BytesIO(plan), like=path)
                swap(path, intent.temporary(path), expected=intent.before)
        commit = commit_intent(repository, intent, is_meant)
    except BaseException as error:
        existing = None
        # A failing rollback must not hide the reason: the note stays, and is recovered later.
        with suppress(KvartalError, OSError):
            existing = intended_commit(repository, intent)
            if existing is None:
                roll_back(repository, intent, is_meant)
        if existing is None or not isinstance(error, KvartalError | OSError | KeyboardInterrupt):
            raise
        # Git may have been ended after the commit and before it updated the index.
        return Committed(existing, _failed_clean_up(repository, intent, is_index_stale=True))
    return Committed(commit, _failed_clean_up(repository, intent))


def _failed_clean_up(
    repository: Repository, intent: Intent, *, is_index_stale: bool = False
) -> CleanUpFailed | None:
    """Clean up after a commit; return what failed instead of raising it."""
    try:
        if is_index_stale:
            remove_own_locks(repository, intent.branch, intent.started)
            repository.reset_index(intent.paths)
        clean_up(repository, intent)
    except (KvartalError, OSError) as error:
        return CleanUpFailed(reason=system_reason(error))
    return None


def commit_intent(repository: Repository, intent: Intent, is_meant: MeaningCheck) -> str:
    """Commit a change whose files are on disk; return the id of the commit.

    Raises:
        KvartalError: Git refused, or did not store what was written; there is no commit.
    """
    hide_removed(repository.folder, intent)
    result = _commit_when_free(repository, intent)
    remove_prepared_indexes(repository, intent.started)
    remove_undeleted_locks(repository, intent.branch, result, intent.started)
    # The exit code is not the answer: a commit may hold different bytes, and there may be one
    # although git was ended by a signal.
    commit = intended_commit(repository, intent)
    if commit is None:
        if result.code:
            raise commit_error(repository, result)
        return settle_altered_commit(repository, intent, is_meant)
    if result.code:
        repository.reset_index(intent.paths)
    return commit


def _commit_when_free(repository: Repository, intent: Intent) -> GitResult:
    """Commit; try again as soon as another git releases its lock."""
    end = time.monotonic() + GIT_TIMEOUT
    while True:
        result = _commit_once(repository, intent)
        if blocking_lock(result) is None or time.monotonic() >= end:
            return result
        wait_for_git(repository, intent.branch)


def _commit_once(repository: Repository, intent: Intent) -> GitResult:
    if intent.fresh:
        added = repository.add(intent.fresh)
        if added.code:
            return added
    return repository.commit_only(intent.paths, intent.message)


def intended_commit(repository: Repository, intent: Intent) -> str | None:
    """Return the commit at HEAD if it holds exactly what the change was to write; else None."""
    paths = (intent.name, *(file.path for file in intent.added))
    object_ids = repository.object_ids(("HEAD", *(f"HEAD:./{path}" for path in paths)))
    if not object_ids:
        return None
    head, plan, *evidence = object_ids
    if plan not in intent.stored_after or evidence != [file.object_id for file in intent.added]:
        return None
    return head if repository.head_lacks([file.path for file in intent.removed]) else None


def clean_up(repository: Repository, intent: Intent) -> None:
    """Flush a change that HEAD holds to the disk; delete its temporary files and its note."""
    flush_repository(repository, intent.started)
    path = repository.folder / intent.name
    for old in (intent.temporary(path), spare_path(intent.temporary(path))):
        if file_digest(old) not in (None, intent.before, intent.after):
            # Another program still had the old file open and wrote to it: that must not be lost.
            replace_file(old, path.with_name(path.name + SPARED + intent.token))
        remove_file(old)
    delete_removed(repository.folder, intent)
    delete_intent(repository.git_dir)


def roll_back(repository: Repository, intent: Intent, is_meant: MeaningCheck) -> bool:
    """Roll back a change that HEAD does not hold.

    A plan that another program has written in the meantime is left alone, with the evidence that
    it may refer to.

    Args:
        repository: As seen from the plan's folder, with the write lock held.
        intent: The change.
        is_meant: As for `write_and_commit`.

    Returns:
        Whether everything is as before.

    Raises:
        KvartalError: The index is locked by another git.
        OSError: The system refuses.
    """
    path = repository.folder / intent.name
    old = intent.temporary(path)
    restore_removed(repository.folder, intent)
    if not old.exists() and spare_path(old).exists():
        replace_file(spare_path(old), old)
    now = file_digest(path)
    is_replaced = now not in (None, intent.before) and file_digest(old) == intent.before
    if is_replaced and now and (now == intent.after or is_meant(path.read_bytes())):
        swap(path, old, expected=now)
    is_restored = file_digest(path) == intent.before
    if intent.fresh:
        wait_for_git(repository, intent.branch)
        repository.reset_index(intent.fresh)
    if is_restored:
        delete_added(repository.folder, intent)
    remove_file(old)
    remove_file(spare_path(old))
    delete_intent(repository.git_dir)
    return is_restored

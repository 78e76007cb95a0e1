"""Carrying out a change that was noted down: the files, then the commit; or back to how it was.

Every step can be done twice and goes by what is on the disk and in HEAD, not by what was done
before: so the same functions finish a change, take it back, and heal it after a crash.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BytesIO
from typing import BinaryIO, Final, Protocol

from kvartal.history.git.command import GitResult
from kvartal.history.git.diagnosis import blocking_lock, hooks, refusal
from kvartal.history.git.repository import Repository
from kvartal.history.store.errors import ContentAltered, HookRewrotePlan, PlanChangedOutside
from kvartal.history.store.evidence_files import bring, drop_aside, put_back, send_aside, take_back
from kvartal.history.store.files import digest, digest_at, spare, swap, write_new, writing
from kvartal.history.store.git_locks import PATIENCE, clear_away, wait_for_git
from kvartal.history.store.write_ahead import Intent, forget_intent, write_intent
from kvartal.history.store.write_lock import ASIDE, FOLDER
from kvartal.schema.errors import KvartalError
from kvartal.schema.evidence_paths import FOLDER as EVIDENCE

Meaning = Callable[[bytes], bool]
"""Tells whether the bytes of a plan mean what the change was to make of it."""

SPARED: Final = ".spared-"
"""What the name of a file holds that another program wrote to after it was replaced."""


class EvidenceContent(Protocol):
    """Where the content of an evidence file comes from."""

    def open(self) -> BinaryIO:
        """Return the content, to be read once from its beginning."""


def carry_out(
    repository: Repository,
    intent: Intent,
    plan: bytes,
    evidence: Mapping[str, EvidenceContent],
    is_meant: Meaning,
) -> str:
    """Write a change and commit it; return the id of the commit.

    Args:
        repository: As seen from the plan's folder, with the lock held.
        intent: The change.
        plan: The plan as it is to be.
        evidence: Contents of the files that the change brings, by their path.
        is_meant: Tells whether a plan that a hook has altered still means what it should.

    Raises:
        KvartalError: It could not be done; everything is as before.
    """
    write_intent(repository.git_dir, intent)
    folder, path = repository.folder, repository.folder / intent.name
    try:
        for file in intent.added:
            if file.brought:
                with evidence[file.path].open() as content:
                    bring(folder, intent, file, content)
        if intent.after != intent.before:
            with writing(path):
                write_new(intent.temporary(path), BytesIO(plan), like=path)
                swap(path, intent.temporary(path), comes_out=intent.before)
        commit = commit_intended(repository, intent, is_meant)
    except BaseException:
        # A failure of the way back must not hide the reason: the note stays, and is healed later.
        with suppress(KvartalError, OSError):
            if kept_commit(repository, intent) is None:
                withdraw(repository, intent, is_meant)
            else:
                settle(repository, intent)
        raise
    settle(repository, intent)
    return commit


def commit_intended(repository: Repository, intent: Intent, is_meant: Meaning) -> str:
    """Commit a change whose files are on the disk; return the id of the commit.

    Raises:
        KvartalError: Git refused, or would not store what was written; there is no commit.
    """
    send_aside(repository.folder, intent)
    result = _commit_when_free(repository, intent)
    if result.code < 0:
        clear_away(repository, intent.branch, intent.started)
    # The exit code is not the answer: a commit may hold other bytes, and one may be there after
    # all when git was ended by a signal.
    commit = kept_commit(repository, intent)
    if commit is None:
        if result.code:
            raise refusal(repository, result)
        return _altered_commit(repository, intent, is_meant)
    if result.code:
        repository.reset_index(intent.paths)
    return commit


def _commit_when_free(repository: Repository, intent: Intent) -> GitResult:
    """Commit, again as soon as another git lets go of what it locked."""
    end = time.monotonic() + PATIENCE
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


def kept_commit(repository: Repository, intent: Intent) -> str | None:
    """Return the commit at HEAD if it holds what the change was to write; None otherwise."""
    paths = (intent.name, *(file.path for file in intent.added))
    found = repository.object_ids(("HEAD", *(f"HEAD:./{path}" for path in paths)))
    if not found:
        return None
    head, plan, *evidence = found
    if plan not in intent.stored_after or evidence != [file.object_id for file in intent.added]:
        return None
    return head if repository.head_lacks([file.path for file in intent.removed]) else None


def settle(repository: Repository, intent: Intent) -> None:
    """Clear up after a change that HEAD holds."""
    path = repository.folder / intent.name
    for old in (intent.temporary(path), spare(intent.temporary(path))):
        if digest_at(old) not in (None, intent.before, intent.after):
            # Another program still had the old file open and wrote there: that is not ours to lose.
            old.replace(path.with_name(path.name + SPARED + intent.token))
        old.unlink(missing_ok=True)
    drop_aside(repository.folder, intent)
    forget_intent(repository.git_dir)


def withdraw(repository: Repository, intent: Intent, is_meant: Meaning) -> bool:
    """Take back a change that HEAD does not hold.

    A file that another program has written in the meantime is left to it, with the evidence it
    may tell of.

    Args:
        repository: As seen from the plan's folder, with the lock held.
        intent: The change.
        is_meant: As for `carry_out`.

    Returns:
        Whether everything is as before.

    Raises:
        KvartalError: The index is held by another git.
        OSError: The system refuses.
    """
    path = repository.folder / intent.name
    old = intent.temporary(path)
    put_back(repository.folder, intent)
    if not old.exists() and spare(old).exists():
        spare(old).replace(old)
    now = digest_at(path)
    is_replaced = now not in (None, intent.before) and digest_at(old) == intent.before
    if is_replaced and now and (now == intent.after or is_meant(path.read_bytes())):
        swap(path, old, comes_out=now)
    is_back = digest_at(path) == intent.before
    if intent.fresh:
        wait_for_git(repository, intent.branch)
        repository.reset_index(intent.fresh)
    if is_back:
        take_back(repository.folder, intent)
    old.unlink(missing_ok=True)
    spare(old).unlink(missing_ok=True)
    forget_intent(repository.git_dir)
    return is_back


def _altered_commit(repository: Repository, intent: Intent, is_meant: Meaning) -> str:
    """Return the commit if a hook has only formatted the plan; take the commit back otherwise."""
    head, parent = repository.commit_id(), repository.commit_id("HEAD^")
    stored, on_disk = repository.blob("HEAD", intent.name), _bytes(repository, intent)
    is_ours = on_disk is not None and (digest(on_disk) == intent.after or is_meant(on_disk))
    altered = _altered_evidence(repository, intent)
    is_kept = head is not None and is_ours and stored == on_disk and altered is None
    if head and (
        is_kept or (parent == intent.parent and repository.move_branch_back(parent, head))
    ):
        # In either case the index holds neither what HEAD nor what the disk does.
        repository.reset_index(intent.paths)
    if head and is_kept:
        return head
    # Without a hook it was an editor: git commits what stands on the disk at that moment.
    if on_disk is not None and not is_ours and stored == on_disk and hooks(repository):
        _undo_rewriting(repository, intent, on_disk)
    # Bytes that mean the same but are neither ours nor stored were written while git was at it.
    is_rewritten = on_disk is None or digest(on_disk) != intent.after
    if not is_ours or (is_rewritten and altered is None):
        raise PlanChangedOutside(plan=intent.name)
    pattern = intent.name if altered is None else f"{EVIDENCE}/**"
    raise ContentAltered(path=altered or intent.name, pattern=pattern)


def _undo_rewriting(repository: Repository, intent: Intent, rewritten: bytes) -> None:
    """Put the plan back that a hook has written anew; what it made of it is kept in a copy.

    Of an editor that wrote at this very moment nothing is lost either.

    Raises:
        HookRewrotePlan: It is as it was before the change.
        KvartalError: It could not be put back, or somebody has written it since.
    """
    path = repository.folder / intent.name
    if digest_at(intent.temporary(path)) == intent.before:
        found = digest(rewritten)
        copy = repository.common_dir / FOLDER / ASIDE / f"{path.stem}_{found[:12]}{path.suffix}"
        copy.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            write_new(copy, BytesIO(rewritten), like=path)
        swap(path, intent.temporary(path), comes_out=found)
        raise HookRewrotePlan(path=intent.name, copy=copy)


def _altered_evidence(repository: Repository, intent: Intent) -> str | None:
    """Return an evidence file that HEAD does not hold as it is meant to."""
    for file in intent.added:
        if repository.object_id(f"HEAD:./{file.path}") != file.object_id:
            return file.path
    return next(
        (file.path for file in intent.removed if not repository.head_lacks([file.path])), None
    )


def _bytes(repository: Repository, intent: Intent) -> bytes | None:
    path = repository.folder / intent.name
    return path.read_bytes() if path.is_file() else None

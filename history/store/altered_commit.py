"""A commit that does not hold the bytes that were meant: kept, or taken off the branch.

A hook may have formatted the plan or rewritten it, a filter or an attribute altered what git
stores, somebody may have written the file while git was committing.
"""

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

from kvartal.history.git.diagnosis import hooks
from kvartal.history.git.repository import Repository
from kvartal.history.store.errors import ContentAltered, HookRewrotePlan, PlanChangedOutside
from kvartal.history.store.files import digest, file_digest, swap, write_new_file
from kvartal.history.store.git_locks import remove_undeleted_locks
from kvartal.history.store.state_folder import backup_folder, make_own_folder
from kvartal.history.store.write_ahead import Intent
from kvartal.schema.errors import KvartalError
from kvartal.schema.evidence_paths import FOLDER as EVIDENCE

MeaningCheck = Callable[[bytes], bool]
"""Tells whether the bytes of a plan mean what the change was to make of it."""


def settle_altered_commit(repository: Repository, intent: Intent, is_meant: MeaningCheck) -> str:
    """Return the commit if a hook has only reformatted the plan; else take it off the branch.

    Raises:
        HookRewrotePlan: A hook changed what the plan means.
        PlanChangedOutside: Somebody wrote the plan while git was committing.
        ContentAltered: A filter, an attribute or a hook altered what git stored.
    """
    head, parent = repository.commit_id(), repository.commit_id("HEAD^")
    stored, on_disk = repository.blob("HEAD", intent.name), _plan_on_disk(repository, intent)
    is_ours = on_disk is not None and (digest(on_disk) == intent.after or is_meant(on_disk))
    altered = _altered_evidence(repository, intent)
    is_accepted = head is not None and is_ours and stored == on_disk and altered is None
    if head and is_accepted:
        # The index matches neither HEAD nor the disk; that alone takes nothing back.
        with suppress(KvartalError):
            repository.reset_index(intent.paths)
        return head
    if head and parent == intent.parent:
        moved = repository.move_branch_back(parent, head)
        remove_undeleted_locks(repository, intent.branch, moved, intent.started)
        if not moved.code:
            repository.reset_index(intent.paths)
    # Without a hook it was an editor: git commits what is on disk at that moment.
    if on_disk is not None and not is_ours and stored == on_disk and hooks(repository):
        _restore_rewritten_plan(repository, intent, on_disk)
    # Bytes that mean the same but are neither ours nor stored were written during the commit.
    is_rewritten = on_disk is None or digest(on_disk) != intent.after
    if not is_ours or (is_rewritten and altered is None):
        raise PlanChangedOutside(plan=intent.name)
    pattern = intent.name if altered is None else f"{EVIDENCE}/**"
    raise ContentAltered(path=altered or intent.name, pattern=pattern)


def _restore_rewritten_plan(repository: Repository, intent: Intent, rewritten: bytes) -> None:
    """Restore a plan that a hook has rewritten, with a copy of what the hook made of it.

    The copy also saves what an editor may have written at this very moment.

    Raises:
        HookRewrotePlan: The plan is as it was before the change.
        KvartalError: It could not be restored, or somebody has written it since.
    """
    path = repository.folder / intent.name
    if file_digest(intent.temporary(path)) == intent.before:
        sha256 = digest(rewritten)
        folder = backup_folder(repository.common_dir)
        copy = folder / f"{path.stem}_{sha256[:12]}{path.suffix}"
        make_own_folder(folder)
        with suppress(FileExistsError):
            write_new_file(copy, BytesIO(rewritten), like=path)
        swap(path, intent.temporary(path), expected=sha256)
        raise HookRewrotePlan(path=intent.name, copy=copy)


def _altered_evidence(repository: Repository, intent: Intent) -> str | None:
    """Return the path of an evidence file that HEAD does not hold as intended."""
    for file in intent.added:
        if repository.object_id(f"HEAD:./{file.path}") != file.object_id:
            return file.path
    left = (file.path for file in intent.removed if not repository.head_lacks([file.path]))
    return next(left, None)


def _plan_on_disk(repository: Repository, intent: Intent) -> bytes | None:
    path = repository.folder / intent.name
    return path.read_bytes() if path.is_file() else None

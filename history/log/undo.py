"""Undo and redo: the change that reverses a commit, computed but not written.

Where the plan still is what the commit made of it, its earlier bytes are restored exactly.
Where something else changed since, the commit is taken out of the current plan field by field, and
the undo is refused where a later change touched the same field.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import BinaryIO, Final

from kvartal.history.diff.diff import difference
from kvartal.history.diff.groups import ChangeGroup, comment_groups, visible_groups
from kvartal.history.diff.items import as_list
from kvartal.history.diff.matching import same
from kvartal.history.diff.removals import measures_without_facts
from kvartal.history.diff.words import SHORT_HASH, Words, moment_text
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import commits
from kvartal.history.log.origin import origin_of, refuse_shallow_end
from kvartal.history.log.undo_errors import (
    AlreadyUndone,
    ChangedSinceUndo,
    EarlierVersionUnreadable,
    EverythingUndone,
    FieldChangedByMerge,
    FieldChangedLater,
    FieldDiffers,
    FieldEditedManually,
    NothingToRedo,
    NothingToUndo,
    NothingToUndoSinceRename,
)
from kvartal.history.log.undo_targets import (
    field_in_sentence,
    has_undone_changes,
    last_commit_touching,
    redo_target,
    undo_target,
)
from kvartal.history.log.version_reader import VersionReader
from kvartal.history.merge.conflict import Merged
from kvartal.history.merge.merge import merge
from kvartal.history.messages.message import EarlierCommit
from kvartal.history.store.evidence import evidence_references
from kvartal.history.store.snapshot import Snapshot
from kvartal.history.yaml_text.loader import UnreadablePlan
from kvartal.schema.changes import Change, ChangeKind, Plain, PlanData
from kvartal.schema.errors import Translate, untranslated

_LISTS: Final = ("records", "postponements")


@dataclass(frozen=True, slots=True)
class RestoredFile:
    """An evidence file to be restored from the history.

    Attributes:
        path: Where it belongs, from the plan's folder.
        sha256: SHA-256 that the plan gives for it.
        content: Its bytes.
    """

    path: str
    sha256: str
    content: bytes

    def open(self) -> BinaryIO:
        """Return the content, to be read from its beginning."""
        return BytesIO(self.content)


@dataclass(frozen=True, slots=True)
class Reversal:
    """An undo, a redo or a restoration, ready for the ledger and for a preview.

    Attributes:
        change: The change. An undo or redo may have no edits, where the commit altered only
            comments and formatting.
        reverts: What it undoes, redoes or restores from, for the message.
        target: The commit that is reversed: of the change for an undo, of the undo for a redo; the
            one that is restored from.
        groups: What it changes, in words, by measure.
        exact_bytes: The bytes that the plan is to have, those from before the commit; None where
            something else changed since, and the edits decide.
        attachments: Evidence files to be restored. Those to be removed follow from the data.
        lost: Ids of the measures that lose a record, a postponement or the cancellation.
        reason: Why it is done, for the commit message; empty for none.
    """

    change: Change
    reverts: EarlierCommit
    target: CommitEntry
    groups: tuple[ChangeGroup, ...]
    exact_bytes: bytes | None
    attachments: tuple[RestoredFile, ...]
    lost: tuple[str, ...] = ()
    reason: str = ""


def undo_last(
    repository: Repository, snapshot: Snapshot, translate: Translate = untranslated
) -> Reversal:
    """Return what undoes the last change that is not undone; nothing is written.

    Args:
        repository: As seen from the plan's folder.
        snapshot: The programme as it is.
        translate: Turns Russian templates into the language of the preview.

    Raises:
        NothingToUndo: No change is left.
        KvartalError: It cannot be undone, with the reason.
    """
    history = tuple(commits(repository, snapshot.path.name))
    target = undo_target(history)
    if target is None:
        if history:
            refuse_shallow_end(repository, history[-1].commit)
            origin = origin_of(repository, history[-1].commit, snapshot.path.name)
            if origin and origin.renamed_from:
                raise NothingToUndoSinceRename(path=origin.renamed_from)
        raise EverythingUndone if has_undone_changes(history) else NothingToUndo
    return undo(repository, snapshot, target, translate)


def redo_last(
    repository: Repository, snapshot: Snapshot, translate: Translate = untranslated
) -> Reversal:
    """Return what redoes the last undone change; nothing is written.

    Raises:
        NothingToRedo: Nothing is undone.
        ChangedSinceUndo: A change came after the last undo.
        KvartalError: It cannot be redone, with the reason.
    """
    history = tuple(commits(repository, snapshot.path.name))
    target = redo_target(history)
    if target is None:
        raise ChangedSinceUndo if has_undone_changes(history) else NothingToRedo
    earlier = EarlierCommit(target.undo.commit, target.change.subject)
    return _reversal(
        repository,
        snapshot,
        target.undo,
        kind=ChangeKind.REDO,
        reverts=earlier,
        translate=translate,
    )


def undo(
    repository: Repository,
    snapshot: Snapshot,
    target: CommitEntry,
    translate: Translate = untranslated,
) -> Reversal:
    """Return what undoes one commit, whatever came after it; nothing is written.

    Raises:
        NothingToUndo: The commit is the initial one.
        FieldChangedLater: A later change touched the same field.
        KvartalError: It cannot be undone for a different reason.
    """
    earlier = EarlierCommit(target.commit, target.subject)
    return _reversal(
        repository, snapshot, target, kind=ChangeKind.UNDO, reverts=earlier, translate=translate
    )


def restored_files(
    repository: Repository, revision: str, now: PlanData, wanted: PlanData
) -> Iterator[RestoredFile]:
    """Yield the evidence files that a change brings back, read from a version that has them.

    Args:
        repository: As seen from the plan's folder.
        revision: The version.
        now: The programme as it is.
        wanted: The programme with the change.
    """
    known = {path for path, _ in evidence_references(now)}
    for path, sha256 in dict(evidence_references(wanted)).items():
        if path not in known:
            content = repository.blob(revision, path)
            if content is not None:
                yield RestoredFile(path, sha256, content)


def without_change(now: PlanData, after: PlanData, before: PlanData) -> Merged:
    """Return the current programme with one change taken out of it, whatever came later.

    Args:
        now: The programme as it is.
        after: What the change had made of it.
        before: What it was before the change.
    """
    merged = merge(*map(_with_lists, (after, now, before)))
    return replace(merged, data=_without_empty_lists(merged.data))


def _reversal(  # noqa: PLR0913 - what to reverse, and how to word it
    repository: Repository,
    snapshot: Snapshot,
    target: CommitEntry,
    *,
    kind: ChangeKind,
    reverts: EarlierCommit,
    translate: Translate,
) -> Reversal:
    data = snapshot.data
    with VersionReader(repository, snapshot.path.name) as versions:
        parent = next(iter(target.parents), None)
        bytes_before = None if parent is None else versions.content(parent)
        if bytes_before is None:
            refuse_shallow_end(repository, target.commit)
            raise NothingToUndo
        try:
            before, after = versions.data(parent), versions.data(target.commit)
        except UnreadablePlan as error:
            fields = {"subject": target.subject, "commit": target.commit[:12]}
            raise EarlierVersionUnreadable(**fields) from error
        exact_bytes = _earlier_bytes(
            snapshot.source.encoded, versions.content(target.commit) or b"", bytes_before
        )
    if exact_bytes is None:
        before = _without_commit(repository, snapshot, target, after, before)
    edits = difference(data, before)
    words = Words(translate)
    groups = visible_groups(data, before, words, edits)
    if exact_bytes is not None and not edits:
        groups = comment_groups(snapshot.source.encoded, exact_bytes, words)
    files = tuple(restored_files(repository, f"{target.commit}^", data, before))
    lost = measures_without_facts(data, before)
    return Reversal(Change(kind, edits), reverts, target, groups, exact_bytes, files, lost)


def _earlier_bytes(now: bytes, after: bytes, before: bytes) -> bytes | None:
    """Return the file from before a commit, with the line ends of the file on disk.

    Git may store different line ends than the disk has. None where the file on disk is not what
    the commit made of it.
    """
    if now == after:
        return before
    if now == after.replace(b"\n", b"\r\n"):
        return before.replace(b"\n", b"\r\n")
    return None


def _without_commit(
    repository: Repository,
    snapshot: Snapshot,
    target: CommitEntry,
    after: PlanData,
    before: PlanData,
) -> PlanData:
    """Return the current programme without what a commit changed.

    Raises:
        FieldChangedLater, FieldDiffers: A field is not what the commit made of it.
        AlreadyUndone: Nothing of the commit is left.
    """
    merged = without_change(snapshot.data, after, before)
    for conflict in merged.conflicts:
        where = field_in_sentence(conflict)
        later = last_commit_touching(repository, snapshot.path.name, conflict, after=target.commit)
        if later is None:
            raise _unexplained(repository, snapshot)(subject=target.subject, where=where)
        error = FieldChangedByMerge if later.is_merge else FieldChangedLater
        raise error(
            commit=later.commit[:SHORT_HASH],
            subject=target.subject,
            where=where,
            date=moment_text(later.date, time=False),
            author=later.author,
            later=later.subject,
        )
    if same(merged.data, snapshot.data):
        raise AlreadyUndone(subject=target.subject)
    return merged.data


def _unexplained(repository: Repository, snapshot: Snapshot) -> type[FieldDiffers]:
    """Return why a field is not what a commit made of it though no later commit touched it."""
    committed = repository.blob("HEAD", snapshot.path.name)
    is_committed = (
        committed is not None
        and _earlier_bytes(snapshot.source.encoded, committed, committed) is not None
    )
    return FieldDiffers if is_committed else FieldEditedManually


def _with_lists(data: PlanData) -> PlanData:
    """Return a programme in which every measure has its lists, empty where they were absent.

    So that a record can be taken out beside a later one: adding the list is then no conflict.
    """
    empty: dict[str, Plain] = {key: [] for key in _LISTS}
    rows = [{**empty, **row} if isinstance(row, dict) else row for row in _rows(data)]
    return {**data, "measures": rows} if rows else data


def _without_empty_lists(data: PlanData) -> PlanData:
    rows: list[Plain] = [
        {key: value for key, value in row.items() if key not in _LISTS or value != []}
        if isinstance(row, dict)
        else row
        for row in _rows(data)
    ]
    return {**data, "measures": rows} if rows else data


def _rows(data: PlanData) -> list[Plain]:
    return as_list(data.get("measures"))

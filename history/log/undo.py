"""Undo and redo: the change that takes a commit back, worked out but not written.

Where the plan still is what the commit made of it, its bytes from before come back exactly. Where
something else was changed since, the commit is taken out of what there is now, field by field, and
refused where a later change touched the same field.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import BinaryIO, Final

from kvartal.history.diff.diff import difference
from kvartal.history.diff.groups import ChangeGroup, change_groups, comment_groups
from kvartal.history.diff.lines import as_list
from kvartal.history.diff.matching import same
from kvartal.history.diff.words import Words
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import commits
from kvartal.history.log.undo_errors import (
    AlreadyTakenBack,
    NothingToRedo,
    NothingToUndo,
    NothingUndone,
    UndoDisturbed,
    UndoOverlaid,
    UndoOverlaidByMerge,
    UndoUnderHandEdit,
    UndoUnreadable,
)
from kvartal.history.log.undo_targets import (
    last_touching,
    redo_target,
    undo_target,
    was_undone,
    where_of,
)
from kvartal.history.log.version_reader import VersionReader
from kvartal.history.merge.merge import Merged, merge
from kvartal.history.messages.message import Earlier
from kvartal.history.store.evidence import told_files
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import Change, ChangeKind, Plain, PlanData
from kvartal.schema.errors import Translate, untranslated

_LISTS: Final = ("records", "postponements")
_HASH: Final = 10


@dataclass(frozen=True, slots=True)
class Restored:
    """An evidence file that comes back from the history.

    Attributes:
        path: Where it is to stand, from the plan's folder.
        sha256: SHA-256 that the plan tells of it.
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
    """What takes a commit back, or restores from one, ready for the ledger and for a preview.

    Attributes:
        change: The change. An undo or redo may have no edits, where the commit altered only
            comments and formatting.
        reverts: What it takes back, or restores from, for the message.
        target: The commit that is taken back: of the change for an undo, of the undo for a redo;
            the one that is restored from.
        groups: What it changes, in words, by measure.
        wish: Bytes that the plan is to have: those from before the commit; None where something
            else was changed since, and the edits decide.
        attachments: Evidence files that come back. Those that go are seen from the data.
    """

    change: Change
    reverts: Earlier
    target: CommitEntry
    groups: tuple[ChangeGroup, ...]
    wish: bytes | None
    attachments: tuple[Restored, ...]


def last_undo(
    repository: Repository, snapshot: Snapshot, translate: Translate = untranslated
) -> Reversal:
    """Return what takes back the last change that is not undone; nothing is written.

    Args:
        repository: As seen from the plan's folder.
        snapshot: The programme as it is.
        translate: Turns Russian templates into the language of the preview.

    Raises:
        NothingToUndo: No change is left.
        KvartalError: It cannot be taken back, with the reason.
    """
    target = undo_target(commits(repository, snapshot.path.name))
    if target is None:
        raise NothingToUndo
    return undo(repository, snapshot, target, translate)


def last_redo(
    repository: Repository, snapshot: Snapshot, translate: Translate = untranslated
) -> Reversal:
    """Return what does again the change that was undone last; nothing is written.

    Raises:
        NothingUndone: Nothing is undone.
        NothingToRedo: Something else came after the last undo.
        KvartalError: It cannot be done again, with the reason.
    """
    history = tuple(commits(repository, snapshot.path.name))
    found = redo_target(history)
    if found is None:
        raise NothingToRedo if was_undone(history) else NothingUndone
    earlier = Earlier(found.undo.commit, found.change.subject)
    return _reversal(
        repository,
        snapshot,
        found.undo,
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
    """Return what takes back one commit, also one that others came after; nothing is written.

    Raises:
        NothingToUndo: The commit made the plan.
        UndoOverlaid: A later change touched the same field.
        KvartalError: It cannot be taken back for another reason.
    """
    earlier = Earlier(target.commit, target.subject)
    return _reversal(
        repository, snapshot, target, kind=ChangeKind.UNDO, reverts=earlier, translate=translate
    )


def restored_files(
    repository: Repository, revision: str, now: PlanData, wanted: PlanData
) -> Iterator[Restored]:
    """Yield the evidence files that a programme would tell of again, from a version that has them.

    Args:
        repository: As seen from the plan's folder.
        revision: The version.
        now: The programme as it is.
        wanted: The programme as it is to be.
    """
    known = {path for path, _ in told_files(now)}
    for path, sha256 in dict(told_files(wanted)).items():
        if path not in known:
            content = repository.blob(revision, path)
            if content is not None:
                yield Restored(path, sha256, content)


def _reversal(  # noqa: PLR0913 - what to take back from what, and how to tell it
    repository: Repository,
    snapshot: Snapshot,
    target: CommitEntry,
    *,
    kind: ChangeKind,
    reverts: Earlier,
    translate: Translate,
) -> Reversal:
    data = snapshot.data
    with VersionReader(repository, snapshot.path.name) as versions:
        parent = next(iter(target.parents), None)
        bytes_before = None if parent is None else versions.content(parent)
        if bytes_before is None:
            raise NothingToUndo
        before, after = versions.data(parent), versions.data(target.commit)
        if before is None or after is None:
            raise UndoUnreadable(subject=target.subject, commit=target.commit[:12])
        wish = _as_on_disk(
            snapshot.source.encoded, versions.content(target.commit) or b"", bytes_before
        )
    if wish is None:
        before = _without(repository, snapshot, target, after, before)
    edits = difference(data, before)
    words = Words(translate)
    groups = change_groups(data, before, words, edits)
    if wish is not None and not edits:
        groups = comment_groups(snapshot.source.encoded, wish, words)
    files = tuple(restored_files(repository, f"{target.commit}^", data, before))
    return Reversal(Change(kind, edits), reverts, target, groups, wish, files)


def _as_on_disk(now: bytes, after: bytes, before: bytes) -> bytes | None:
    """Return the bytes from before a commit as they would be on this disk; None if it has others.

    Git may keep the lines of a file ended in another way than the disk.
    """
    if now == after:
        return before
    if now == after.replace(b"\n", b"\r\n"):
        return before.replace(b"\n", b"\r\n")
    return None


def _without(
    repository: Repository,
    snapshot: Snapshot,
    target: CommitEntry,
    after: PlanData,
    before: PlanData,
) -> PlanData:
    """Return the programme as it is now, without what a commit did."""
    merged = without(snapshot.data, after, before)
    for conflict in merged.conflicts:
        where = where_of(conflict)
        later = last_touching(repository, snapshot.path.name, target, conflict)
        if later is None:
            raise _disturbed(repository, snapshot)(subject=target.subject, where=where)
        refusal = UndoOverlaidByMerge if later.is_merge else UndoOverlaid
        raise refusal(
            commit=later.commit[:_HASH],
            subject=target.subject,
            where=where,
            date=Words().day(later.date[:10]),
            author=later.author,
            later=later.subject,
        )
    if same(merged.data, snapshot.data):
        raise AlreadyTakenBack(subject=target.subject)
    return merged.data


def _disturbed(repository: Repository, snapshot: Snapshot) -> type[UndoDisturbed]:
    """Return why a field is not what a commit made of it though no later one touched it."""
    kept = repository.blob("HEAD", snapshot.path.name)
    is_saved = kept is not None and _as_on_disk(snapshot.source.encoded, kept, kept) is not None
    return UndoDisturbed if is_saved else UndoUnderHandEdit


def without(now: PlanData, after: PlanData, before: PlanData) -> Merged:
    """Return a programme as it is now with one change taken out of it, whatever came later.

    Args:
        now: The programme as it is now.
        after: What the change had made of it.
        before: What it was before the change.
    """
    merged = merge(*map(_with_lists, (after, now, before)))
    return replace(merged, data=_without_empty(merged.data))


def _with_lists(data: PlanData) -> PlanData:
    """Return a programme in which every measure has its lists, empty where they were absent.

    So that a record can be taken out beside a later one: the list is not what is disputed.
    """
    empty: dict[str, Plain] = {key: [] for key in _LISTS}
    rows = [{**empty, **row} if isinstance(row, dict) else row for row in _rows(data)]
    return {**data, "measures": rows} if rows else data


def _without_empty(data: PlanData) -> PlanData:
    rows: list[Plain] = [
        {key: value for key, value in row.items() if key not in _LISTS or value != []}
        if isinstance(row, dict)
        else row
        for row in _rows(data)
    ]
    return {**data, "measures": rows} if rows else data


def _rows(data: PlanData) -> list[Plain]:
    return as_list(data.get("measures"))

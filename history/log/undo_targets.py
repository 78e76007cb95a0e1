"""Which commit an undo or a redo is about, and which later one prevents it.

The history itself is the list of what can be undone, so it survives restarts and is the same in
every clone: an undo is a commit that names the commit it undoes, a redo one that names the undo.
Nothing is rewritten.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import entries
from kvartal.history.merge.conflict import Conflict
from kvartal.schema.changes import ChangeKind
from kvartal.schema.description import title
from kvartal.schema.errors import N_, Phrase
from kvartal.schema.problems import DataPath


@dataclass(frozen=True, slots=True)
class UndoneChange:
    """A change and the commit that undid it."""

    undo: CommitEntry
    change: CommitEntry


def undo_target(history: Iterable[CommitEntry]) -> CommitEntry | None:
    """Return the last change that is not undone; None when there is none.

    Args:
        history: Commits that touched the plan, newest first.
    """
    in_force, _ = _replayed(history)
    return in_force[-1] if in_force else None


def redo_target(history: Iterable[CommitEntry]) -> UndoneChange | None:
    """Return the last undo that can be redone; None when a change came after it.

    Args:
        history: Commits that touched the plan, newest first.
    """
    _, undone = _replayed(history)
    return undone[-1] if undone else None


def changes_in_force(history: Iterable[CommitEntry]) -> tuple[CommitEntry, ...]:
    """Return the changes that are not undone, oldest first.

    Args:
        history: Commits that touched the plan, newest first.
    """
    in_force, _ = _replayed(history)
    return tuple(in_force)


def has_undone_changes(history: Iterable[CommitEntry]) -> bool:
    """Return whether the history has more undos than redos.

    Args:
        history: Commits that touched the plan, newest first.
    """
    kinds = [entry.kind for entry in history]
    return kinds.count(ChangeKind.UNDO) > kinds.count(ChangeKind.REDO)


def last_commit_touching(
    repository: Repository, name: str, conflict: Conflict, *, after: str
) -> CommitEntry | None:
    """Return the last commit that touched the field of a conflict; None where none did.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        conflict: The conflict.
        after: Full hash of the commit to stop at.

    Raises:
        GitFailed: Git refused.
    """
    names = _names(conflict.path)
    last = None
    for entry in entries(repository, name, measure=conflict.measure or None):
        if entry.commit == after:
            break
        for edit in entry.edits or ():
            length = min(len(names), len(_names(edit.path)))
            if edit.measure == conflict.measure and _names(edit.path)[:length] == names[:length]:
                last = last or entry
    return last


def field_in_sentence(conflict: Conflict) -> Phrase:
    """Return the name of a conflict's field as the errors quote it: «1.1.2, «Примечания»,»."""
    known = title(conflict.where)
    field = Phrase(known, {}) if known else ".".join(map(str, conflict.path))
    if not conflict.measure:
        return Phrase(N_("«{name}»"), {"name": field})
    return Phrase(N_("{measure}, «{field}»,"), {"measure": conflict.measure, "field": field})


def _replayed(history: Iterable[CommitEntry]) -> tuple[list[CommitEntry], list[UndoneChange]]:
    """Return the changes in force and the undone ones that can be redone, both oldest first.

    An undo names the commit it undoes. Where a rebase has changed its hash,
    the undo means the last change in force, as it did when it was made.
    """
    in_force: list[CommitEntry] = []
    undone: list[UndoneChange] = []
    for entry in reversed(list(history)):
        if entry.kind is ChangeKind.UNDO:
            if in_force:
                hashes = [change.commit for change in in_force]
                change = in_force.pop(_index(hashes, entry.trailers.reverts))
                undone.append(UndoneChange(entry, change))
        elif entry.kind is ChangeKind.REDO:
            if undone:
                hashes = [pair.undo.commit for pair in undone]
                in_force.append(undone.pop(_index(hashes, entry.trailers.reverts)).change)
        else:
            undone.clear()
            if entry.parents and not entry.is_merge and entry.kind is not ChangeKind.MERGE:
                in_force.append(entry)
    return in_force, undone


def _index(hashes: Sequence[str], commit: str | None) -> int:
    """Return the index of a commit; that of the last where it is not there."""
    return hashes.index(commit) if commit in hashes else -1


def _names(path: DataPath) -> tuple[str, ...]:
    """Return a path without the positions of list items."""
    return tuple(part for part in path if isinstance(part, str))

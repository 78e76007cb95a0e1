"""Which commit an undo or a redo is about, and which later one stands in its way.

The history itself is the list of what can be undone, so it survives restarts and is the same in
every clone: an undo is a commit that names the commit it undoes, a redo one that names the undo.
Nothing is rewritten.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import entries
from kvartal.history.merge.merge import Conflict
from kvartal.schema.changes import ChangeKind
from kvartal.schema.description import title
from kvartal.schema.problems import DataPath


@dataclass(frozen=True, slots=True)
class Undone:
    """A change and the undo that took it back."""

    undo: CommitEntry
    change: CommitEntry


def undo_target(history: Iterable[CommitEntry]) -> CommitEntry | None:
    """Return the last change that is not undone; None when there is none.

    Args:
        history: Commits that touched the plan, newest first.
    """
    done, _ = _standing(history)
    return done[-1] if done else None


def redo_target(history: Iterable[CommitEntry]) -> Undone | None:
    """Return the last undo that can be taken back; None when something else came after it.

    Args:
        history: Commits that touched the plan, newest first.
    """
    _, undone = _standing(history)
    return undone[-1] if undone else None


def in_force(history: Iterable[CommitEntry]) -> tuple[CommitEntry, ...]:
    """Return the changes that are not undone, oldest first.

    Args:
        history: Commits that touched the plan, newest first.
    """
    done, _ = _standing(history)
    return tuple(done)


def was_undone(history: Iterable[CommitEntry]) -> bool:
    """Tell whether any undo stands in the history that no redo came after.

    Args:
        history: Commits that touched the plan, newest first.
    """
    kinds = [entry.kind for entry in history]
    return kinds.count(ChangeKind.UNDO) > kinds.count(ChangeKind.REDO)


def _standing(history: Iterable[CommitEntry]) -> tuple[list[CommitEntry], list[Undone]]:
    """Return the changes that are in force and those undone that can be done again, oldest first.

    An undo names the commit it takes back. Where that commit is not there any more, because the
    history was rebased, it is the last one that was in force, as it was when the undo was made.
    """
    done: list[CommitEntry] = []
    undone: list[Undone] = []
    for entry in reversed(list(history)):
        if entry.kind is ChangeKind.UNDO:
            if done:
                meant = [one.commit for one in done]
                undone.append(Undone(entry, done.pop(_place(meant, entry.trailers.reverts))))
        elif entry.kind is ChangeKind.REDO:
            if undone:
                meant = [one.undo.commit for one in undone]
                done.append(undone.pop(_place(meant, entry.trailers.reverts)).change)
        else:
            undone.clear()
            if entry.parents and not entry.is_merge and entry.kind is not ChangeKind.MERGE:
                done.append(entry)
    return done, undone


def _place(commits_meant: Sequence[str], commit: str | None) -> int:
    return commits_meant.index(commit) if commit in commits_meant else -1


def where_of(conflict: Conflict) -> str:
    """Return the field of a conflict as it stands in a sentence."""
    field = title(conflict.where) or ".".join(map(str, conflict.path))
    return f"{conflict.measure}, «{field}»," if conflict.measure else f"«{field}»"


def last_touching(
    repository: Repository, name: str, target: CommitEntry, conflict: Conflict
) -> CommitEntry | None:
    """Return the last commit, of those after one, that touched the field of a conflict.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        target: The one.
        conflict: The conflict.

    Raises:
        GitFailed: Git refused.
    """
    names = _names(conflict.path)
    found = None
    for entry in entries(repository, name, measure=conflict.measure or None):
        if entry.commit == target.commit:
            break
        for edit in entry.edits or ():
            length = min(len(names), len(_names(edit.path)))
            if edit.measure == conflict.measure and _names(edit.path)[:length] == names[:length]:
                found = found or entry
    return found


def _names(path: DataPath) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))

"""Which commit an undo or a redo means: the history itself is the list of what can be undone.

So it holds over restarts and in every clone: an undo is a commit that names the commit it takes
back, a redo one that names the undo. Nothing is rewritten.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kvartal.history.log.entry import CommitEntry
from kvartal.schema.changes import ChangeKind


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

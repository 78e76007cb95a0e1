"""Undoes one change of the history that the user names, whatever came after it."""

from typing import Final

from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import commits
from kvartal.history.log.origin import refuse_shallow_end
from kvartal.history.log.revision import NoSuchRevision, find_commit
from kvartal.history.log.undo import Reversal, undo
from kvartal.history.log.undo_errors import (
    AlreadyUndone,
    InitialCommitNotUndoable,
    MergeNotUndoable,
    PlanNotChanged,
    ReversalNotUndoable,
)
from kvartal.history.log.undo_targets import changes_in_force
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import Translate, untranslated

_REVERSALS: Final = frozenset({ChangeKind.UNDO, ChangeKind.REDO})


def undo_named(
    repository: Repository, snapshot: Snapshot, name: str, translate: Translate = untranslated
) -> Reversal:
    """Return what undoes the change that a commit made; nothing is written.

    Args:
        repository: As seen from the plan's folder.
        snapshot: The programme as it is.
        name: Any name of the commit.
        translate: Turns Russian templates into the language of the preview.

    Raises:
        NoSuchRevision: Git knows no such commit.
        KvartalError: It cannot be undone, with the reason.
    """
    commit = find_commit(repository, name)
    if commit is None:
        raise NoSuchRevision(name=name)
    history = tuple(commits(repository, snapshot.path.name))
    target = next((entry for entry in history if entry.commit == commit), None)
    if target is None:
        raise PlanNotChanged(name=name)
    _refuse_not_undoable(repository, target)
    if commit not in {entry.commit for entry in changes_in_force(history)}:
        raise AlreadyUndone(subject=target.subject)
    return undo(repository, snapshot, target, translate)


def _refuse_not_undoable(repository: Repository, target: CommitEntry) -> None:
    """Refuse a commit that is no change of its own.

    Raises:
        InitialCommitNotUndoable, MergeNotUndoable, ReversalNotUndoable: It is one of these.
        NotInShallowClone: What was before it was not fetched.
    """
    if not target.parents:
        refuse_shallow_end(repository, target.commit)
        raise InitialCommitNotUndoable(subject=target.subject)
    if target.is_merge or target.kind is ChangeKind.MERGE:
        raise MergeNotUndoable(subject=target.subject)
    if target.kind in _REVERSALS:
        raise ReversalNotUndoable(subject=target.subject)

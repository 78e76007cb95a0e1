"""Undoing one change of the history that a person names, whatever came after it."""

from typing import Final

from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import commits
from kvartal.history.log.revision import NoSuchRevision
from kvartal.history.log.undo import Reversal, undo
from kvartal.history.log.undo_errors import (
    AlreadyTakenBack,
    BeginningStays,
    DidNotChange,
    IsReversal,
    MergeStays,
)
from kvartal.history.log.undo_targets import in_force
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import Translate, untranslated

_REVERSALS: Final = frozenset({ChangeKind.UNDO, ChangeKind.REDO})


def undo_of(
    repository: Repository, snapshot: Snapshot, name: str, translate: Translate = untranslated
) -> Reversal:
    """Return what takes back the change that a commit made; nothing is written.

    Args:
        repository: As seen from the plan's folder.
        snapshot: The programme as it is.
        name: Any name of the commit.
        translate: Turns Russian templates into the language of the preview.

    Raises:
        NoSuchRevision: Git knows no such commit.
        KvartalError: It cannot be taken back, with the reason.
    """
    commit = repository.commit_id(name) if name and "\0" not in name else None
    if commit is None:
        raise NoSuchRevision(name=name)
    history = tuple(commits(repository, snapshot.path.name))
    target = next((entry for entry in history if entry.commit == commit), None)
    if target is None:
        raise DidNotChange(name=name)
    _refuse_what_is_no_change(target)
    if commit not in {entry.commit for entry in in_force(history)}:
        raise AlreadyTakenBack(subject=target.subject)
    return undo(repository, snapshot, target, translate)


def _refuse_what_is_no_change(target: CommitEntry) -> None:
    """Refuse the beginning, a merge, and what is itself an undo or a redo.

    Raises:
        BeginningStays, MergeStays, IsReversal: It is one of them.
    """
    if not target.parents:
        raise BeginningStays(subject=target.subject)
    if target.is_merge or target.kind is ChangeKind.MERGE:
        raise MergeStays(subject=target.subject)
    if target.kind in _REVERSALS:
        raise IsReversal(subject=target.subject)

"""Checks undo, redo and restoring: the commit they name, and whether its change is taken back.

Yields `trailers-disagree`.

Rebasing changes the hashes of commits, but not the hashes in their messages. So in a rebased commit
a hash that leads nowhere stands for the change that the program itself would have undone there; in
a commit that was not rebased it is a finding.
"""

import re
from dataclasses import dataclass
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.findings import TRAILERS, Finding
from kvartal.history.audit.message_compare import claimed_trailers
from kvartal.history.audit.rebased_changes import was_rebased
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.version_cache import VersionCache
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.diff.matching import same
from kvartal.history.diff.words import one_line
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.undo import without_change
from kvartal.history.log.undo_targets import redo_target, undo_target
from kvartal.history.messages.message import EarlierCommit
from kvartal.history.messages.trailers import Trailers
from kvartal.schema.changes import ChangeKind, PlanData
from kvartal.schema.errors import N_

_NAMES_NONE: Final = N_("Не названо изменение, которое отменено или возвращено: {name}.")
_NO_ANCESTOR: Final = N_("Названо изменение {commit}, которого раньше в истории нет.")
_NO_UNDO: Final = N_("Возвращена отмена {commit}, а это не отмена.")
_NOT_TAKEN_BACK: Final = N_("Изменение {commit} этим не взято назад: изменено другое.")
_SHORT: Final = 10

# Git does not translate it. With `--reference` the hash is short and its subject follows.
_GIT_REVERT: Final = re.compile(r"^This reverts commit ([0-9a-f]{7,64})\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class GitRevert:
    """A ``git revert``, as a message without a word of the program claims it.

    Attributes:
        commit: Hash of the commit that it says was taken back; may be a beginning only.
        target: That commit; None where it does not come before.
        is_exact: Whether its change, and nothing else, was taken back.
    """

    commit: str
    target: Commit | None
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """The commit that a message refers to: what it takes back, or restores from.

    Attributes:
        earlier: As the message names it; None where it names nothing that can be found.
        finding: What is wrong with it.
        is_out_of_reach: Whether it may be behind the end of a shallow clone, which knows nothing
            of it then.
    """

    earlier: EarlierCommit | None
    finding: Finding | None = None
    is_out_of_reach: bool = False


class UndoChecker:
    """Looks up what undo, redo and restoring refer to.

    Args:
        graph: The commits.
        walk: What they hold.
        versions: The versions of the plan.
    """

    def __init__(self, graph: CommitGraph, walk: HistoryWalk, versions: VersionCache) -> None:
        self._graph = graph
        self._walk = walk
        self._versions = versions

    def reference(self, step: WalkStep, trailers: Trailers) -> Reference:
        """Return what a commit refers to, and what is wrong with that."""
        if trailers.kind in {ChangeKind.UNDO, ChangeKind.REDO}:
            return self._taken_back(step, trailers)
        if trailers.restores is None:
            return Reference(None)
        source = self._ancestor(step, trailers.restores)
        if source is not None:
            return Reference(EarlierCommit(source.id, source.subject))
        if self.was_rebased(step):
            return Reference(EarlierCommit(trailers.restores, self._subject_named(step)))
        return self._not_found(step, trailers.restores)

    def is_out_of_reach(self, step: WalkStep, trailers: Trailers) -> bool:
        """Tell whether a commit may bring back what is behind the end of a shallow clone."""
        if not self._graph.may_lack([step.commit.id]):
            return False
        if _GIT_REVERT.search(step.commit.message):
            return self.git_revert(step) is None
        return self.reference(step, trailers).is_out_of_reach

    def git_revert(self, step: WalkStep) -> GitRevert | None:
        """Return what a commit says ``git revert`` took back.

        None where it says no such thing, or where a shallow clone does not have that change.
        """
        claimed = _GIT_REVERT.search(step.commit.message)
        if claimed is None:
            return None
        earlier = self._graph.ancestors(self._graph.parents(step.commit.id))
        names = [name for name in earlier if name.startswith(claimed[1])]
        target = self._graph.commit(names[0]) if len(names) == 1 else None
        if self._is_unseen(step, target):
            return None
        is_exact = target is not None and self._reverts_exactly(step, target)
        return GitRevert(claimed[1], target, is_exact)

    def was_rebased(self, step: WalkStep) -> bool:
        """Tell whether git recreated a commit from an older one."""
        earlier = (one for one, _blob in self._walk.first_parents(step.commit.id))
        return was_rebased(step.commit, earlier)

    def data_at(self, commit: str) -> PlanData | None:
        """Return the plan as a commit holds it; None where that is not known."""
        return self._data_at(commit) if self._graph.has_read(commit) else None

    def _taken_back(self, step: WalkStep, trailers: Trailers) -> Reference:
        if trailers.reverts is None:
            fields = {"name": "Kvartal-Reverts"}
            return Reference(None, Finding(TRAILERS, _NAMES_NONE, fields=fields))
        target = self._ancestor(step, trailers.reverts)
        if target is None and self.was_rebased(step):
            target = self._expected_target(step, trailers.kind)
        if target is None:
            return self._not_found(step, trailers.reverts)
        if self._is_unseen(step, target):
            return Reference(None, is_out_of_reach=True)
        change: Commit | None = target
        if trailers.kind is ChangeKind.REDO:
            undo_trailers = claimed_trailers(target.message)
            if undo_trailers.kind is not ChangeKind.UNDO:
                return Reference(None, _finding(_NO_UNDO, target.id))
            change = self._undone(target, undo_trailers)
        earlier = EarlierCommit(trailers.reverts, change.subject if change else "")
        if self._takes_back(step, target):
            return Reference(earlier)
        return Reference(earlier, _finding(_NOT_TAKEN_BACK, target.id))

    def _is_unseen(self, step: WalkStep, target: Commit | None) -> bool:
        """Tell whether what a commit took back may be behind the end of a shallow clone."""
        if target is None:
            return self._graph.may_lack([step.commit.id])
        return target.id in self._graph.shallow  # What it changed is not known.

    def _not_found(self, step: WalkStep, name: str) -> Reference:
        if self._is_unseen(step, None):
            return Reference(None, is_out_of_reach=True)
        return Reference(None, _finding(_NO_ANCESTOR, name))

    def _subject_named(self, step: WalkStep) -> str:
        """Return which first line of an earlier change a commit quotes; empty for none.

        A rebase gives the version that it names a new hash, and leaves its words.
        """
        earlier = (change.subject for change in self._walk.changes_before(step.commit.id))
        quoted = (one for one in earlier if one_line(one) in step.commit.message)
        return max(quoted, key=len, default="")

    def _ancestor(self, step: WalkStep, name: str) -> Commit | None:
        parents = self._graph.parents(step.commit.id)
        is_ancestor = any(self._is_ancestor(name, parent) for parent in parents)
        return self._graph.commit(name) if is_ancestor else None

    def _is_ancestor(self, name: str, of: str) -> bool:
        return self._graph.has_read(name) and self._graph.is_ancestor(name, of)

    def _undone(self, undo: Commit, trailers: Trailers) -> Commit | None:
        """Return the change that an undo took back."""
        if trailers.reverts is not None and self._is_ancestor(trailers.reverts, undo.id):
            return self._graph.commit(trailers.reverts)
        target = undo_target(self._entries_before(undo.id))
        return self._graph.commit(target.commit) if target else None

    def _expected_target(self, step: WalkStep, kind: ChangeKind | None) -> Commit | None:
        """Return what the program would have undone or done again at this point."""
        entries = self._entries_before(step.commit.id)
        if kind is ChangeKind.UNDO:
            target = undo_target(entries)
            return self._graph.commit(target.commit) if target else None
        undone = redo_target(entries)
        return self._graph.commit(undone.undo.commit) if undone else None

    def _entries_before(self, commit: str) -> list[CommitEntry]:
        return [
            CommitEntry(
                commit=change.id,
                parents=self._graph.parents(change.id),
                date=change.authored.isoformat(),
                author=change.author,
                email="",
                subject=change.subject,
                trailers=claimed_trailers(change.message),
            )
            for change in self._walk.changes_before(commit)
        ]

    def _takes_back(self, step: WalkStep, target: Commit) -> bool:
        """Tell whether a commit does what undoing the target comes to."""
        parent_of_target = next(iter(self._graph.parents(target.id)), None)
        before_target = None if parent_of_target is None else self._data_at(parent_of_target)
        after_target = self._data_at(target.id)
        before, after = self._data(step.parents[0].blob), self._data(step.plan.blob)
        if after_target is None or before_target is None or before is None or after is None:
            return False
        if same(before, after_target):
            return same(after, before_target)
        merged = without_change(before, after_target, before_target)
        return not merged.conflicts and same(after, merged.data)

    def _reverts_exactly(self, step: WalkStep, target: Commit) -> bool:
        """Tell whether reverting a commit gives this plan: to the letter, where it was the last."""
        first = next(iter(self._graph.parents(target.id)), None)
        if first is not None and step.parents[0].blob == self._walk.plan_at(target.id).blob:
            return step.plan.blob == self._walk.plan_at(first).blob
        return self._takes_back(step, target)

    def _data_at(self, commit: str) -> PlanData | None:
        return self._data(self._walk.plan_at(commit).blob)

    def _data(self, blob: str | None) -> PlanData | None:
        return None if blob is None else self._versions.version(blob).data


def _finding(template: str, commit: str) -> Finding:
    return Finding(TRAILERS, template, fields={"commit": commit[:_SHORT]})

"""Undo and redo: the commit that is named, and whether its change is really taken back.

The name of a commit changes when history is rebased, and the names in messages do not. So in a
commit that was rebased a name that leads nowhere is taken for the change that was to be undone
then, as the program itself takes it; in one that nobody rebased it is a finding.
"""

from dataclasses import dataclass
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.findings import TRAILERS, Finding
from kvartal.history.audit.message_compare import claimed
from kvartal.history.audit.object_reader import Commit
from kvartal.history.audit.version_cache import VersionCache
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.diff.matching import same
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.undo import without_change
from kvartal.history.log.undo_targets import redo_target, undo_target
from kvartal.history.messages.message import Earlier
from kvartal.history.messages.trailers import Trailers
from kvartal.schema.changes import ChangeKind, PlanData
from kvartal.schema.errors import N_

_NAMES_NONE: Final = N_("Не названо изменение, которое отменено или возвращено: {name}.")
_NO_ANCESTOR: Final = N_("Названо изменение {commit}, которого раньше в истории нет.")
_NO_UNDO: Final = N_("Возвращена отмена {commit}, а это не отмена.")
_ANOTHER: Final = N_("Изменение {commit} этим не взято назад: изменено другое.")
_SHORT: Final = 10


@dataclass(frozen=True, slots=True)
class Reference:
    """What a commit takes back, or restores from.

    Attributes:
        earlier: As the message names it; None where it names nothing that can be found.
        finding: What is wrong with it.
    """

    earlier: Earlier | None
    finding: Finding | None = None


class Reversals:
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
        """Return what a commit refers to."""
        if trailers.kind in {ChangeKind.UNDO, ChangeKind.REDO}:
            return self._reversed(step, trailers)
        if trailers.restores is None:
            return Reference(None)
        source = self._before(step, trailers.restores)
        if source is None:
            is_moved = _was_rebased(step.commit)
            earlier = Earlier(trailers.restores, "") if is_moved else None
            return Reference(earlier, None if is_moved else _missing(trailers.restores))
        return Reference(Earlier(source.id, source.subject))

    def version_at(self, commit: str) -> PlanData | None:
        """Return the plan as a commit holds it; None where that is not known."""
        return self._data(commit) if self._graph.knows(commit) else None

    def _reversed(self, step: WalkStep, trailers: Trailers) -> Reference:
        is_undo = trailers.kind is ChangeKind.UNDO
        if trailers.reverts is None:
            return Reference(
                None, Finding(TRAILERS, _NAMES_NONE, fields={"name": "Kvartal-Reverts"})
            )
        target = self._before(step, trailers.reverts)
        if target is None and _was_rebased(step.commit):
            target = self._meant(step, is_undo=is_undo)
        if target is None:
            return Reference(None, _missing(trailers.reverts))
        change: Commit | None = target
        if not is_undo:
            of_undo = claimed(target.message)
            if of_undo.kind is not ChangeKind.UNDO:
                return Reference(
                    None, Finding(TRAILERS, _NO_UNDO, fields={"commit": target.id[:_SHORT]})
                )
            change = self._undone(target, of_undo)
        earlier = Earlier(trailers.reverts, change.subject if change else "")
        if self._takes_back(step, target):
            return Reference(earlier)
        return Reference(
            earlier, Finding(TRAILERS, _ANOTHER, fields={"commit": target.id[:_SHORT]})
        )

    def _before(self, step: WalkStep, name: str) -> Commit | None:
        parents = self._graph.parents(step.commit.id)
        is_there = any(self._is_ancestor(name, parent) for parent in parents)
        return self._graph.commit(name) if is_there else None

    def _is_ancestor(self, name: str, of: str) -> bool:
        return self._graph.knows(name) and self._graph.is_ancestor(name, of)

    def _undone(self, undo: Commit, trailers: Trailers) -> Commit | None:
        """Return the change that an undo took back."""
        named = trailers.reverts
        if named is not None and self._is_ancestor(named, undo.id):
            return self._graph.commit(named)
        found = undo_target(self._entries(undo.id))
        return self._graph.commit(found.commit) if found else None

    def _meant(self, step: WalkStep, *, is_undo: bool) -> Commit | None:
        """Return what the program would have taken back at this point."""
        entries = self._entries(step.commit.id)
        if is_undo:
            target = undo_target(entries)
            return self._graph.commit(target.commit) if target else None
        undone = redo_target(entries)
        return self._graph.commit(undone.undo.commit) if undone else None

    def _entries(self, commit: str) -> list[CommitEntry]:
        return [
            CommitEntry(
                commit=one.id,
                parents=self._graph.parents(one.id),
                date=one.authored.isoformat(),
                author=one.author,
                email="",
                subject=one.subject,
                trailers=claimed(one.message),
            )
            for one in self._walk.history(commit)
        ]

    def _takes_back(self, step: WalkStep, target: Commit) -> bool:
        before = next(iter(self._graph.parents(target.id)), None)
        then = self._data(target.id)
        wanted = None if before is None else self._data(before)
        now, made = self._data_of(step.before[0].plan), self._data_of(step.now.plan)
        if then is None or wanted is None or now is None or made is None:
            return False
        if same(now, then):
            return same(made, wanted)
        merged = without_change(now, then, wanted)
        return not merged.conflicts and same(made, merged.data)

    def _data(self, commit: str) -> PlanData | None:
        return self._data_of(self._walk.holding(commit).plan)

    def _data_of(self, plan: str | None) -> PlanData | None:
        return None if plan is None else self._versions.version(plan).data


def _was_rebased(commit: Commit) -> bool:
    """Tell whether git made a commit anew from an older one, by its two dates."""
    return commit.authored != commit.committed


def _missing(name: str) -> Finding:
    return Finding(TRAILERS, _NO_ANCESTOR, fields={"commit": name[:_SHORT]})

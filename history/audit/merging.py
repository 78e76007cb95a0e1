"""Merge commits: the versions that came together, and the one they both came from."""

from collections.abc import Sequence
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.merge_checks import MergeDifference, joint, unexplained
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.words import Words
from kvartal.history.messages.subjects import subject
from kvartal.schema.changes import ChangeKind, PlanData
from kvartal.schema.errors import N_

_TOLD: Final = 5


class MergeParents:
    """Looks up what merge commits were made from.

    Args:
        graph: The commits.
        walk: What they hold.
        versions: The versions of the plan.
    """

    def __init__(self, graph: CommitGraph, walk: HistoryWalk, versions: VersionCache) -> None:
        self._graph = graph
        self._walk = walk
        self._versions = versions

    def unexplained(
        self, step: WalkStep, now: CachedVersion, before: Sequence[CachedVersion]
    ) -> tuple[MergeDifference, ...] | None:
        """Return what a merge made into what merging does not; None where a side is unreadable.

        Args:
            step: The merge.
            now: The plan as it has it.
            before: The plan as its parents have it, those that have one.
        """
        blobs = {version.blob for version in before}
        if blobs == {now.blob}:
            return ()
        if now.data is None:
            # Git's conflict markers, committed: a fault of the version, and told as that.
            return ()
        if len(blobs) == 1:
            return unexplained(before[0].data or {}, [before[0].data or {}] * 2, now.data)
        sides = [version.data for version in before]
        readable = [side for side in sides if side is not None]
        if len(readable) < len(sides):
            return () if now.blob in blobs else None
        parents = tuple(
            name
            for name, held in zip(self._graph.parents(step.commit.id), step.before, strict=True)
            if held.plan
        )
        return unexplained(self._base(self._graph.merge_bases(parents)), readable, now.data)

    def _base(self, commits: Sequence[str]) -> PlanData:
        """Return the version that sides started from; of several, what they come to together."""
        if not commits:
            return {}
        first, *others = commits
        data = self._data(first)
        for other in others:
            deeper = self._base(self._graph.merge_bases((first, other)))
            data = joint(deeper, data, self._data(other))
        return data

    def _data(self, commit: str) -> PlanData:
        plan = self._walk.holding(commit).plan
        return {} if plan is None else self._versions.version(plan).data or {}


def told_oddities(found: Sequence[MergeDifference], words: Words) -> str:
    """Return what merging gives and what is there instead, a few words a measure."""
    told = []
    for one in found:
        groups = change_groups(one.wanted, one.made, words)
        told.append(subject(ChangeKind.SET, groups, words))
    rest = len(told) - _TOLD
    more = (words.say(N_("и ещё {more}"), more=rest),) if rest > 0 else ()
    return "; ".join((*told[:_TOLD], *more))

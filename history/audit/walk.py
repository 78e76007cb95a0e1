"""The commits to be verified, each with what it holds of the plan, after all of its parents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.object_reader import TREE, Commit, ObjectReader
from kvartal.schema.evidence_paths import FOLDER


@dataclass(frozen=True, slots=True)
class PlanAtCommit:
    """What a commit holds of the programme.

    Attributes:
        plan: Hash of the plan's blob; None where there is none.
        evidence: Hash of the tree with the evidence; None where there is none.
    """

    plan: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class WalkStep:
    """A commit that touched the programme.

    Attributes:
        commit: The commit.
        now: What it holds.
        before: What each of its parents holds.
        is_first: Whether the history of the plan begins here.
        latest: The last commit before it, by its date, that touched the programme; None where
            there is none but the one that began it.
    """

    commit: Commit
    now: PlanAtCommit
    before: tuple[PlanAtCommit, ...]
    is_first: bool
    latest: Commit | None


class HistoryWalk:
    """The way through a history.

    Args:
        graph: Its commits.
        objects: Where they are.
        folder: The plan's folder in the repository, with a slash at the end; empty for its top.
        name: The plan's file name.
    """

    def __init__(self, graph: CommitGraph, objects: ObjectReader, folder: str, name: str) -> None:
        self._graph = graph
        self._objects = objects
        self._folder = folder
        self._name = name
        self._known: dict[str, PlanAtCommit] = {}

    def holding(self, commit: str) -> PlanAtCommit:
        """Return what a commit holds of the programme."""
        known = self._known.get(commit)
        if known is None:
            folder = self._objects.at(self._graph.commit(commit).tree, self._folder)
            tree = folder[1] if folder and folder[0] == TREE else None
            plan = self._objects.at(tree, self._name)
            evidence = self._objects.at(tree, FOLDER)
            known = self._known[commit] = PlanAtCommit(
                plan[1] if plan and plan[0] != TREE else None,
                evidence[1] if evidence and evidence[0] == TREE else None,
            )
        return known

    def touches(self, commit: str) -> bool:
        """Tell whether a commit holds something else than any of its parents."""
        now = self.holding(commit)
        parents = self._graph.parents(commit)
        if not parents:
            return now != PlanAtCommit(None, None)
        return any(self.holding(parent) != now for parent in parents)

    def steps(self, wanted: set[str], tips: Iterable[str]) -> Iterator[WalkStep]:
        """Yield the commits that touched the programme, each after its parents.

        Args:
            wanted: The commits to look at.
            tips: The last ones of those before them.
        """
        has_begun = any(self.holding(tip).plan for tip in tips)
        latest: dict[str, Commit | None] = {}
        for commit in self._graph.in_order(wanted):
            parents = self._graph.parents(commit.id)
            known = (latest[one] if one in latest else self._later(one) for one in parents)
            last = max(filter(None, known), key=_when, default=None)
            latest[commit.id] = last
            if not self.touches(commit.id):
                continue
            now = self.holding(commit.id)
            before = tuple(map(self.holding, parents))
            is_first = self._begins(commit.id) and (not has_begun or commit.id in self._graph.cuts)
            yield WalkStep(commit, now, before, is_first, last)
            has_begun = has_begun or now.plan is not None
            if not is_first:
                latest[commit.id] = commit if last is None else max(last, commit, key=_when)

    def trees_before(self, commit: str) -> Iterator[str]:
        """Yield the hashes of the whole trees of a commit's parents."""
        for parent in self._graph.parents(commit):
            yield self._graph.commit(parent).tree

    def _begins(self, commit: str) -> bool:
        """Tell whether a commit has the plan and none of its parents has."""
        parents = map(self.holding, self._graph.parents(commit))
        return self.holding(commit).plan is not None and not any(one.plan for one in parents)

    def _later(self, commit: str) -> Commit | None:
        """Return a commit from before the walk, if it tells of the programme when it was made."""
        counts = self.touches(commit) and not self._begins(commit)
        return self._graph.commit(commit) if counts else None

    def history(self, commit: str) -> Iterator[Commit]:
        """Yield the commits before one that touched the plan file itself, newest first."""
        names = self._graph.ancestors([commit]) - {commit}
        for one in reversed(list(self._graph.in_order(names))):
            now = self.holding(one.id).plan
            parents = self._graph.parents(one.id)
            if (not parents and now) or any(self.holding(name).plan != now for name in parents):
                yield one


def _when(commit: Commit) -> datetime:
    return commit.committed

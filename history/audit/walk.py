"""The commits to be verified, each with the plan and the evidence it holds, parents first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.stored_objects import TREE, Commit
from kvartal.history.messages.trailers import claims_change
from kvartal.schema.evidence_paths import FOLDER

CLOCK_SKEW: Final = timedelta(days=1)
"""How far apart the clocks of two honest machines may be."""


@dataclass(frozen=True, slots=True)
class PlanAtCommit:
    """What a commit holds of the programme.

    Attributes:
        blob: Hash of the plan's blob; None where there is none.
        evidence_tree: Hash of the tree with the evidence; None where there is none.
    """

    blob: str | None
    evidence_tree: str | None


@dataclass(frozen=True, slots=True)
class WalkStep:
    """A commit that touched the programme, or says that it did.

    Attributes:
        commit: The commit.
        plan: What it holds.
        parents: What each of its parents holds.
        is_first: Whether the history of the plan begins here.
        is_cut_off: Whether a shallow clone ends here: what came before is not known.
        latest: The last commit before it, by its date, that touched the programme; None where
            there is none but the one that began it.
        is_second: Whether the plan begins here as well, otherwise than elsewhere: a clone that did
            not know of it began it too.
    """

    commit: Commit
    plan: PlanAtCommit
    parents: tuple[PlanAtCommit, ...]
    is_first: bool
    is_cut_off: bool
    latest: Commit | None
    is_second: bool = False


class HistoryWalk:
    """The commits of a history and what they hold of one programme.

    Args:
        graph: The commits.
        objects: The objects of the repository.
        folder: The plan's folder in the repository, with a slash at the end; empty for its top.
        name: The plan's file name.
        now: The time of walking. A commit that claims to be later does not count for the order of
            dates: those after it are not wrong.
    """

    def __init__(
        self,
        graph: CommitGraph,
        objects: ObjectReader,
        folder: str,
        name: str,
        now: datetime,
    ) -> None:
        self._now = now
        self._graph = graph
        self._objects = objects
        self._folder = folder
        self._name = name
        self._plans: dict[str, PlanAtCommit] = {}

    @property
    def path(self) -> str:
        """The path of the plan from the root."""
        return f"{self._folder}{self._name}"

    def plan_at(self, commit: str) -> PlanAtCommit:
        """Return what a commit holds of the programme."""
        plan = self._plans.get(commit)
        if plan is None:
            folder = self._objects.at(self._graph.commit(commit).tree, self._folder)
            tree = folder[1] if folder and folder[0] == TREE else None
            file = self._objects.at(tree, self._name)
            evidence = self._objects.at(tree, FOLDER)
            plan = self._plans[commit] = PlanAtCommit(
                file[1] if file and file[0] != TREE else None,
                evidence[1] if evidence and evidence[0] == TREE else None,
            )
        return plan

    def touches(self, commit: str) -> bool:
        """Tell whether a commit holds something else than any of its parents."""
        plan = self.plan_at(commit)
        parents = self._graph.parents(commit)
        if not parents:
            return plan != PlanAtCommit(None, None)
        return any(self.plan_at(parent) != plan for parent in parents)

    def steps(self, unverified: set[str], verified: Iterable[str]) -> Iterator[WalkStep]:
        """Yield the commits that touched the programme or say so, each after its parents.

        Args:
            unverified: The commits to walk.
            verified: The last ones of those before them.
        """
        before_walk = set(verified)
        has_begun = self._had_plan(before_walk)
        begun: set[str | None] = set()
        latest: dict[str, Commit | None] = {}
        for commit in self._graph.parents_first(unverified):
            parents = self._graph.parents(commit.id)
            latest_of_parents = (
                latest[parent] if parent in latest else self._latest_before_walk(parent)
                for parent in parents
            )
            last = max(filter(None, latest_of_parents), key=_committed, default=None)
            latest[commit.id] = last
            touches = self.touches(commit.id)
            if not touches and not claims_change(commit.message):
                continue
            plan = self.plan_at(commit.id)
            begins = self._begins(commit.id)
            is_cut_off = commit.id in self._graph.shallow
            is_first = begins and (not has_begun or is_cut_off)
            # Two clones began the same programme, say next year's; a root of its own is no clone.
            is_second = not is_first and bool(parents) and self._is_beginning(commit.id)
            if is_second and (plan.blob in begun or plan.blob in self._begun_at(before_walk)):
                is_first, is_second = True, False  # It brings nothing that was not there.
            if begins:
                begun.add(plan.blob)
            before = tuple(map(self.plan_at, parents))
            yield WalkStep(commit, plan, before, is_first, is_cut_off, last, is_second)
            has_begun = has_begun or plan.blob is not None
            is_beginning = self._is_beginning(commit.id)
            if touches and not is_beginning and not self._is_ahead(commit):
                latest[commit.id] = commit if last is None else max(last, commit, key=_committed)

    def parent_commits(self, commit: str) -> list[Commit]:
        """Return the parents of a commit."""
        return [self._graph.commit(parent) for parent in self._graph.parents(commit)]

    def parent_trees(self, commit: str) -> Iterator[str]:
        """Yield the hashes of the whole trees of a commit's parents."""
        for parent in self._graph.parents(commit):
            yield self._graph.commit(parent).tree

    def changes_before(self, commit: str) -> Iterator[Commit]:
        """Yield the commits before one that changed the plan file itself, newest first."""
        names = self._graph.ancestors([commit]) - {commit}
        for earlier in reversed(list(self._graph.parents_first(names))):
            blob = self.plan_at(earlier.id).blob
            before = [self.plan_at(parent).blob for parent in self._graph.parents(earlier.id)]
            if any(one != blob for one in before or [None]):
                yield earlier

    def first_parents(self, commit: str) -> Iterator[tuple[Commit, str]]:
        """Yield the commits before one along first parents, newest first, with the plan's blob.

        Up to the first that does not have the plan.
        """
        while parents := self._graph.parents(commit):
            commit = parents[0]
            blob = self.plan_at(commit).blob
            if blob is None:
                return
            yield self._graph.commit(commit), blob

    def _begins(self, commit: str) -> bool:
        """Tell whether a commit has the plan and none of its parents has."""
        parents = map(self.plan_at, self._graph.parents(commit))
        return self.plan_at(commit).blob is not None and not any(plan.blob for plan in parents)

    def _had_plan(self, commits: Iterable[str]) -> bool:
        """Tell whether the plan was in commits, or in any before them."""
        names = list(commits)
        return any(self.plan_at(name).blob for name in names) or any(
            self.plan_at(name).blob for name in self._graph.ancestors(names)
        )

    def _begun_at(self, commits: set[str]) -> set[str | None]:
        """Return the versions with which the plan begins in commits, or in any before them."""
        names = self._graph.ancestors(commits)
        return {self.plan_at(name).blob for name in names if self._is_beginning(name)}

    def _latest_before_walk(self, commit: str) -> Commit | None:
        """Return the last commit up to one, by its date, that counts for the order of dates."""
        commits = map(self._graph.commit, self._graph.ancestors([commit]))
        for earlier in sorted(commits, key=_committed, reverse=True):
            if self._is_ahead(earlier):
                continue
            if self.touches(earlier.id) and not self._is_beginning(earlier.id):
                return earlier
        return None

    def _is_ahead(self, commit: Commit) -> bool:
        """Tell whether a commit claims to be later than now."""
        return commit.committed - self._now > CLOCK_SKEW

    def _is_beginning(self, commit: str) -> bool:
        """Tell whether the history of the plan begins with a commit, as far as it is known."""
        return self._begins(commit) and not self._had_plan(self._graph.parents(commit))


def _committed(commit: Commit) -> datetime:
    return commit.committed

"""Checks a merge commit: that it holds what merging its parents gives, and nothing else.

Yields `merge-altered`, `merge-unreadable`, of a merge that says it is something else
`trailers-disagree`, and what the check of its message yields.
"""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from kvartal.history.audit.claim_checks import (
    broken_trailer_findings,
    changed_plans,
    changes_plan,
)
from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.findings import TRAILERS, Finding
from kvartal.history.audit.merge_compare import (
    MergeDifference,
    common_ancestor,
    merge_differences,
)
from kvartal.history.audit.merge_evidence import merge_evidence_findings
from kvartal.history.audit.merge_message import merge_message_findings
from kvartal.history.audit.merge_renames import renamed_files
from kvartal.history.audit.merge_versions import MergeVersions, OtherPlan
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.words import Words
from kvartal.history.messages.subjects import subject
from kvartal.history.messages.trailers import EvidenceNote, Trailers
from kvartal.history.store.merged_paths import with_merged_paths
from kvartal.schema.changes import ChangeKind, PlanData
from kvartal.schema.errors import N_, Translate

ALTERED: Final = "merge-altered"
UNREADABLE: Final = "merge-unreadable"

_ALTERED: Final = N_(
    "Слияние изменило то, чего не было ни с одной стороны, или потеряло сделанное: {what}"
)
_UNREADABLE: Final = N_(
    "Слияние не проверить: версия программы до него, в изменении {commit}, не читается."
)
_NOT_A_MERGE: Final = N_("Слияние выдаёт себя за изменение «{kind}».")
_MAX_DESCRIBED: Final = 5
_SHORT: Final = 10


class MergeChecker:
    """Compares merge commits with what they were made from.

    Args:
        graph: The commits.
        walk: What they hold.
        versions: The versions of the plan.
        words: The language of the findings.
        languages: The languages that messages may be in.
        objects: The objects of the repository.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what is merged, and the languages
        self,
        graph: CommitGraph,
        walk: HistoryWalk,
        versions: VersionCache,
        words: Words,
        languages: Sequence[Translate],
        objects: ObjectReader,
    ) -> None:
        self._languages = languages
        self._objects = objects
        self._graph = graph
        self._walk = walk
        self._versions = versions
        self._words = words

    def findings(
        self,
        step: WalkStep,
        before: Sequence[CachedVersion],
        after: CachedVersion,
        trailers: Trailers,
    ) -> Iterator[Finding]:
        """Yield what is wrong with a merge.

        Where a version that it was made from is no YAML, only that is said.

        Args:
            step: The merge.
            before: The plan in those of its parents that have it.
            after: The plan in the merge.
            trailers: What its message claims.
        """
        if trailers.kind is None:
            yield from broken_trailer_findings(step.commit, self._merged(step.commit))
        elif trailers.kind is not ChangeKind.MERGE:
            fields: dict[str, object] = {"kind": trailers.kind}
            yield Finding(TRAILERS, _NOT_A_MERGE, fields=fields, commit=step.commit)
        unreadable = self._unreadable(step, before, after)
        if unreadable is not None:
            fields = {"commit": unreadable[:_SHORT]}
            yield Finding(UNREADABLE, _UNREADABLE, fields=fields, commit=step.commit)
            return
        if not self._graph.may_lack_bases(self._graph.parents(step.commit.id)):
            yield from self._of_what_was_merged(step, before, after, trailers)
        if trailers.kind is ChangeKind.MERGE:
            yield from self._evidence(step, after, trailers)

    def _of_what_was_merged(
        self,
        step: WalkStep,
        before: Sequence[CachedVersion],
        after: CachedVersion,
        trailers: Trailers,
    ) -> Iterator[Finding]:
        """Yield what is not as merging gives it, and what is said of it that is not so."""
        differences = self._differences(step, before, after)
        if differences:
            yield Finding(
                ALTERED,
                _ALTERED,
                fields={"what": self._describe(differences)},
                commit=step.commit,
                measure=differences[0].measure if len(differences) == 1 else None,
            )
        else:
            yield from self._message_findings(step, after, trailers)

    def _evidence(
        self, step: WalkStep, after: CachedVersion, trailers: Trailers
    ) -> Iterator[Finding]:
        """Yield that the message of a sync names other files than those with a new path."""
        folder = self._walk.path.rpartition("/")[0]
        needed = [
            EvidenceNote(file.sha256, posixpath.normpath(posixpath.join(folder, file.path)))
            for file in after.files
        ]
        trees = list(self._walk.parent_trees(step.commit.id))
        for finding in merge_evidence_findings(
            step.commit, trailers.evidence, needed, trees, self._objects
        ):
            yield replace(finding, commit=step.commit)

    def _message_findings(
        self, step: WalkStep, after: CachedVersion, trailers: Trailers
    ) -> Iterator[Finding]:
        """Yield what the message of a merge says that is not so, or leaves out."""
        parents = self._graph.parents(step.commit.id)
        bases = self._graph.merge_bases(parents)
        sides = [self._data(parent) for parent in parents]
        if len(bases) != 1 or after.data is None or not all(sides) or self._is_unreadable(bases[0]):
            return
        merged = list(self._merged(step.commit))
        base = self._data(bases[0])
        versions = MergeVersions(
            base=base,
            sides=with_merged_paths(sides, base, after.data),
            merged=after.data,
            subjects=frozenset(" ".join(commit.subject.split()) for commit in merged),
            plan=self._walk.path,
            is_alone=not changes_plan(
                step,
                self._walk,
                self._objects,
                but_this=True,
                since=[self._graph.commit(bases[0])],
            ),
            authors=self._authors(parents),
            quotes=frozenset(
                " ".join(line.split()) for commit in merged for line in commit.message.split("\n")
            ),
            others=lambda: list(self._other_plans(step, bases[0])),
        )
        message = step.commit.message
        for finding in merge_message_findings(message, trailers, versions, self._languages):
            yield replace(finding, commit=step.commit)

    def _other_plans(self, step: WalkStep, base: str) -> Iterator[OtherPlan]:
        """Yield the other plans in which a merge differs from what its sides started from."""
        before = [self._graph.commit(base).tree, *self._walk.parent_trees(step.commit.id)]
        for path in changed_plans(self._objects, before, step.commit.tree):
            if path == self._walk.path:
                continue
            entries = [self._objects.at(tree, path) for tree in (*before, step.commit.tree)]
            found = [self._versions.version(one[1]).data if one else {} for one in entries]
            start, *sides, merged = (one or {} for one in found)
            followed = with_merged_paths(sides, start, merged)
            yield OtherPlan(path, start, merged, () if None in found else followed)

    def _merged(self, merge: Commit) -> Iterator[Commit]:
        """Yield the commits that come together in a merge."""
        parents = self._graph.parents(merge.id)
        before = self._graph.ancestors(self._graph.merge_bases(parents))
        yield from map(self._graph.commit, self._graph.ancestors(parents) - before)

    def _authors(self, parents: Sequence[str]) -> Sequence[Sequence[str]]:
        """Return the names of those who wrote the commits that only one of two sides has.

        There are none where a shallow clone may lack some of those commits.
        """
        if len(parents) != 2:  # noqa: PLR2004 - ours, theirs
            return ()
        if self._graph.may_lack(parents):
            return ()
        one, other = (self._graph.ancestors([name]) for name in parents)
        return [
            [commit.author for commit in self._graph.parents_first(own) if len(commit.parents) < 2]  # noqa: PLR2004 - merges are nobody's work
            for own in (one - other, other - one)
        ]

    def _unreadable(
        self, step: WalkStep, before: Sequence[CachedVersion], after: CachedVersion
    ) -> str | None:
        """Return a commit whose version would have to be read to check a merge, and cannot be."""
        if after.data is None or {version.blob for version in before} == {after.blob}:
            return None
        parents = self._parents_with_plan(step)
        return next(
            filter(self._is_unreadable, (*parents, *self._graph.merge_bases(parents))), None
        )

    def _parents_with_plan(self, step: WalkStep) -> tuple[str, ...]:
        parents = zip(self._graph.parents(step.commit.id), step.parents, strict=True)
        return tuple(name for name, plan in parents if plan.blob)

    def _is_unreadable(self, commit: str) -> bool:
        blob = self._walk.plan_at(commit).blob
        return blob is not None and self._versions.version(blob).data is None

    def _differences(
        self, step: WalkStep, before: Sequence[CachedVersion], after: CachedVersion
    ) -> tuple[MergeDifference, ...]:
        """Return where a merge is not what merging gives."""
        blobs = {version.blob for version in before}
        if blobs == {after.blob}:
            return ()
        if after.data is None:
            # Git's conflict markers, committed: a fault of the version, and reported as that.
            return ()
        sides = [version.data or {} for version in before]
        if len(blobs) == 1:
            base, followed = sides[0], [sides[0], sides[0]]
        else:
            base = self._base(self._graph.merge_bases(self._parents_with_plan(step)))
            followed = with_merged_paths(sides, base, after.data)
        found = merge_differences(base, followed, after.data)
        return found or tuple(renamed_files(base, sides, after.data))

    def _base(self, commits: Sequence[str]) -> PlanData:
        """Return the version that the sides started from; of several, what they merge into."""
        if not commits:
            return {}
        first, *others = commits
        data = self._data(first)
        for other in others:
            deeper = self._base(self._graph.merge_bases((first, other)))
            data = common_ancestor(deeper, data, self._data(other))
        return data

    def _data(self, commit: str) -> PlanData:
        blob = self._walk.plan_at(commit).blob
        return {} if blob is None else self._versions.version(blob).data or {}

    def _describe(self, differences: Sequence[MergeDifference]) -> str:
        """Return what merging gives and what is there instead, a few words a measure."""
        described = [
            subject(
                ChangeKind.SET,
                change_groups(difference.expected, difference.actual, self._words),
                self._words,
            )
            for difference in differences
        ]
        rest = len(described) - _MAX_DESCRIBED
        more = (self._words.say(N_("и ещё {more}"), more=rest),) if rest > 0 else ()
        return "; ".join((*described[:_MAX_DESCRIBED], *more))

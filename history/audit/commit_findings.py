"""What is found at the commits of a history, by walking them and from the runs before."""

from collections.abc import Callable, Iterator, Sequence

from kvartal.history.audit.acceptances import Acceptances
from kvartal.history.audit.commit_checks import CommitChecks
from kvartal.history.audit.earlier_changes import EarlierChanges
from kvartal.history.audit.earlier_plans import EarlierPlans
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.merge_checks import ALTERED, MergeChecker
from kvartal.history.audit.message_checks import MessageChecker
from kvartal.history.audit.message_compare import MessageComparer
from kvartal.history.audit.requirement_checks import RequirementChecker
from kvartal.history.audit.signature_checks import signature_findings
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.undo_checks import UndoChecker
from kvartal.history.audit.verify_context import VerifyContext
from kvartal.history.audit.walk import PlanAtCommit, WalkStep
from kvartal.history.audit.walk_start import WalkStart


class CommitFindings:
    """Finds what is wrong with the commits of a history."""

    def __init__(self, context: VerifyContext) -> None:
        self._context = context

    def of_walk(
        self,
        steps: Sequence[WalkStep],
        accepts: Acceptances,
        unverified: set[str],
        wrongly_signed: Sequence[Commit],
        progress: Callable[[int, int], None] | None,
    ) -> Iterator[Finding]:
        """Yield what this run finds.

        Args:
            steps: The commits that touched the programme, and what they did.
            accepts: The acceptances of the whole history.
            unverified: Hashes of the commits that no run has verified before.
            wrongly_signed: Commits whose signature was wrong when they were verified before.
            progress: Called with the number of commits that are done, and of all.
        """
        walk = self._context.walk
        checks = self._checks(self._context.history - unverified)
        to_be_signed = [*wrongly_signed]
        for done, step in enumerate(steps):
            if progress:
                progress(done, len(steps))
            yield from checks.findings(step)
            if self._has_to_be_signed(step.parents):
                to_be_signed.append(step.commit)
        for commit in accepts.commits:
            plan = walk.plan_at(commit.id)
            is_walked = any(commit is step.commit for step in steps)
            if commit.id in unverified and not is_walked and self._has_to_be_signed([plan]):
                to_be_signed.append(commit)
        yield from signature_findings(self._context.repository, to_be_signed)

    def of_earlier_runs(self, start: WalkStart) -> Iterator[Finding]:
        """Yield what was found before this run, in its language.

        A sentence is kept as it was shown. Where that was in a different language its commit is
        checked again; what that does not find again stays as it was.
        """
        again = dict[str, list[Finding]]()
        for name in start.to_translate:
            for finding in self._of_commit(name):
                again.setdefault(finding.id, []).append(finding)
        translated = set[str]()
        for finding in start.findings:
            if finding.id not in again:
                yield finding
            elif finding.id not in translated:
                translated.add(finding.id)
                yield from again[finding.id]

    def is_altered_merge(self, name: str) -> bool:
        """Return whether a merge, of this history or beside it, holds edits of its own."""
        return any(finding.code == ALTERED for finding in self._of_commit(name))

    def in_order(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return findings in the order of their commits, however much was walked in this run."""
        if not findings:
            return []
        commits = self._context.graph.parents_first(self._context.history)
        places = {commit.id: place for place, commit in enumerate(commits)}
        return sorted(findings, key=lambda one: places[one.commit.id] if one.commit else -1)

    def _of_commit(self, name: str) -> Iterator[Finding]:
        """Yield what is found at one commit, by a run that begins there."""
        graph = self._context.graph
        checks = self._checks(graph.ancestors([name]) - {name})
        for step in self._context.walk.steps({name}, graph.parents(name)):
            yield from checks.findings(step)

    def _has_to_be_signed(self, parents: Sequence[PlanAtCommit]) -> bool:
        """Tell whether the plan asked for signatures before a commit was made."""
        versions = self._context.versions
        return any(versions.version(one.blob).audit.signatures for one in parents if one.blob)

    def _checks(self, not_walked: set[str]) -> CommitChecks:
        """Return the checks of single commits.

        Args:
            not_walked: Hashes of the commits before them that this run does not walk.
        """
        context = self._context
        graph, walk, versions, words = context.graph, context.walk, context.versions, context.words
        earlier = EarlierPlans(
            repository=context.repository,
            objects=context.objects,
            walk=walk,
            versions=versions,
            path=context.plan,
            head_tree=graph.commit(context.head).tree,
        )
        return CommitChecks(
            versions=versions,
            earlier=earlier,
            evidence=context.evidence,
            merges=MergeChecker(graph, walk, versions, words, context.languages, context.objects),
            messages=MessageChecker(
                comparer=MessageComparer(context.folder, context.languages),
                undo=UndoChecker(graph, walk, versions),
                earlier=earlier,
                words=words,
            ),
            requirements=RequirementChecker(
                graph, EarlierChanges(walk, graph, context.objects, versions, not_walked), words
            ),
            words=words,
            now=context.now,
            days=context.request.days,
        )

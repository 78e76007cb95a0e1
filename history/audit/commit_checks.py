"""Checks one commit: the plan in it here, and the rest in the modules of the other checks.

Yields `broken-version`, `completed-without-evidence`, `plan-removed`, `plan-begun-again`,
`plan-begun-twice` and `plan-moved`, and whatever the checks of claims, evidence, dates, merges,
messages and unlogged edits yield.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from kvartal.history.audit.author_checks import author_findings
from kvartal.history.audit.beginning_checks import beginning_findings
from kvartal.history.audit.claim_checks import (
    changes_plan,
    empty_claim_findings,
    stray_trailer_findings,
)
from kvartal.history.audit.comment_checks import comment_findings
from kvartal.history.audit.date_checks import clock_findings, date_findings, start_findings
from kvartal.history.audit.earlier_plans import EarlierPlans
from kvartal.history.audit.evidence_checks import EvidenceChecker
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.form_checks import form_findings
from kvartal.history.audit.merge_checks import MergeChecker
from kvartal.history.audit.message_checks import MessageChecker
from kvartal.history.audit.message_compare import claimed_trailers
from kvartal.history.audit.requirement_checks import RequirementChecker
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.unlogged_edits import (
    covered_edit_findings,
    is_squash,
    unlogged_edit_findings,
    unreported_edit_findings,
)
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import WalkStep
from kvartal.history.diff.words import Words
from kvartal.history.messages.trailers import Trailers
from kvartal.history.store.snapshot import new_problems
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath
from kvartal.schema.rules import LATER_CODES

BROKEN: Final = "broken-version"
BARE: Final = "completed-without-evidence"
REMOVED: Final = "plan-removed"
BEGUN_AGAIN: Final = "plan-begun-again"
BEGUN_TWICE: Final = "plan-begun-twice"
MOVED: Final = "plan-moved"

_BROKEN: Final = N_("{file}, строка {line}: {code}: {problem}")
_BARE: Final = N_(
    "{id}: отмечено исполнение всего мероприятия, а подтверждающих документов, файлов и ссылок нет."
)
_REMOVED: Final = N_("Файл программы удалён из истории.")
_BEGUN_AGAIN: Final = N_("Файл программы появился заново, в обход прежней истории.")
_BEGUN_TWICE: Final = N_(
    "Эту программу начали в двух копиях по-разному и объединили: посмотрите, то ли взято из каждой."
)
_MOVED: Final = N_(
    "Файл программы раньше назывался «{old}». История под прежним именем проверяется отдельно: "
    "`kvartal verify --plan {old}`."
)

_FoundT = TypeVar("_FoundT")


@dataclass(frozen=True, slots=True)
class CommitChecks:
    """All checks of a commit.

    Attributes:
        versions: The versions of the plan.
        earlier: The earlier versions of the plan, and removed plans.
        evidence: Checks the evidence files.
        merges: Checks a merge.
        messages: Checks the message of a change made by the program.
        requirements: Checks what was required when something was done.
        words: The language of the findings.
        now: The time of verifying.
        days: By how many days a fact may be earlier than its commit; None for what the plan says.
    """

    versions: VersionCache
    earlier: EarlierPlans
    evidence: EvidenceChecker
    merges: MergeChecker
    messages: MessageChecker
    requirements: RequirementChecker
    words: Words
    now: datetime
    days: int | None = None

    def findings(self, step: WalkStep) -> Iterator[Finding]:
        """Yield what is wrong with a commit and is not wrong with its parents already."""
        commit, trailers = step.commit, claimed_trailers(step.commit.message)
        yield from form_findings(commit, self.words)
        yield from clock_findings(commit, self.now)
        yield from author_findings(commit, self.earlier.walk.parent_commits(commit.id))
        before = [self.versions.version(plan.blob) for plan in step.parents if plan.blob]
        if step.plan.blob is None:
            if before:
                yield Finding(REMOVED, _REMOVED, commit=commit)
            else:
                yield from empty_claim_findings(step, self.earlier.walk, self.earlier.objects)
            return
        after = self.versions.version(step.plan.blob)
        yield from _broken_version(step, before, after)
        yield from self.evidence.findings(step, trailers)
        yield from _bare_completions(step, before, after)
        if step.is_second:
            yield Finding(BEGUN_TWICE, _BEGUN_TWICE, commit=commit)
        if step.is_first or step.is_second:
            yield from self._beginning(step, after, trailers)
            return
        is_known = self._known_earlier(step, trailers, self.earlier.had_fact)
        yield from date_findings(step, before, after, trailers, self.days, is_known, self.words)
        yield from self._change_findings(step, before, after, trailers)

    def _change_findings(
        self,
        step: WalkStep,
        before: Sequence[CachedVersion],
        after: CachedVersion,
        trailers: Trailers,
    ) -> Iterator[Finding]:
        """Yield where a commit changed something else than it says."""
        commit = step.commit
        if len(before) == 1 == len(step.parents) and before[0].blob != after.blob:
            yield from self.requirements.findings(step, before[0], after)
        if not before:
            yield from self._begun_again(step, after)
        elif len(before) == 1 == len(step.parents) and before[0].blob == after.blob:
            yield from empty_claim_findings(step, self.earlier.walk, self.earlier.objects)
        elif len(step.parents) > 1:
            yield from stray_trailer_findings(commit, trailers)
            yield from self.merges.findings(step, before, after, trailers)
            yield from self._comments(step, before, after, trailers)
        elif trailers.kind in {None, ChangeKind.ACCEPT} or is_squash(commit.message):
            yield from self._unlogged(step, before[0], after)
        elif after.data is not None:
            disagreements = tuple(self._disagreements(step, before[0], after, trailers))
            yield from disagreements or stray_trailer_findings(commit, trailers)
            if not disagreements or after.data != before[0].data:
                yield from self._comments(step, before, after, trailers)

    def _disagreements(
        self, step: WalkStep, before: CachedVersion, after: CachedVersion, trailers: Trailers
    ) -> Iterator[Finding]:
        """Yield where the message of a change by the program and the change disagree.

        Over a version that is no programme, edits used to be adopted with a message that calls
        everything new, which tells nothing of what was changed since the last one that is: that is
        one finding.
        """
        last = None if before.is_well_formed else self._last_programme(step)
        found = tuple(
            self.messages.findings(step, before, after, trailers, last[1] if last else None)
        )
        if found and last and not any(self.messages.findings(step, before, after, trailers)):
            yield from unreported_edit_findings(step.commit, *last, after, self.words)
        else:
            yield from found

    def _unlogged(
        self, step: WalkStep, before: CachedVersion, after: CachedVersion
    ) -> Iterator[Finding]:
        """Yield what was changed outside the program; since the last version that can be read."""
        is_mended = before.data is None and after.data is not None
        last = self._last_readable(step) if is_mended else None
        if last is not None:
            yield from covered_edit_findings(step.commit, *last, after, self.words)
            return
        revert = self.messages.undo.git_revert(step)
        yield from unlogged_edit_findings(step.commit, before, after, self.words, revert)

    def _last_readable(self, step: WalkStep) -> tuple[Commit, CachedVersion] | None:
        """Return the last version before a commit that can be read; None where there is none."""
        return next((one for one in self._earlier(step) if one[1].data is not None), None)

    def _last_programme(self, step: WalkStep) -> tuple[Commit, CachedVersion] | None:
        """Return the last version before a commit that is a programme; None where there is none."""
        return next((one for one in self._earlier(step) if one[1].is_well_formed), None)

    def _earlier(self, step: WalkStep) -> Iterator[tuple[Commit, CachedVersion]]:
        """Yield the versions before a commit, along first parents, newest first."""
        for commit, blob in self.earlier.walk.first_parents(step.commit.id):
            yield commit, self.versions.version(blob)

    def _comments(
        self,
        step: WalkStep,
        before: Sequence[CachedVersion],
        after: CachedVersion,
        trailers: Trailers,
    ) -> Iterator[Finding]:
        """Yield the comments that a commit of the program, or a merge, adds without a word."""
        is_known = self._known_earlier(step, trailers, self.earlier.had_text)
        yield from comment_findings(step.commit, before, after, trailers, is_known, self.words)

    def _known_earlier(
        self, step: WalkStep, trailers: Trailers, was_there: Callable[[str, _FoundT], bool]
    ) -> Callable[[_FoundT], bool]:
        """Return what tells whether something that a commit brings was in an earlier version."""
        if self.messages.undo.is_out_of_reach(step, trailers):
            return lambda _found: True  # Only a whole clone knows.
        return partial(was_there, step.commit.id)

    def _beginning(
        self, step: WalkStep, after: CachedVersion, trailers: Trailers
    ) -> Iterator[Finding]:
        """Yield what the first commit with the plan brings from nowhere.

        Where the plan had a different name before, that is what was changed on the way.
        """
        predecessor = self.earlier.predecessor(step, after)
        if predecessor is None:
            if not step.is_cut_off:
                yield from start_findings(step, after, self.days, self.words)
                yield from self._beginning_message(step, after, trailers)
            return
        path, blob = predecessor
        yield Finding(MOVED, _MOVED, fields={"old": path}, commit=step.commit)
        before = self.versions.version(blob)
        yield from unlogged_edit_findings(step.commit, before, after, self.words)

    def _beginning_message(
        self, step: WalkStep, after: CachedVersion, trailers: Trailers
    ) -> Iterator[Finding]:
        """Yield what the message of the first commit says and is not so.

        One that changes another plan too may be about that one.
        """
        walk, objects, comparer = self.earlier.walk, self.earlier.objects, self.messages.comparer
        if len(step.parents) > 1 or changes_plan(step, walk, objects, but_this=True):
            return
        folder = walk.path.rpartition("/")[0]
        yield from beginning_findings(
            step.commit, trailers, after, folder and f"{folder}/", comparer.languages
        )

    def _begun_again(self, step: WalkStep, after: CachedVersion) -> Iterator[Finding]:
        """Yield that the plan came back beside its history, and what was changed meanwhile."""
        yield Finding(BEGUN_AGAIN, _BEGUN_AGAIN, commit=step.commit)
        blob = self.earlier.last_blob(step.commit.id)
        if blob is not None:
            before = self.versions.version(blob)
            yield from unlogged_edit_findings(step.commit, before, after, self.words)


def _broken_version(
    step: WalkStep, before: Sequence[CachedVersion], after: CachedVersion
) -> Iterator[Finding]:
    """Yield the problems of a version that none of those before it has.

    Every version that was valid when it was committed stays verifiable.
    """
    problems = after.problems
    for version in before:
        problems = new_problems(version.problems, problems)
    for problem in problems:
        if problem.code in LATER_CODES:
            continue
        fields = {
            "file": problem.file,
            "line": problem.line,
            "code": problem.code,
            "problem": problem,
        }
        measure = _measure_at(after, problem.path)
        yield Finding(BROKEN, _BROKEN, fields=fields, commit=step.commit, measure=measure)


def _measure_at(version: CachedVersion, path: DataPath) -> str | None:
    at = path[1] if path[:1] == ("measures",) and len(path) > 1 else None
    # A text that cannot be read may have problems with places and no measures.
    if not isinstance(at, int) or at >= len(version.measures):
        return None
    return version.measures[at].id or None


def _bare_completions(
    step: WalkStep, before: Sequence[CachedVersion], after: CachedVersion
) -> Iterator[Finding]:
    """Yield the measures that are completed without evidence and were not before."""
    known = {
        measure.id for version in before for measure in version.measures if measure.bare_completions
    }
    for measure in after.measures:
        if measure.bare_completions and measure.id not in known:
            fields = {"id": measure.id}
            yield Finding(BARE, _BARE, fields=fields, commit=step.commit, measure=measure.id)

"""What is looked at in one commit: the version, its evidence, its dates, and what it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kvartal.history.audit.date_checks import author_finding, fact_findings, order_finding
from kvartal.history.audit.earlier_plans import EarlierVersions
from kvartal.history.audit.evidence_checks import EvidenceChecker
from kvartal.history.audit.findings import TRAILERS, Finding
from kvartal.history.audit.merge_checks import MergeParents, told_oddities
from kvartal.history.audit.message_checks import disagreement, misfit, misread_terms, not_restored
from kvartal.history.audit.message_compare import MessageComparer, claimed
from kvartal.history.audit.undo_checks import Reversals
from kvartal.history.audit.unlogged_edits import by_hand, is_squash
from kvartal.history.audit.version_cache import CachedVersion, VersionCache, apart
from kvartal.history.audit.walk import WalkStep
from kvartal.history.diff.diff import difference
from kvartal.history.diff.words import Words
from kvartal.history.messages.trailers import Trailers
from kvartal.history.store.snapshot import introduced
from kvartal.schema.changes import ChangeKind, Edit, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.model import Audit

BROKEN: Final = "broken-version"
BARE: Final = "completed-without-evidence"
REMOVED: Final = "plan-removed"
AGAIN: Final = "plan-begun-again"
MOVED: Final = "plan-moved"
MERGED: Final = "merge-altered"

_BROKEN: Final = N_("{file}, строка {line}: {code}: {problem}")
_BARE: Final = N_(
    "{id}: отмечено исполнение всего мероприятия, а подтверждающих документов, файлов и ссылок нет."
)
_REMOVED: Final = N_("Файл программы удалён из истории.")
_AGAIN: Final = N_("Файл программы появился заново, в обход прежней истории.")
_MOVED: Final = N_(
    "Файл программы раньше назывался «{old}». История под прежним именем проверяется отдельно: "
    "`kvartal verify --plan {old}`."
)
_MERGED: Final = N_(
    "Слияние изменило то, чего не было ни с одной стороны, или потеряло сделанное: {what}"
)
_MERGE_OF_BROKEN: Final = N_("Слияние не проверить: одна из версий до него не читается.")
_NO_MERGE: Final = N_("Изменение выдаёт себя за слияние, а сливать было нечего.")
_NOT_A_MERGE: Final = N_("Слияние выдаёт себя за изменение «{kind}».")


@dataclass(frozen=True, slots=True)
class CommitChecks:
    """All that is looked at in a commit.

    Attributes:
        versions: The versions of the plan.
        evidence: Its evidence.
        reversals: What undo and redo refer to.
        merging: What merges come to.
        past: What was in the plan before.
        teller: Writes messages anew.
        words: The language of whoever reads the findings.
        days: By how many days a fact may be earlier; None for what the programme says.
    """

    versions: VersionCache
    evidence: EvidenceChecker
    reversals: Reversals
    merging: MergeParents
    past: EarlierVersions
    teller: MessageComparer
    words: Words
    days: int | None = None

    def findings(self, step: WalkStep) -> Iterator[Finding]:
        """Yield what is wrong with a commit, as far as its parents are not to blame."""
        before = [self.versions.version(held.plan) for held in step.before if held.plan]
        trailers = claimed(step.commit.message)
        if step.now.plan is None:
            if before:
                yield Finding(REMOVED, _REMOVED, commit=step.commit)
            return
        now = self.versions.version(step.now.plan)
        yield from _faults(step, now, before)
        yield from self.evidence.findings(step, trailers)
        yield from _bare(step, now, before)
        if step.is_first:
            old = self.past.former(step, now)
            if old is not None:
                yield from self._moved(step, now, old)
            return
        yield from self._dates(step, now, before, trailers)
        if not before:
            yield Finding(AGAIN, _AGAIN, commit=step.commit)
            last = self.past.last_version(step.commit.id)
            if last is not None:
                yield from self._by_hand(step, now, self.versions.version(last))
        elif len(step.before) > 1:
            yield from self._merge(step, now, before, trailers)
        elif trailers.kind is None or is_squash(step.commit.message):
            yield from self._by_hand(step, now, before[0])
        elif now.data is not None:
            yield from self._told(step, now, before[0], trailers)

    def _dates(
        self,
        step: WalkStep,
        now: CachedVersion,
        before: Sequence[CachedVersion],
        trailers: Trailers,
    ) -> Iterator[Finding]:
        limit = self.days
        if limit is None:
            # What the commit itself says counts from the next one on.
            limit = min((one.audit for one in before or [now]), key=_days).backdating_days
        # An import brings in what was kept elsewhere: old facts are what it is for.
        oldest = None if trailers.kind is ChangeKind.IMPORT else limit
        known = self.past.facts_before(step.commit.id)
        yield from fact_findings(step, now, list(before), oldest, known)
        out_of_order = order_finding(step)
        if out_of_order is not None:
            yield out_of_order
        of_author = author_finding(step.commit, limit) if trailers.kind else None
        if of_author is not None:
            yield of_author

    def _moved(self, step: WalkStep, now: CachedVersion, old: tuple[str, str]) -> Iterator[Finding]:
        """Yield that the plan had another name, and what was changed on the way."""
        path, blob = old
        yield Finding(MOVED, _MOVED, fields={"old": path}, commit=step.commit)
        yield from self._by_hand(step, now, self.versions.version(blob))

    def _by_hand(
        self, step: WalkStep, now: CachedVersion, before: CachedVersion
    ) -> Iterator[Finding]:
        found = by_hand(step.commit, now, before, self.words)
        if found is not None:
            yield found

    def _told(
        self, step: WalkStep, now: CachedVersion, before: CachedVersion, trailers: Trailers
    ) -> Iterator[Finding]:
        pairs: list[tuple[PlanData, PlanData]] = []
        if before.data is not None:
            pairs.append(apart(before, now))
        if not before.is_programme:
            # What the program cannot work with counts as nothing when an edit is adopted.
            pairs.append(({}, now.data or {}))
        edits = difference(*pairs[0])
        names = list(dict.fromkeys(edit.measure for edit in edits if edit.measure))
        reference = self.reversals.reference(step, trailers)
        found = [reference.finding] if reference.finding else []
        if trailers.kind is ChangeKind.MERGE:
            found.append(Finding(TRAILERS, _NO_MERGE))
        known = self.past.items_before(step.commit.id)
        odd = None if trailers.kind is None else misfit(trailers.kind, edits, known)
        if odd is not None and trailers.kind is not None:
            found.append(disagreement(trailers.kind, odd, self.words))
        found += self._hidden(trailers, edits, pairs[0], now)
        if reference.finding is None or reference.earlier is not None:
            found += self.teller.findings(step.commit, trailers, pairs, reference.earlier)
        untold = [name for name in names if name not in trailers.measures] or names
        for finding in found:
            yield _placed(finding, step, untold[0] if len(untold) == 1 else None)

    def _hidden(
        self,
        trailers: Trailers,
        edits: Sequence[Edit],
        pair: tuple[PlanData, PlanData],
        now: CachedVersion,
    ) -> Iterator[Finding]:
        """Yield what no line of the message would show."""
        year = (now.data or {}).get("year")
        if trailers.restores is not None:
            then = self.reversals.version_at(trailers.restores)
            finding = None if then is None else not_restored(edits, then, trailers.restores)
            if finding is not None:
                yield finding
        elif isinstance(year, int):
            yield from misread_terms(trailers.kind, *pair, year)

    def _merge(
        self,
        step: WalkStep,
        now: CachedVersion,
        before: Sequence[CachedVersion],
        trailers: Trailers,
    ) -> Iterator[Finding]:
        if trailers.kind not in {None, ChangeKind.MERGE}:
            fields = {"kind": trailers.kind}
            yield Finding(TRAILERS, _NOT_A_MERGE, fields=fields, commit=step.commit)
        found = self.merging.unexplained(step, now, before)
        if found is None:
            yield Finding(MERGED, _MERGE_OF_BROKEN, commit=step.commit)
        elif found:
            names = [one.measure for one in found]
            measure = names[0] if len(names) == 1 and names[0] else None
            what = {"what": told_oddities(found, self.words)}
            yield Finding(MERGED, _MERGED, fields=what, commit=step.commit, measure=measure)


def _faults(
    step: WalkStep, now: CachedVersion, before: Sequence[CachedVersion]
) -> Iterator[Finding]:
    """Yield what is wrong with a version and with none of those before it."""
    found = now.problems
    for version in before:
        found = introduced(version.problems, found)
    for problem in found:
        fields = {
            "file": problem.file,
            "line": problem.line,
            "code": problem.code,
            "problem": problem,
        }
        yield Finding(
            BROKEN,
            _BROKEN,
            fields=fields,
            commit=step.commit,
            measure=_measure_of(now, problem.path),
        )


def _measure_of(version: CachedVersion, path: tuple[str | int, ...]) -> str | None:
    at = path[1] if path[:1] == ("measures",) and len(path) > 1 else None
    # A text that cannot be read may have problems with places and no measures.
    if not isinstance(at, int) or at >= len(version.parts):
        return None
    return version.parts[at].id or None


def _bare(step: WalkStep, now: CachedVersion, before: Sequence[CachedVersion]) -> Iterator[Finding]:
    known = {part.id for version in before for part in version.parts if part.bare}
    for part in now.parts:
        if part.bare and part.id not in known:
            yield Finding(BARE, _BARE, fields={"id": part.id}, commit=step.commit, measure=part.id)


def _placed(finding: Finding, step: WalkStep, measure: str | None) -> Finding:
    """Return a finding about a message with its commit, and with a measure where it names none."""
    return replace(
        finding,
        commit=step.commit,
        measure=measure if finding.measure is None else finding.measure,
    )


def _days(audit: Audit) -> int:
    return audit.backdating_days

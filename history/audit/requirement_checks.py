"""Checks for requirements that were loosened for as long as something was done under them.

Yields `requirement-loosened`.

Each commit by itself is in order: the target of an indicator, a term or the settings of the audit
change, a record is made, and the old value comes back. Only together they say that the record does
not meet what is required now. A change that is taken back with nothing done in between says
nothing, and neither does one whose record was taken back as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.date_checks import days_late, new_facts
from kvartal.history.audit.earlier_changes import EarlierChanges
from kvartal.history.audit.facts import FactKind, canonical_text
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.version_cache import CachedVersion
from kvartal.history.audit.walk import WalkStep
from kvartal.history.diff.diff import Row
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.measure_lines import measure_lines
from kvartal.history.diff.words import Words
from kvartal.schema.changes import Plain
from kvartal.schema.day_text import day_text
from kvartal.schema.errors import N_
from kvartal.schema.model import Audit

LOOSENED: Final = "requirement-loosened"

_LOOSENED: Final = N_(
    "{what}: {day} ({commit}) требование ослаблено, {act_day} ({act}) при этом внесена отметка, "
    "а теперь возвращено прежнее. Проверьте, выполнено ли прежнее требование."
)
_AUDIT_LOOSENED: Final = N_(
    "{what}: {day} ({commit}) правило ослаблено, {act_day} ({act}) внесено то, чего оно не "
    "допускало, а теперь возвращено прежнее."
)

_REQUIREMENTS: Final = ("indicator", "term", "postponements")
_AUDIT: Final = "audit"
_SHORT: Final = 10


@dataclass(frozen=True, slots=True)
class _Loosening:
    """A change of a requirement that may have made it easier to meet.

    Attributes:
        commit: The commit that made it.
        old: The requirement before it, as canonical text.
        values: The requirement before and after it; None of the settings of the audit.
    """

    commit: Commit
    old: str
    values: tuple[Plain | None, Plain | None] = (None, None)


@dataclass(slots=True)
class _Requirement:
    """One requirement through the history.

    Attributes:
        loosenings: The changes that loosened it.
        returns: The commits in which one of these was taken back, each with it.
    """

    loosenings: list[_Loosening] = field(default_factory=list)
    returns: list[tuple[Commit, _Loosening]] = field(default_factory=list)


@dataclass(slots=True)
class _MeasureHistory:
    """What was required of one measure, and the records that were added to it."""

    requirements: dict[str, _Requirement] = field(default_factory=dict)
    records: list[tuple[Commit, frozenset[str]]] = field(default_factory=list)
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class RequirementChecker:
    """Follows the requirements of each measure, and what was done under them.

    What a commit takes back is decided by the commits before it alone, so it makes no difference
    where verifying began and in which order it came to parallel branches.

    Attributes:
        graph: The commits.
        earlier: The changes of the commits that are not shown to it.
        words: The language of the findings.
    """

    graph: CommitGraph
    earlier: EarlierChanges
    words: Words
    _measures: dict[str, _MeasureHistory] = field(default_factory=dict)
    _audit: _MeasureHistory = field(default_factory=_MeasureHistory)

    def findings(
        self, step: WalkStep, before: CachedVersion, after: CachedVersion
    ) -> Iterator[Finding]:
        """Yield the requirements that come back after something was done without them.

        Args:
            step: A commit with one parent; all are to be shown, each after its parents.
            before: The plan in its parent.
            after: The plan in it.
        """
        shared = {id(measure) for measure in before.measures}
        rows = {measure.id: measure for measure in before.measures}
        for measure in after.measures:
            known = rows.get(measure.id)
            if known is not None and id(measure) not in shared:
                yield from self._of_measure(step.commit, measure.id, known.row, measure.row)
        yield from self._of_audit(step.commit, before, after)

    # ------------------------------------------------------------------ measures

    def _of_measure(self, commit: Commit, name: str, before: Row, after: Row) -> Iterator[Finding]:
        history = self._measures.setdefault(name, _MeasureHistory())
        if any(before.get(key) != after.get(key) for key in _REQUIREMENTS):
            self._complete(history, name)
        for key, change in self._note(history, commit, before, after):
            act = self._record_under(history, change, commit, _texts(after.get("records")))
            if act is not None:
                old, new = change.values
                lines = measure_lines(
                    {key: old} if old else {}, {key: new} if new else {}, self.words
                )
                what = f"{name}, {'; '.join(map(str, lines))}"
                yield _finding(_LOOSENED, what, change.commit, act, commit, name)

    def _complete(self, history: _MeasureHistory, name: str) -> None:
        """Add what was required of a measure before the commits that are shown."""
        if not history.is_complete:
            history.is_complete = True
            for change in self.earlier.of_measure(name):
                for _ in self._note(history, change.commit, change.before, change.after):
                    pass  # It was reported when that commit was verified.

    def _note(
        self, history: _MeasureHistory, commit: Commit, before: Row, after: Row
    ) -> Iterator[tuple[str, _Loosening]]:
        """Remember what a commit changed; yield the loosened requirements that it takes back."""
        added = _texts(after.get("records")) - _texts(before.get("records"))
        if added:
            history.records.append((commit, added))
        for key in _REQUIREMENTS:
            old, new = before.get(key), after.get(key)
            if old == new:
                continue
            requirement = history.requirements.setdefault(key, _Requirement())
            old_text, new_text = canonical_text(old or ""), canonical_text(new or "")
            taken_back = self._taken_back(requirement, new_text, commit)
            if taken_back is not None:
                requirement.returns.append((commit, taken_back))
                yield key, taken_back
            if _is_loosened(key, old, new):
                change = _Loosening(commit, old_text, (old, new))
                requirement.loosenings.append(change)

    def _taken_back(self, requirement: _Requirement, now: str, commit: Commit) -> _Loosening | None:
        """Return the last change before a commit that it takes back; None where there is none."""
        candidates = [
            change
            for change in requirement.loosenings
            if change.old == now
            and self._comes_before(change.commit, commit)
            and not self._is_over(requirement, change, commit)
        ]
        return max(candidates, key=lambda change: self.graph.order(change.commit), default=None)

    def _is_over(self, requirement: _Requirement, change: _Loosening, commit: Commit) -> bool:
        """Tell whether a change, or one before it, was taken back between it and a commit."""
        return any(
            self._comes_before(change.commit, back)
            and self._comes_before(back, commit)
            and self.graph.is_ancestor(taken_back.commit.id, change.commit.id)
            for back, taken_back in requirement.returns
        )

    def _record_under(
        self, history: _MeasureHistory, change: _Loosening, back: Commit, records: frozenset[str]
    ) -> Commit | None:
        """Return the first commit under a loosened requirement that added a record which stays."""
        acts = (
            commit
            for commit, added in history.records
            if added & records
            and self.graph.is_ancestor(change.commit.id, commit.id)
            and self._comes_before(commit, back)
        )
        return min(acts, key=self.graph.order, default=None)

    def _comes_before(self, commit: Commit, other: Commit) -> bool:
        return commit.id != other.id and self.graph.is_ancestor(commit.id, other.id)

    # ------------------------------------------------------------------ settings of the audit

    def _of_audit(
        self, commit: Commit, before: CachedVersion, after: CachedVersion
    ) -> Iterator[Finding]:
        """Yield the settings of the audit that come back after they were needed."""
        if before.audit == after.audit:
            return
        if not self._audit.is_complete:
            self._audit.is_complete = True
            for change in self.earlier.of_audit():
                self._note_audit(change.commit, change.before, change.after)
        taken_back = self._note_audit(commit, before.audit, after.audit)
        if taken_back is None:
            return
        act = self._act_against(taken_back.commit, commit, after.audit)
        if act is not None:
            what = self._audit_lines(taken_back.commit)
            yield _finding(_AUDIT_LOOSENED, what, taken_back.commit, act, commit, None)

    def _note_audit(self, commit: Commit, before: Audit, after: Audit) -> _Loosening | None:
        """Remember changed settings; return the loosening that they take back, if they do."""
        requirement = self._audit.requirements.setdefault(_AUDIT, _Requirement())
        taken_back = self._taken_back(requirement, repr(after), commit)
        if taken_back is not None:
            requirement.returns.append((commit, taken_back))
        is_looser = after.backdating_days > before.backdating_days
        if is_looser or (before.signatures and not after.signatures):
            requirement.loosenings.append(_Loosening(commit, repr(before)))
        return taken_back

    def _act_against(self, change: Commit, back: Commit, audit: Audit) -> Commit | None:
        """Return the first commit under loosened settings that the settings now would not allow."""
        between = self.graph.ancestors([back.id]) - self.graph.ancestors([change.id]) - {back.id}
        for commit in self.graph.parents_first(between):
            versions = self.earlier.versions_of(commit.id)
            if versions is None or not self._comes_before(change, commit):
                continue
            before, after = versions
            late = max(
                (
                    days_late(commit, fact)
                    for fact in new_facts([before], after)
                    if fact.kind is not FactKind.DOCUMENT
                ),
                default=0,
            )
            if late > audit.backdating_days or (audit.signatures and not commit.signature):
                return commit
        return None

    def _audit_lines(self, commit: Commit) -> str:
        versions = self.earlier.versions_of(commit.id) or ()
        old, new = ({_AUDIT: (version.data or {}).get(_AUDIT, {})} for version in versions)
        groups = change_groups(old, new, self.words)
        return "; ".join(str(line) for group in groups for line in group.lines)


def _finding(  # noqa: PLR0913, PLR0917 - what a finding is made of
    template: str, what: str, change: Commit, act: Commit, commit: Commit, measure: str | None
) -> Finding:
    fields: dict[str, object] = {
        "what": what,
        "day": day_text(change.committed),
        "commit": change.id[:_SHORT],
        "act_day": day_text(act.committed),
        "act": act.id[:_SHORT],
    }
    return Finding(LOOSENED, template, fields=fields, commit=commit, measure=measure)


def _texts(items: Plain | None) -> frozenset[str]:
    return frozenset(map(canonical_text, as_list(items)))


def _is_loosened(key: str, old: Plain | None, new: Plain | None) -> bool:
    """Tell whether a change of a requirement may have made it easier to meet.

    Where it cannot be told, it may.
    """
    before, after = as_row(old), as_row(new)
    if key == "indicator":
        was, now = before.get("target"), after.get("target")
        others_are_same = {**before, "target": 0} == {**after, "target": 0}
        if others_are_same and isinstance(was, int | float) and isinstance(now, int | float):
            return now < was if after.get("direction") == "not_less" else now > was
    if key == "term":
        was_due, now_due = _last_day(before), _last_day(after)
        if was_due and now_due and was_due[0] == now_due[0]:
            return now_due > was_due
    return True


def _last_day(term: Row) -> tuple[str, str] | None:
    """Return what orders terms by their end, and how that is told; None where they have none."""
    days = [day for day in (term.get("due"), *as_list(term.get("points"))) if isinstance(day, str)]
    if days:
        return "day", max(days)
    quarters = as_list(term.get("quarters"))
    dated = [quarter for quarter in quarters if isinstance(quarter, str)]
    if dated:
        return "dated quarter", max(dated)
    numbers = [quarter for quarter in quarters if isinstance(quarter, int)]
    return ("quarter", str(max(numbers))) if numbers else None

"""Checks for requirements that were loosened for as long as something was done under them.

Yields `requirement-loosened`.

Each commit by itself is in order: the target of an indicator, a term or the settings of the audit
change, a record is made, and the old value comes back. Only together they say that the record does
not meet what is required now. A change that is taken back with nothing done in between says
nothing, and neither does one whose record was taken back as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.date_checks import days_late, new_facts
from kvartal.history.audit.facts import FactKind, canonical_text
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import Commit
from kvartal.history.audit.version_cache import CachedMeasure, CachedVersion
from kvartal.history.audit.walk import WalkStep
from kvartal.history.diff.diff import Row
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.lines import as_list, as_row, measure_lines
from kvartal.history.diff.words import Words
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.errors import N_

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
    """A change of a requirement.

    Attributes:
        commit: The commit that made it.
        old: The requirement before it, as canonical text.
        what: The change in words.
    """

    commit: Commit
    old: str
    what: str


@dataclass(frozen=True, slots=True)
class _Act:
    """What was done under a requirement.

    Attributes:
        commit: The commit.
        records: The records that it added, as canonical text; of what the audit's settings
            concern, none.
        late: By how many days its oldest fact was late.
        is_signed: Whether it is signed.
    """

    commit: Commit
    records: frozenset[str] = frozenset()
    late: int = 0
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class RequirementChecker:
    """Remembers the changed requirements of the commits it was shown, and what was done under them.

    Attributes:
        graph: The commits.
        words: The language of the findings.
    """

    graph: CommitGraph
    words: Words
    _loosenings: dict[tuple[str, str], list[_Loosening]] = field(default_factory=dict)
    _acts: dict[str, list[_Act]] = field(default_factory=dict)

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
                yield from self._of_measure(step.commit, known, measure)
        yield from self._of_audit(step, before, after)

    def _of_measure(
        self, commit: Commit, before: CachedMeasure, after: CachedMeasure
    ) -> Iterator[Finding]:
        is_recorded = before.row.get("records") != after.row.get("records")
        for key in _REQUIREMENTS:
            old, new = before.row.get(key), after.row.get(key)
            if old == new:
                continue
            old_text, new_text = canonical_text(old or ""), canonical_text(new or "")
            changes = self._loosenings.setdefault((after.id, key), [])
            found = self._around(
                changes,
                new_text,
                commit,
                self._acts.get(after.id, ()),
                _texts(after.row.get("records")),
            )
            if found is not None:
                yield self._finding(_LOOSENED, *found, commit, after.id)
            if _is_loosened(key, old, new):
                lines = measure_lines(
                    {key: old} if old else {}, {key: new} if new else {}, self.words
                )
                what = f"{after.id}, {'; '.join(map(str, lines))}"
                changes.append(_Loosening(commit, old_text, what))
        if is_recorded:
            added = _texts(after.row.get("records")) - _texts(before.row.get("records"))
            self._acts.setdefault(after.id, []).append(_Act(commit, added))

    def _around(
        self,
        changes: list[_Loosening],
        now: str,
        commit: Commit,
        acts: Sequence[_Act],
        records: frozenset[str],
    ) -> tuple[_Loosening, _Act] | None:
        """Return the change that is taken back, and the first record made since that stays.

        What was taken back is forgotten.
        """
        for at in reversed(range(len(changes))):
            change = changes[at]
            if change.old != now or not self._is_between(change.commit, commit, commit):
                continue
            del changes[at:]
            for act in acts:
                if act.records & records and self._is_between(change.commit, act.commit, commit):
                    return change, act
            return None
        return None

    def _of_audit(
        self, step: WalkStep, before: CachedVersion, after: CachedVersion
    ) -> Iterator[Finding]:
        """Yield the settings of the audit that come back after they were needed."""
        commit, changes = step.commit, self._loosenings.setdefault(("", _AUDIT), [])
        if before.audit != after.audit:
            for at in reversed(range(len(changes))):
                if changes[at].old == repr(after.audit):
                    act = self._act_against(changes[at], commit, after)
                    if act is not None:
                        yield self._finding(_AUDIT_LOOSENED, changes[at], act, commit, "")
                    del changes[at:]
                    break
            is_looser = after.audit.backdating_days > before.audit.backdating_days
            if is_looser or (before.audit.signatures and not after.audit.signatures):
                what = self._audit_lines(before.data or {}, after.data or {})
                changes.append(_Loosening(commit, repr(before.audit), what))
        if changes and step.commit is not changes[-1].commit:
            facts = [
                fact for fact in new_facts([before], after) if fact.kind is not FactKind.DOCUMENT
            ]
            late = max((days_late(commit, fact) for fact in facts), default=0)
            act = _Act(commit, late=late, is_signed=bool(commit.signature))
            self._acts.setdefault("", []).append(act)

    def _act_against(self, change: _Loosening, commit: Commit, after: CachedVersion) -> _Act | None:
        """Return the first commit under a loosened setting that the setting now would not allow."""
        for act in self._acts.get("", ()):
            is_late = act.late > after.audit.backdating_days
            is_unsigned = after.audit.signatures and not act.is_signed
            if (is_late or is_unsigned) and self._is_between(change.commit, act.commit, commit):
                return act
        return None

    def _audit_lines(self, before: PlanData, after: PlanData) -> str:
        old, new = ({_AUDIT: data.get(_AUDIT, {})} for data in (before, after))
        groups = change_groups(old, new, self.words)
        return "; ".join(str(line) for group in groups for line in group.lines)

    def _is_between(self, first: Commit, commit: Commit, last: Commit) -> bool:
        """Tell whether a commit comes after one and not after another one."""
        return self.graph.is_ancestor(first.id, commit.id) and (
            commit.id == last.id or self.graph.is_ancestor(commit.id, last.id)
        )

    def _finding(
        self, template: str, change: _Loosening, act: _Act, commit: Commit, measure: str
    ) -> Finding:
        fields: dict[str, object] = {
            "what": change.what,
            "day": f"{change.commit.committed:%d.%m.%Y}",
            "commit": change.commit.id[:_SHORT],
            "act_day": f"{act.commit.committed:%d.%m.%Y}",
            "act": act.commit.id[:_SHORT],
        }
        return Finding(LOOSENED, template, fields=fields, commit=commit, measure=measure or None)


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
        if was_due and now_due and was_due[0] == "Q" == now_due[0]:
            return now_due > was_due
        if was_due and now_due and "Q" not in {was_due[0], now_due[0]}:
            return now_due > was_due
    return True


def _last_day(term: Row) -> str:
    """Return what orders terms by their end; empty where the term has none."""
    quarters = [quarter for quarter in as_list(term.get("quarters")) if isinstance(quarter, int)]
    due = term.get("due")
    if isinstance(due, str):
        return due
    return f"Q{max(quarters)}" if quarters else ""

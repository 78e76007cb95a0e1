"""What to roll back where the changes of two sides break a rule only together.

Two records that both complete the measure, a record and a cancellation, two postponements on one
day: the merge reports one of the two changes as the conflict. If the user drops it, the other
stays; if the user keeps it, the other is rolled back, as little of it as satisfies the rule.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.diff import Row
from kvartal.history.diff.matching import same
from kvartal.history.merge.matching import ANY
from kvartal.history.merge.needed_parts import UNKNOWN_PARTS
from kvartal.history.merge.part_conflicts import part_rollbacks
from kvartal.history.merge.threeway import ONE_VALUE, MergedValue, Sides, Value
from kvartal.schema.changes import MISSING, Edit, Missing, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.problems import DataPath, Problem
from kvartal.schema.validation import validate

POSTPONED_TWICE: Final = "merge-postponed-twice"


@dataclass(frozen=True, slots=True)
class RuleConflict:
    """A rule that the changes of both sides break only together.

    Attributes:
        where: Path from the root to the part reported as the conflict: in one measure.
        value: Its merged value.
        sides: Its versions.
        problem: The broken rule.
    """

    where: DataPath
    value: Value
    sides: Sides
    problem: Problem


def rollback(
    outcome: MergedValue, data: PlanData, conflict: RuleConflict, *, as_in_2026_11: bool = False
) -> Edit | None:
    """Return the edit that rolls back the other side's change; None where no single edit does.

    Args:
        outcome: The merge of the programme.
        data: The merged programme.
        conflict: The broken rule.
        as_in_2026_11: Whether a record that the other side changed is rolled back as a whole, as it
            was until then.
    """
    if conflict.problem.code in UNKNOWN_PARTS:
        return None  # The part stays as long as the measure does.
    measure = _measure(outcome, conflict.where)
    is_ours = same(conflict.sides.ours, conflict.value)
    edits = (
        list(_rollbacks(measure, conflict.where[:2], ours=not is_ours, whole=as_in_2026_11))
        if measure is not None
        else []
    )
    # The smallest part first; what stands outside the measure last.
    edits.sort(key=lambda edit: -len(edit.path))
    edits += part_rollbacks(data, outcome.sides.base, conflict.problem)
    apart = (edit for edit in edits if not overlap(edit.path, conflict.where))
    return next((edit for edit in apart if _satisfies_rule(data, edit, conflict)), None)


def _measure(outcome: MergedValue, where: DataPath) -> MergedValue | None:
    """Return how the measure came about that a path leads into; None where there is none."""
    measures = outcome.parts.get("measures") if where[:1] == ("measures",) else None
    return measures.parts.get(where[1]) if measures and len(where) > 1 else None


def _rollbacks(outcome: MergedValue, where: DataPath, *, ours: bool, whole: bool) -> Iterator[Edit]:
    """Yield the edits that roll back, part by part, what one side alone changed."""
    sides = outcome.sides
    other = sides.theirs if ours else sides.ours
    if outcome.parts:
        for part, inside in outcome.parts.items():
            yield from _rollbacks(inside, (*where, part), ours=ours, whole=whole)
    elif not same(outcome.value, other):
        if isinstance(outcome.value, dict) and isinstance(other, Missing):
            for key, value in outcome.value.items():
                yield Edit("", (*where, key), value, MISSING)
        elif isinstance(outcome.value, dict) and isinstance(other, dict) and not whole:
            yield from _fields(outcome.value, other, where)
        if not isinstance(outcome.value, Missing):
            yield Edit("", where, outcome.value, other)


def _fields(value: Row, other: Row, where: DataPath) -> Iterator[Edit]:
    """Yield the edits that roll back single fields; none of what is only set as a whole."""
    if tuple(part if isinstance(part, str) else ANY for part in where) in ONE_VALUE:
        return
    for key in dict.fromkeys((*value, *other)):
        new, old = value.get(key, MISSING), other.get(key, MISSING)
        if not same(new, old):
            yield Edit("", (*where, key), new, old)


def overlap(one: DataPath, other: DataPath) -> bool:
    """Return whether one of two paths leads to the other or into it."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _satisfies_rule(data: PlanData, edit: Edit, conflict: RuleConflict) -> bool:
    """Return whether an edit satisfies the rule and breaks no other."""
    if conflict.problem.code == POSTPONED_TWICE:
        row = edit.old if isinstance(edit.old, dict) else {}
        is_of_that_day = row.get("date") == conflict.problem.fields.get("date")
        return edit.path[2:3] == ("postponements",) and edit.new is MISSING and is_of_that_day
    before, after = (
        Counter(problem.key() for problem in validate(one))
        for one in (data, apply_edits(data, [edit]))
    )
    key = conflict.problem.key()
    return after <= before and after[key] < before[key]

"""What gives way when a person keeps one side's part of two that break a rule only together.

Two records each of which completes the measure, a record and a cancellation, two postponements of
one day: the merge names one of the two parts as the conflict. Taken away, the other is left; kept,
the other has to give way, as little of it as the rule asks for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.matching import same
from kvartal.history.merge.threeway import MergedValue, Sides, Value
from kvartal.schema.changes import MISSING, Edit, Missing, PlanData, apply_edits
from kvartal.schema.problems import DataPath, Problem
from kvartal.schema.validation import validate

POSTPONED_TWICE: Final = "merge-postponed-twice"


@dataclass(frozen=True, slots=True)
class Clash:
    """A rule that both sides break only together.

    Attributes:
        where: Path from the root to the part that is named as the conflict: of one measure.
        value: What stands there.
        sides: The versions of it.
        problem: The rule.
    """

    where: DataPath
    value: Value
    sides: Sides
    problem: Problem


def rival(outcome: MergedValue, data: PlanData, clash: Clash) -> Edit | None:
    """Return what makes the other side's part give way; None where nothing by itself does.

    Args:
        outcome: The merge of the programme.
        data: The merged programme.
        clash: What breaks a rule.
    """
    measures = outcome.parts.get("measures")
    index = clash.where[1] if len(clash.where) > 1 else None
    measure = measures.parts.get(index) if measures and isinstance(index, int) else None
    if measure is None:
        return None
    is_ours = same(clash.sides.ours, clash.value)
    found = _parts(measure, clash.where[:2], ours=not is_ours)
    edits = [edit for edit in found if not overlap(edit.path, clash.where)]
    # The smallest part first.
    edits.sort(key=lambda edit: -len(edit.path))
    return next((edit for edit in edits if _mends(data, edit, clash)), None)


def _parts(outcome: MergedValue, where: DataPath, *, ours: bool) -> Iterator[Edit]:
    """Yield what takes back, part by part, what one side alone changed."""
    sides = outcome.sides
    mine, other = (sides.ours, sides.theirs) if ours else (sides.theirs, sides.ours)
    if outcome.parts:
        for part, inside in outcome.parts.items():
            yield from _parts(inside, (*where, part), ours=ours)
    elif same(outcome.value, mine) and not same(mine, other):
        if isinstance(outcome.value, dict) and isinstance(other, Missing):
            for key, value in outcome.value.items():
                yield Edit("", (*where, key), value, MISSING)
        if not isinstance(outcome.value, Missing):
            yield Edit("", where, outcome.value, other)


def overlap(one: DataPath, other: DataPath) -> bool:
    """Tell whether one of two places lies within the other."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _mends(data: PlanData, edit: Edit, clash: Clash) -> bool:
    """Tell whether the rule holds with an edit, and no other is broken by it."""
    if clash.problem.code == POSTPONED_TWICE:
        row = edit.old if isinstance(edit.old, dict) else {}
        is_of_that_day = row.get("date") == clash.problem.fields.get("date")
        return edit.path[2:3] == ("postponements",) and edit.new is MISSING and is_of_that_day
    known = [one.key() for one in validate(data)]
    left = [one.key() for one in validate(apply_edits(data, [edit]))]
    return len(left) < len(known) and set(left) <= set(known) - _gone(known, clash.problem)


def _gone(known: Sequence[tuple[str, str, str]], problem: Problem) -> set[tuple[str, str, str]]:
    """Return the finding that has to be gone; nothing where it is there twice."""
    return {problem.key()} if known.count(problem.key()) == 1 else set()

"""What is wrong with a merged programme and with neither side of it alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kvartal.history.diff.matching import same
from kvartal.history.merge.needed_parts import UNKNOWN_PARTS, is_removal, without_parts
from kvartal.history.merge.paths import measure_of
from kvartal.history.merge.rule_conflicts import POSTPONED_TWICE
from kvartal.history.merge.threeway import MergedValue, Sides, Value, merge_values
from kvartal.schema.changes import Missing
from kvartal.schema.errors import N_
from kvartal.schema.problems import Problem
from kvartal.schema.validation import validate

_POSTPONED_TWICE: Final = Problem(
    POSTPONED_TWICE,
    N_("{id}: с двух сторон срок перенесён одним днём, {date}, на разные сроки. Оставьте один."),
)

_Located = dict[tuple[str, ...], Problem]
"""Problems by what each is, which measure has it, and how often."""


def rule_problems(outcome: MergedValue, sides: Sides) -> Iterator[Problem]:
    """Yield what is wrong with the merged programme and with neither side alone.

    What is wrong only as long as one side's value is in the place of a conflict is no problem of
    the merge: choosing the other value solves it, and what was chosen is validated. Only where a
    part may be removed, what stands in it is to be chosen as well.
    """
    if outcome.value is sides.ours or outcome.value is sides.theirs:
        return
    known = _located(sides.ours) | _located(sides.theirs)
    found = [(key, problem) for key, problem in _located(outcome.value).items() if key not in known]
    if found and any(outcome.conflicts()):
        swapped = merge_values(sides.of(sides.base, sides.theirs, sides.ours))
        on_both_sides = _located(swapped.value)
        found = [(key, problem) for key, problem in found if key in on_both_sides]
    yield from (problem for _, problem in found)
    yield from _left_without_part(outcome, known)
    yield from _postponed_twice(outcome)


def _left_without_part(outcome: MergedValue, known: _Located) -> Iterator[Problem]:
    """Yield that measures stand nowhere if a part is removed that one side removed.

    One that neither side moved is no matter of choice: its part stays where it can.
    """
    removable = [where for where, sides in outcome.conflicts() if is_removal(where, sides)]
    if removable and isinstance(outcome.value, dict):
        without = _located(without_parts(outcome.value, removable))
        yield from (
            problem
            for key, problem in without.items()
            if problem.code in UNKNOWN_PARTS and key not in known and _differs(outcome, problem)
        )


def _located(data: Value) -> _Located:
    """Return the problems of a programme by what each is, which measure has it, and how often."""
    found: _Located = {}
    times: Counter[tuple[str, ...]] = Counter()
    for problem in validate(data):
        key = (*problem.key(), measure_of(data, problem.path))
        times[key] += 1
        found[*key, str(times[key])] = problem
    return found


def _differs(outcome: MergedValue, problem: Problem) -> bool:
    """Return whether the sides differ in what a problem is about."""
    sides = outcome.sides_at(problem.path)[-1]
    return not same(sides.ours, sides.theirs)


def _postponed_twice(outcome: MergedValue) -> Iterator[Problem]:
    """Yield pairs of postponements, one of each side, on one day to two terms."""
    measures = outcome.parts.get("measures")
    for index, measure in (measures.parts if measures else {}).items():
        items = measure.parts.get("postponements")
        added = [
            (at, item)
            for at, item in (items.parts if items else {}).items()
            if isinstance(item.sides.ours, Missing) != isinstance(item.sides.theirs, Missing)
            and isinstance(item.sides.base, Missing)
        ]
        for number, (at, item) in enumerate(added):
            if any(_contradict(other, item) for _, other in added[:number]):
                row = item.value if isinstance(item.value, dict) else {}
                name = measure.value.get("id") if isinstance(measure.value, dict) else None
                yield replace(
                    _POSTPONED_TWICE,
                    path=("measures", index, "postponements", at),
                    fields={"id": name, "date": row.get("date")},
                )


def _contradict(one: MergedValue, other: MergedValue) -> bool:
    first, second = one.value, other.value
    return (
        isinstance(first, dict)
        and isinstance(second, dict)
        and isinstance(one.sides.ours, Missing) != isinstance(other.sides.ours, Missing)
        and first.get("date") == second.get("date")
        and first.get("to") != second.get("to")
    )

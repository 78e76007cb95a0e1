"""The three-way merge of a programme, by measure and by field.

``merge(base, ours, theirs)`` works on plain data; what it does with the texts of the files is
:mod:`kvartal.history.merge.driver`'s. The rules:

- Different fields and different measures merge. Records, postponements, documents, files, links
  and measures of the same work that both sides added all stay, the same one once; what has a date
  stands in the order of the dates.
- A term is one value, and so are the quarters. Of the actions each step is one, as long as neither
  side puts in or takes out any.
- The same field changed in two ways, or removed here and changed there, is a conflict.
- An id that both sides gave to different measures is renumbered (:mod:`.renumbering`).
- What fits each side alone and breaks a rule together (two completions, a record after the
  cancellation) is a conflict where the sides differ.

The result is the same whichever side is called ours, but for what stands in for a conflict.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kvartal.history.diff.diff import difference
from kvartal.history.diff.matching import same
from kvartal.history.merge.matching import ANY, UNORDERED
from kvartal.history.merge.renumbering import reconciled
from kvartal.history.merge.rule_conflicts import POSTPONED_TWICE, Clash, overlap, rival
from kvartal.history.merge.threeway import ONE_VALUE, MergedValue, Sides, Value, merge_values
from kvartal.schema.changes import Edit, Missing, Plain, PlanData, apply_edits
from kvartal.schema.description import describe
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath, Problem
from kvartal.schema.validation import validate

_MEASURE_DEPTH: Final = 2

_POSTPONED_TWICE: Final = Problem(
    POSTPONED_TWICE,
    N_("{id}: с двух сторон срок перенесён одним днём, {date}, на разные сроки. Оставьте один."),
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the merge leaves to a person.

    Attributes:
        measure: Id of the measure; empty for what belongs to the programme as a whole.
        where: Path from the root of the merged data; empty for all of it.
        value: What stands there in the merged data until somebody chooses.
        sides: The value before, ours and theirs.
        problem: What is wrong with both sides together; None where they changed one field.
        rival: What makes the other side's part give way where this one is kept, if a rule is
            broken by both together.
    """

    measure: str
    where: DataPath
    value: Plain
    sides: Sides
    problem: Problem | None = None
    rival: Edit | None = None

    @property
    def path(self) -> DataPath:
        """The path inside the measure, as an edit has it."""
        return self.where[_MEASURE_DEPTH:] if self.measure else self.where


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge gives.

    Attributes:
        data: The merged programme. In the place of a conflict stands our value, or theirs where we
            have none: not a programme to be kept while there are conflicts.
        edits: What makes it out of our version.
        conflicts: What is left to a person, in the order of the data.
        notes: What is to be told besides: a measure was renumbered.
        sides: What was merged: the versions, with ids that mean one measure in all of them.
    """

    data: PlanData
    edits: tuple[Edit, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[Problem, ...]
    sides: Sides


def merge(base: PlanData, ours: PlanData, theirs: PlanData) -> Merged:
    """Merge two programmes that were one.

    Args:
        base: The version both sides started from; empty where there was none.
        ours: Our version.
        theirs: The other one.
    """
    versions = reconciled(base, ours, theirs)
    outcome = merge_values(versions.sides)
    data = outcome.value if isinstance(outcome.value, dict) else {}
    conflicts = [
        Conflict(_measure_of(data, where), where, _at(data, where), sides)
        for where, sides in outcome.clashes()
    ]
    notes = list(versions.notes)
    for problem in _problems(outcome, versions.sides):
        conflict = _conflict_of_rule(outcome, data, problem)
        if any(_meet(conflict, other) for other in conflicts):
            notes.append(problem)
        else:
            conflicts.append(conflict)
    conflicts.sort(key=lambda one: _place(data, one.where))
    return Merged(data, difference(ours, data), tuple(conflicts), tuple(notes), versions.sides)


def settled(merged: Merged, choices: Sequence[Value]) -> PlanData:
    """Return the merged programme with its conflicts settled.

    Args:
        merged: The merge.
        choices: One value for each conflict, in their order; MISSING to leave the field out.
    """
    data = merged.data
    edits: dict[DataPath, Edit] = {}
    for conflict, choice in zip(merged.conflicts, choices, strict=True):
        if not conflict.where:
            return choice if isinstance(choice, dict) else {}
        edits[conflict.where] = Edit("", conflict.where, conflict.value, choice)
    for conflict, choice in zip(merged.conflicts, choices, strict=True):
        other = conflict.rival
        if other is not None and same(choice, conflict.value):
            is_free = not any(overlap(other.path, where) for where in edits)
            edits |= {other.path: other} if is_free else {}
    # From the last to the first: an item that goes does not move those still to be settled.
    for where in sorted(edits, key=lambda one: _place(merged.data, one), reverse=True):
        data = apply_edits(data, [edits[where]])
    return data


def _problems(outcome: MergedValue, sides: Sides) -> Iterator[Problem]:
    """Yield what is wrong with the merged programme and with neither side alone."""
    if outcome.value is sides.ours or outcome.value is sides.theirs:
        return
    known = {one.key() for side in (sides.ours, sides.theirs) for one in validate(side)}
    yield from (one for one in validate(outcome.value) if one.key() not in known)
    yield from _postponed_twice(outcome)


def _postponed_twice(outcome: MergedValue) -> Iterator[Problem]:
    """Yield postponements of the two sides of which nobody can say which one counts."""
    measures = outcome.parts.get("measures")
    for index, measure in (measures.parts if measures else {}).items():
        items = measure.parts.get("postponements")
        added = [
            (at, item)
            for at, item in (items.parts if items else {}).items()
            if isinstance(item.sides.ours, Missing) != isinstance(item.sides.theirs, Missing)
            and isinstance(item.sides.base, Missing)
        ]
        for place, (at, item) in enumerate(added):
            if any(_decide_the_same_day(other, item) for _, other in added[:place]):
                row = item.value if isinstance(item.value, dict) else {}
                name = measure.value.get("id") if isinstance(measure.value, dict) else None
                yield replace(
                    _POSTPONED_TWICE,
                    path=("measures", index, "postponements", at),
                    fields={"id": name, "date": row.get("date")},
                )


def _decide_the_same_day(one: MergedValue, other: MergedValue) -> bool:
    first, second = one.value, other.value
    return (
        isinstance(first, dict)
        and isinstance(second, dict)
        and isinstance(one.sides.ours, Missing) != isinstance(other.sides.ours, Missing)
        and first.get("date") == second.get("date")
        and first.get("to") != second.get("to")
    )


def _conflict_of_rule(outcome: MergedValue, data: PlanData, problem: Problem) -> Conflict:
    """Return the conflict that a broken rule is: where the sides differ, nearest to it."""
    trail = outcome.sides_at(problem.path)
    depth = len(trail) - 1
    while depth and same(trail[depth].ours, trail[depth].theirs):
        depth -= 1
    # What cannot stand without the missing field is wanted or not wanted as a whole.
    while depth and _is_whole(problem.path[:depth], trail[depth]):
        depth -= 1
    where, sides = problem.path[:depth], trail[depth]
    value, measure = _at(data, where), _measure_of(data, where)
    other = rival(outcome, data, Clash(where, value, sides, problem)) if measure else None
    return Conflict(measure, where, value, sides, problem, other)


def _is_whole(where: DataPath, sides: Sides) -> bool:
    """Tell whether a value is part of one that can only be taken or left as a whole."""
    if any(_shape(where[:length]) in ONE_VALUE for length in range(len(where))):
        return True
    if isinstance(where[-1], int) and not isinstance(sides.kept, dict):
        return where[-2] not in UNORDERED
    is_absent = isinstance(sides.ours, Missing) or isinstance(sides.theirs, Missing)
    return is_absent and where[-1] in describe(where[:-1]).get("required", ())


def _meet(one: Conflict, other: Conflict) -> bool:
    """Tell whether two conflicts are about one place, or one measure with fields to choose."""
    if one.measure and one.measure == other.measure and other.problem is None:
        return True
    return overlap(one.where, other.where)


def _shape(path: DataPath) -> tuple[str, ...]:
    return tuple(part if isinstance(part, str) else ANY for part in path)


def _measure_of(data: PlanData, where: DataPath) -> str:
    if len(where) < _MEASURE_DEPTH or where[0] != "measures":
        return ""
    row = _at(data, where[:_MEASURE_DEPTH])
    return str(row.get("id", "")) if isinstance(row, dict) else ""


def _at(data: Plain, path: DataPath) -> Plain:
    for part in path:
        if isinstance(data, dict):
            data = data[str(part)]
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part]
    return data


def _place(data: Plain, path: DataPath) -> tuple[int, ...]:
    """Return where a value stands in its data, so that places sort as they are read."""
    places: list[int] = []
    for part in path:
        if isinstance(data, dict):
            places.append(list(data).index(str(part)))
            data = data[str(part)]
        elif isinstance(data, list) and isinstance(part, int):
            places.append(part)
            data = data[part]
    return tuple(places)

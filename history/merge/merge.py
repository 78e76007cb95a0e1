"""The three-way merge of a programme, by measure and by field.

``merge(base, ours, theirs)`` works on plain data; the texts of the files are merged in
:mod:`kvartal.history.merge.driver`. The rules:

- Different fields and different measures merge. Records, postponements, documents, files, links
  and references that both sides added all stay, equal ones once; items with a date are in the order
  of the dates.
- A term is one value, and so are the quarters. Each step of the actions is one value, as long as
  neither side adds or removes any.
- A field changed in two ways, or removed on one side and changed on the other, is a conflict.
- An id that both sides gave to different measures is renumbered (:mod:`.renumbering`).
- What a plan states as one thing or as a list (who is responsible, money, indicators) is merged as
  lists where the versions state it in both forms.
- Changes that are valid on each side and break a rule together (two completions, a record after
  the cancellation) are a conflict where the sides differ.

The result does not depend on which side is ours, except for the value in the place of a conflict.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kvartal.history.diff.diff import difference
from kvartal.history.diff.matching import same
from kvartal.history.merge.disputed_numbers import DisputedNumber
from kvartal.history.merge.matching import ANY, UNORDERED
from kvartal.history.merge.moved_parts import merge_parts
from kvartal.history.merge.renumbering import reconcile_ids
from kvartal.history.merge.rule_conflicts import POSTPONED_TWICE, RuleConflict, overlap, rollback
from kvartal.history.merge.threeway import ONE_VALUE, MergedValue, Sides, Value, merge_values
from kvartal.schema.changes import MISSING, Edit, Missing, Plain, PlanData, apply_edits
from kvartal.schema.description import describe
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath, Problem
from kvartal.schema.validation import validate

_OTHER_PLACE: Final[Mapping[DataPath, str]] = {
    ("channel",): "section",
    ("section",): "channel",
}
_MEASURE_DEPTH: Final = 2

_POSTPONED_TWICE: Final = Problem(
    POSTPONED_TWICE,
    N_("{id}: с двух сторон срок перенесён одним днём, {date}, на разные сроки. Оставьте один."),
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that both sides changed, for the user to choose.

    Attributes:
        measure: Id of the measure; empty for a field outside the measures.
        where: Path from the root of the merged data; empty for all of it.
        value: The value in the merged data until somebody chooses.
        sides: The value before, ours and theirs.
        problem: The rule that both sides break together; None where they changed one field.
        rollback: The edit that rolls back the other side's change if this value is kept; only of a
            broken rule.
        dispute: The number that is to be chosen, where what names the part follows the choice.
    """

    measure: str
    where: DataPath
    value: Plain
    sides: Sides
    problem: Problem | None = None
    rollback: Edit | None = None
    dispute: DisputedNumber | None = None

    @property
    def path(self) -> DataPath:
        """The path inside the measure, as an edit has it."""
        return self.where[_MEASURE_DEPTH:] if self.measure else self.where


@dataclass(frozen=True, slots=True)
class Merged:
    """The result of a merge.

    Attributes:
        data: The merged programme. It has our value in the place of a conflict, or theirs where we
            have none: it must not be saved while there are conflicts.
        edits: What turns our version into it.
        conflicts: What the user has to decide, in the order of the data.
        notes: What else the user should know, such as that a measure was renumbered.
        sides: The merged versions, with ids that mean one measure in all of them.
    """

    data: PlanData
    edits: tuple[Edit, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[Problem, ...]
    sides: Sides


def merge(base: PlanData, ours: PlanData, theirs: PlanData) -> Merged:
    """Merge two versions of a programme.

    Args:
        base: The version both sides started from; empty where there was none.
        ours: Our version.
        theirs: Theirs.
    """
    versions = reconcile_ids(base, ours, theirs)
    parts = merge_parts(versions.sides)
    merged_sides, outcome, data = parts.sides, parts.outcome, parts.data
    conflicts = [
        Conflict(_measure_of(data, where), where, _at(data, where), sides, dispute=dispute)
        for where, sides, dispute in parts.conflicts()
    ]
    notes = list(versions.notes)
    for problem in _problems(outcome, merged_sides):
        conflict = _conflict_of_rule(outcome, data, problem)
        if any(_is_covered(conflict, other) for other in conflicts):
            notes.append(problem)
        else:
            conflicts.append(conflict)
    conflicts.sort(key=lambda conflict: _position(data, conflict.where))
    return Merged(data, difference(ours, data), tuple(conflicts), tuple(notes), merged_sides)


def resolve(merged: Merged, choices: Sequence[Value]) -> PlanData:
    """Return the merged programme with its conflicts resolved.

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
        edits |= _moved_away(conflict, choice, data)
    for conflict, choice in zip(merged.conflicts, choices, strict=True):
        edit = conflict.rollback
        if edit is not None and same(choice, conflict.value):
            is_free = not any(overlap(edit.path, where) for where in edits)
            edits |= {edit.path: edit} if is_free else {}
    # From the last to the first: removing an item must not move those still to be edited.
    for where in sorted(edits, key=lambda path: _position(merged.data, path), reverse=True):
        data = apply_edits(data, [edits[where]])
    for conflict, choice in zip(merged.conflicts, choices, strict=True):
        if conflict.dispute is not None and isinstance(choice, str):
            data = conflict.dispute.settled(data, choice)
    return data


def _moved_away(conflict: Conflict, choice: Value, data: PlanData) -> Mapping[DataPath, Edit]:
    """Return the edit that takes a measure from where the other side put it, as it is chosen.

    A measure stands in a channel or in a section: one side may have changed the one, and the other
    side have put the other in its place.
    """
    other = _OTHER_PLACE.get(conflict.path)
    if not conflict.measure or other is None or isinstance(choice, Missing):
        return {}
    row, where = _at(data, conflict.where[:-1]), (*conflict.where[:-1], other)
    if not isinstance(row, dict) or other not in row:
        return {}
    return {where: Edit("", where, row[other], MISSING)}


def _problems(outcome: MergedValue, sides: Sides) -> Iterator[Problem]:
    """Yield what is wrong with the merged programme and with neither side alone.

    What is wrong only as long as one side's value is in the place of a conflict is no problem of
    the merge: choosing the other value solves it, and what was chosen is validated.
    """
    if outcome.value is sides.ours or outcome.value is sides.theirs:
        return
    known = {*_located(sides.ours), *_located(sides.theirs)}
    found = [(key, problem) for key, problem in _located(outcome.value).items() if key not in known]
    if found and any(outcome.conflicts()):
        swapped = merge_values(Sides(sides.base, sides.theirs, sides.ours))
        on_both_sides = _located(swapped.value)
        found = [(key, problem) for key, problem in found if key in on_both_sides]
    yield from (problem for _, problem in found)
    yield from _postponed_twice(outcome)


def _located(data: Value) -> dict[tuple[str, ...], Problem]:
    """Return the problems of a programme by what each is, which measure has it, and how often."""
    found: dict[tuple[str, ...], Problem] = {}
    times: Counter[tuple[str, ...]] = Counter()
    for problem in validate(data):
        measure = _measure_of(data, problem.path) if isinstance(data, dict) else ""
        key = (*problem.key(), measure)
        times[key] += 1
        found[*key, str(times[key])] = problem
    return found


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


def _conflict_of_rule(outcome: MergedValue, data: PlanData, problem: Problem) -> Conflict:
    """Return the conflict for a broken rule: at the nearest value in which the sides differ."""
    trail = outcome.sides_at(problem.path)
    depth = len(trail) - 1
    while depth and same(trail[depth].ours, trail[depth].theirs):
        depth -= 1
    # A value that is invalid without the missing field can only be kept or dropped as a whole.
    while depth and _is_indivisible(problem.path[:depth], trail[depth]):
        depth -= 1
    where, sides = problem.path[:depth], trail[depth]
    value, measure = _at(data, where), _measure_of(data, where)
    edit = rollback(outcome, data, RuleConflict(where, value, sides, problem))
    return Conflict(measure, where, value, sides, problem, edit)


def _is_indivisible(where: DataPath, sides: Sides) -> bool:
    """Return whether a value is part of one that can only be kept or dropped as a whole."""
    if any(_shape(where[:length]) in ONE_VALUE for length in range(len(where))):
        return True
    if isinstance(where[-1], int) and not isinstance(sides.kept, dict):
        return where[-2] not in UNORDERED
    is_absent = isinstance(sides.ours, Missing) or isinstance(sides.theirs, Missing)
    return is_absent and where[-1] in describe(where[:-1]).get("required", ())


def _is_covered(conflict: Conflict, other: Conflict) -> bool:
    """Return whether resolving a conflict may resolve a rule conflict as well.

    The two are in one place, or the other is about a field of the same measure.
    """
    if conflict.measure and conflict.measure == other.measure and other.problem is None:
        return True
    return overlap(conflict.where, other.where)


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


def _position(data: Plain, path: DataPath) -> tuple[int, ...]:
    """Return the position of a value in its data, to sort values in the order of reading."""
    positions: list[int] = []
    for part in path:
        if isinstance(data, dict):
            positions.append(list(data).index(str(part)))
            data = data[str(part)]
        elif isinstance(data, list) and isinstance(part, int):
            positions.append(part)
            data = data[part]
    return tuple(positions)

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

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from kvartal.history.diff.diff import difference
from kvartal.history.diff.matching import same
from kvartal.history.merge.conflict import Conflict, Merged
from kvartal.history.merge.matching import ANY, UNORDERED
from kvartal.history.merge.measure_places import is_place, other_field
from kvartal.history.merge.moved_parts import merge_parts
from kvartal.history.merge.needed_parts import with_needed_parts
from kvartal.history.merge.paths import MEASURE_DEPTH, measure_of
from kvartal.history.merge.renumbering import reconcile_ids
from kvartal.history.merge.rule_conflicts import RuleConflict, overlap, rollback
from kvartal.history.merge.rule_problems import rule_problems
from kvartal.history.merge.threeway import ONE_VALUE, MergedValue, Sides, Value
from kvartal.schema.changes import Edit, Missing, Plain, PlanData
from kvartal.schema.data_paths import value_at
from kvartal.schema.description import describe
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.problems import DataPath, Problem
from kvartal.schema.validation import validate

_MOST_COMBINED: Final = 4
"""Up to how many conflicts of one measure every combination of their sides is tried."""

_RECORD: Final = ("measures", ANY, "records", ANY)
_ABOUT: Final = frozenset(
    {(*_RECORD, "quarter"), (*_RECORD, "point"), (*_RECORD, "values", ANY, "indicator")}
)
"""Fields without which a record or a value would be about something else."""


def merge(
    base: PlanData, ours: PlanData, theirs: PlanData, *, as_in_2026_11: bool = False
) -> Merged:
    """Merge two versions of a programme.

    Args:
        base: The version both sides started from; empty where there was none.
        ours: Our version.
        theirs: Theirs.
        as_in_2026_11: Whether to merge as the program did until then: a history keeps such merges.
    """
    versions = reconcile_ids(base, ours, theirs, as_in_2026_11=as_in_2026_11)
    parts = merge_parts(versions.sides, as_in_2026_11=as_in_2026_11)
    merged_sides, outcome, data = parts.sides, parts.outcome, parts.data
    conflicts = [
        Conflict(
            measure_of(data, where), where, _present_value(data, where), sides, dispute=dispute
        )
        for where, sides, dispute in parts.conflicts()
    ]
    edits, notes = difference(ours, data), tuple(versions.notes)
    merged = Merged(
        *(data, edits, tuple(conflicts), notes, merged_sides), as_in_2026_11=as_in_2026_11
    )
    doubts = []
    for problem in rule_problems(outcome, merged_sides):
        conflict = _conflict_of_rule(outcome, data, problem, as_in_2026_11=as_in_2026_11)
        covering = [
            one for one in conflicts if _is_covered(conflict, one, as_in_2026_11=as_in_2026_11)
        ]
        if covering and (as_in_2026_11 or _may_settle(covering, conflict, merged)):
            doubts.append(problem)
        else:
            conflicts.append(conflict)
    conflicts.sort(key=lambda conflict: _position(data, conflict.where))
    return replace(merged, conflicts=tuple(conflicts), doubts=tuple(doubts))


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
        if conflict.dispute is not None and isinstance(choice, str):
            continue  # With all that names the part, below.
        edits[conflict.where] = Edit("", conflict.where, conflict.value, choice)
        if is_place(conflict.path) or not merged.as_in_2026_11:
            edits |= other_field(conflict, choice, data, merged.sides)
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
    return with_needed_parts(data, merged.sides)


def _conflict_of_rule(
    outcome: MergedValue, data: PlanData, problem: Problem, *, as_in_2026_11: bool
) -> Conflict:
    """Return the conflict for a broken rule: at the nearest value in which the sides differ."""
    trail = outcome.sides_at(problem.path)
    depth = max(at for at, one in enumerate(trail) if not same(one.ours, one.theirs))
    # A value that is invalid without the missing field can only be kept or dropped as a whole.
    about = frozenset[tuple[str, ...]]() if as_in_2026_11 else _ABOUT
    while depth and _is_indivisible(problem.path[:depth], trail[depth], about):
        depth -= 1
    if is_place(problem.path[MEASURE_DEPTH:depth]) and _is_on_one_side(trail[depth - 1]):
        depth -= 1  # A new measure stays in its place, or is not there.
    where, sides = problem.path[:depth], trail[depth]
    value, measure = _present_value(data, where), measure_of(data, where)
    rule = RuleConflict(where, value, sides, problem)
    edit = rollback(outcome, data, rule, as_in_2026_11=as_in_2026_11)
    return Conflict(measure, where, value, sides, problem, edit)


def _is_indivisible(where: DataPath, sides: Sides, about: Collection[tuple[str, ...]]) -> bool:
    """Return whether a value is part of one that can only be kept or dropped as a whole."""
    if any(_shape(where[:length]) in ONE_VALUE for length in range(len(where))):
        return True
    if isinstance(where[-1], int) and not isinstance(sides.kept, dict):
        return where[-2] not in UNORDERED
    is_needed = where[-1] in describe(where[:-1]).get("required", ()) or _shape(where) in about
    return _is_on_one_side(sides) and is_needed


def _is_on_one_side(sides: Sides) -> bool:
    return isinstance(sides.ours, Missing) or isinstance(sides.theirs, Missing)


def _is_covered(conflict: Conflict, other: Conflict, *, as_in_2026_11: bool) -> bool:
    """Return whether resolving a conflict may resolve a rule conflict as well.

    The two are in one place, or the other is about a field of the same measure: but of such fields
    only the channel and the section say where the measure stands.
    """
    return overlap(conflict.where, other.where) or (
        bool(conflict.measure)
        and conflict.measure == other.measure
        and other.problem is None
        and (not is_place(conflict.path) or (is_place(other.path) and not as_in_2026_11))
    )


def _may_settle(covering: Sequence[Conflict], conflict: Conflict, merged: Merged) -> bool:
    """Return whether some choice in the conflicts that cover a rule conflict resolves it as well.

    What no choice resolves would be left as it is, or refused whatever is chosen.
    """
    if any(overlap(conflict.where, one.where) for one in covering):
        return True
    problem = conflict.problem
    own = [one for one in merged.conflicts if one in covering]
    sides = [(one.sides.ours, one.sides.theirs) for one in own]
    choices = product(*sides) if len(sides) <= _MOST_COMBINED else zip(*sides, strict=True)
    of_measure = replace(merged, conflicts=tuple(own))
    before = _times(merged.data, problem)
    return any(_times(resolve(of_measure, chosen), problem) < before for chosen in choices)


def _times(data: PlanData, problem: Problem | None) -> int:
    key = problem and problem.key()
    return sum(one.key() == key for one in validate(data))


def _shape(path: DataPath) -> tuple[str, ...]:
    return tuple(part if isinstance(part, str) else ANY for part in path)


def _present_value(data: Plain, where: DataPath) -> Plain:
    """Return the value at a path that the merged data has."""
    value = value_at(data, where)
    if isinstance(value, Missing):
        raise KeyError(where)
    return value


def _position(data: Plain, path: DataPath) -> tuple[int, ...]:
    """Return the position of a value in its data, to sort values in the order of reading."""
    positions: list[int] = []
    for part in path:
        if isinstance(data, dict):
            keys = list(data)
            if part not in data:
                return (*positions, len(keys))
            positions.append(keys.index(str(part)))
            data = data[str(part)]
        elif isinstance(data, list):
            positions.append(int(part))
            data = data[int(part)]
    return tuple(positions)

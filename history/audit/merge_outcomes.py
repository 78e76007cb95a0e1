"""What a merge may come to: each of its conflicts settled by a side, or by both."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from kvartal.history.audit.comparable_text import part_texts
from kvartal.history.diff.diff import MEASURES
from kvartal.history.diff.matching import same
from kvartal.history.merge.conflict import Conflict, Merged
from kvartal.history.merge.measure_places import is_place
from kvartal.history.merge.merge import resolve
from kvartal.history.merge.needed_parts import is_removal, measures_in_doubt
from kvartal.history.merge.threeway import Sides, Value
from kvartal.schema.changes import Plain, PlanData

_MAX_CONFLICTS: Final = 8
"""Up to how many conflicts of one measure every combination is tried."""


def chosen_sides(merged: Merged, actual: PlanData) -> list[tuple[int, ...]]:
    """Return, for each conflict of two sides, which of them (0, 1) the outcome may have chosen.

    Args:
        merged: The merge.
        actual: The outcome. A conflict that it settles in no such way has no side.
    """
    return [
        tuple(sorted({combination[at] for combination in combinations}))
        for conflict in merged.conflicts
        for at, combinations in (_fitting_choices(merged, conflict, actual),)
    ]


def _fitting_choices(
    merged: Merged, conflict: Conflict, actual: PlanData
) -> tuple[int, list[tuple[int, ...]]]:
    """Return the place of a conflict among those of its measure, and how all may be settled."""
    measure, target = conflict.measure, part_texts(actual, conflict.measure)
    conflicts = _conflicts_of(merged, measure)
    of_measure = replace(merged, conflicts=conflicts)
    combinations = (
        product((0, 1), repeat=len(conflicts))
        if len(conflicts) <= _MAX_CONFLICTS
        else ((side,) * len(conflicts) for side in (0, 1))
    )
    fitting = []
    for combination in combinations:
        values = [
            other.sides.theirs if side else other.sides.ours
            for side, other in zip(combination, conflicts, strict=True)
        ]
        if part_texts(resolve(of_measure, values), measure) == target:
            fitting.append(combination)
    return conflicts.index(conflict), fitting


def _conflicts_of(merged: Merged, measure: str) -> tuple[Conflict, ...]:
    """Return the conflicts that a measure depends on, or what is outside of all of them.

    Those are its own, the numbers that it may name, all measures as one value, and what rolls back
    a change of it or keeps a part by it.
    """
    doubtful = frozenset[str]() if measure else _keeping_parts(merged)
    return tuple(
        one
        for one in merged.conflicts
        if one.measure == measure
        or one.dispute
        or one.where == (MEASURES,)
        or (not measure and one.rollback is not None and one.rollback.path[0] != MEASURES)
        or (one.measure in doubtful and (not one.path or is_place(one.path)))
    )


def _keeping_parts(merged: Merged) -> frozenset[str]:
    """Return the measures by which a section or channel may stay that one side removed."""
    removed = [one.where for one in merged.conflicts if is_removal(one.where, one.sides)]
    return measures_in_doubt(merged.data, merged.sides, removed)


def resolutions(merged: Merged, measure: str) -> Iterator[PlanData]:
    """Yield the merged programme with the conflicts of one measure settled in each way.

    Args:
        merged: The merge.
        measure: The id of the measure; empty for what is outside of all of them. Nothing is
            yielded where no conflict concerns it.
    """
    conflicts = _conflicts_of(merged, measure)
    if not conflicts:
        return
    of_measure = replace(merged, conflicts=conflicts)
    choices = [_choices(conflict) for conflict in conflicts]
    combinations: Iterable[Sequence[Value]] = product(*choices)
    if len(conflicts) > _MAX_CONFLICTS:
        combinations = zip(*(choice[:2] for choice in choices), strict=True)
    for chosen in combinations:
        yield resolve(of_measure, chosen)


def _choices(conflict: Conflict) -> tuple[Value, ...]:
    """Return what a conflict may be settled by: a side, or what git's text merge makes of both."""
    sides = conflict.sides
    joined = _item_by_item(sides)
    return (sides.ours, sides.theirs, *(() if joined is None else (joined,)))


def _item_by_item(sides: Sides) -> Plain | None:
    """Return steps of which each side changed other ones; None where that is not so.

    Such steps, and the fields of one term, are one value to us and separate lines to git.
    """
    base, ours, theirs = sides.base, sides.ours, sides.theirs
    if isinstance(base, dict) and isinstance(ours, dict) and isinstance(theirs, dict):
        keys = list(base)
        if list(ours) != keys or list(theirs) != keys:
            return None
        items = [_either(base[key], ours[key], theirs[key]) for key in keys]
        whole: Plain = {
            key: item for key, item in zip(keys, items, strict=True) if item is not None
        }
        return None if None in items else whole
    if isinstance(base, list) and isinstance(ours, list) and isinstance(theirs, list):
        if not len(base) == len(ours) == len(theirs):
            return None
        merged = [_either(*three) for three in zip(base, ours, theirs, strict=True)]
        steps: Plain = [item for item in merged if item is not None]
        return None if None in merged else steps
    return None


def _either(base: Plain, ours: Plain, theirs: Plain) -> Plain | None:
    """Return an item as the one side that changed it has it; None where both did."""
    if same(ours, theirs) or same(theirs, base):
        return ours
    return theirs if same(ours, base) else None

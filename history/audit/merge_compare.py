"""Compares a merge with what merging its parents by measure and field gives.

What the two sides agree on, or one of them alone changed, is the merge's own doing; where both
changed one field, either value is a person's choice. Everything else was added, or left out, in the
guise of a merge.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kvartal.history.audit.comparable_text import (
    comparable_text,
    comparable_texts,
    measures_by_id,
    outside_measures,
    part_texts,
    text_without_id,
)
from kvartal.history.audit.merge_outcomes import resolutions
from kvartal.history.diff.diff import MEASURES
from kvartal.history.merge.conflict import Merged
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.merge.renumbering import reconcile_ids
from kvartal.history.merge.threeway import merge_values
from kvartal.schema.changes import PlanData


@dataclass(frozen=True, slots=True)
class MergeDifference:
    """What a merge made of one measure, and what merging gives.

    Attributes:
        measure: Its id; empty for what belongs to the programme as a whole.
        expected: A programme with nothing but that, as merging gives it.
        actual: The same as the merge commit has it.
    """

    measure: str
    expected: PlanData
    actual: PlanData


def merge_differences(
    base: PlanData, sides: Sequence[PlanData], actual: PlanData
) -> tuple[MergeDifference, ...]:
    """Return where a merge is not what merging gives.

    Args:
        base: The version that the sides started from.
        sides: The versions that were merged; at least two.
        actual: What the merge commit holds.
    """
    if len(sides) == 2:  # noqa: PLR2004 - the usual merge, and quicker
        outcome = merge_values(reconcile_ids(base, sides[0], sides[1]).sides)
        text = comparable_text(actual)
        if isinstance(outcome.value, dict) and comparable_text(outcome.value) == text:
            return ()
        merged = explaining_merge(base, sides[0], sides[1], actual)
    else:
        merged = _merge_all(base, sides)
    return tuple(_differences(merged, sides, actual))


def explaining_merge(base: PlanData, ours: PlanData, theirs: PlanData, actual: PlanData) -> Merged:
    """Return what merging two versions gives, or gave until 2026-11 where only that explains more.

    Args:
        base: The version that the sides started from.
        ours: One side.
        theirs: The other.
        actual: What the merge commit holds.
    """
    merged = merge(base, ours, theirs)
    if not explains(merged, (ours, theirs), actual):
        earlier = merge(base, ours, theirs, as_in_2026_11=True)
        if explains(earlier, (ours, theirs), actual):
            return earlier
    return merged


def explains(merged: Merged, sides: Sequence[PlanData], actual: PlanData) -> bool:
    """Tell whether a merge and its choices give what a merge commit holds.

    The arguments are those of `merge_differences`.
    """
    return not any(_differences(merged, sides, actual))


def common_ancestor(base: PlanData, one: PlanData, other: PlanData) -> PlanData:
    """Return one ancestor made of two, for branches that have merged each other before."""
    merged = merge(base, one, other)
    return resolve(merged, [conflict.sides.base for conflict in merged.conflicts])


def _merge_all(base: PlanData, sides: Sequence[PlanData]) -> Merged:
    merged = merge(base, sides[0], sides[1])
    for side in sides[2:]:
        merged = merge(base, merged.data, side)
    return merged


def _differences(
    merged: Merged, sides: Sequence[PlanData], actual: PlanData
) -> Iterator[MergeDifference]:
    outside = part_texts(actual, "")
    if part_texts(merged.data, "") != outside and not any(
        part_texts(data, "") == outside for data in resolutions(merged, "")
    ):
        yield MergeDifference("", outside_measures(merged.data), outside_measures(actual))
    expected_rows, actual_rows = measures_by_id(merged.data), measures_by_id(actual)
    rows_of_sides = [measures_by_id(side) for side in sides]
    # Where an id is given twice, the measure that merging would renumber is not lost.
    duplicates = {
        text_without_id(row) for rows in actual_rows.values() if len(rows) > 1 for row in rows
    }
    for measure in dict.fromkeys((*expected_rows, *actual_rows)):
        expected, rows = expected_rows.get(measure, []), actual_rows.get(measure, [])
        if comparable_texts(rows) == comparable_texts(expected):
            continue
        if expected and not rows and duplicates >= set(map(text_without_id, expected)):
            continue
        if len(rows) > 1:
            # A duplicate id is a finding elsewhere: here each measure has to come from a side.
            known = {
                text
                for side in (expected_rows, *rows_of_sides)
                for text in comparable_texts(side.get(measure, []))
            }
            is_explained = set(comparable_texts(rows)) <= known
        else:
            texts = comparable_texts(rows)
            is_explained = any(
                comparable_texts(measures_by_id(data).get(measure, [])) == texts
                for data in resolutions(merged, measure)
            )
        if not is_explained:
            yield MergeDifference(measure, {MEASURES: [*expected]}, {MEASURES: [*rows]})

"""The choices of a merge whose sides break a rule only together.

They are looked for only where merging by field leaves something unexplained: judging the rules
takes much longer than merging.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from kvartal.history.diff.diff import MEASURES
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.matching import same
from kvartal.history.diff.words import Words
from kvartal.history.log.choice_text import choice_text
from kvartal.history.log.entry import PARENTS_OF_A_MERGE, Choice
from kvartal.history.log.merge_changes import MergeChanges, counterpart
from kvartal.history.merge.threeway import Sides, Value
from kvartal.schema.changes import Plain, PlanData

_MOST_COMBINED: Final = 5
"""Up to how many such conflicts every combination of sides is tried; of more, one side for all."""


def with_rule_choices(
    changes: MergeChanges, base: PlanData, sides: Sequence[PlanData], made: PlanData, words: Words
) -> MergeChanges:
    """Return what a merge changed, with the choices between sides that break a rule together.

    Args:
        changes: What it changed, as far as merging by field explains it.
        base: The version that its sides started from.
        sides: The versions that were merged, the first parent's first.
        made: What the merge commit holds.
        words: The language.
    """
    if not changes.own or len(sides) != PARENTS_OF_A_MERGE:
        return changes
    # Imported here: it brings the rules and the schema's validator.
    from kvartal.history.merge.merge import merge, resolve

    merged = merge(base, *sides)
    broken = [conflict for conflict in merged.conflicts if conflict.problem is not None]
    places = {conflict.measure for conflict in broken}
    for combination in _combinations(len(broken)):
        left = iter(combination)
        values = [
            _value(one.sides, next(left))
            if one.problem is not None
            else counterpart(merged.data, made, one.where)[1]
            for one in merged.conflicts
        ]
        data = resolve(merged, values)
        if all(same(_part(data, place), _part(made, place)) for place in places):
            break
    else:
        return changes
    choices = []
    for conflict, side in zip(broken, combination, strict=True):
        versions = conflict.sides
        taken, rejected = _value(versions, side), _value(versions, 1 - side)
        choice = Choice(conflict.measure, conflict.path, versions.base, taken, (rejected,))
        text = choice_text(choice, conflict.where, versions, merged.data, words)
        choices.append(replace(choice, text=text))
    explained = places | ({""} if same(_part(data, ""), _part(made, "")) else set())
    own = frozenset(name for name in changes.own if name[0] not in explained)
    return replace(changes, choices=(*changes.choices, *choices), own=own)


def _combinations(count: int) -> Iterator[tuple[int, ...]]:
    """Yield a side, 0 or 1, for each of several conflicts; nothing for none."""
    if 0 < count <= _MOST_COMBINED:
        yield from product((0, 1), repeat=count)
    elif count:
        yield from ((side,) * count for side in (0, 1))


def _value(sides: Sides, side: int) -> Value:
    return sides.theirs if side else sides.ours


def _part(data: PlanData, measure: str) -> Plain:
    """Return a measure, or what is outside of all of them."""
    if not measure:
        return {key: value for key, value in data.items() if key != MEASURES}
    return [row for row in map(as_row, as_list(data.get(MEASURES))) if row.get("id") == measure]

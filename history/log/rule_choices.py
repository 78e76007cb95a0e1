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
    if not broken:
        return changes
    places = {conflict.measure for conflict in broken}
    for combination in _combinations(len(broken)):
        left = iter(combination)
        values = [
            _value(one.sides, is_theirs=next(left))
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
    for conflict, is_theirs in zip(broken, combination, strict=True):
        versions = conflict.sides
        taken = _value(versions, is_theirs=is_theirs)
        rejected = _value(versions, is_theirs=not is_theirs)
        choice = Choice(conflict.measure, conflict.path, versions.base, taken, (rejected,))
        text = choice_text(choice, conflict.where, versions, merged.data, words)
        choices.append(replace(choice, text=text))
    explained = places | ({""} if same(_part(data, ""), _part(made, "")) else set())
    own = frozenset(name for name in changes.own if name[0] not in explained)
    return replace(changes, choices=(*changes.choices, *choices), own=own)


def _combinations(count: int) -> Iterator[tuple[bool, ...]]:
    """Yield, for each of several conflicts, whether their side is taken."""
    if count <= _MOST_COMBINED:
        yield from product((False, True), repeat=count)
    else:
        yield from ((is_theirs,) * count for is_theirs in (False, True))


def _value(sides: Sides, *, is_theirs: bool) -> Value:
    return sides.theirs if is_theirs else sides.ours


def _part(data: PlanData, measure: str) -> Plain:
    """Return a measure, or what is outside of all of them."""
    if not measure:
        return {key: value for key, value in data.items() if key != MEASURES}
    return [row for row in map(as_row, as_list(data.get(MEASURES))) if row.get("id") == measure]

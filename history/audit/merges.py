"""A merge commit against what merging its parents by measure and field gives.

What the two sides agree on, or one of them alone changed, is the merge's own doing; where both
changed one field, either value is a person's choice. Everything else somebody put in, or left out,
under the cover of merging. In which order records stand is nobody's lie.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from kvartal.history.audit.facts import as_text
from kvartal.history.diff.diff import MEASURES, Row
from kvartal.history.diff.lines import as_list
from kvartal.history.merge.merge import Conflict, Merged, merge, settled
from kvartal.history.merge.renumbering import reconciled
from kvartal.history.merge.threeway import Value, merge_values
from kvartal.schema.changes import Plain, PlanData

_MOST_CHOICES: Final = 8
"""So many conflicts of one measure are tried in every combination."""

# Lists whose items are the sides' to add: a person who joins them writes them in any order.
_JOINED: Final = frozenset(
    {"measures", "records", "postponements", "values", "documents", "files", "links"}
)


def unexplained(base: PlanData, sides: Sequence[PlanData], made: PlanData) -> tuple[str, ...]:
    """Return ids of the measures in which a merge is not what merging gives.

    An empty id stands for what belongs to the programme as a whole.

    Args:
        base: The version that the sides started from.
        sides: The versions that were merged; at least two.
        made: What the merge commit holds.
    """
    if len(sides) == 2:  # noqa: PLR2004 - the usual merge, and no rule to be asked about it
        outcome = merge_values(reconciled(base, sides[0], sides[1]).sides)
        if isinstance(outcome.value, dict) and _told(outcome.value) == _told(made):
            return ()
    return tuple(_differing(_merged(base, sides), sides, made))


def joint(base: PlanData, one: PlanData, other: PlanData) -> PlanData:
    """Return one ancestor of two, as it is made where two branches have merged each other."""
    merged = merge(base, one, other)
    return settled(merged, [conflict.sides.base for conflict in merged.conflicts])


def _merged(base: PlanData, sides: Sequence[PlanData]) -> Merged:
    merged = merge(base, sides[0], sides[1])
    for side in sides[2:]:
        merged = merge(base, merged.data, side)
    return merged


def _differing(merged: Merged, sides: Sequence[PlanData], made: PlanData) -> Iterator[str]:
    if _told(_outside(merged.data)) != _told(_outside(made)) and not any(
        _told(_outside(option)) == _told(_outside(made)) for option in _options(merged, "")
    ):
        yield ""
    wanted, have = _by_id(merged.data), _by_id(made)
    known = [_by_id(side) for side in sides]
    for name in dict.fromkeys((*wanted, *have)):
        rows = have.get(name, [])
        if rows == wanted.get(name, []):
            continue
        if len(rows) > 1:
            # An id given twice is a fault of its own: here it counts whose measures these are.
            theirs = {row for side in (wanted, *known) for row in side.get(name, [])}
            explained = set(rows) <= theirs
        else:
            options = (_by_id(option).get(name, []) for option in _options(merged, name))
            explained = any(rows == option for option in options)
        if not explained:
            yield name


def _options(merged: Merged, measure: str) -> Iterator[PlanData]:
    """Yield the merged programme with the conflicts of one measure settled either way."""
    own = tuple(one for one in merged.conflicts if one.measure == measure)
    if not own:
        return
    just = replace(merged, conflicts=own)
    if len(own) > _MOST_CHOICES:
        ways: Iterator[tuple[bool, ...]] = iter([(True,) * len(own), (False,) * len(own)])
    else:
        ways = product((True, False), repeat=len(own))
    for way in ways:
        yield settled(just, [_choice(one, ours) for one, ours in zip(own, way, strict=True)])


def _choice(conflict: Conflict, ours: bool) -> Value:  # noqa: FBT001 - one of two sides
    return conflict.sides.ours if ours else conflict.sides.theirs


def _outside(data: PlanData) -> Row:
    return {key: value for key, value in data.items() if key != MEASURES}


def _by_id(data: PlanData) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in as_list(data.get(MEASURES)):
        name = row.get("id", "") if isinstance(row, dict) else ""
        found.setdefault(str(name), []).append(_told(row))
    return found


def _told(value: Plain) -> str:
    """Return a value as a text that is the same whatever the order of joined lists."""
    return as_text(_sorted(value))


def _sorted(value: Plain, key: str = "") -> Plain:
    if isinstance(value, dict):
        # Two files of one name get two names; that each is where it is said is looked up elsewhere.
        kept = {name: item for name, item in value.items() if key != "files" or name != "path"}
        return {name: _sorted(item, name) for name, item in kept.items()}
    if isinstance(value, list):
        items = [_sorted(item, key) for item in value]
        return sorted(items, key=as_text) if key in _JOINED else items
    return value

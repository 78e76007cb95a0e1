"""The place of a measure that both sides put elsewhere, as it is chosen.

A measure stands in a channel, or in a section itself: what one side changed may be the one field,
and what the other changed the other. A choice is of a place, so both fields follow it. So they do
where a measure has steps of its own, or those of another measure.
"""

from collections.abc import Mapping
from typing import Final

from kvartal.history.diff.matching import same
from kvartal.history.merge.conflict import Conflict
from kvartal.history.merge.threeway import Sides, Value
from kvartal.schema.changes import MISSING, Edit, Missing, PlanData
from kvartal.schema.plan_data import rows_of
from kvartal.schema.problems import DataPath

_PLACES: Final[Mapping[DataPath, str]] = {("channel",): "section", ("section",): "channel"}
_OTHER: Final = {
    **_PLACES,
    ("actions",): "actions_from",
    ("actions_from",): "actions",
}
"""Of two fields a measure has one."""


def is_place(path: DataPath) -> bool:
    """Return whether a path inside a measure leads to its channel or section."""
    return path in _PLACES


def other_field(
    conflict: Conflict, choice: Value, data: PlanData, sides: Sides
) -> Mapping[DataPath, Edit]:
    """Return the edit of the other of the two fields, which goes or comes back with the choice.

    Args:
        conflict: What was chosen about.
        choice: What was chosen.
        data: The merged programme.
        sides: The merged versions.
    """
    other = _OTHER.get(conflict.path)
    if not conflict.measure or other is None:
        return {}
    row = next(one for one in rows_of(data) if one.get("id") == conflict.measure)
    old: Value = row.get(other, MISSING)
    new: Value = MISSING
    if isinstance(choice, Missing):
        new = _as_chosen(conflict, other, choice, sides)
    if same(old, new):
        return {}
    where = (*conflict.where[:-1], other)
    return {where: Edit("", where, old, new)}


def _as_chosen(conflict: Conflict, field: str, choice: Value, sides: Sides) -> Value:
    """Return a field of the measure as the side has it whose value was chosen."""
    of_conflict = conflict.sides
    for value, version in (
        (of_conflict.ours, sides.ours),
        (of_conflict.theirs, sides.theirs),
        (of_conflict.base, sides.base),
    ):
        rows = rows_of(version) if isinstance(version, dict) else []
        row = next((one for one in rows if one.get("id") == conflict.measure), None)
        if row is not None and same(value, choice):
            return row.get(field, MISSING)
    return MISSING

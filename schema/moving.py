"""Moving and copying a measure: its place and printed number change, its id never does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kvartal.schema.changes import (
    MISSING,
    Change,
    ChangeKind,
    Edit,
    Missing,
    Plain,
    PlanData,
    measure_data,
    measure_index,
)
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.measure_position import measure_place, position_for
from kvartal.schema.numbering import free_id
from kvartal.schema.plan_data import rows_of
from kvartal.schema.typed_text import normalised

_PLACES = ("channel", "section")
# What happened to a measure stays with it; a copy has a history of its own.
NOT_COPIED = frozenset({"id", "records", "postponements", "cancelled", "carried_from"})


class AlreadyThere(KvartalError):
    """The measure stands in this place with this number already."""

    template = N_("{measure}: мероприятие уже стоит здесь под этим номером.")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a measure goes.

    Attributes:
        channel: Number of the channel; None for none.
        section: Number of the section; None for none.
        number: Its printed number there; None where that stays.
        is_kept: Whether it stays where it is, so that only the number changes.
    """

    channel: str | None = None
    section: str | None = None
    number: str | None = None
    is_kept: bool = False


def move(data: PlanData, measure: str, to: Destination) -> Change:
    """Return the change that moves or renumbers a measure; its id stays.

    In the file it goes after the other measures of its new place, as it is printed.

    Raises:
        UnknownMeasure: The measure is not in the programme.
        AlreadyThere: It is there already, under this number.
    """
    row = measure_data(data, measure)
    edits = [*_placed(row, measure, to)]
    if not edits:
        raise AlreadyThere(measure=measure)
    moved = apply_edits(data, edits)
    after = measure_data(moved, measure)
    if measure_place(after) != measure_place(row):
        index = measure_index(moved, measure)
        others = [one for one in rows_of(moved) if one.get("id") != measure]
        position = position_for(moved, after, others)
        if position != index:
            edits.append(Edit(measure, (), after, MISSING, index))
            edits.append(Edit(measure, (), MISSING, after, position))
    return Change(ChangeKind.MOVE, tuple(edits))


def copy(data: PlanData, measure: str, to: Destination) -> Change:
    """Return the change that adds a copy of a measure, as one on which nothing has happened yet.

    Raises:
        UnknownMeasure: The measure is not in the programme.
    """
    row = measure_data(data, measure)
    number = str(row.get("number", "")) if to.number is None else normalised(to.number).strip()
    taken = [str(one["id"]) for one in rows_of(data)]
    name = free_id(number, taken)
    kept = {key: value for key, value in row.items() if key not in NOT_COPIED}
    new: dict[str, Plain] = {"id": name, **kept}
    for edit in _placed(new, name, to):
        new = _with(new, str(edit.path[0]), edit.new)
    position = position_for(data, new, rows_of(data))
    if measure_place(new) == measure_place(row):
        position = measure_index(data, measure) + 1
    return Change(ChangeKind.COPY, (Edit(name, (), MISSING, new, position),))


def _placed(row: Mapping[str, Plain], measure: str, to: Destination) -> Iterator[Edit]:
    if not to.is_kept:
        for name, number in zip(_PLACES, (to.channel, to.section), strict=True):
            old, new = row.get(name, MISSING), MISSING if number is None else number
            if old != new:
                yield Edit(measure, (name,), old, new)
    number = None if to.number is None else normalised(to.number).strip()
    if number and row.get("number") != number:
        yield Edit(measure, ("number",), row.get("number", MISSING), number)


def _with(row: dict[str, Plain], key: str, value: Plain | Missing) -> dict[str, Plain]:
    if isinstance(value, Missing):
        return {name: one for name, one in row.items() if name != key}
    return {**row, key: value}

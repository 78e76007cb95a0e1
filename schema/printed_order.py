"""The order in which rows are printed: that of the structure, wherever they stand in the file."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from kvartal.schema.measure import Measure
from kvartal.schema.model import Plan, Section

_Steps: TypeAlias = tuple[tuple[str, int], ...]
"""The way to a section or channel from the top: in which list, and at which place there."""


def in_printed_order(plan: Plan) -> Plan:
    """Return a programme with its rows where the structure prints them.

    The file keeps a row where it was written: a section that moves, or is renumbered, moves no
    measure in it. What the structure does not order stays as it is in the file.
    """
    places = dict(_places(plan.sections, ()))
    rows = [(one, places.get(one.place, ())) for one in plan.measures]
    measures = tuple(_arranged(rows, 0))
    return plan if measures == plan.measures else replace(plan, measures=measures)


def _places(
    sections: Sequence[Section], above: _Steps
) -> Iterator[tuple[tuple[str | None, str | None], _Steps]]:
    """Yield each place in which a measure may stand, with the way to it."""
    for index, section in enumerate(sections):
        steps = (*above, ("section", index))
        yield (None, section.number), steps
        for at, channel in enumerate(section.channels):
            yield (channel.number, None), (*steps, ("channel", at))
        yield from _places(section.sections, steps)


def _arranged(rows: Sequence[tuple[Measure, _Steps]], depth: int) -> Iterator[Measure]:
    """Yield rows with those of one section together, and sections, or channels, in their order.

    Which of a section's own rows, its channels and the sections below it come first is as in the
    file.
    """
    groups: dict[tuple[str, int], list[tuple[Measure, _Steps]]] = {}
    for at, row in enumerate(rows):
        own = ("", at)  # A row of the section itself stays where it is.
        groups.setdefault(row[1][depth] if len(row[1]) > depth else own, []).append(row)
    order = list(groups)
    for kind in ("section", "channel"):
        slots = [at for at, key in enumerate(order) if key[0] == kind]
        for at, key in zip(slots, sorted(order[at] for at in slots), strict=True):
            order[at] = key
    for key in order:
        if key[0]:
            yield from _arranged(groups[key], depth + 1)
        else:
            yield from (measure for measure, _ in groups[key])

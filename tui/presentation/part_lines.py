"""Sections and channels as lines of a list: numbers, titles, how many measures they hold."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from kvartal.schema.changes import PlanData
from kvartal.schema.model import Plan
from kvartal.schema.plan_data import rows_of
from kvartal.schema.problems import DataPath
from kvartal.schema.structure import Part, PartKind
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cell_width import in_cells
from kvartal.tui.presentation.measure_numbers import name_text
from kvartal.tui.presentation.part_positions import depth_of
from kvartal.tui.presentation.sanitize import shown

_LEAST_TITLE: Final = 20
_COUNT_WIDTH: Final = 5
_MOST_NAMED: Final = 8
"""How many things that a part holds are named before «…»."""


def part_lines(parts: Sequence[Part], counts: Mapping[DataPath, int], width: int) -> Iterator[Text]:
    """Yield a line for each part, indented by its depth.

    Args:
        parts: Sections and channels in printed order.
        counts: How many measures each holds, by its path.
        width: Cells of a line.
    """
    lead_width = max((cell_len(shown(one.number)) + 2 * depth_of(one) for one in parts), default=0)
    room = max(_LEAST_TITLE, width - lead_width - 5 - _COUNT_WIDTH)
    for part in parts:
        lead = f" {'  ' * depth_of(part)}{shown(part.number)}"
        title = in_cells(str(part.row.get("title", "")), room)
        style = "bold" if part.kind is PartKind.SECTION else ""
        text = f"{set_cell_size(lead, lead_width + 3)}{title}"
        yield Text(f"{text}{counts[part.path] or '–':>{_COUNT_WIDTH}}", style, no_wrap=True)


def measures_held(parts: Sequence[Part], data: PlanData) -> dict[DataPath, int]:
    """Return how many measures each part holds, those of the parts below it among them.

    Args:
        parts: Sections and channels of the programme.
        data: The programme's data.
    """
    own = Counter(
        (kind, str(row[kind.value]))
        for row in rows_of(data)
        for kind in PartKind
        if row.get(kind.value) is not None
    )
    return {
        part.path: sum(
            own[below.kind, below.number]
            for below in parts
            if below.path[: len(part.path)] == part.path
        )
        for part in parts
    }


def not_empty(part: Part, parts: Sequence[Part], plan: Plan) -> str:
    """Return the sentence that a part cannot be removed, with what it holds.

    Args:
        part: A section or channel that is not empty.
        parts: All of them.
        plan: The programme.
    """
    size = len(part.path)
    below = [one.number for one in parts if one.path[:size] == part.path and one != part]
    held = below or [
        name_text(one) for one in plan.measures if getattr(one, part.kind.value) == part.number
    ]
    names = ", ".join(held[:_MOST_NAMED]) + (", …" if len(held) > _MOST_NAMED else "")
    return _(
        "«{number}» не пуст: {inside}. Сначала переставьте это в другое место (ь) или удалите."
    ).format(number=part.number, inside=names)

"""How the period columns are drawn: wide enough for their names, or as narrow as their signs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kvartal.schema.states import CheckpointState, Status
from kvartal.tui.presentation.cells import Cell, CellLine
from kvartal.tui.presentation.labels import Signs
from kvartal.tui.presentation.periods import PeriodColumn, PeriodPart, PeriodUnit, part_states


@dataclass(frozen=True, slots=True)
class PeriodLayout:
    """The period columns, drawn as one.

    Attributes:
        heads: The name of each.
        widths: The width of each, in cells.
        parts: The days of every sign, in order.
        part_widths: The width of every sign; the last one of a column takes what is left of it.
    """

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    parts: tuple[PeriodPart, ...]
    part_widths: tuple[int, ...]

    @property
    def heading(self) -> str:
        """The names of the columns, each above its signs."""
        pairs = zip(self.heads, self.widths, strict=True)
        return " " + "".join(f"{head:<{width}}" for head, width in pairs)

    @property
    def width(self) -> int:
        """The width of them all, in cells."""
        return 1 + sum(self.widths)

    def cells(self, status: Status, signs: Signs) -> CellLine:
        """Return the signs of a measure; neighbours of one tone are one cell."""
        states = part_states(status, self.parts)
        drawn = [
            _sign(state, width, signs)
            for state, width in zip(states, self.part_widths, strict=True)
        ]
        runs = groupby(drawn, key=lambda one: one.tone)
        return (Cell(" "), *(Cell("".join(o.text for o in run), tone) for tone, run in runs))


def layouts(columns: Sequence[PeriodColumn], *, roomy: bool) -> Iterator[PeriodLayout]:
    """Yield the ways to draw period columns, the widest first.

    Args:
        columns: One at least.
        roomy: Whether the table is wide.
    """
    unit = columns[0].unit
    if unit is PeriodUnit.QUARTER:
        yield _layout(columns, [one.title for one in columns], 3, apart=2 if roomy else 1)
    elif unit is PeriodUnit.YEAR:
        yield _layout(columns, [one.title for one in columns], 2, apart=1)
        yield _layout(columns, [one.title for one in columns], 1, apart=1)
    else:
        numbers = [
            str(one.start.month) if one.unit is PeriodUnit.MONTH else one.title for one in columns
        ]
        yield _layout(columns, [one.title for one in columns], 3, apart=1)
        yield _layout(columns, numbers, 3, apart=1)
        yield _layout(columns, numbers, 2, apart=1)


def coarse_layouts(columns: Sequence[PeriodColumn]) -> Iterator[PeriodLayout]:
    """Yield the ways to draw very many years: one sign for each, the widest first."""
    if columns[0].unit is PeriodUnit.YEAR:
        whole = [replace(one, parts=(PeriodPart(one.start, one.due),)) for one in columns]
        yield _layout(whole, [one.title for one in columns], 2, apart=1)
        yield _layout(whole, [one.title[-2:] for one in columns], 2, apart=1)


def _layout(
    columns: Sequence[PeriodColumn], heads: Sequence[str], sign: int, *, apart: int
) -> PeriodLayout:
    """Return a layout.

    Args:
        columns: What is drawn.
        heads: The name of each.
        sign: The width of a sign, with the space after it.
        apart: How many spaces there are after a name at least.
    """
    several = any(len(one.parts) > 1 for one in columns)
    widths: list[int] = []
    parts: list[PeriodPart] = []
    part_widths: list[int] = []
    for column, head in zip(columns, heads, strict=True):
        room = max(sign * len(column.parts) + several, len(head) + apart)
        own = [sign] * len(column.parts)
        own[-1] += room - sum(own)
        widths.append(room)
        parts += column.parts
        part_widths += own
    return PeriodLayout(tuple(heads), tuple(widths), tuple(parts), tuple(part_widths))


def _sign(state: CheckpointState | None, width: int, signs: Signs) -> Cell:
    if state is None:
        return Cell(f"{signs.not_in_term:<{width}}", "none")
    sign = signs.states[state]
    # «✓!» needs a space after it; where there is no room, its last letter alone is told apart.
    return Cell(f"{sign if len(sign) < width else sign[-1]:<{width}}", state.value)

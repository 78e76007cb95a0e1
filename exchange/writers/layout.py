"""Where the cells of a table stand, and how wide its columns are, the same for every writer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.exchange.reports.blocks import ColumnKind, ReportCell, ReportTable

_LONGEST_WORD: Final = 18
"""Longer words may be broken: they would take the width of a whole table."""
_PADDING: Final = 2.0
"""The room at both sides of a text, in letters."""
_ROUNDED: Final = 1e-6
_BOLD: Final = 1.1
"""How much wider the letters of headings are."""
_WIDTHS: Final = {
    **dict.fromkeys(".,:;-ijlt", 0.65),
    **dict.fromkeys("жшщмюфыmw%", 1.45),
    **dict.fromkeys("ЖШЩМЮФЫMW№", 1.85),
}
"""How wide letters are that are not as wide as most, by those of Times New Roman."""
_CAPITAL: Final = 1.3


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A position of a row.

    Attributes:
        column: Index of its column.
        span: How many columns it is wide.
        cell: The cell that begins here; None where one from above covers the position.
    """

    column: int
    span: int
    cell: ReportCell | None


def placed_rows(table: ReportTable) -> Iterator[list[PlacedCell]]:
    """Yield the positions of each row, those that are covered from above too."""
    covering: dict[int, tuple[int, int]] = {}
    for row in table.rows:
        placed: list[PlacedCell] = []
        column, cells = 0, iter(row.cells)
        while column < len(table.columns):
            if column in covering:
                span, left = covering.pop(column)
                placed.append(PlacedCell(column, span, None))
                if left > 1:
                    covering[column] = (span, left - 1)
                column += span
                continue
            cell = next(cells, ReportCell())
            placed.append(PlacedCell(column, cell.column_span, cell))
            if cell.row_span > 1:
                covering[column] = (cell.column_span, cell.row_span - 1)
            column += cell.column_span
        yield placed


def column_widths(
    table: ReportTable, whole: float, *, broad: float = 1.0, padding: float = _PADDING
) -> list[float]:
    """Return the width of each column in letters: no date, number or heading's word is broken.

    Where that is more than there is, the columns with the longest words give way, and those of
    short ones stay whole.

    Args:
        table: The table.
        whole: How wide it is.
        broad: How much broader the letters of its font are than those of a text font.
        padding: The room at both sides of a text, however broad the letters are.
    """
    least = [broad * one + padding for one in _word_widths(table)]
    if sum(least) >= whole - _ROUNDED:
        return _squeezed(least, whole)
    widths = [column.width for column in table.columns]
    fixed: dict[int, float] = {}
    while True:
        free = [at for at in range(len(least)) if at not in fixed]
        unit = (whole - sum(fixed.values())) / sum(widths[at] for at in free)
        narrow = {at: least[at] for at in free if unit * widths[at] < least[at]}
        if not narrow:
            return [fixed.get(at, unit * widths[at]) for at in range(len(least))]
        fixed |= narrow


def least_width(table: ReportTable, longest: int) -> float:
    """Return how many letters wide a table has to be for no word to be broken.

    Args:
        table: The table.
        longest: A word of more letters may be broken.
    """
    return sum(one + _PADDING for one in _word_widths(table, longest))


def broadest_letters(table: ReportTable, whole: float, padding: float) -> float:
    """Return how broad letters may be for no word up to 18 of them to be broken.

    Args:
        table: The table.
        whole: How wide it is, in letters.
        padding: The room at both sides of a text.
    """
    return (whole - padding * len(table.columns)) / sum(_word_widths(table))


def _squeezed(least: Sequence[float], whole: float) -> list[float]:
    """Return widths that fit: only those above a common limit are cut down to it."""
    left, count = whole, len(least)
    for one in sorted(least):
        if one * count > left:
            return [min(width, left / count) for width in least]
        left, count = left - one, count - 1
    return list(least)


def _word_widths(table: ReportTable, most: int = _LONGEST_WORD) -> list[float]:
    """Return the width of the longest word of each column that is not broken."""
    longest = [
        max((_BOLD * _word_width(word) for word in column.heading.split()), default=1.0)
        for column in table.columns
    ]
    for row in placed_rows(table):
        for one in row:
            if one.cell is None or one.span > 1:
                continue
            is_text = table.columns[one.column].kind is ColumnKind.TEXT
            for line in one.cell.lines:
                words = line.split() if is_text else [line]
                size = max(map(_word_width, words), default=0.0)
                longest[one.column] = max(longest[one.column], size)
    return [min(one, most) for one in longest]


def _word_width(word: str) -> float:
    """Return the width of a word in usual small letters: capitals and broad ones count for more."""
    return sum(_WIDTHS.get(one, _CAPITAL if one.isupper() else 1.0) for one in word)

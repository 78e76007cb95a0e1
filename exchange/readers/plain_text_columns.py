"""Tables of a text that are drawn with columns of spaces."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.exchange.readers.plain_text_rows import DrawnCell, DrawnRow, TextLine

_GAP: Final = re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
_FEWEST_LINES: Final = 3
_FEWEST_COLUMNS: Final = 3


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """Where a table is: the index after its last line, and where its columns start."""

    end: int
    starts: tuple[int, ...]


def columns_from(lines: Sequence[TextLine], index: int) -> ColumnTable | None:
    """Return the table that begins with a line; None where there is none.

    It has three columns or more, in three lines or more, with two spaces between them everywhere.
    A line of text between its rows, such as a section's title, belongs to it.
    """
    if not _GAP.search(lines[index].text):
        return None
    spaces: set[int] | None = None
    end, divided, last = index, 0, index
    while end < len(lines):
        text = lines[end].text
        blank = not text.strip()
        if blank and (end + 1 >= len(lines) or not lines[end + 1].text.strip()):
            break
        if not blank and (_GAP.search(text) or text[:1] == " "):
            free = _free(text) if spaces is None else {at for at in spaces if _is_free(text, at)}
            if len(_starts(free, lines[index].text)) < _FEWEST_COLUMNS:
                break
            spaces = free
            divided += 1
            last = end
        end += 1
    starts = _starts(spaces or set(), lines[index].text)
    if divided < _FEWEST_LINES or len(starts) < _FEWEST_COLUMNS:
        return None
    return ColumnTable(last + 1, starts)


def column_rows(lines: Sequence[TextLine], starts: Sequence[int]) -> list[DrawnRow]:
    """Return the rows of a table; a line with nothing in its first column goes on with a row."""
    rows: list[DrawnRow] = []
    for line in lines:
        if not line.text.strip():
            continue
        cells = _cells(line.text, starts)
        if rows and not cells[0].text:
            rows[-1].go_on(cells)
        else:
            rows.append(DrawnRow(line.number, cells))
    return rows


def _free(text: str) -> set[int]:
    return {at for at in range(len(text)) if _is_free(text, at)}


def _is_free(text: str, at: int) -> bool:
    """Return whether nothing stands at a place, or the line is shorter."""
    return at >= len(text) or text[at] in " \u00a0"


def _starts(free: set[int], first: str) -> tuple[int, ...]:
    """Return where columns start: after two free places, as the first line has them."""
    return (
        0,
        *(
            at
            for at in range(2, len(first))
            if at not in free and {at - 1, at - 2} <= free and first[:at].strip()
        ),
    )


def _cells(text: str, starts: Sequence[int]) -> list[DrawnCell]:
    """Return the cells of a line; a text that reaches over the edge of a column spans both."""
    cells: list[DrawnCell] = []
    column = 0
    while column < len(starts):
        end = column + 1
        while end < len(starts) and not _is_free(text, starts[end] - 1):
            end += 1
        right = starts[end] if end < len(starts) else len(text)
        cells.append(DrawnCell(column, end - column, text[starts[column] : right].strip()))
        column = end
    return cells

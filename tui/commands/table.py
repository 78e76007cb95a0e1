"""A table of text: aligned, literal, and as wide as the terminal that it is printed on."""

import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.tui.commands.output import BOLD, is_terminal, raw, styled
from kvartal.tui.presentation.sanitize import shown

GAP: Final = "  "
NARROWEST: Final = 12
"""A column that gives way to the others keeps at least this many cells."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """One column of a table.

    Attributes:
        title: Its heading.
        gives_way: Whether it is the one to be cut when the table is too wide.
    """

    title: str
    gives_way: bool = False


@dataclass(frozen=True, slots=True)
class TextCell:
    """One cell: any text, shown literally, in a style of the printing module."""

    text: str
    style: str = ""


Row = Sequence[TextCell | str]


def print_table(columns: Sequence[TextColumn], rows: Sequence[Row]) -> None:
    """Print a table; on a terminal it fits the width, in a file or a pipe it is whole."""
    cells = [[_cell(one) for one in row] for row in rows]
    widths = _widths(columns, cells)
    raw(_line([TextCell(column.title, BOLD) for column in columns], widths))
    for row in cells:
        raw(_line(row, widths))


def width(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    return sum(_width(character) for character in text)


def fitted(text: str, cells: int) -> str:
    """Return a text cut to a number of cells, with «…» where something was cut off."""
    if width(text) <= cells:
        return text
    kept, used = [], 1
    for character in text:
        used += _width(character)
        if used > cells:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _cell(one: TextCell | str) -> TextCell:
    cell = TextCell(one) if isinstance(one, str) else one
    return TextCell(shown(cell.text), cell.style)


def _widths(columns: Sequence[TextColumn], rows: Sequence[Sequence[TextCell]]) -> list[int]:
    widths = [
        max([width(column.title), *(width(row[at].text) for row in rows)])
        for at, column in enumerate(columns)
    ]
    if not is_terminal():
        return widths
    room = shutil.get_terminal_size().columns
    over = sum(widths) + len(GAP) * (len(widths) - 1) - room
    for at, column in enumerate(columns):
        if column.gives_way and over > 0:
            kept = max(widths[at] - over, min(widths[at], NARROWEST))
            over -= widths[at] - kept
            widths[at] = kept
    return widths


def _line(row: Sequence[TextCell], widths: Sequence[int]) -> str:
    last = len(row) - 1
    parts = []
    for at, (cell, room) in enumerate(zip(row, widths, strict=True)):
        text = fitted(cell.text, room)
        padding = "" if at == last else " " * (room - width(text))
        parts.append(styled(text, cell.style) + padding)
    return GAP.join(parts).rstrip(" ")


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1

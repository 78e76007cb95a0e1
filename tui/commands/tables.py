"""Tables for people, cut to the width of the terminal or to ``COLUMNS``, wide letters counted.

In a file or a pipe a table is whole, unless ``COLUMNS`` says how wide it may be.
"""

import os
import shutil
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.tui.commands import output
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

GAP: Final = "  "
MIN_WIDTH: Final = 12
"""The fewest cells that a column is cut to, as long as others can give way."""
_LEAST_WIDTH: Final = 3
_NO_CELL: Final = frozenset({"Mn", "Me", "Cf"})


@dataclass(frozen=True, slots=True)
class TextColumn:
    """One column of a table.

    Attributes:
        title: Its heading.
        can_shrink: Whether it may be cut when the table is too wide.
        can_drop: Whether it may be left out where cutting the others is not enough.
    """

    title: str
    can_shrink: bool = False
    can_drop: bool = False


@dataclass(frozen=True, slots=True)
class TextCell:
    """One cell: any text, shown literally, in a style of `output`."""

    text: str
    style: str = ""


Row = Sequence[TextCell | str]


def print_table(columns: Sequence[TextColumn], rows: Sequence[Row]) -> None:
    """Print a table; columns that have no room in the width are named below it."""
    cells = [[_cell(cell) for cell in row] for row in rows]
    widths = [
        max([width(column.title), *(width(row[index].text) for row in cells)])
        for index, column in enumerate(columns)
    ]
    kept = _fit(columns, widths, table_width())
    output.raw(_row_text([TextCell(columns[at].title, output.BOLD) for at in kept], kept))
    for row in cells:
        output.raw(_row_text([row[at] for at in kept], kept))
    dropped = [column.title for at, column in enumerate(columns) if at not in kept]
    if dropped:
        print_text(_("Не поместились столбцы: {names}.").format(names=", ".join(dropped)))


def print_text(text: str) -> None:
    """Print a sentence below a table, on as many lines as it takes in the width."""
    room = table_width()
    line = ""
    for word in shown(text).split(" "):
        longer = f"{line} {word}" if line else word
        if line and room is not None and width(longer) > room:
            output.raw(line)
            longer = word
        line = longer
    output.raw(line)


def table_width() -> int | None:
    """Return how many cells a line may take; None for any number."""
    stated = os.environ.get("COLUMNS", "")
    if stated.isascii() and stated.isdigit() and int(stated):
        return int(stated)
    return shutil.get_terminal_size().columns if output.is_terminal() else None


def width(text: str) -> int:
    """Return how many terminal cells a text takes."""
    return sum(_character_width(character) for character in text)


def fitted(text: str, cells: int) -> str:
    """Return a text cut to a number of cells, with «…» at the end if it was cut."""
    if width(text) <= cells:
        return text
    kept, used = [], 1
    for character in text:
        used += _character_width(character)
        if used > cells:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _cell(value: TextCell | str) -> TextCell:
    cell = TextCell(value) if isinstance(value, str) else value
    return TextCell(shown(cell.text), cell.style)


def _fit(columns: Sequence[TextColumn], widths: Sequence[int], room: int | None) -> dict[int, int]:
    """Return the width of each column that is shown, by its place."""
    whole = dict(enumerate(widths))
    if room is None:
        return whole
    shrinking = {at for at, column in enumerate(columns) if column.can_shrink}
    lasting = {at: cells for at, cells in whole.items() if not columns[at].can_drop}
    for shown_columns, cut, least in (
        (whole, shrinking, MIN_WIDTH),
        (lasting, shrinking, MIN_WIDTH),
        (lasting, lasting.keys(), MIN_WIDTH),
    ):
        fitting = _shrunk(shown_columns, cut, least, room)
        if _total(fitting) <= room:
            return fitting
    return _shrunk(lasting, lasting.keys(), _LEAST_WIDTH, room)


def _shrunk(widths: dict[int, int], cut: Collection[int], least: int, room: int) -> dict[int, int]:
    """Return widths with the widest of some columns cut as far as needed and allowed."""
    found = dict(widths)
    over = _total(found) - room
    while over > 0:
        candidates = [at for at in found if at in cut and found[at] > least]
        if not candidates:
            break
        widest = max(candidates, key=lambda at: found[at])
        second = max([least, *(found[at] for at in candidates if at != widest)])
        step = min(over, max(1, found[widest] - second))
        found[widest] -= step
        over -= step
    return found


def _total(widths: dict[int, int]) -> int:
    return sum(widths.values()) + len(GAP) * (len(widths) - 1)


def _row_text(row: Sequence[TextCell], widths: dict[int, int]) -> str:
    last = len(row) - 1
    parts = []
    for index, (cell, room) in enumerate(zip(row, widths.values(), strict=True)):
        text = fitted(cell.text, room)
        padding = "" if index == last else " " * (room - width(text))
        parts.append(output.styled(text, cell.style) + padding)
    return GAP.join(parts).rstrip(" ")


def _character_width(character: str) -> int:
    if unicodedata.category(character) in _NO_CELL:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1

"""Tables for people, cut to the width of the terminal or to ``COLUMNS``, wide letters counted.

In a file or a pipe a table is whole, unless ``COLUMNS`` says how wide it may be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.tui.commands import output
from kvartal.tui.commands.wrapping import character_width, line_width, print_text, width
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

GAP: Final = "  "
MIN_WIDTH: Final = 12
"""The fewest cells that a column is cut to, as long as others can give way."""
_LEAST_WIDTH: Final = 3


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
    kept = _fit(columns, _contents(columns, cells), line_width())
    output.raw(_row_text([TextCell(columns[at].title, output.BOLD) for at in kept], kept))
    for row in cells:
        output.raw(_row_text([row[at] for at in kept], kept))
    dropped = [column.title for at, column in enumerate(columns) if at not in kept]
    if dropped:
        print_text(_("Не поместились столбцы: {names}.").format(names=", ".join(dropped)))


def has_room(columns: Sequence[TextColumn], rows: Sequence[Row]) -> bool:
    """Return whether no column of a table has to be left out."""
    contents = _contents(columns, [[_cell(cell) for cell in row] for row in rows])
    return len(_fit(columns, contents, line_width())) == len(columns)


def fitted(text: str, cells: int) -> str:
    """Return a text cut to a number of cells, with «…» at the end if it was cut."""
    if width(text) <= cells:
        return text
    kept, used = [], 1
    for character in text:
        used += character_width(character)
        if used > cells:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _cell(value: TextCell | str) -> TextCell:
    cell = TextCell(value) if isinstance(value, str) else value
    return TextCell(shown(cell.text), cell.style)


def _contents(columns: Sequence[TextColumn], cells: Sequence[Sequence[TextCell]]) -> list[int]:
    """Return how wide the widest cell of each column is."""
    return [max((width(row[at].text) for row in cells), default=0) for at in range(len(columns))]


def _fit(
    columns: Sequence[TextColumn], contents: Sequence[int], room: int | None
) -> dict[int, int]:
    """Return the width of each column that is shown, by its place.

    What gives way: the columns that may be cut, then those that may be left out, then the headings
    of the others, and what says which row it is last of all.
    """
    whole = {
        at: max(width(column.title), content)
        for at, (column, content) in enumerate(zip(columns, contents, strict=True))
    }
    if room is None:
        return whole
    lasting = {at: cells for at, cells in whole.items() if not columns[at].can_drop}
    short = {at: MIN_WIDTH for at, column in enumerate(columns) if column.can_shrink}
    headings = {at: max(contents[at], _LEAST_WIDTH) for at in lasting}
    shortest = dict.fromkeys(short, _LEAST_WIDTH)
    all_but_first = dict.fromkeys([*lasting][1:], _LEAST_WIDTH)
    for shown_columns, least in (
        (whole, short),
        (lasting, short),
        (lasting, {**headings, **short}),
        (lasting, {**headings, **shortest}),
        (lasting, all_but_first),
    ):
        fitting = _shrunk(shown_columns, least, room)
        if _total(fitting) <= room:
            return fitting
    return _shrunk(lasting, dict.fromkeys(lasting, _LEAST_WIDTH), room)


def _shrunk(widths: Mapping[int, int], least: Mapping[int, int], room: int) -> dict[int, int]:
    """Return widths with the widest columns cut as far as needed and allowed.

    Args:
        widths: Of each column, by its place.
        least: What those that may be cut may be cut to.
        room: How many cells there are.
    """
    found = dict(widths)
    over = _total(found) - room
    while over > 0:
        candidates = [at for at in found if at in least and found[at] > least[at]]
        if not candidates:
            break
        widest = max(candidates, key=lambda at: found[at])
        second = max([least[widest], *(found[at] for at in candidates if at != widest)])
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

"""Tables of a text that have each cell on a line of its own, as a copy of a document's text has.

Such a table is known by the line of column numbers below its headings: 1, 2, 3 … It is read only
where rows begin with numbers; what does not come out even is reported.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.exchange.readers.plain_text_rows import DrawnCell, DrawnRow, TextLine
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import SourcePlace
from kvartal.schema.errors import N_

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)*\.?")
_SECTION: Final = re.compile(r"(?:\d+(?:\.\d+)*|[IVX]+)\.?\s+[А-ЯЁA-Z«].*")
_EMPTY: Final = "-"
_FEWEST_COLUMNS: Final = 3


@dataclass(frozen=True, slots=True)
class LinedTable:
    """A table with a cell on each line.

    Attributes:
        start: Index of its first line.
        end: Index after its last line.
        rows: Its rows.
        remarks: What did not come out even.
    """

    start: int
    end: int
    rows: list[DrawnRow]
    remarks: list[Remark]


def lined_table(lines: Sequence[TextLine]) -> LinedTable | None:
    """Return the table of a text that has each cell on a line; None where there is none."""
    places = [place for place, line in enumerate(lines) if line.text.strip()]
    filled = [lines[place] for place in places]
    texts = [line.text.strip() for line in filled]
    for index, text in enumerate(texts):
        if text == "1":
            columns = 1
            while texts[index + columns : index + columns + 1] == [str(columns + 1)]:
                columns += 1
            if _FEWEST_COLUMNS <= columns <= index:
                start = index - columns
                rows, remarks, end = _read(filled, start, columns)
                if len(rows) <= 2:  # noqa: PLR2004 - headings and column numbers alone
                    return None
                return LinedTable(places[start], places[end - 1] + 1, rows, remarks)
    return None


def _read(
    lines: Sequence[TextLine], start: int, columns: int
) -> tuple[list[DrawnRow], list[Remark], int]:
    """Return the rows of a table, the remarks on it, and the index after its last line."""
    rows = [_row(lines[at : at + columns]) for at in (start, start + columns)]
    remarks: list[Remark] = []
    index = start + 2 * columns
    headings = [line.text.strip() for line in lines[start:index]]
    while index < len(lines):
        if [line.text.strip() for line in lines[index : index + len(headings)]] == headings:
            index += len(headings)
            continue
        group = _group(lines, index, columns)
        if not group:
            break
        found, unclear = _rows(group, columns)
        rows += found
        if unclear:
            template = N_("Строку таблицы не удалось разделить на столбцы ({columns}).")
            place = SourcePlace(line=group[0].number)
            remarks.append(Remark("row-not-divided", place, template, {"columns": columns}))
        index += len(group)
    return rows, remarks, index


def _group(lines: Sequence[TextLine], index: int, columns: int) -> Sequence[TextLine]:
    """Return the lines up to the next one that a row or section begins with; none at the end."""
    first = lines[index].text.strip()
    if _SECTION.fullmatch(first):
        return lines[index : index + 1]
    if first != _EMPTY and not _NUMBER.fullmatch(first):
        return ()
    end = index + (columns if first == _EMPTY else 1)
    while end < len(lines) and not _begins(lines[end].text.strip(), first, end - index, columns):
        end += 1
    # After the last row comes what is no table any more.
    return lines[index : end if end < len(lines) else min(end, index + columns)]


def _begins(text: str, previous: str, count: int, columns: int) -> bool:
    """Return whether a row or a section begins with a line.

    Args:
        text: The line.
        previous: The first line of the row before.
        count: How many lines that row has.
        columns: How many cells a row has.
    """
    even = count == 2 or count % columns == 0  # noqa: PLR2004 - number and title of a channel
    if text == _EMPTY or _SECTION.fullmatch(text):
        return even
    if not _NUMBER.fullmatch(text):
        return False
    if "." in text.rstrip("."):
        return True
    return (
        even
        and previous.rstrip(".").isdigit()
        and int(text.rstrip(".")) == int(previous.rstrip(".")) + 1
    )


def _rows(group: Sequence[TextLine], columns: int) -> tuple[list[DrawnRow], bool]:
    """Return the rows that some lines are, and whether they could not be divided."""
    if len(group) == 1:
        return [DrawnRow(group[0].number, [_cell(0, columns, group)])], False
    if len(group) == 2 and columns > 2:  # noqa: PLR2004 - number and title
        cells = [_cell(0, 1, group[:1]), _cell(1, columns - 1, group[1:])]
        return [DrawnRow(group[0].number, cells)], False
    rest = len(group) - columns
    if rest >= 0 and rest % (columns - 1) == 0:
        rows = [_row(group[:columns])]
        rows += _continued(group[columns:], columns)
        return rows, False
    cells = [_cell(0, 1, group[:1]), _cell(1, columns - 1, group[1:])]
    return [DrawnRow(group[0].number, cells)], True


def _continued(lines: Sequence[TextLine], columns: int) -> Iterator[DrawnRow]:
    """Yield rows without a number."""
    for at in range(0, len(lines), columns - 1):
        part = lines[at : at + columns - 1]
        cells = [_cell(column, 1, [line]) for column, line in enumerate(part, 1)]
        yield DrawnRow(part[0].number, [DrawnCell(0, 1, ""), *cells])


def _row(lines: Sequence[TextLine]) -> DrawnRow:
    cells = [_cell(column, 1, [line]) for column, line in enumerate(lines)]
    return DrawnRow(lines[0].number, cells)


def _cell(column: int, span: int, lines: Sequence[TextLine]) -> DrawnCell:
    return DrawnCell(column, span, "\n".join(line.text for line in lines))

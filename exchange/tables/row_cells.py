"""What each cell of a row is of: a cell over several columns is of the work, or of the first."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kvartal.exchange.grid import GridCell, Paragraph, Run
from kvartal.exchange.tables.columns import SourceColumn
from kvartal.exchange.tables.headings import ENDS, NUMBER, OF_YEAR, WORK
from kvartal.exchange.tables.layout import KEPT_AS_EXTRA, SourceTable
from kvartal.exchange.tables.texts import cell_text, clean, is_dash, paragraph_texts, steps

_NUMBERED: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)[.)]\s+(\S.*)")
_FIRST: Final = re.compile(r"1[.)]\s")
_WHOLE: Final = re.compile(r"\d{1,3}[.)]\s")
_SECOND: Final = re.compile(r"2[.)]\s")
_SHARED: Final = ("quarter.", "month.", OF_YEAR, "budget.")
"""What the fields begin with that one cell may be of together."""


@dataclass
class RowCells:
    """The cells of a row.

    Attributes:
        cells: The cells of each field.
        others: The cells of columns whose heading no field fits, by that heading.
        nameless: The cells of columns without a heading.
        is_number_covered: Whether the cell of the work stands in the column of the number too.
    """

    cells: dict[str, GridCell] = field(default_factory=dict)
    others: dict[str, GridCell] = field(default_factory=dict)
    nameless: list[GridCell] = field(default_factory=list)
    is_number_covered: bool = False

    def put(self, column: SourceColumn, cell: GridCell, *, is_copy: bool) -> None:
        """Take the cell of a column; another one below the same heading has no place of its own."""
        if not column.field and not column.heading:
            self.nameless.append(cell)
            return
        is_field = column.field and (column.field not in KEPT_AS_EXTRA or is_copy)
        kept, name = (self.cells, column.field) if is_field else (self.others, column.heading)
        known = kept.get(name)
        if not cell_text(known):
            kept[name] = cell
        elif cell is known or not cell_text(cell) or (name == "term" and is_dash(cell_text(cell))):
            return
        elif name == "term" and not ENDS & self.cells.keys():
            # «Срок» over two columns, with the first day and the last one below it.
            self.cells |= {"start": self.cells.pop(name), "due": cell}
        else:
            self.nameless.append(cell)


def row_cells(table: SourceTable, row: int) -> RowCells:
    """Return what each cell of a row is of."""
    found = RowCells()
    has_numbers = table.printed is not None or any(one.field == NUMBER for one in table.columns)
    for cell, columns in cells_with_columns(table, row):
        own = columns if len(columns) == 1 else _own(columns)
        for column in own:
            found.put(column, cell, is_copy=table.printed is not None)
        if len(own) < len(columns) and any(one.field == NUMBER for one in columns):
            found.is_number_covered = True
            _divide_number(found.cells, own, cell)
        elif not has_numbers and _counts_measures(table, cell, own[0]):
            _divide_number(found.cells, own, cell)
    return found


def _counts_measures(table: SourceTable, cell: GridCell, column: SourceColumn) -> bool:
    """Return whether a number in a cell is that of the measure: it begins its first work.

    «1.» may be the only step of one too: it counts measures where the next whole number below is
    «2.», perhaps under 1.1 or the title of a section.
    """
    work = next((one for one in table.columns if one.field in WORK), None)
    if column is not work:
        return False
    if not _FIRST.match(cell_text(cell)):
        return True
    rows_below = range(cell.row + cell.row_span, table.grid.rows)
    texts = (cell_text(table.grid.at(row, column.index)) for row in rows_below)
    return _SECOND.match(next((text for text in texts if _WHOLE.match(text)), "")) is not None


def cells_with_columns(
    table: SourceTable, row: int
) -> Iterator[tuple[GridCell, Sequence[SourceColumn]]]:
    """Yield the cells of a row, those from above too, with the columns that each covers."""
    covered: list[SourceColumn] = []
    last: GridCell | None = None
    for column in table.columns:
        cell = table.grid.at(row, column.index)
        if last is not None and cell is not last:
            yield last, covered
            covered = []
        last = cell
        covered.append(column)
        if cell is None:
            covered = []
    if last is not None:
        yield last, covered


def _own(columns: Sequence[SourceColumn]) -> Sequence[SourceColumn]:
    """Return the columns that a cell over several of them is of."""
    work = [one for one in columns if one.field in WORK]
    if work:
        return work
    first = next((one for one in columns if one.field), columns[0])
    return [one for one in columns if one is first or _are_shared(first.field, one.field)]


def _are_shared(first: str, other: str) -> bool:
    """Return whether a cell may be of two columns together: «до 15 сентября» over both ends."""
    return {first, other} <= ENDS or any(
        first.startswith(one) and other.startswith(one) for one in _SHARED
    )


def _divide_number(
    cells: dict[str, GridCell], columns: Sequence[SourceColumn], cell: GridCell
) -> None:
    """Take the number that a work begins with where no cell of its own has one.

    «1. Опрос»: one of several steps is none of the measure, nor is «1,5 км» or «2.5 км».
    """
    paragraphs = [one for one in cell.paragraphs if clean(one.text)]
    if not paragraphs:
        return
    first, *others = paragraphs
    # The paragraph alone: the text of the cell has the next one in its line where that goes on.
    lines = paragraph_texts(replace(cell, blocks=(first,)))
    numbered = _NUMBERED.fullmatch(lines[0]) if lines else None
    is_plain = all(run.printed and not run.struck for run in cell.runs)
    if numbered is None or not is_plain or cell.grids or len(steps(cell)) > 1:
        return
    blocks = (replace(first, runs=(Run(numbered[2]),), number=""), *others)
    for one in columns:
        cells[one.field] = replace(cell, blocks=blocks)
    number = Paragraph((Run(numbered[1]),), cell.place)
    cells[NUMBER] = replace(cell, column_span=1, blocks=(number,))

"""The columns whose headings do not say what they hold: what a user is asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.exchange.grid import Grid, SourceDocument
from kvartal.exchange.tables.headings import meaning, plain_heading
from kvartal.exchange.tables.layout import SourceTable, measure_tables
from kvartal.exchange.tables.printed_table import PrintedTable
from kvartal.exchange.tables.skipped_rows import are_column_numbers
from kvartal.exchange.tables.stacked_tables import with_tables_apart
from kvartal.exchange.tables.texts import clean
from kvartal.exchange.tables.typed_footnotes import with_typed_footnotes

_SAMPLES: Final = 3
_FURTHEST: Final = 40
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class UnclearColumn:
    """A column that a user is asked about.

    Attributes:
        heading: As printed, in one line.
        samples: The first few different texts of its cells.
        field: What it is taken for now; empty for a field of its own.
    """

    heading: str
    samples: tuple[str, ...]
    field: str = ""


def unclear_columns(
    document: SourceDocument,
    column_map: Mapping[str, str],
    printed: PrintedTable | None = None,
) -> tuple[UnclearColumn, ...]:
    """Return the columns to ask about, each heading once.

    Where no table has the headings of a table of measures, these are all columns of the largest
    one: the user knows them when he sees them.

    Args:
        document: As read.
        column_map: What was said of columns already, by their headings.
        printed: How our own export prints the programme that the document goes into: a copy of it,
            and the titles of its declared fields, are clear.
    """
    document = with_tables_apart(with_typed_footnotes(document), column_map)
    tables, _remarks = measure_tables(document, column_map, printed)
    found = _of_tables(tables, column_map) if tables else _of_largest(document)
    by_heading: dict[str, UnclearColumn] = {}
    for one in found:
        by_heading.setdefault(plain_heading(one.heading), one)
    return tuple(by_heading.values())


def _of_tables(
    tables: Sequence[SourceTable], column_map: Mapping[str, str]
) -> Iterator[UnclearColumn]:
    stated = {plain_heading(heading): field for heading, field in column_map.items()}
    for table in (one for one in tables if one.printed is None):
        for column in table.columns:
            is_asked = not column.field or plain_heading(column.heading) in stated
            if column.heading and is_asked:
                samples = _samples(table.grid, column.index, table.first_row)
                yield UnclearColumn(column.heading, samples, column.field)


def _of_largest(document: SourceDocument) -> Iterator[UnclearColumn]:
    grids = [grid for grid in document.walk() if not grid.hidden and grid.columns >= _FEWEST]
    if not grids:
        return
    grid = max(grids, key=lambda one: one.rows * one.columns)
    row = next((at for at in range(min(grid.rows, _FURTHEST)) if _is_heading(grid, at)), None)
    if row is None:
        return
    for cell in grid.row(row):
        heading = clean(cell.text)
        if heading and cell.column not in grid.hidden_columns:
            samples = _samples(grid, cell.column, row + cell.row_span)
            yield UnclearColumn(heading, samples, meaning(heading))


def _is_heading(grid: Grid, row: int) -> bool:
    return len({text for cell in grid.row(row) if (text := clean(cell.text))}) >= _FEWEST


def _samples(grid: Grid, column: int, first: int) -> tuple[str, ...]:
    texts: dict[str, None] = {}
    filled = [text for cell in grid.row(first) if (text := clean(cell.text))]
    for row in range(first + are_column_numbers(filled), grid.rows):
        cell = grid.at(row, column)
        text = clean(cell.text) if cell is not None and cell.column_span == 1 else ""
        if text:
            texts[text] = None
        if len(texts) == _SAMPLES:
            break
    return tuple(texts)

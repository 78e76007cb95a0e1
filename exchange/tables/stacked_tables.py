"""Tables that stand below each other in one grid, as on a sheet, each with headings of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from kvartal.exchange.grid import Grid, SourceDocument
from kvartal.exchange.tables.headings import NUMBER, meaning, plain_heading
from kvartal.exchange.tables.layout import SourceTable, table_at, table_in
from kvartal.exchange.tables.programme_title import is_title, period_of_title
from kvartal.exchange.tables.skipped_rows import repeats_heading
from kvartal.exchange.tables.texts import clean


def with_tables_apart(document: SourceDocument, wanted: Mapping[str, str]) -> SourceDocument:
    """Return a document in which each table of measures has a grid of its own.

    Args:
        document: As read.
        wanted: The field of a column by its heading, where a user says so.
    """
    stated = {plain_heading(heading): field for heading, field in wanted.items()}
    parts = tuple(
        piece
        for part in document.parts
        for piece in (_pieces(part, stated) if isinstance(part, Grid) else (part,))
    )
    return replace(document, parts=parts)


def _pieces(grid: Grid, wanted: Mapping[str, str]) -> Iterator[Grid]:
    starts = [0, *_starts(grid, wanted), grid.rows]
    if len(starts) == 2:  # noqa: PLR2004 - the whole grid
        yield grid
        return
    for first, end in pairwise(starts):
        yield _piece(grid, first, end)


def _starts(grid: Grid, wanted: Mapping[str, str]) -> Iterator[int]:
    """Yield the first row of each further table: its heading, or the title of years above it."""
    table = table_in(grid, wanted)
    row = grid.rows if table is None else table.first_row
    while table is not None and row < grid.rows:
        further = table_at(grid, row, wanted) if _may_be_heading(table, row) else None
        if further is None or not _differs(further, table):
            row += 1
            continue
        yield row - _title_rows(grid, row)
        table, row = further, further.first_row


def _may_be_heading(table: SourceTable, row: int) -> bool:
    """Return whether a row looks like a heading: cheaply, since every row is asked."""
    texts = [text for cell in table.grid.row(row) if (text := cell.text.strip())]
    if len(texts) < 2 or any(text[0].isdigit() for text in texts):  # noqa: PLR2004
        return False
    headings = [*map(plain_heading, texts)]
    known = sum(one in table.plain_headings for one in headings)
    is_counted = any(meaning(one) == NUMBER for one in headings)
    return (is_counted or known * 2 > len(headings)) and not repeats_heading(table, row)


def _differs(table: SourceTable, above: SourceTable) -> bool:
    """Return whether a column holds something else than in the table above."""
    fields = {one.index: one.field for one in above.columns if one.field}
    return any(one.field and fields.get(one.index, one.field) != one.field for one in table.columns)


def _title_rows(grid: Grid, heading: int) -> int:
    """Return how many rows above a heading begin with the title of its years: 0 for none."""
    for row in range(heading - 1, max(heading - 4, 0), -1):
        texts = {text for cell in grid.row(row) if (text := clean(cell.text))}
        if len(texts) == 1 and is_title(title := texts.pop()) and period_of_title(title):
            return heading - row
        if texts:
            break
    return 0


def _piece(grid: Grid, first: int, end: int) -> Grid:
    def moved(rows: frozenset[int]) -> frozenset[int]:
        return frozenset(row - first for row in rows if first <= row < end)

    return replace(
        grid,
        rows=end - first,
        cells=tuple(
            replace(cell, row=cell.row - first, row_span=min(cell.row_span, end - cell.row))
            for cell in grid.cells
            if first <= cell.row < end
        ),
        hidden_rows=moved(grid.hidden_rows),
        deleted_rows=moved(grid.deleted_rows),
        inserted_rows=moved(grid.inserted_rows),
        bookmarks=tuple((row - first, name) for row, name in grid.bookmarks if first <= row < end),
    )

"""Where the measures of a document are: its tables, their headings and what each column holds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from kvartal.exchange.grid import Grid, GridCell, SourceDocument
from kvartal.exchange.measure_mark import MARK_PREFIX
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import SourcePlace
from kvartal.exchange.tables.columns import SourceColumn, columns_of
from kvartal.exchange.tables.headings import NUMBER, OF_YEAR, WORK, meaning, plain_heading
from kvartal.exchange.tables.money_columns import PLAN, money_column
from kvartal.exchange.tables.printed_table import EXTRA, PrintedTable
from kvartal.exchange.tables.texts import clean, is_page_number
from kvartal.schema.errors import N_
from kvartal.schema.period import ProgrammePeriod

_WITH_WORK: Final = frozenset(
    {"term", "due", "quarter.1", "month.1", "month.12", "result", "responsible"}
)
# A row of headings is near the top, under a title at most.
_FURTHEST: Final = 40
HIDDEN_SHEET: Final = "kvartal"
"""The hidden sheet of our own exports: a piece of JSON in each cell of its first column."""
_YEAR: Final = re.compile(r"\b20\d{2}\b")
_ESSENTIAL: Final = WORK | {NUMBER, "term", "start", "due"}
"""What a column of a document is, whatever declared field has the same title."""
_PRINTED: Final = WORK | {
    *(NUMBER, "term", "responsible", "result", "notes"),
    *("budget.plan", "budget.fact", "budget.source"),
}
"""The fields that our own export prints and a document may change."""
_SHOWN: Final = frozenset(
    {"budget", "indicator", "id", "section", "channel", "actions_from", "same_work"}
)
"""The fields that our own export prints as a text which no document changes."""
SHOWN: Final = "shown."
"""What the field of such a column begins with."""
KEPT_AS_EXTRA: Final = frozenset(
    {"indicator.name", "indicator.unit", "indicator.target", "segment"}
)
"""What a column may say that is kept as printed, in a declared field."""


@dataclass(frozen=True)
class SourceTable:
    """A table with measures.

    Attributes:
        grid: The table.
        columns: Its columns, but for those that are left out.
        heading_row: The first row of the heading, from 0.
        first_row: The first row below the heading.
        is_continued: Whether it goes on with the table before it.
        printed: How our own export prints it; None where it is no copy of that.
        title: The title of years that it stands under; empty for none.
        period: The years of that title.
    """

    grid: Grid
    columns: tuple[SourceColumn, ...]
    heading_row: int
    first_row: int
    is_continued: bool = False
    printed: PrintedTable | None = None
    title: str = ""
    period: ProgrammePeriod | None = None

    @cached_property
    def heading_texts(self) -> tuple[str, ...]:
        """The headings of its columns, as plain texts."""
        return tuple(plain_heading(column.heading) for column in self.columns)

    @cached_property
    def plain_headings(self) -> frozenset[str]:
        """The same, each once."""
        return frozenset(self.heading_texts)


def measure_tables(
    document: SourceDocument,
    column_map: Mapping[str, str],
    printed: PrintedTable | None = None,
) -> tuple[tuple[SourceTable, ...], tuple[Remark, ...]]:
    """Return the tables with measures in document order, and what is said of the others.

    Args:
        document: As read.
        column_map: The field of a column by its heading, where a user says so.
        printed: How our own export prints the table of the programme; None where it is not known.
    """
    stated = {plain_heading(heading): field for heading, field in column_map.items()}
    wanted = {**_declared(printed), **stated}
    tables: list[SourceTable] = []
    remarks: list[Remark] = []
    for grid in document.walk():
        if grid.hidden and grid.name == HIDDEN_SHEET:
            continue
        if grid.hidden:
            template = N_("Скрытый лист «{name}» не прочитан.")
            remarks.append(Remark("sheet-hidden", grid.place, template, {"name": grid.name}))
            continue
        copied = None if printed is None or stated else _copied(grid, printed)
        table = copied or table_in(grid, wanted) or _continued(grid, tables)
        if table is None:
            remarks.append(Remark("table-skipped", grid.place, N_("Это не таблица мероприятий.")))
            continue
        is_same = bool(tables) and table.heading_texts == tables[-1].heading_texts
        tables.append(replace(table, is_continued=is_same))
        remarks += _of_columns(tables[-1], wanted)
    return tuple(tables), tuple(remarks)


def _declared(printed: PrintedTable | None) -> dict[str, str]:
    """Return the field of a column with the title of a declared field, by that title."""
    declared = {} if printed is None else printed.declared
    return {title: name for title, name in declared.items() if meaning(title) not in _ESSENTIAL}


def _copied(grid: Grid, printed: PrintedTable) -> SourceTable | None:
    """Return a table as a copy of what our own export prints; None where it is none."""
    shown = [index for index in range(grid.columns) if index not in grid.hidden_columns]
    for row in range(min(grid.rows, _FURTHEST)):
        texts = [clean(cell.text) if (cell := grid.at(row, index)) else "" for index in shown]
        if printed.has_headings(texts):
            columns = (
                SourceColumn(index, one.heading, _copied_field(one.field))
                for index, one in zip(shown, printed.columns, strict=True)
            )
            return SourceTable(grid, tuple(columns), row, row + 1, printed=printed)
    return None


def _copied_field(field: str) -> str:
    """Return the field of a column of a copy; empty for one that the programme does not know."""
    if field in _SHOWN:
        return f"{SHOWN}{field}"
    is_taken = field in _PRINTED or field in KEPT_AS_EXTRA or field.startswith(EXTRA)
    return field if is_taken else ""


def table_in(grid: Grid, wanted: Mapping[str, str]) -> SourceTable | None:
    """Return the first table of measures in a grid; None where there is none near its top.

    Args:
        grid: The grid.
        wanted: The field of a column by its plain heading, where a user or the programme says so.
    """
    found = (table_at(grid, row, wanted) for row in range(min(grid.rows, _FURTHEST)))
    return next((table for table in found if table is not None), None)


def table_at(grid: Grid, row: int, wanted: Mapping[str, str]) -> SourceTable | None:
    """Return the table whose heading begins in a row; None where no table of measures does.

    Args:
        grid: The grid.
        row: From 0.
        wanted: As for `table_in`.
    """
    for count in _heading_heights(grid, row):
        columns = columns_of(grid, row, count, wanted)
        if _is_of_measures(columns):
            return SourceTable(grid, columns, row, row + count)
    return None


def _heading_heights(grid: Grid, row: int) -> Iterator[int]:
    """Yield how many rows a heading that begins in a row may take, the likeliest first."""
    cells = grid.row(row)
    tallest = max((cell.row_span for cell in cells), default=1)
    if tallest > 1:
        yield tallest
    elif any(cell.column_span > 1 for cell in cells):
        below = [clean(cell.text) for cell in grid.row(row + 1)]
        is_of_years = any(map(_YEAR.match, below)) and not _is_measure_below(grid, row, cells)
        if {"start", "due"} <= set(map(meaning, below)) or is_of_years:
            yield 2
    yield 1


def _is_measure_below(grid: Grid, row: int, cells: Sequence[GridCell]) -> bool:
    """Return whether the row below a heading is the first measure, if «2026» stands in it or not.

    Its number or, where it has none, its work says so: «п/п» below «№» goes on with the heading.
    """
    single = [(clean(cell.text), cell.column) for cell in cells if cell.column_span == 1]
    below = [(heading, grid.at(row + 1, column)) for heading, column in single]
    texts = [(heading, clean(cell.text)) for heading, cell in below if cell is not None]
    others = [(heading, text) for heading, text in texts if text not in ("", heading)]
    numbers = [" ".join(one) for one in others if meaning(one[0]) == NUMBER]
    if numbers:
        return any(meaning(number) != NUMBER for number in numbers)
    return any(meaning(heading) in WORK and text[0] != "(" for heading, text in others)


def _is_of_measures(columns: Sequence[SourceColumn]) -> bool:
    fields = {column.field for column in columns}
    with_work = any(name in _WITH_WORK or name.startswith((PLAN, OF_YEAR)) for name in fields)
    return bool(fields & WORK) and with_work


def _continued(grid: Grid, tables: Sequence[SourceTable]) -> SourceTable | None:
    """Return a table without a heading of its own that goes on with the one before it."""
    if not tables or grid.columns != tables[-1].grid.columns or grid.place.outer is not None:
        return None
    numbered = next((one.index for one in tables[-1].columns if one.field == NUMBER), None)
    # The first row may be the header of the page.
    has_page = any(map(is_page_number, grid.row_text(0)))
    first = grid.at(int(has_page and grid.rows > 1), numbered) if numbered is not None else None
    text = clean(first.text) if first is not None else ""
    is_numbered = text[:1].isdigit() or not text
    last = tables[-1]
    return SourceTable(grid, last.columns, 0, 0, printed=last.printed) if is_numbered else None


def _is_of_marks(table: SourceTable, index: int) -> bool:
    """Return whether a hidden column holds the marks that our own export leaves."""
    cells = [table.grid.at(row, index) for row in range(table.first_row, table.grid.rows)]
    texts = [text for cell in cells if cell is not None and (text := clean(cell.text))]
    return bool(texts) and all(text.startswith(MARK_PREFIX) for text in texts)


def _of_columns(table: SourceTable, wanted: Mapping[str, str]) -> Iterator[Remark]:
    for index in sorted(table.grid.hidden_columns):
        if _is_of_marks(table, index):
            continue
        template = N_("Скрытый столбец «{heading}» не прочитан.")
        cell = table.grid.at(table.first_row - 1, index) if table.first_row else None
        heading = clean(cell.text) if cell is not None else ""
        place = cell.place if cell is not None else table.grid.place
        yield Remark("column-hidden", place, template, {"heading": heading})
    if table.is_continued:
        return
    for column in table.columns:
        above = table.grid.at(table.heading_row, column.index)
        place = table.grid.place if above is None else above.place
        if table.printed is not None:
            yield from _not_taken(column, place)
            continue
        if column.field in KEPT_AS_EXTRA:
            template = N_(
                "Столбец «{heading}» взят как есть, дополнительным полем: показатель из него "
                "заведите сами."
            )
            named = {"heading": column.heading}
            yield Remark("target-offered", place, template, named)
        money = money_column(column.field)
        if money is not None and money.is_total:
            template = N_("Столбец «{heading}» — сумма других: сверен, не взят.")
            yield Remark("total-skipped", place, template, {"heading": column.heading})
        if column.field or not column.heading or plain_heading(column.heading) in wanted:
            continue
        template = N_(
            "Столбец «{heading}» не похож ни на одно поле: он станет дополнительным полем. "
            "Иначе скажите, что в нём: --map."
        )
        yield Remark("column-extra", place, template, {"heading": column.heading})


def _not_taken(column: SourceColumn, place: SourcePlace) -> Iterator[Remark]:
    """Yield that a column of a copy changes nothing."""
    if column.field in KEPT_AS_EXTRA:
        template = N_("Столбец «{heading}» не берётся: показатели меняет `kvartal set`.")
    elif column.field.startswith(SHOWN):
        template = N_("Столбец «{heading}» не берётся: меняйте это в самой программе.")
    else:
        return
    yield Remark("target-offered", place, template, {"heading": column.heading})

"""A sheet with a table: typed values, a filter, a frozen heading, colours that follow the state."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from kvartal.exchange.export_progress import Advance, nothing
from kvartal.exchange.measure_mark import mark_of
from kvartal.exchange.reports.blocks import (
    ColumnKind,
    ReportCell,
    ReportColumn,
    ReportStyle,
    ReportTable,
)
from kvartal.exchange.writers.layout import PlacedCell, column_widths, placed_rows
from kvartal.exchange.writers.xlsx_cells import (
    COLOURS,
    PERCENT,
    TEXT,
    CellFormats,
    accept_texts,
    fits_height,
    number_format,
    set_height,
    set_page,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MARK_HEADING: Final = "kvartal"
"""The heading of the hidden column with the marks of measures."""

_SHEET_WIDTHS: Final = (150.0, 190.0, 230.0)
_WIDEST: Final = 255.0
"""Excel allows no wider column."""
_SHADES: Final = {
    ReportStyle.SECTION: "#D9DEE5",
    ReportStyle.CHANNEL: "#EEF1F5",
    ReportStyle.TOTAL: "#EEF1F5",
}
_HEADING: Final = "#D9DEE5"
_BOLD: Final = frozenset({ReportStyle.SECTION, ReportStyle.TOTAL, ReportStyle.OVERDUE})


def write_table(
    sheet: "Worksheet",
    table: ReportTable,
    formats: CellFormats,
    title: str = "",
    advance: Advance = nothing,
) -> None:
    """Write a table on an empty sheet.

    Args:
        sheet: The sheet.
        table: The table.
        formats: Formats of the workbook.
        title: What it is part of, printed above it.
        advance: Called after each row.
    """
    bold = formats.format(bold=True, wrap=True, shade=_HEADING, border=True)
    columns, widths = table.columns, _widths(table)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
        formats.write(sheet, 0, at, columns[at].heading, bold)
    last = len(columns)
    if any(row.measure for row in table.rows):
        sheet.write_string(0, last, MARK_HEADING)
        sheet.set_column(last, last, 12, None, {"hidden": True})
    set_height(sheet, 0, [(column.heading, widths[at]) for at, column in enumerate(columns)])
    for at, (row, placed) in enumerate(zip(table.rows, placed_rows(table), strict=True), 1):
        texts = _texts(placed, widths)
        set_height(sheet, at, texts)
        formats.note_height(texts)
        for one in placed:
            if one.cell is not None:
                _write_cell(sheet, at, one, columns[one.column], formats)
        if row.measure:
            sheet.write_string(at, last, mark_of(row.measure))
        advance()
    count = max(1, len(table.rows))
    for at, column in enumerate(columns):
        _add_conditions(sheet, (1, at, count, at), column, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, count, last - 1)
    sheet.repeat_rows(0)
    accept_texts(sheet, count, last)
    set_page(sheet, title)


def _widths(table: ReportTable) -> list[float]:
    """Return the widths of columns: a sheet is made wider where a row would be too high for one."""
    widths: list[float] = []
    for whole in _SHEET_WIDTHS:
        widths = [min(one, _WIDEST) for one in column_widths(table, whole)]
        if all(fits_height(_texts(placed, widths)) for placed in placed_rows(table)):
            break
    return widths


def _texts(placed: Sequence[PlacedCell], widths: Sequence[float]) -> list[tuple[str, float]]:
    """Return the texts that make a row high, each with the width that it has."""
    return [
        (one.cell.text, sum(widths[one.column : one.column + one.span]))
        for one in placed
        if one.cell is not None and one.cell.row_span == 1
    ]


def _write_cell(
    sheet: "Worksheet", row: int, placed: PlacedCell, of: ReportColumn, formats: CellFormats
) -> None:
    cell, column = placed.cell or ReportCell(), placed.column
    follows = bool(of.marks)
    style = formats.format(
        wrap=True,
        bold=cell.style in _BOLD and not (follows and cell.style in COLOURS),
        colour="" if follows else COLOURS.get(cell.style, ""),
        shade=_SHADES.get(cell.style, ""),
        number=_number_format(cell, of, formats),
        border=True,
        figure=isinstance(cell.value, int | float) and of.kind is not ColumnKind.TEXT,
    )
    last = (row + cell.row_span - 1, column + cell.column_span - 1)
    if last != (row, column):
        sheet.merge_range(row, column, *last, "", style)
    if isinstance(cell.value, date) and of.kind is ColumnKind.DATE:
        sheet.write_datetime(row, column, datetime(*cell.value.timetuple()[:3]), style)  # noqa: DTZ001 - a date
    elif isinstance(cell.value, int | float) and of.kind is not ColumnKind.TEXT:
        share = 100 if of.kind is ColumnKind.PERCENT else 1
        sheet.write_number(row, column, cell.value / share, style)
    elif cell.lines:
        formats.write(sheet, row, column, cell.text, style)
    else:
        sheet.write_blank(row, column, None, style)


def _add_conditions(
    sheet: "Worksheet",
    cells: tuple[int, int, int, int],
    column: ReportColumn,
    formats: CellFormats,
) -> None:
    """Let the colours of a column follow what its cells say, also when somebody changes it."""
    for mark in column.marks:
        rule: dict[str, Any] = {"format": formats.of_state(mark.style), "stop_if_true": True}
        if mark.begins:
            rule |= {"type": "text", "criteria": "begins with", "value": mark.begins}
        else:
            rule |= {"type": "cell", "criteria": ">", "value": 0}
        sheet.conditional_format(*cells, rule)


def _number_format(cell: ReportCell, column: ReportColumn, formats: CellFormats) -> str:
    if isinstance(cell.value, date) and column.kind is ColumnKind.DATE:
        return formats.date
    if column.kind is ColumnKind.PERCENT and cell.value is not None:
        return PERCENT
    if isinstance(cell.value, int | float) and column.kind is not ColumnKind.TEXT:
        return number_format(cell.value)
    return TEXT

"""XLSX: a sheet for each table, with typed dates and numbers, a filter, a frozen heading.

The id of each measure stands in a hidden last column, and what is not printed in a hidden sheet, so
that an edited copy comes back exactly.
"""

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from kvartal.exchange.importing.hidden import hidden_text
from kvartal.exchange.importing.matching import mark_of
from kvartal.exchange.reports.blocks import (
    ChartBlock,
    ColumnKind,
    CoverBlock,
    FigureBlock,
    Heading,
    ListBlock,
    Report,
    ReportCell,
    ReportColumn,
    ReportStyle,
    ReportTable,
    TextBlock,
)
from kvartal.exchange.tables.layout import HIDDEN_SHEET
from kvartal.exchange.writers.layout import PlacedCell, column_widths, placed_rows
from kvartal.exchange.writers.packages import repacked
from kvartal.schema.errors import N_, KvartalError, Translate

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MARK_HEADING: Final = "kvartal"
"""The heading of the hidden column with the marks of measures."""

LONGEST_TEXT: Final = 32_767
"""How many letters a cell holds; Excel counts in UTF-16."""

_LONGEST_NAME: Final = 31
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\]")
_PIECE: Final = 30_000
_WIDTH: Final = 150.0
_SHOWN: Final = 60
_LINE: Final = 15.0
_HIGHEST: Final = 409.0
"""Points; Excel allows no higher row."""
_A4: Final = 9
_DATE: Final = "dd.mm.yyyy"
_BORDER: Final = "#B8BFC9"
_CHART_ROWS: Final = 17
_COLOURS: Final = {
    ReportStyle.OVERDUE: "#B3261E",
    ReportStyle.DONE_LATE: "#8A5300",
    ReportStyle.DONE: "#1D6B34",
    ReportStyle.DUE: "#1C5CAB",
    ReportStyle.CANCELLED: "#6B7280",
}
_SHADES: Final = {
    ReportStyle.SECTION: "#D9DEE5",
    ReportStyle.CHANNEL: "#EEF1F5",
    ReportStyle.TOTAL: "#EEF1F5",
}
_TITLE_SHEET: Final = N_("О документе")
_CHART_SHEET: Final = N_("Графики")


def write_xlsx(report: Report, translate: Translate) -> tuple[bytes, tuple[KvartalError, ...]]:
    """Return a report as an Excel workbook, and what a workbook cannot hold of it.

    Args:
        report: What is written.
        translate: Turns Russian texts into the report's language.
    """
    from xlsxwriter import Workbook

    stream = BytesIO()
    # Nothing that a text looks like is made of it: no formula, no link, no number.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    workbook = Workbook(stream, options)
    workbook.set_properties(
        {
            "title": report.title[:255],
            "author": report.organization[:255],
            "created": datetime(2000, 1, 1),  # noqa: DTZ001 - no zone in the format, no clock here
        }
    )
    writer = _Writer(workbook, report, translate)
    writer.write()
    workbook.close()
    left = writer.cut
    warnings = (TextCut(count=len(left), limit=LONGEST_TEXT, first=left[0]),) if left else ()
    return repacked(stream.getvalue()), warnings


class TextCut(KvartalError):
    """Texts are longer than a cell may be."""

    template = N_(
        "В ячейку Excel входит не больше {limit} знаков: текстов длиннее {count}, они записаны не "
        "до конца, с «…». Первый: «{first}»."
    )


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, workbook: "Workbook", report: Report, translate: Translate) -> None:
        self._workbook = workbook
        self._report = report
        self._translate = translate
        self._names: set[str] = set()
        self.cut: list[str] = []
        self._formats: dict[tuple[object, ...], Any] = {}

    def write(self) -> None:
        tables = [block for block in self._report.blocks if isinstance(block, ReportTable)]
        if self._report.kind == "plan":
            tables = [tables[-1], *tables[:-1]]
        for table in tables:
            self._table(table)
        self._charts()
        self._about()
        if self._report.hidden:
            self._hidden()

    def _about(self) -> None:
        """Write the texts around the tables on a sheet of their own."""
        sheet = self._workbook.add_worksheet(self._name(self._translate(_TITLE_SHEET)))
        wrapped = self._format(wrap=True)
        sheet.set_column(0, 0, 100, wrapped)
        sheet.set_column(1, 1, 20)
        _set_page(sheet)
        self._text(sheet, 0, 0, self._report.title, self._format(bold=True, wrap=True))
        for at, (text, value) in enumerate(self._texts(), 1):
            self._text(sheet, at, 0, text, wrapped)
            self._height(sheet, at, [(text, 100.0)])
            if value:
                self._text(sheet, at, 1, value, wrapped)

    def _texts(self) -> Iterator[tuple[str, str]]:
        for block in self._report.blocks:
            if isinstance(block, TextBlock | Heading):
                yield block.text, ""
            elif isinstance(block, ListBlock):
                yield from ((f"{block.marker} {item}", "") for item in block.items)
            elif isinstance(block, CoverBlock):
                lines = (*block.approval, block.code, block.marking)
                yield from ((line, "") for line in lines if line)
            elif isinstance(block, FigureBlock):
                yield from block.figures

    def _text(self, sheet: "Worksheet", row: int, column: int, text: str, style: Any) -> None:  # noqa: ANN401 - the library has no type for it
        """Write a text, as much of it as a cell holds."""
        if len(text.encode("utf-16-le", "replace")) > LONGEST_TEXT * 2:
            self.cut.append(text[:_SHOWN])
            encoded = text.encode("utf-16-le", "replace")[: (LONGEST_TEXT - 1) * 2]
            text = encoded.decode("utf-16-le", "ignore") + "…"
        sheet.write_string(row, column, text, style)

    def _charts(self) -> None:
        """Write a chart of the library's own for each indicator, beside its values."""
        charts = [block for block in self._report.blocks if isinstance(block, ChartBlock)]
        if not charts:
            return
        name = self._name(self._translate(_CHART_SHEET))
        sheet = self._workbook.add_worksheet(name)
        sheet.set_column(0, 0, 40)
        _set_page(sheet)
        top = 0
        for chart in charts:
            self._chart(sheet, name, top, chart)
            top += max(len(chart.points) + 3, _CHART_ROWS)

    def _chart(self, sheet: "Worksheet", name: str, top: int, chart: ChartBlock) -> None:
        bold = self._format(bold=True, wrap=True)
        fact, target = self._translate(N_("Факт")), self._translate(N_("План"))
        for column, text in enumerate((chart.title, fact, target)):
            self._text(sheet, top, column, text, bold)
        self._height(sheet, top, [(chart.title, 40.0)])
        first, last = top + 1, top + len(chart.points)
        for row, (period, value, _shown) in enumerate(chart.points, first):
            self._text(sheet, row, 0, period, self._format(wrap=True))
            sheet.write_number(row, 1, value)
            sheet.write_number(row, 2, chart.target)
        bars = self._workbook.add_chart({"type": "column"})
        line = self._workbook.add_chart({"type": "line"})
        for drawn, column, title in ((bars, 1, fact), (line, 2, target)):
            drawn.add_series(
                {
                    "name": title,
                    "categories": [name, first, 0, last, 0],
                    "values": [name, first, column, last, column],
                }
            )
        bars.combine(line)
        bars.set_title({"name": chart.title[:255], "name_font": {"size": 11}})
        bars.set_legend({"position": "bottom"})
        sheet.insert_chart(top, 4, bars, {"description": chart.caption[:1000]})

    def _table(self, table: ReportTable) -> None:
        sheet = self._workbook.add_worksheet(self._name(table.name))
        bold = self._format(bold=True, wrap=True, shade="#D9DEE5", border=True)
        columns, widths = table.columns, column_widths(table, _WIDTH)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
            self._text(sheet, 0, at, columns[at].heading, bold)
        last = len(columns)
        if any(row.measure for row in table.rows):
            sheet.write_string(0, last, MARK_HEADING)
            sheet.set_column(last, last, 12, None, {"hidden": True})
        self._height(sheet, 0, [(column.heading, widths[at]) for at, column in enumerate(columns)])
        for at, (row, placed) in enumerate(zip(table.rows, placed_rows(table), strict=True), 1):
            texts = [
                (one.cell.text, sum(widths[one.column : one.column + one.span]))
                for one in placed
                if one.cell is not None and one.cell.row_span == 1
            ]
            self._height(sheet, at, texts)
            for one in placed:
                if one.cell is not None:
                    self._cell(sheet, at, one, columns[one.column])
            if row.measure:
                sheet.write_string(at, last, mark_of(row.measure))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(table.rows)), last - 1)
        sheet.repeat_rows(0)
        _set_page(sheet)

    def _cell(self, sheet: "Worksheet", row: int, placed: PlacedCell, of: ReportColumn) -> None:
        cell, column = placed.cell or ReportCell(), placed.column
        style = self._format(
            wrap=True,
            bold=cell.style in {ReportStyle.SECTION, ReportStyle.TOTAL, ReportStyle.OVERDUE},
            colour=_COLOURS.get(cell.style, ""),
            shade=_SHADES.get(cell.style, ""),
            number=_number_format(cell, of),
            border=True,
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
            self._text(sheet, row, column, cell.text, style)
        else:
            sheet.write_blank(row, column, None, style)

    @staticmethod
    def _height(sheet: "Worksheet", row: int, texts: Sequence[tuple[str, float]]) -> None:
        """Make a row as high as its texts, each with its width in letters, need."""
        lines = max((_lines(text, width) for text, width in texts), default=1)
        sheet.set_row(row, min(_LINE * lines, _HIGHEST))

    def _hidden(self) -> None:
        sheet = self._workbook.add_worksheet(HIDDEN_SHEET)
        sheet.very_hidden()
        text = hidden_text(self._report.hidden)
        for at, start in enumerate(range(0, len(text), _PIECE)):
            sheet.write_string(at, 0, text[start : start + _PIECE])

    def _name(self, text: str) -> str:
        """Return a name that a sheet may have and none has yet."""
        plain = _NOT_IN_NAMES.sub(" ", text).strip(" '") or "1"
        name, count = plain[:_LONGEST_NAME], 2
        while name.casefold() in self._names or name.casefold() == HIDDEN_SHEET:
            tail = f" {count}"
            name, count = plain[: _LONGEST_NAME - len(tail)] + tail, count + 1
        self._names.add(name.casefold())
        return name

    def _format(  # noqa: PLR0913 - what a format consists of
        self,
        *,
        bold: bool = False,
        wrap: bool = False,
        colour: str = "",
        shade: str = "",
        number: str = "",
        border: bool = False,
    ) -> Any:  # noqa: ANN401 - the library has no type for it
        key = (bold, wrap, colour, shade, number, border)
        if key not in self._formats:
            style: dict[str, Any] = {"valign": "top", "bold": bold, "text_wrap": wrap}
            style |= {"font_color": colour} if colour else {}
            style |= {"bg_color": shade} if shade else {}
            style |= {"num_format": number} if number else {}
            style |= {"align": "left"} if number == _DATE else {}
            style |= {"border": 1, "border_color": _BORDER} if border else {}
            self._formats[key] = self._workbook.add_format(style)
        return self._formats[key]


def _lines(text: str, width: float) -> int:
    return sum(max(1, math.ceil(1.1 * len(line) / width)) for line in text.split("\n"))


def _set_page(sheet: "Worksheet") -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _number_format(cell: ReportCell, column: ReportColumn) -> str:
    if isinstance(cell.value, date) and column.kind is ColumnKind.DATE:
        return _DATE
    if column.kind is ColumnKind.PERCENT and cell.value is not None:
        return "0%"
    return "" if cell.value is not None else "@"

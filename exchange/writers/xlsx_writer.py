"""XLSX: a sheet for each table, with typed dates and numbers, a filter, a frozen heading.

The id of each measure stands in a hidden last column, and what is not printed in a hidden sheet, so
that an edited copy comes back exactly.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from kvartal.exchange.export_progress import Advance, nothing
from kvartal.exchange.importing.hidden import hidden_text
from kvartal.exchange.reports.blocks import (
    ChartBlock,
    CoverBlock,
    FigureBlock,
    Heading,
    ListBlock,
    Report,
    ReportTable,
    TextBlock,
)
from kvartal.exchange.tables.layout import HIDDEN_SHEET
from kvartal.exchange.writers.xlsx_cells import (
    LONGEST_TEXT,
    CellFormats,
    RowTooLow,
    TextCut,
    set_height,
    set_page,
)
from kvartal.exchange.writers.xlsx_charts import CHART_SCALE, CHART_SHEET, write_charts
from kvartal.exchange.writers.xlsx_table import write_table
from kvartal.exchange.writers.xlsx_workbook import NO_CLOCK, finished, new_workbook
from kvartal.schema.errors import N_, KvartalError, Translate

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_LONGEST_NAME: Final = 31
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\]")
_PIECE: Final = 30_000
_TITLE_SHEET: Final = N_("О документе")
_TITLE_WIDTH: Final = 100.0


def write_xlsx(
    report: Report, translate: Translate, advance: Advance = nothing
) -> tuple[bytes, tuple[KvartalError, ...]]:
    """Return a report as an Excel workbook, and what a workbook cannot hold of it.

    Args:
        report: What is written.
        translate: Turns Russian texts into the report's language.
        advance: Called after each row of a table.

    Raises:
        ExportStopped: Nobody wants the rest.
    """
    stream = BytesIO()
    workbook = new_workbook(stream)
    workbook.set_properties(
        {"title": report.title[:255], "author": report.organization[:255], "created": NO_CLOCK}
    )
    writer = _Writer(workbook, report, translate)
    writer.write(advance)
    content = finished(workbook, stream)
    cut, low = writer.formats.cut, writer.formats.low
    warnings: list[KvartalError] = []
    if cut:
        warnings.append(TextCut(count=len(cut), limit=LONGEST_TEXT, first=cut[0]))
    if low:
        warnings.append(RowTooLow(count=len(low), first=low[0]))
    return content, tuple(warnings)


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, workbook: "Workbook", report: Report, translate: Translate) -> None:
        self._workbook = workbook
        self._report = report
        self._translate = translate
        self._names: set[str] = set()
        self.formats = CellFormats(workbook, report.language)

    def write(self, advance: Advance) -> None:
        blocks = self._report.blocks
        tables = self._report.tables
        if self._report.kind == "plan":
            tables = (tables[-1], *tables[:-1])
        for table in tables:
            write_table(self._sheet(table.name), table, self.formats, self._title(), advance)
        charts = [block for block in blocks if isinstance(block, ChartBlock)]
        if charts:
            sheet = self._sheet(self._translate(CHART_SHEET))
            set_page(sheet, self._title(), scale=CHART_SCALE)
            write_charts(self._workbook, sheet, charts, self.formats, self._translate)
        self._about()
        if self._report.hidden:
            self._hidden()

    def _title(self) -> str:
        return f"{self._report.title} · {self._report.organization}"

    def _about(self) -> None:
        """Write the texts around the tables on a sheet of their own."""
        sheet = self._sheet(self._translate(_TITLE_SHEET))
        wrapped = self.formats.format(wrap=True)
        sheet.set_column(0, 0, _TITLE_WIDTH, wrapped)
        sheet.set_column(1, 1, 20)
        figure = self.formats.format(wrap=True, figure=True)
        set_page(sheet)
        bold = self.formats.format(bold=True, wrap=True)
        self.formats.write(sheet, 0, 0, self._report.title, bold)
        for at, (text, value) in enumerate(self._texts(), 1):
            self.formats.write(sheet, at, 0, text, wrapped)
            set_height(sheet, at, [(text, _TITLE_WIDTH)])
            if value.isdecimal():
                sheet.write_number(at, 1, int(value), figure)
            elif value:
                self.formats.write(sheet, at, 1, value, figure)

    def _texts(self) -> Iterator[tuple[str, str]]:
        blocks = self._report.blocks
        for block, following in zip_longest(blocks, blocks[1:]):
            if isinstance(block, Heading):
                # The title stands above; what a table or chart is called is the name of its sheet.
                is_title = block.text == self._report.title
                if not is_title and not isinstance(following, ReportTable | ChartBlock):
                    yield block.text, ""
            elif isinstance(block, TextBlock):
                yield block.text, ""
            elif isinstance(block, ListBlock):
                yield from ((f"{block.marker} {item}", "") for item in block.items)
            elif isinstance(block, CoverBlock):
                lines = (*block.approval, block.code, block.marking)
                yield from ((line, "") for line in lines if line)
            elif isinstance(block, FigureBlock):
                yield from block.figures

    def _hidden(self) -> None:
        sheet = self._workbook.add_worksheet(HIDDEN_SHEET)
        sheet.very_hidden()
        text = hidden_text(self._report.hidden)
        for at, start in enumerate(range(0, len(text), _PIECE)):
            sheet.write_string(at, 0, text[start : start + _PIECE])

    def _sheet(self, name: str) -> "Worksheet":
        return self._workbook.add_worksheet(self._name(name))

    def _name(self, text: str) -> str:
        """Return a name that a sheet may have and none has yet."""
        plain = _NOT_IN_NAMES.sub(" ", text).strip(" '") or "1"
        name, count = plain[:_LONGEST_NAME], 2
        while name.casefold() in self._names or name.casefold() == HIDDEN_SHEET:
            tail = f" {count}"
            name, count = plain[: _LONGEST_NAME - len(tail)] + tail, count + 1
        self._names.add(name.casefold())
        return name

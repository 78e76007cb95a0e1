"""A sheet with a chart for each indicator, beside the values that it is drawn from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kvartal.exchange.reports.blocks import ChartBlock
from kvartal.exchange.writers.xlsx_cells import CellFormats, set_height, set_page
from kvartal.schema.errors import N_, Translate

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

CHART_SHEET: Final = N_("Графики")

_CHART_ROWS: Final = 17
_TITLE_WIDTH: Final = 40.0


def write_charts(
    workbook: "Workbook",
    sheet: "Worksheet",
    charts: Sequence[ChartBlock],
    formats: CellFormats,
    translate: Translate,
) -> None:
    """Draw charts one below the other.

    Args:
        workbook: The workbook.
        sheet: An empty sheet of it.
        charts: The charts.
        formats: Formats of the workbook.
        translate: Turns Russian texts into the report's language.
    """
    sheet.set_column(0, 0, _TITLE_WIDTH)
    set_page(sheet)
    top = 0
    for chart in charts:
        _write_chart(workbook, sheet, top, chart, formats, translate)
        top += max(len(chart.points) + 3, _CHART_ROWS)


def _write_chart(  # noqa: PLR0913, PLR0917 - as above, and where
    workbook: "Workbook",
    sheet: "Worksheet",
    top: int,
    chart: ChartBlock,
    formats: CellFormats,
    translate: Translate,
) -> None:
    name = sheet.get_name()
    bold = formats.format(bold=True, wrap=True)
    fact, target = translate(N_("Факт")), translate(N_("План"))
    for column, text in enumerate((chart.title, fact, target)):
        formats.write(sheet, top, column, text, bold)
    set_height(sheet, top, [(chart.title, _TITLE_WIDTH)])
    first, last = top + 1, top + len(chart.points)
    for row, (period, value, _shown) in enumerate(chart.points, first):
        formats.write(sheet, row, 0, period, formats.format(wrap=True))
        sheet.write_number(row, 1, value)
        sheet.write_number(row, 2, chart.target)
    bars = workbook.add_chart({"type": "column"})
    line = workbook.add_chart({"type": "line"})
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

"""A sheet with a chart for each indicator, beside the values that it is drawn from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kvartal.exchange.reports.blocks import ChartBlock
from kvartal.exchange.writers.xlsx_cells import CellFormats, set_height
from kvartal.schema.errors import N_, Translate

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

CHART_SHEET: Final = N_("Графики")

_FACT: Final = N_("Факт")
_TARGET: Final = N_("План")
_BAR: Final = "#1C5CAB"
_LINE: Final = "#B3261E"
_CHART_ROWS: Final = 17
_CHART_TOP: Final = 3
"""Pixels."""
_FEW: Final = 2
"""So few bars are not made as broad as the whole chart."""
_PAGE_ROWS: Final = 34
"""How many rows a printed page holds: no chart is divided between two."""
CHART_SCALE: Final = 70
"""How large the sheet is printed, percent: as wide as a page is."""
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
    top = page = 0
    breaks: list[int] = []
    for chart in charts:
        rows = max(len(chart.points) + 3, _CHART_ROWS)
        if top > page and top + rows > page + _PAGE_ROWS:
            page = top
            breaks.append(top)
        write_values(sheet, top, chart, formats, translate)
        drawn = drawn_chart(workbook, sheet, top, chart, translate)
        # The line around it is not printed on the page before.
        options = {"description": chart.caption[:1000], "y_offset": _CHART_TOP}
        sheet.insert_chart(top, 4, drawn, options)
        top += rows
    sheet.set_h_pagebreaks(breaks)


def write_values(
    sheet: "Worksheet", top: int, chart: ChartBlock, formats: CellFormats, translate: Translate
) -> None:
    """Write what a chart is drawn from: a heading, then a row for each period.

    Args:
        sheet: The sheet.
        top: The row of the heading.
        chart: The chart.
        formats: Formats of the workbook.
        translate: Turns Russian texts into the report's language.
    """
    sheet.set_column(0, 0, _TITLE_WIDTH)
    bold = formats.format(bold=True, wrap=True)
    for column, text in enumerate((chart.title, translate(_FACT), translate(_TARGET))):
        formats.write(sheet, top, column, text, bold)
    set_height(sheet, top, [(chart.title, _TITLE_WIDTH)])
    for row, (period, value, _shown) in enumerate(chart.points, top + 1):
        formats.write(sheet, row, 0, period, formats.format(wrap=True))
        sheet.write_number(row, 1, value)
        sheet.write_number(row, 2, chart.target)


def drawn_chart(
    workbook: "Workbook", sheet: "Worksheet", top: int, chart: ChartBlock, translate: Translate
) -> "Chart":
    """Return a chart of the values on a sheet: a bar for each, and the target across them.

    Args:
        workbook: The workbook.
        sheet: The sheet with the values.
        top: The row of their heading.
        chart: The chart.
        translate: Turns Russian texts into the report's language.
    """
    name, first, last = sheet.get_name(), top + 1, top + len(chart.points)
    bars, line = workbook.add_chart({"type": "column"}), workbook.add_chart({"type": "line"})
    fact = {
        "name": translate(_FACT),
        "fill": {"color": _BAR},
        # The line of the target may run through a figure: it stands on white.
        "data_labels": {"value": True, "fill": {"color": "#FFFFFF"}},
        "gap": 80 if len(chart.points) > _FEW else 300,
    }
    # A line of one point is none: the dash of its marker shows the target there too.
    target = {
        "name": translate(_TARGET),
        "line": {"color": _LINE, "width": 1.5, "dash_type": "dash"},
        "marker": {
            "type": "long_dash",
            "size": 14,
            "fill": {"color": _LINE},
            "border": {"color": _LINE},
        },
    }
    for drawn, column, series in ((bars, 1, fact), (line, 2, target)):
        places = {
            "categories": [name, first, 0, last, 0],
            "values": [name, first, column, last, column],
        }
        drawn.add_series(series | places)
    bars.combine(line)
    bars.set_title({"name": chart.title[:255], "name_font": {"size": 11}})
    bars.set_legend({"position": "bottom"})
    ticks = {"major_tick_mark": "outside", "minor_tick_mark": "none"}
    bars.set_x_axis(ticks)
    bars.set_y_axis(ticks)
    if all(value >= 0 for value in (chart.target, *(one[1] for one in chart.points))):
        # A bar that does not begin at 0 makes a small difference look like a large one.
        bars.set_y_axis({**ticks, "min": 0})
    return bars

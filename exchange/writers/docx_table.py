"""Tables of a Word document, element by element: python-docx is quadratic in their cells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Final

from kvartal.exchange.export_progress import Advance, nothing
from kvartal.exchange.reports.blocks import (
    ColumnKind,
    ReportCell,
    ReportColumn,
    ReportStyle,
    ReportTable,
)
from kvartal.exchange.writers.docx_elements import add_run, align, child, element, qualified
from kvartal.exchange.writers.layout import PlacedCell, broadest_letters, column_widths, placed_rows

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element

_LETTER: Final = 105.0
"""The width of a letter in a table, in twentieths of a point."""
_CELL_SIDES: Final = (108, 45)
"""Left and right of the text of a cell, in twentieths of a point; the other where it is tight."""
_BORDER: Final = 12
_CELL_AIR: Final = 20
_SMALLEST: Final = 7.0
"""Points: smaller letters are not read in print."""
_LINE: Final = 1.15
"""How high a line is, by the size of its letters."""
_HEADING_LINES: Final = 6
"""For how many lines of a page headings and margins are reckoned."""
_SHADES: Final = {
    ReportStyle.SECTION: "D9DEE5",
    ReportStyle.CHANNEL: "EEF1F5",
    ReportStyle.TOTAL: "EEF1F5",
}
_COLOURS: Final = {
    ReportStyle.OVERDUE: "B3261E",
    ReportStyle.DONE_LATE: "8A5300",
    ReportStyle.DONE: "1D6B34",
    ReportStyle.DUE: "1C5CAB",
    ReportStyle.CANCELLED: "6B7280",
}
_FIGURES: Final = frozenset({ColumnKind.NUMBER, ColumnKind.PERCENT})
_BOLD: Final = frozenset({ReportStyle.SECTION, ReportStyle.TOTAL, ReportStyle.OVERDUE})

Bookmark = Callable[[str], "tuple[_Element, _Element] | None"]
"""Returns the two ends of the bookmark of a measure; None where it has one already."""


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Where a table goes.

    Attributes:
        style: Id of the style of its paragraphs.
        width: How wide it is, in twentieths of a point.
        height: How high the text of a page is, in twentieths of a point: a row that may be higher
            is broken over pages, since it would be cut off.
        broad: How much broader the letters are than those of Times New Roman in 10 points.
        size: Their size in points; they are made smaller where words would have to be broken.
        hangs_out: Whether word processors put the text of the first cell at the margin of the page,
            and not its border.
    """

    style: str
    width: int
    height: int
    broad: float = 1.0
    size: float = 10.0
    hangs_out: bool = False


def add_table(
    document: "WordDocument",
    block: ReportTable,
    place: TablePlace,
    bookmark: Bookmark,
    advance: Advance = nothing,
) -> None:
    """Write a table at the end of a document.

    Args:
        document: The document.
        block: The table.
        place: Its style and width.
        bookmark: Makes the marks of measures.
        advance: Called after each row.
    """
    table = document.add_table(0, len(block.columns))
    is_known = "Table Grid" in document.styles
    table.style = "Table Grid" if is_known else None
    table.autofit = False
    room = place.width / _LETTER
    sides, padding, share = _fitted(block, room, place)
    _set_margins(table._tbl.tblPr, sides, sides if place.hangs_out else 0)
    if not is_known:
        _add_borders(table._tbl.tblPr)
    letters = column_widths(block, room, broad=place.broad * share, padding=padding)
    widths = [round(one * _LETTER) for one in letters]
    for column, one in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qualified("w"), str(one))
    half_points = int(2 * place.size * share) if share < 1 else 0
    letter = _LETTER * place.broad * share
    most = int(place.height / (20 * place.size * share * _LINE)) - _HEADING_LINES
    builder = _Builder(place.style, widths, block.columns, half_points, (letter, most))
    if any(column.heading for column in block.columns):
        headings = [column.heading for column in block.columns]
        table._tbl.append(builder.heading(headings))
        if block.column_numbers:
            numbers = [str(at) for at in range(1, len(block.columns) + 1)]
            table._tbl.append(builder.heading(numbers, bold=False))
    for row, placed in zip(block.rows, placed_rows(block), strict=True):
        marks = bookmark(row.measure) if row.measure else None
        table._tbl.append(builder.row(placed, marks))
        advance()


def _fitted(block: ReportTable, room: float, place: TablePlace) -> tuple[int, float, float]:
    """Return the margins of cells, the same in letters, and how much smaller letters become."""
    usual, tight = (_try_sides(sides, block, room, place) for sides in _CELL_SIDES)
    least = _SMALLEST / place.size
    sides, padding, share = usual if usual[2] >= least else tight
    return sides, padding, min(1.0, max(least, share))


def _try_sides(
    sides: int, block: ReportTable, room: float, place: TablePlace
) -> tuple[int, float, float]:
    padding = (2 * sides + _BORDER) / _LETTER
    return sides, padding, broadest_letters(block, room, padding) / place.broad


def _set_margins(properties: "_Element", sides: int, shift: int) -> None:
    """Let a table stand between the margins of the page, with a little air in its cells.

    Args:
        properties: Those of the table.
        sides: Left and right of the text of a cell.
        shift: How far it is put to the right.
    """
    layout = properties.find(qualified("tblLayout"))
    at = len(properties) if layout is None else properties.index(layout)
    indent = element("tblInd")
    indent.set(qualified("w"), str(shift))
    margins = element("tblCellMar")
    for side, width in (
        ("top", _CELL_AIR),
        ("left", sides),
        ("bottom", _CELL_AIR),
        ("right", sides),
    ):
        child(margins, side).set(qualified("w"), str(width))
    for one in (indent, *margins):
        one.set(qualified("type"), "dxa")
    properties.insert(at, indent)
    properties.insert(at + 2, margins)


def _add_borders(properties: "_Element") -> None:
    """Draw the lines of a table: a template that never had one has no style that does."""
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = child(borders, side)
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
            line.set(qualified(key), value)
    for indent in properties.findall(qualified("tblInd")):
        indent.addnext(borders)


class _Builder:
    """Builds rows."""

    def __init__(
        self,
        style: str,
        widths: Sequence[int],
        columns: Sequence[ReportColumn],
        half_points: int,
        page: tuple[float, int],
    ) -> None:
        """Begin.

        Args:
            style: Id of the style of its paragraphs.
            widths: Of the columns, in twentieths of a point.
            columns: The columns.
            half_points: The size of the letters; 0 for that of the style.
            page: The width of a letter, and how many lines a row has that is surely not broken.
        """
        self._style = style
        self._widths = widths
        self._columns = columns
        self._half_points = half_points
        self._letter, self._most_lines = page

    def heading(self, texts: Sequence[str], *, bold: bool = True) -> "_Element":
        """Return a row that is repeated on each page."""
        row = element("tr")
        properties = child(row, "trPr")
        child(properties, "cantSplit")
        child(properties, "tblHeader")
        for at, text in enumerate(texts):
            cell = self._cell(row, at, 1)
            # Headings do not stand at the end of a page without a row.
            paragraph = self._paragraph(cell, centred=True, keep=True)
            add_run(paragraph, text, self._half_points, bold=bold)
        return row

    def row(
        self, placed: Sequence[PlacedCell], marks: "tuple[_Element, _Element] | None"
    ) -> "_Element":
        """Return a row, with the bookmark of its measure in its first cell."""
        row = element("tr")
        if self._count_lines(placed) <= self._most_lines:
            child(child(row, "trPr"), "cantSplit")
        is_part = any(one.cell is not None and one.span > 1 for one in placed)
        for at, one in enumerate(placed):
            cell = self._cell(row, one.column, one.span)
            properties = cell[0]
            if one.cell is None or one.cell.row_span > 1:
                merge = child(properties, "vMerge")
                if one.cell is not None:
                    merge.set(qualified("val"), "restart")
            paragraphs = self._fill(cell, one.cell or ReportCell(), is_part=is_part)
            if one.cell is not None and self._columns[one.column].kind in _FIGURES:
                for paragraph in paragraphs:
                    align(paragraph, "right")
            if at == 0 and marks is not None:
                paragraphs[0].extend(marks)
        return row

    def _count_lines(self, placed: Sequence[PlacedCell]) -> int:
        """Return about how many lines a row is high: a short text in a narrow column has many."""
        counts = [0]
        for one in placed:
            if one.cell is not None and one.cell.row_span == 1:
                letters = max(
                    sum(self._widths[one.column : one.column + one.span]) / self._letter - 2, 1
                )
                counts.append(sum(ceil(1.2 * len(line) / letters) for line in one.cell.lines))
        return max(counts)

    def _cell(self, row: "_Element", column: int, span: int) -> "_Element":
        cell = child(row, "tc")
        properties = child(cell, "tcPr")
        width = child(properties, "tcW")
        width.set(qualified("w"), str(sum(self._widths[column : column + span])))
        width.set(qualified("type"), "dxa")
        if span > 1:
            child(properties, "gridSpan").set(qualified("val"), str(span))
        return cell

    def _fill(self, cell: "_Element", content: ReportCell, *, is_part: bool) -> list["_Element"]:
        style = content.style
        if style in _SHADES:
            shading = child(cell[0], "shd")
            for key, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADES[style])):
                shading.set(qualified(key), value)
        paragraphs = []
        for line in content.lines or ("",):
            is_title = style in {ReportStyle.SECTION, ReportStyle.CHANNEL}
            paragraph = self._paragraph(cell, keep=is_title and is_part)
            if line:
                add_run(
                    paragraph,
                    line,
                    self._half_points,
                    bold=style in _BOLD,
                    italic=style is ReportStyle.CHANNEL,
                    colour=_COLOURS.get(style, ""),
                )
            paragraphs.append(paragraph)
        return paragraphs

    def _paragraph(
        self, cell: "_Element", *, centred: bool = False, keep: bool = False
    ) -> "_Element":
        paragraph = child(cell, "p")
        properties = child(paragraph, "pPr")
        child(properties, "pStyle").set(qualified("val"), self._style)
        if keep:  # A title does not stand alone at the end of a page.
            child(properties, "keepNext")
        if centred:
            align(paragraph, "center")
        return paragraph

"""Texts and formats of a workbook: what every sheet is written with."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kvartal.exchange.reports.blocks import ReportStyle
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.printed_number import LONG_NUMBER

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT: Final = 32_767
"""How many letters a cell holds; Excel counts in UTF-16."""

_DATE: Final = "dd.mm.yyyy"
_ENGLISH_DATE: Final = "[$-809]d mmmm yyyy"
TEXT: Final = "@"
PERCENT: Final = '0"\N{NO-BREAK SPACE}"%'

COLOURS: Final = {
    ReportStyle.OVERDUE: "#B3261E",
    ReportStyle.DONE_LATE: "#8A5300",
    ReportStyle.DONE: "#1D6B34",
    ReportStyle.DUE: "#1C5CAB",
    ReportStyle.CANCELLED: "#6B7280",
}
GROUNDS: Final = {
    ReportStyle.OVERDUE: "#FBE4E2",
    ReportStyle.DONE_LATE: "#FBEFD9",
    ReportStyle.DONE: "#E2F3E7",
    ReportStyle.DUE: "#E3EDF9",
    ReportStyle.CANCELLED: "#EEF0F2",
}

_SHOWN: Final = 60
_LINE: Final = 15.0
_HIGHEST: Final = 409.0
"""Points; Excel allows no higher row."""
_BORDER: Final = "#B8BFC9"
_A4: Final = 9
_LONGEST_HEADER: Final = 120
"""Excel takes 255 characters, and an ampersand counts for two."""


class TextCut(KvartalError):
    """Texts are longer than a cell may be."""

    template = N_(
        "В ячейку Excel входит не больше {limit} знаков: текстов длиннее {count}, они записаны не "
        "до конца, с «…». Первый: «{first}»."
    )


class RowTooLow(KvartalError):
    """Rows would have to be higher than they may be."""

    template = N_(
        "Строка Excel не бывает выше 409 пунктов: не целиком видно строк: {count}, хотя тексты в "
        "ячейках полные. Первая: «{first}»."
    )


class CellFormats:
    """The formats of a workbook, each made once, and its texts, none longer than a cell holds.

    Attributes:
        cut: How the texts begin that were too long.
        low: How the longest texts begin of rows that cannot be as high as they need.
        date: How dates are shown, in Excel's own notation.
    """

    def __init__(self, workbook: "Workbook", language: str = "") -> None:
        """Make formats.

        Args:
            workbook: The workbook that they belong to.
            language: That of the report: dates are written as its documents write them.
        """
        self.date = _ENGLISH_DATE if language == "en" else _DATE
        self._workbook = workbook
        self._known: dict[tuple[object, ...], Format] = {}
        self.cut: list[str] = []
        self.low: list[str] = []

    def format(  # noqa: PLR0913 - what a format consists of
        self,
        *,
        bold: bool = False,
        wrap: bool = False,
        colour: str = "",
        shade: str = "",
        number: str = "",
        border: bool = False,
        figure: bool = False,
    ) -> "Format":
        """Return a format.

        Args:
            bold: Whether letters are bold.
            wrap: Whether long texts go on in the next line.
            colour: Of the letters; empty for black.
            shade: Of the ground; empty for none.
            number: How values are shown, in Excel's own notation; empty for the usual way.
            border: Whether there are lines around.
            figure: Whether it is a number, which stands apart from the text of the next column.
        """
        key = (bold, wrap, colour, shade, number, border, figure)
        if key not in self._known:
            style: dict[str, Any] = {"valign": "top", "bold": bold, "text_wrap": wrap}
            style |= {"font_color": colour} if colour else {}
            style |= {"bg_color": shade} if shade else {}
            style |= {"num_format": number} if number else {}
            style |= {"align": "left"} if number == self.date else {}
            style |= {"align": "right", "indent": 1} if figure else {}
            style |= {"border": 1, "border_color": _BORDER} if border else {}
            self._known[key] = self._workbook.add_format(style)
        return self._known[key]

    def of_state(self, style: ReportStyle) -> "Format":
        """Return what a condition lays over a cell that says a state: ground and letters."""
        key = ("state", style)
        if key not in self._known:
            style_of = {
                "font_color": COLOURS[style],
                "bg_color": GROUNDS[style],
                "bold": style is ReportStyle.OVERDUE,
            }
            self._known[key] = self._workbook.add_format(style_of)
        return self._known[key]

    def write(self, sheet: "Worksheet", row: int, column: int, text: str, style: "Format") -> None:
        """Write a text, as much of it as a cell holds."""
        if len(text.encode("utf-16-le", "replace")) > LONGEST_TEXT * 2:
            self.cut.append(text[:_SHOWN])
            encoded = text.encode("utf-16-le", "replace")[: (LONGEST_TEXT - 1) * 2]
            text = encoded.decode("utf-16-le", "ignore") + "…"
        sheet.write_string(row, column, text, style)

    def note_height(self, texts: Sequence[tuple[str, float]]) -> None:
        """Note a row that cannot be as high as its texts, each with its width, need.

        One whose text is cut is named for that.
        """
        longest = max((text for text, _width in texts), key=len, default="")
        if len(longest) <= LONGEST_TEXT and not fits_height(texts):
            self.low.append(longest[:_SHOWN])


def set_height(sheet: "Worksheet", row: int, texts: Sequence[tuple[str, float]]) -> None:
    """Make a row as high as its texts, each with its width in letters, need."""
    sheet.set_row(row, min(_height(texts), _HIGHEST))


def fits_height(texts: Sequence[tuple[str, float]]) -> bool:
    """Return whether a row can be as high as its texts, each with its width in letters, need."""
    return _height(texts) <= _HIGHEST


def number_format(value: float) -> str:
    """Return how a number is shown, in Excel's own notation: with the digits that documents print.

    Args:
        value: The number; one that is edited later is not shown with more decimals.
    """
    if abs(value) < LONG_NUMBER:
        return ""
    decimals = len(repr(value).removesuffix(".0").partition(".")[2])
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"


def accept_texts(sheet: "Worksheet", row: int, column: int) -> None:
    """Let Excel not mark texts of digits as mistakes: numbers of measures are no quantities.

    Args:
        sheet: The sheet.
        row: Its last row.
        column: Its last column.
    """
    from xlsxwriter.utility import xl_range

    cells = xl_range(0, 0, row, column)
    sheet.ignore_errors({"number_stored_as_text": cells, "two_digit_text_year": cells})


def set_page(sheet: "Worksheet", title: str = "", *, scale: int = 0) -> None:
    """Let a sheet be printed across a page.

    Args:
        sheet: The sheet.
        title: What it is part of, printed above it; empty for nothing.
        scale: How large it is printed, percent; 0 for as wide as the page. Only a sheet with a
            scale can be divided into pages by hand.
    """
    sheet.set_landscape()
    sheet.set_paper(_A4)
    if scale:
        sheet.set_print_scale(scale)
    else:
        sheet.fit_to_pages(1, 0)
    if title:
        sheet.set_header("&L" + title[:_LONGEST_HEADER].replace("&", "&&"))
    sheet.set_footer("&L&A&R&P / &N")


def _height(texts: Sequence[tuple[str, float]]) -> float:
    return _LINE * max((_lines(text, width) for text, width in texts), default=1)


def _lines(text: str, width: float) -> int:
    return sum(max(1, math.ceil(1.1 * len(line) / width)) for line in text.split("\n"))

"""Formats of a workbook's cells, and the runs of rich text."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kvartal.exchange.grid import Run
from kvartal.exchange.readers.number_format import BUILT_IN, GENERAL

if TYPE_CHECKING:
    from lxml.etree import _Element

_S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OFF: Final = frozenset({"0", "false"})


@dataclass(frozen=True, slots=True)
class CellStyle:
    """How a cell looks.

    Attributes:
        number_format: Format code of numbers.
        struck: Struck through.
        bold: Bold.
        italic: Italic.
        indent: Steps of indentation.
    """

    number_format: str = GENERAL
    struck: bool = False
    bold: bool = False
    italic: bool = False
    indent: float = 0.0

    def run(self, text: str) -> Run:
        """Return a text in this style."""
        return Run(text, struck=self.struck, bold=self.bold, italic=self.italic)

    @staticmethod
    def with_text(run: Run, text: str) -> Run:
        """Return a run with a different text."""
        return replace(run, text=text)


class CellStyles:
    """The formats of a workbook by their numbers.

    Args:
        root: `styles.xml`; None where there is none.
    """

    def __init__(self, root: "_Element | None") -> None:
        self._styles: list[CellStyle] = []
        if root is None:
            return
        formats = dict(BUILT_IN)
        for element in root.iterfind(f"{_S}numFmts/{_S}numFmt"):
            formats[_number(element.get("numFmtId"))] = element.get("formatCode", GENERAL)
        fonts = [_font(element) for element in root.iterfind(f"{_S}fonts/{_S}font")]
        for element in root.iterfind(f"{_S}cellXfs/{_S}xf"):
            font = _number(element.get("fontId"))
            style = fonts[font] if font < len(fonts) else CellStyle()
            alignment = element.find(f"{_S}alignment")
            self._styles.append(
                replace(
                    style,
                    number_format=formats.get(_number(element.get("numFmtId")), GENERAL),
                    indent=float(_number(None if alignment is None else alignment.get("indent"))),
                )
            )

    def style(self, number: str | None) -> CellStyle:
        """Return the format with a number; a plain one where there is none."""
        index = _number(number)
        return self._styles[index] if index < len(self._styles) else CellStyle()


def rich_text(element: "_Element", style: CellStyle) -> list[Run]:
    """Return the runs of a string, without the pronunciation that East Asian texts carry.

    Args:
        element: The `si` or `is`.
        style: The format of the cell, for what the string says nothing about.
    """
    runs = []
    for child in element.iterchildren("{*}*"):
        if child.tag == f"{_S}t":
            runs.append(style.run(unescaped(child.text or "")))
        elif child.tag == f"{_S}r":
            properties = child.find(f"{_S}rPr")
            own = style if properties is None else _font(properties)
            run = own.run(unescaped(child.findtext(f"{_S}t") or ""))
            raised = child.find(f"{_S}rPr/{_S}vertAlign")
            superscript = raised is not None and raised.get("val") == "superscript"
            runs.append(replace(run, superscript=superscript))
    return runs


def unescaped(text: str) -> str:
    """Return a text with the characters that XML cannot hold: `_x000D_` is a carriage return."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _font(element: "_Element") -> CellStyle:
    return CellStyle(
        struck=_switch(element, "strike"),
        bold=_switch(element, "b"),
        italic=_switch(element, "i"),
    )


def _switch(element: "_Element", name: str) -> bool:
    found = element.find(_S + name)
    return found is not None and found.get("val", "1") not in _OFF


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - no overflow

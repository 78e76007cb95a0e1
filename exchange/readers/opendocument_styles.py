"""Styles of an OpenDocument file: what each says of a text, a sheet, a paragraph."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kvartal.exchange.grid import Run
from kvartal.exchange.readers.opendocument_names import FO, STYLE, TABLE, TEXT, whole

if TYPE_CHECKING:
    from lxml.etree import _Element

_LENGTH: Final = re.compile(r"(-?\d+(?:\.\d+)?)(pt|cm|mm|in)")
_POINTS: Final = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0}
_BOLD: Final = frozenset({"bold", "600", "700", "800", "900"})
_DEEPEST: Final = 50


@dataclass(frozen=True, slots=True)
class TextStyle:
    """A style with what it inherits.

    Attributes:
        name: As the user sees it.
        struck: Struck through; None where it says nothing, as with the next ones.
        hidden: Not shown.
        bold: Bold.
        italic: Italic.
        superscript: Raised.
        indent: Left indentation in points.
        outline: Outline level from 1.
        list_style: Name of the list style.
        displayed: Whether a sheet is shown.
    """

    name: str = ""
    struck: bool | None = None
    hidden: bool | None = None
    bold: bool | None = None
    italic: bool | None = None
    superscript: bool | None = None
    indent: float | None = None
    outline: int = 0
    list_style: str = ""
    displayed: bool = True

    def over(self, run: Run) -> Run:
        """Return a run with what the style says of it."""
        return replace(
            run,
            struck=run.struck if self.struck is None else self.struck,
            hidden=run.hidden or bool(self.hidden),
            bold=run.bold if self.bold is None else self.bold,
            italic=run.italic if self.italic is None else self.italic,
            superscript=run.superscript if self.superscript is None else self.superscript,
        )


class DocumentStyles:
    """The styles of a document by family and name.

    Args:
        roots: The parts that define styles: `styles.xml`, `content.xml`.
    """

    def __init__(self, roots: Iterable["_Element"]) -> None:
        self._elements: dict[tuple[str, str], _Element] = {}
        self._read: dict[tuple[str, str], TextStyle] = {}
        for root in roots:
            for element in root.iter(f"{STYLE}style"):
                key = (element.get(f"{STYLE}family", ""), element.get(f"{STYLE}name", ""))
                self._elements[key] = element

    def style(self, family: str, name: str | None) -> TextStyle:
        """Return a style; one that says nothing where it is unknown.

        Args:
            family: `text`, `paragraph`, `table`, `table-cell`.
            name: As elements refer to it.
        """
        key = (family, name or "")
        if key not in self._read:
            chain: list[_Element] = []
            following = key[1]
            while (family, following) in self._elements and len(chain) < _DEEPEST:
                chain.append(self._elements[family, following])
                following = chain[-1].get(f"{STYLE}parent-style-name", "")
            style = TextStyle()
            for element in reversed(chain):
                style = _laid_over(style, element)
            self._read[key] = style
        return self._read[key]


def _laid_over(style: TextStyle, element: "_Element") -> TextStyle:
    style = replace(
        style,
        name=element.get(f"{STYLE}display-name", element.get(f"{STYLE}name", "")),
        list_style=element.get(f"{STYLE}list-style-name", style.list_style),
        outline=whole(element.get(f"{STYLE}default-outline-level"), style.outline),
    )
    text = element.find(f"{STYLE}text-properties")
    if text is not None:
        line = text.get(f"{STYLE}text-line-through-style") or text.get(
            f"{STYLE}text-line-through-type"
        )
        display = text.get(f"{TEXT}display")
        weight, slant = text.get(f"{FO}font-weight"), text.get(f"{FO}font-style")
        position = text.get(f"{STYLE}text-position")
        style = replace(
            style,
            struck=style.struck if line is None else line != "none",
            hidden=style.hidden if display is None else display == "none",
            bold=style.bold if weight is None else weight in _BOLD,
            italic=style.italic if slant is None else slant in {"italic", "oblique"},
            superscript=style.superscript if position is None else position.startswith("super"),
        )
    paragraph = element.find(f"{STYLE}paragraph-properties")
    margin = None if paragraph is None else paragraph.get(f"{FO}margin-left")
    match = _LENGTH.match(margin or "")
    if match:
        style = replace(style, indent=float(match[1]) * _POINTS[match[2]])
    table = element.find(f"{STYLE}table-properties")
    if table is not None and table.get(f"{TABLE}display") == "false":
        style = replace(style, displayed=False)
    return style

"""Numbers of the lists of an HTML page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kvartal.exchange.readers.html_styles import Declarations
from kvartal.exchange.readers.numerals import numeral

if TYPE_CHECKING:
    from lxml.etree import _Element

_FORMATS: Final[Mapping[str, str]] = dict(
    (
        *(("1", "decimal"), ("decimal-leading-zero", "decimalZero")),
        *(("a", "lowerLetter"), ("lower-alpha", "lowerLetter"), ("lower-latin", "lowerLetter")),
        *(("A", "upperLetter"), ("upper-alpha", "upperLetter"), ("upper-latin", "upperLetter")),
        *(("i", "lowerRoman"), ("lower-roman", "lowerRoman")),
        *(("I", "upperRoman"), ("upper-roman", "upperRoman")),
    )
)
_BULLETS: Final[Mapping[str, str]] = {"circle": "◦", "square": "▪", "none": ""}


@dataclass(slots=True)
class _List:
    bullet: str
    number_format: str
    count: int


@dataclass(slots=True)
class ListCounter:
    """Counts the items of lists inside lists."""

    _lists: list[_List] = field(default_factory=list)

    def begin(self, element: "_Element", style: Declarations) -> None:
        """Begin a list: `ol` or `ul`."""
        kind = style.get("list-style-type") or style.get("list-style", "")
        if str(element.tag).lower() == "ul" or kind == "none":
            self._lists.append(_List(_BULLETS.get(kind, "•"), "", 0))
            return
        named = _FORMATS.get(element.get("type", "1"), "decimal")
        start = _whole(element.get("start"), 1)
        self._lists.append(_List("", _FORMATS.get(kind, named), start - 1))

    def end(self) -> None:
        """End the innermost list."""
        self._lists.pop()

    def next_number(self, element: "_Element", style: Declarations) -> tuple[str, int]:
        """Return the number or bullet of an item, and the level of its list."""
        if not self._lists:
            return "•", 0
        current = self._lists[-1]
        level = len(self._lists) - 1
        if not current.number_format or style.get("list-style-type") == "none":
            return current.bullet, level
        current.count = _whole(element.get("value"), current.count + 1)
        return f"{numeral(current.count, current.number_format)}.", level


def _whole(text: str | None, default: int) -> int:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else default  # noqa: PLR2004

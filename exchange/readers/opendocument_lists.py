"""Numbers of the lists and headings of an OpenDocument text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kvartal.exchange.readers.numerals import numeral
from kvartal.exchange.readers.opendocument_names import LOEXT, STYLE, TEXT, XML, whole
from kvartal.exchange.readers.symbols import bullet

if TYPE_CHECKING:
    from lxml.etree import _Element

_FORMATS: Final = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_LEVEL_STYLES: Final = frozenset(
    f"{TEXT}{name}"
    for name in ("list-level-style-number", "list-level-style-bullet", "outline-level-style")
)
_PLACEHOLDER: Final = re.compile(r"%(\d{1,2})%")
OUTLINE: Final = "\0outline"
"""Key of the list that headings are counted in."""


@dataclass(frozen=True, slots=True)
class _Level:
    number_format: str = ""
    prefix: str = ""
    suffix: str = ""
    pattern: str = ""
    bullet: str = ""
    start: int = 1
    shown: int = 1


@dataclass(slots=True)
class OpenList:
    """A `text:list` that is being read.

    Attributes:
        style: Name of its list style.
        counts: Last number of each level.
        level: From 1.
        pending: Whether the next paragraph gets a number.
        start: The number that it gets, where the item names one.
    """

    style: str
    counts: dict[int, int]
    level: int
    pending: bool = False
    start: int | None = None


@dataclass(slots=True)
class ListNumbers:
    """Counts the items of lists, and headings."""

    _styles: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _open: list[OpenList] = field(default_factory=list)
    _by_style: dict[str, dict[int, int]] = field(default_factory=dict)
    _by_id: dict[str, dict[int, int]] = field(default_factory=dict)

    def add_styles(self, roots: Iterable["_Element"]) -> None:
        """Add the list styles of a part of the document."""
        for root in roots:
            for tag, key in (("list-style", ""), ("outline-style", OUTLINE)):
                for element in root.iter(TEXT + tag):
                    name = key or element.get(f"{STYLE}name", "")
                    self._styles[name] = {
                        whole(child.get(f"{TEXT}level"), 1): _level(child)
                        for child in element
                        if child.tag in _LEVEL_STYLES
                    }

    def begin(self, element: "_Element", paragraph_style: str) -> None:
        """Begin a list.

        Args:
            element: The `text:list`.
            paragraph_style: The list style of its paragraphs, where the list names none.
        """
        outer = self._open[-1] if self._open else None
        name = element.get(f"{TEXT}style-name", "") or (outer.style if outer else paragraph_style)
        if outer:
            counts = outer.counts
        elif element.get(f"{TEXT}continue-list"):
            counts = self._by_id.get(element.get(f"{TEXT}continue-list", ""), {})
        elif element.get(f"{TEXT}continue-numbering") == "true":
            counts = self._by_style.get(name, {})
        else:
            counts = {}
        if not outer:
            self._by_style[name] = counts
            self._by_id[element.get(f"{XML}id", "")] = counts
        self._open.append(OpenList(name, counts, len(self._open) + 1))

    def end(self) -> None:
        """End the innermost list."""
        self._open.pop()

    def item(self, element: "_Element", *, numbered: bool) -> None:
        """Begin an item: its first paragraph gets the number."""
        self._open[-1].pending = numbered
        start = element.get(f"{TEXT}start-value")
        self._open[-1].start = whole(start, 1) if start else None

    def next_number(self) -> tuple[str, int]:
        """Return the number of a paragraph and the level of its list; it may have none."""
        if not self._open:
            return "", 0
        current = self._open[-1]
        if not current.pending:
            return "", current.level - 1
        current.pending = False
        return self._count(current.style, current.counts, current.level, current.start), (
            current.level - 1
        )

    def heading(self, level: int) -> str:
        """Return the number of a heading that stands in no list."""
        counts = self._by_style.setdefault(OUTLINE, {})
        return self._count(OUTLINE, counts, level, None)

    def suspend(self) -> list[OpenList]:
        """Leave the lists around a table, which do not reach into it.

        Returns:
            What `resume` takes when the table has ended.
        """
        around, self._open = self._open, []
        return around

    def resume(self, around: list[OpenList]) -> None:
        """Go on with the lists around a table."""
        self._open = around

    @property
    def inside(self) -> bool:
        """Whether a list is being read."""
        return bool(self._open)

    def _count(self, style: str, counts: dict[int, int], level: int, start: int | None) -> str:
        levels = self._styles.get(style, {})
        definition = levels.get(level, _Level())
        counts[level] = counts.get(level, definition.start - 1) + 1 if start is None else start
        for below in [below for below in counts if below > level]:
            del counts[below]
        if definition.bullet:
            return definition.bullet
        if not definition.number_format:
            return (definition.prefix + definition.suffix).strip()

        def shown(number: int) -> str:
            above = levels.get(number, _Level())
            return numeral(counts.get(number, above.start), above.number_format or "none")

        if definition.pattern:
            return _PLACEHOLDER.sub(lambda match: shown(int(match[1])), definition.pattern).strip()
        numbers = [shown(number) for number in range(level - definition.shown + 1, level + 1)]
        joined = ".".join(number for number in numbers if number)
        return f"{definition.prefix}{joined}{definition.suffix}".strip()


def _level(element: "_Element") -> _Level:
    return _Level(
        number_format=_format(element.get(f"{STYLE}num-format", "")),
        prefix=element.get(f"{STYLE}num-prefix", ""),
        suffix=element.get(f"{STYLE}num-suffix", ""),
        pattern=element.get(f"{STYLE}num-list-format", element.get(f"{LOEXT}num-list-format", "")),
        bullet=bullet(element.get(f"{TEXT}bullet-char", ""), ""),
        start=whole(element.get(f"{TEXT}start-value"), 1),
        shown=max(1, whole(element.get(f"{TEXT}display-levels"), 1)),
    )


def _format(name: str) -> str:
    """Return the name in Office Open XML of a number format."""
    if name.startswith("А, Б"):
        return "russianUpper"
    if name.startswith("а, б"):
        return "russianLower"
    return _FORMATS.get(name, "decimal") if name else ""

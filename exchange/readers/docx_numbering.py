"""Automatic numbers of a Word document: numbering.xml, counted over its paragraphs in order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kvartal.exchange.readers.docx_names import MC, W, number, switch, value
from kvartal.exchange.readers.numerals import numeral
from kvartal.exchange.readers.symbols import bullet

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEVELS: Final = 9
_PLACEHOLDER: Final = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    """A level of a list."""

    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    font: str = ""
    legal: bool = False
    style: str = ""
    restart: int | None = None


@dataclass(slots=True)
class _List:
    """A `w:num`: a list as paragraphs name it."""

    abstract: str
    levels: Mapping[int, _Level]
    restarts: dict[int, int] = field(default_factory=dict)
    """First numbers of levels that this list counts anew, until they are used."""


class Numbering:
    """Counts the automatic numbers of a document, paragraph after paragraph.

    Args:
        root: `numbering.xml`; None where the document has none.
    """

    def __init__(self, root: "_Element | None") -> None:
        self._lists: dict[str, _List] = {}
        # Lists that share their definition go on counting where the other has stopped.
        self._counts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        abstracts = {
            element.get(f"{W}abstractNumId", ""): element
            for element in root.iterchildren(f"{W}abstractNum")
        }
        linked = {
            value(element, "styleLink"): key
            for key, element in abstracts.items()
            if value(element, "styleLink")
        }
        for element in root.iterchildren(f"{W}num"):
            abstract = value(element, "abstractNumId")
            if abstract in abstracts:
                abstract = linked.get(value(abstracts[abstract], "numStyleLink"), abstract)
                levels = _levels(abstracts[abstract])
                entry = _List(abstract, levels)
                _override(entry, element)
                self._lists[element.get(f"{W}numId", "")] = entry

    def level_of_style(self, key: str, style: str) -> int:
        """Return the level of a list that belongs to a paragraph style; 0 where none does."""
        found = self._lists.get(key)
        levels = found.levels if found else {}
        return next((level for level, entry in levels.items() if entry.style == style), 0)

    def next_number(self, key: str, level: int) -> str:
        """Count a paragraph and return its number as printed; empty where it has none.

        Args:
            key: Id of the list.
            level: From 0.
        """
        entry = self._lists.get(key)
        if entry is None or level not in entry.levels:
            return ""
        counts = self._counts.setdefault(entry.abstract, {})
        for restarted in [one for one in entry.restarts if one <= level]:
            first = entry.restarts.pop(restarted)
            counts[restarted] = first - 1 if restarted == level else first
        for above in range(level):
            counts.setdefault(above, self._start(entry, above))
        counts[level] = counts.get(level, self._start(entry, level) - 1) + 1
        for below in [below for below in counts if below > level]:
            definition = entry.levels.get(below, _Level())
            # By default every level above restarts it; 0: none does; n: level n and those above.
            if definition.restart is None or level < definition.restart:
                del counts[below]
        return self._printed(entry, level, counts)

    @staticmethod
    def _start(entry: _List, level: int) -> int:
        return entry.levels.get(level, _Level()).start

    @staticmethod
    def _printed(entry: _List, level: int, counts: Mapping[int, int]) -> str:
        definition = entry.levels[level]
        if definition.number_format == "bullet":
            return bullet(definition.text, definition.font)

        def count(match: re.Match[str]) -> str:
            named = int(match[1]) - 1
            if named > level:
                return ""
            shown = entry.levels.get(named, _Level())
            plain = definition.legal and shown.number_format != "none"
            return numeral(
                counts.get(named, shown.start), "decimal" if plain else shown.number_format
            )

        if definition.number_format == "none":
            return _PLACEHOLDER.sub("", definition.text)
        return _PLACEHOLDER.sub(count, definition.text)


def _levels(abstract: "_Element") -> dict[int, _Level]:
    return {
        number(element.get(f"{W}ilvl")): _level(element)
        for element in abstract.iterchildren(f"{W}lvl")
    }


def _level(element: "_Element") -> _Level:
    run = element.find(f"{W}rPr")
    fonts = None if run is None else run.find(f"{W}rFonts")
    restart = value(element, "lvlRestart")
    fallback = element.find(f"{MC}AlternateContent/{MC}Fallback")
    return _Level(
        start=number(value(element, "start", "0")),
        # A format of later versions stands beside one that all know.
        number_format=value(element, "numFmt") or value(fallback, "numFmt", "decimal"),
        text=value(element, "lvlText"),
        font="" if fonts is None else fonts.get(f"{W}ascii", ""),
        legal=switch(element, "isLgl") or False,
        style=value(element, "pStyle"),
        restart=number(restart) if restart else None,
    )


def _override(entry: _List, element: "_Element") -> None:
    levels = dict(entry.levels)
    for override in element.iterchildren(f"{W}lvlOverride"):
        level = number(override.get(f"{W}ilvl"))
        definition = override.find(f"{W}lvl")
        if definition is not None and level < _LEVELS:
            levels[level] = _level(definition)
        start = value(override, "startOverride")
        if start:
            entry.restarts[level] = number(start)
    entry.levels = levels

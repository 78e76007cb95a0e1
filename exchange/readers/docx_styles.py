"""Styles of a Word document, as far as they say what a text is: struck, hidden, numbered."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kvartal.exchange.readers.docx_names import W, number, switch, value

if TYPE_CHECKING:
    from lxml.etree import _Element

TOGGLES: Final = ("strike", "dstrike", "vanish", "b", "i")
"""What two styles together switch off again (ECMA-376, 17.7.3)."""

_NO_OUTLINE: Final = 9
_ON: Final = frozenset({"1", "true", "on"})
_DEEPEST: Final = 50
"""Longer chains of styles, or circles of them, are cut here."""


@dataclass(slots=True)
class WordStyle:
    """A style with what it inherits.

    Attributes:
        name: As the user sees it.
        switches: What it switches on or off, by the names of `TOGGLES`.
        superscript: Whether it raises the text, where it says so.
        numbering: Id of its list; empty where it says nothing, «0» for none.
        level: Level of the list, where it says so.
        outline: Outline level from 1, 0 for body text, where it says so.
        indent: Left indentation in points, where it says so.
    """

    name: str = ""
    switches: dict[str, bool] = field(default_factory=dict)
    superscript: bool | None = None
    numbering: str = ""
    level: int | None = None
    outline: int | None = None
    indent: float | None = None


class Styles:
    """The styles of a document by their ids.

    Args:
        root: `styles.xml`; None where the document has none.
    """

    def __init__(self, root: "_Element | None") -> None:
        self._elements: dict[str, _Element] = {}
        self._read: dict[str, WordStyle] = {}
        self.defaults = WordStyle()
        self.default_paragraph = ""
        if root is None:
            return
        for element in root.iterchildren(f"{W}style"):
            key = element.get(f"{W}styleId", "")
            self._elements[key] = element
            if element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") in _ON:
                self.default_paragraph = key
        defaults = root.find(f"{W}docDefaults")
        if defaults is not None:
            _take(self.defaults, defaults.find(f"{W}pPrDefault"))
            _take(self.defaults, defaults.find(f"{W}rPrDefault"))

    def style(self, key: str) -> WordStyle:
        """Return a style with what it inherits; one without any settings where it is unknown."""
        if key not in self._read:
            chain: list[_Element] = []
            following = key
            while following in self._elements and len(chain) < _DEEPEST:
                chain.append(self._elements[following])
                following = value(chain[-1], "basedOn")
            style = WordStyle()
            for element in reversed(chain):
                _take(style, element)
            style.name = value(chain[0], "name") if chain else key
            self._read[key] = style
        return self._read[key]


def _take(style: WordStyle, element: "_Element | None") -> None:
    """Lay the settings of an element over those of a style."""
    if element is None:
        return
    run = element.find(f"{W}rPr")
    style.switches.update(switches(run))
    raised = superscript(run)
    style.superscript = style.superscript if raised is None else raised
    paragraph = element.find(f"{W}pPr")
    if paragraph is None:
        return
    numbering = paragraph.find(f"{W}numPr")
    if numbering is not None:
        style.numbering = value(numbering, "numId", style.numbering)
        level = value(numbering, "ilvl")
        style.level = number(level) if level else style.level
    outline = value(paragraph, "outlineLvl")
    if outline:
        style.outline = outline_level(outline)
    indent = indentation(paragraph)
    style.indent = style.indent if indent is None else indent


def switches(run: "_Element | None") -> dict[str, bool]:
    """Return what the properties of a run or style switch on or off."""
    found = {name: switch(run, name) for name in TOGGLES}
    return {name: on for name, on in found.items() if on is not None}


def superscript(run: "_Element | None") -> bool | None:
    """Return whether the properties of a run raise it; None where they say nothing."""
    alignment = value(run, "vertAlign")
    return alignment == "superscript" if alignment else None


def outline_level(text: str) -> int:
    """Return an outline level from 1; 0 for body text."""
    level = number(text, _NO_OUTLINE)
    return level + 1 if 0 <= level < _NO_OUTLINE else 0


def indentation(paragraph: "_Element | None") -> float | None:
    """Return the left indentation of a paragraph's properties in points, if they say it."""
    found = None if paragraph is None else paragraph.find(f"{W}ind")
    if found is None:
        return None
    for name in ("start", "left"):
        twips = found.get(W + name)
        if twips is not None:
            return number(twips) / 20
    return None

"""What the styles of an HTML page say of a text: struck, hidden, bold, raised."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import _Element

_RULE: Final = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR: Final = re.compile(r"[a-z0-9]*\.[\w-]+|[a-z][a-z0-9]*", re.IGNORECASE)
_COMMENT: Final = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_BOLD: Final = re.compile(r"bold|bolder|[6-9]00")
_LENGTH: Final = re.compile(r"(-?\d+(?:\.\d+)?)(pt|px|cm|mm|in|em)?")
_POINTS: Final = {"pt": 1.0, "px": 0.75, "cm": 28.35, "mm": 2.835, "in": 72.0, "em": 12.0}
_PIXEL: Final = 0.75
Declarations = Mapping[str, str]
"""Properties of a style by their names, in small letters."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """How a text looks.

    Attributes:
        struck: Struck through.
        inserted: Inside `ins`.
        deleted: Inside `del`.
        hidden: Not shown.
        bold: Bold.
        italic: Italic.
        superscript: Raised.
        preformatted: White space is kept.
        link: Target of the link around it.
    """

    struck: bool = False
    inserted: bool = False
    deleted: bool = False
    hidden: bool = False
    bold: bool = False
    italic: bool = False
    superscript: bool = False
    preformatted: bool = False
    link: str = ""

    def styled(self, style: Declarations) -> "Appearance":
        """Return the appearance with what a style says."""
        decoration = style.get("text-decoration", "") + style.get("text-decoration-line", "")
        hidden = style.get("display") == "none" or style.get("visibility") in _INVISIBLE
        weight = style.get("font-weight", "")
        slant = style.get("font-style", "")
        return replace(
            self,
            struck=self.struck or "line-through" in decoration,
            hidden=self.hidden or hidden or style.get("mso-hide") == "all",
            bold=bool(_BOLD.match(weight)) if weight else self.bold,
            italic=slant in {"italic", "oblique"} if slant else self.italic,
            superscript=self.superscript or style.get("vertical-align") == "super",
            preformatted=self.preformatted or style.get("white-space", "").startswith("pre"),
        )


_INVISIBLE: Final = frozenset({"hidden", "collapse"})


def appearance_of(tag: str, appearance: Appearance) -> Appearance:
    """Return the appearance of a text inside an element without any style."""
    return replace(
        appearance,
        struck=appearance.struck or tag in {"s", "strike"},
        inserted=appearance.inserted or tag == "ins",
        deleted=appearance.deleted or tag == "del",
        bold=appearance.bold or tag in {"b", "strong", "th"},
        italic=appearance.italic or tag in {"em", "i"},
        superscript=appearance.superscript or tag == "sup",
        preformatted=appearance.preformatted or tag == "pre",
    )


class StyleSheet:
    """The styles of a page: by tag and by class, as office programs write them."""

    def __init__(self, root: "_Element") -> None:
        self._rules: dict[str, dict[str, str]] = {}
        for element in root.iter("style"):
            text = _COMMENT.sub("", element.text or "")
            for selectors, body in _RULE.findall(text):
                for selector in selectors.split(","):
                    name = selector.strip().lower()
                    if _SELECTOR.fullmatch(name):
                        self._rules.setdefault(name, {}).update(declarations(body))

    def style(self, element: "_Element") -> Declarations:
        """Return what is said of an element: by its tag, its classes, and itself."""
        tag = str(element.tag).lower()
        found = dict(self._rules.get(tag, {}))
        for name in element.get("class", "").lower().split():
            found.update(self._rules.get(f".{name}", {}))
            found.update(self._rules.get(f"{tag}.{name}", {}))
        found.update(declarations(element.get("style", "")))
        if element.get("hidden") is not None:
            found["display"] = "none"
        return found


def declarations(text: str) -> dict[str, str]:
    """Return the properties of a style."""
    found = {}
    for part in text.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip().lower()
    return found


def points(style: Declarations) -> float:
    """Return the left indentation that a style sets."""
    match = _LENGTH.match(style.get("margin-left", ""))
    return float(match[1]) * _POINTS.get(match[2], _PIXEL) if match else 0.0

"""Names of WordprocessingML, and its little values."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import _Element

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VAL: Final = f"{W}val"


def value(element: "_Element | None", child: str, default: str = "") -> str:
    """Return the `w:val` of a child of an element."""
    found = None if element is None else element.find(W + child)
    return default if found is None else found.get(VAL, default)


def switch(element: "_Element | None", child: str) -> bool | None:
    """Return whether a child switches something on or off; None where there is no such child."""
    found = None if element is None else element.find(W + child)
    return None if found is None else found.get(VAL, "true") not in {"false", "0", "off", "none"}


def number(text: str | None, default: int = 0) -> int:
    """Return a whole number of at most nine digits; the default for anything else."""
    try:
        return int(text) if text and len(text) < len("-1000000000") else default
    except ValueError:
        return default

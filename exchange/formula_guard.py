"""Texts that a spreadsheet would take for formulas, and the apostrophe that keeps it from that."""

from typing import Final

FORMULA_STARTS: Final = (*"=+-@\t\r\n", *"＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula."""

_GUARDED: Final = tuple(f"'{sign}" for sign in FORMULA_STARTS)


def without_guard(text: str) -> str:
    """Return a text without the apostrophe before what would be a formula: it is no part of it."""
    return text[1:] if text.startswith(_GUARDED) else text

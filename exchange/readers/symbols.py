"""Characters of symbol fonts: Word stores a code of a font for the character that it looks like."""

from collections.abc import Mapping
from typing import Final

_WINGDINGS: Final[Mapping[int, str]] = dict(
    zip(
        bytes.fromhex("2d 6c 6e 6f 71 74 75 76 77 9f a1 a7 a8 b7 d8 e0 fb fc fd fe"),
        "-●■□❑⧫◆❖⬥•○▪◻•➢→✗✓☒☑",
        strict=True,
    )
)
_SYMBOL: Final[Mapping[int, str]] = dict(
    zip(
        bytes.fromhex("2d 44 53 6d a3 a5 ae b0 b1 b3 b4 b7 b8 b9 bb d7"),
        "−ΔΣμ≤∞→°±≥×•÷≠≈⋅",
        strict=True,
    )
)
_PRIVATE: Final = range(0xF000, 0xF100)
"""Where symbol fonts keep their characters in Unicode texts."""


def symbol(code: int, font: str) -> str:
    """Return the character that a code of a font looks like.

    Args:
        code: As stored, in the private range or not.
        font: The font's name.

    Returns:
        An unknown code of a symbol font stays the character with this code.
    """
    table: Mapping[int, str] = {}
    if font.startswith("Wingdings"):
        table = _WINGDINGS
    elif font == "Symbol":
        table = _SYMBOL
    try:
        return table.get(code - 0xF000 if code in _PRIVATE else code) or chr(code)
    except (ValueError, OverflowError):
        return ""


def bullet(text: str, font: str) -> str:
    """Return the bullet of a list as a character that any font has."""
    return "".join(
        symbol(ord(char), font or "Symbol") if ord(char) in _PRIVATE else char for char in text
    )

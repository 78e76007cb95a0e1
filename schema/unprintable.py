"""Visible replacements for characters that cannot be seen, the same for everything that is shown.

A control character could move the cursor or write to the clipboard, a direction mark could reverse
a line, a zero-width character makes two names look alike. Each is replaced with something visible
and harmless. Letters, signs and spaces of any script stay, including those unknown to the Unicode
tables of the running Python: what is written must not depend on its version.
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_PICTURES: Final = 0x2400
_SPACE: Final = 0x20
_DELETE: Final = "\x7f"
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def revealed(text: str, instead: Mapping[str, str] = _NONE) -> str:
    r"""Return a text with every invisible character made visible.

    Control characters become their Unicode pictures, everything else its code.

    Args:
        text: Any data.
        instead: Other replacements for some of these characters.

    >>> revealed("a\x1b[31mb\u202e")
    'a␛[31mb‹U+202E›'
    """
    if text.isprintable():
        return text
    return "".join(instead[one] if one in instead else _sign(one) for one in text)


def _sign(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) not in _HIDDEN and not _is_noncharacter(code):
        return character
    if code < _SPACE:
        return chr(_PICTURES + code)
    return "\N{SYMBOL FOR DELETE}" if character == _DELETE else f"‹U+{code:04X}›"


def _is_noncharacter(code: int) -> bool:
    """Return whether a code is a Unicode noncharacter: XML and some terminals refuse it."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 - Unicode's own

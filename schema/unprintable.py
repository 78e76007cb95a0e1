"""What cannot be seen in a text, and what is shown in its place: one table for all that is shown.

A control character would move the cursor or write the clipboard, a direction mark would turn a line
round, a zero-width character makes two names look like one. Each becomes something that can be seen
and does nothing. Letters, signs and spaces of any script stay, those too that this version of
Python's tables does not know yet: what is written must not depend on it.
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
    r"""Return a text in which nothing hides and nothing acts.

    Control characters become their pictures, everything else its code.

    Args:
        text: Any data.
        instead: What is shown for some of the hidden characters in another way.

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
    """Tell whether a code will never be a character: XML and some terminals refuse it."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 - Unicode's own

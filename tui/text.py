"""Making data fit to be shown: everything a person sees goes through :func:`shown`.

What stands in the plan, in a file name or in a commit is data. A control character would move the
cursor or write the clipboard, a direction mark would turn a line round; so each is replaced by
something that can be seen and does nothing. Markup is not this module's matter: widgets take
``Content``/``Text`` values or ``markup=False``.
"""

import unicodedata
from typing import Final

_PICTURES: Final = 0x2400
_SPACE: Final = 0x20
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Harmless and common in texts pasted from word processors: a soft hyphen is simply left out.
_SOFT_HYPHEN: Final = "\u00ad"


def shown(text: str, *, lines: bool = False) -> str:
    r"""Return a text in which nothing hides and nothing acts.

    Args:
        text: Any data.
        lines: Keep line breaks, for places that show several lines; otherwise a line break is
            shown as ``⏎``.

    >>> shown("a\x1b[31mb")
    'a␛[31mb'
    """
    if text.isprintable():
        return text
    return "".join(_visible(character, lines) for character in text.replace("\r\n", "\n"))


_REPLACED: Final = {"\n": "⏎", "\t": " ", _SOFT_HYPHEN: "", "\x7f": "␡"}


def _visible(character: str, lines: bool) -> str:  # noqa: FBT001 - a private helper
    if unicodedata.category(character) not in _HIDDEN or (lines and character == "\n"):
        return character
    if character in _REPLACED:
        return _REPLACED[character]
    if ord(character) < _SPACE:
        return chr(_PICTURES + ord(character))
    return f"‹U+{ord(character):04X}›"

"""The one form in which typed text is stored, read and compared.

Two texts that look alike must not be two values: «й» may be one character or a letter with a
breve, a copied word may hide a soft hyphen, a line may end in three ways. Letters that only look
alike, as in «В2В», are different letters and stay.
"""

import re
import unicodedata
from typing import Final

INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Characters without a glyph: Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties."""

_GROUP_SPACE: Final = re.compile("[ \u00a0\u2009\u202f]")
_GROUPED: Final = re.compile(
    rf"(?<![0-9.,])[0-9]{{1,3}}(?:{_GROUP_SPACE.pattern}[0-9]{{3}})+"
    rf"(?!{_GROUP_SPACE.pattern}?[0-9])"
)
_LINE_BREAK: Final = re.compile("\r\n?|[\u0085\u2028\u2029]")


def normalised(text: str) -> str:
    r"""Return a typed text as it is stored: NFC, line feeds, nothing that cannot be seen.

    A no-break space is seen and stays; a tab, which no field needs, becomes a space.

    >>> normalised("дого\u00adвор\r\nи\u0306")
    'договор\nй'
    """
    if text.isascii() and text.isprintable():
        return text
    plain = _LINE_BREAK.sub("\n", INVISIBLE.sub("", text)).replace("\t", " ")
    return unicodedata.normalize("NFC", plain)


def ungrouped(text: str) -> str:
    """Return a text without the spaces between the thousands of a number.

    Only groups of three digits are one number: «10 20» and «2026 100» stay two.

    >>> ungrouped("1 234 567,8 руб.")
    '1234567,8 руб.'
    >>> ungrouped("2026 100")
    '2026 100'
    """
    return _GROUPED.sub(lambda number: _GROUP_SPACE.sub("", number[0]), text)

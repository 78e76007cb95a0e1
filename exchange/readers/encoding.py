"""Which encoding a text is in: by its mark, by its bytes, and by how Russian it reads."""

import codecs
import re
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES: Final = {"utf-8-sig": "utf-8", "utf-16": "utf-16", "utf-32": "utf-32"}
_EIGHT_BIT: Final = ("cp1251", "koi8-r", "cp866")
_FREQUENT: Final = frozenset("оеаинтсрвлкмдпуя")
_ODD_CASE: Final = re.compile(r"[а-яё][А-ЯЁ]")
_SAMPLE: Final = 65_536
_UTF16_SHARE: Final = 0.7
_BROKEN_SHARE: Final = 0.1
"""Of what is not ASCII: a text in another encoding has next to nothing that is UTF-8."""


def decoded(data: bytes) -> tuple[str, str] | None:
    """Return a text and the name of its encoding; None where the bytes are no text.

    A text that is UTF-8 but for a few damaged places keeps U+FFFD in their place.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _checked(data.decode(codec, errors="replace"), _NAMES[codec])
    wide = _without_mark(data)
    if wide:
        return _checked(data.decode(wide, errors="replace"), wide)
    if b"\0" in data:
        return None
    try:
        return _checked(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    repaired = data.decode("utf-8", errors="replace")
    wide_characters = sum(char > "\x7f" for char in repaired)
    if repaired.count("\ufffd") <= wide_characters * _BROKEN_SHARE:
        return _checked(repaired, "utf-8")
    best = max(_EIGHT_BIT, key=lambda codec: _russian(data[:_SAMPLE], codec))
    return _checked(data.decode(best, errors="replace"), best)


def _checked(text: str, name: str) -> tuple[str, str] | None:
    return None if "\0" in text else (text, name)


def _without_mark(data: bytes) -> str:
    """Return the UTF-16 that a text without a mark is in; empty where it is none."""
    sample = data[:_SAMPLE]
    if len(sample) < 4 or len(data) % 2:  # noqa: PLR2004 - two characters
        return ""
    pairs = len(sample) // 2
    for codec, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        # The upper byte of Latin is 0, of Cyrillic 4, of «№» and dashes 0x20 and 0x21.
        share = sum(byte in {0x00, 0x04, 0x20, 0x21} for byte in high) / pairs
        if share > _UTF16_SHARE and (0 in high or 4 in high):  # noqa: PLR2004 - Cyrillic
            other = sample[::2] if codec == "utf-16-le" else sample[1::2]
            if sum(byte in {0x00, 0x04} for byte in other) < pairs * (1 - _UTF16_SHARE):
                return codec
    return ""


def _russian(sample: bytes, codec: str) -> float:
    """Return how much like Russian a text reads in an encoding."""
    text = sample.decode(codec, errors="replace")
    frequent = sum(char in _FREQUENT for char in text)
    odd = len(_ODD_CASE.findall(text)) + text.count("\ufffd")
    odd += sum("\x80" <= char <= "\x9f" or "\u2500" <= char <= "\u25a0" for char in text)
    return frequent - 3 * odd

"""The grammar of terms as it was until November 2026, for histories that were written by it.

`verify` reads the text of a term again: by today's grammar, and for older commits by this one. A
message leaves out the quarters and dates that this grammar reads in the text, in new commits too:
so what an older commit says is said again. Nothing else uses it, and it never changes.
"""

import re
from datetime import date
from typing import Final

from kvartal.schema.changes import Plain
from kvartal.schema.quarters import QUARTERS, ROMAN

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_RUSSIAN: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_QUARTER: Final = re.compile(r"(?:Q|К|K)?([1-4]|IV|I{1,3})")
_RANGE: Final = re.compile(r"\s*(?:-|–|—|\.\.|ПО)\s*")
_LIST: Final = re.compile(r"\s*(?:,|И|AND|;)\s*")
_QUARTER_WORD: Final = re.compile(r"\b(?:КВАРТАЛ[А-Я]*|КВ\.?|QUARTERS?)(?![А-ЯA-Z])")
_NOISE_WORDS: Final = re.compile(r"\b(?:ГОДА?|ГГ?\.?|С)(?![А-Я])")
_ORDINAL: Final = re.compile(r"(?<=[1-4IV])-?(?:ЫЙ|ОЙ|ИЙ|Й|ГО|М)(?![А-Я])")
_IN_WORDS: Final = {
    "В ТЕЧЕНИЕ ГОДА": QUARTERS,
    "ЕЖЕКВАРТАЛЬНО": QUARTERS,
    "ВЕСЬ ГОД": QUARTERS,
    "I ПОЛУГОДИЕ": (1, 2),
    "1 ПОЛУГОДИЕ": (1, 2),
    "II ПОЛУГОДИЕ": (3, 4),
    "2 ПОЛУГОДИЕ": (3, 4),
}
# Roman numerals are typed with look-alike letters of either alphabet.
_LOOKALIKES: Final = str.maketrans({"І": "I", "Ӏ": "I", "|": "I"})


def read_in_2026_11(text: str, year: int) -> dict[str, Plain] | None:
    """Return the plain data of the term that was stored for a text; None where it was refused.

    Args:
        text: As printed or typed.
        year: The plan's year; a text that names another one was refused.
    """
    days = _days(text)
    quarters = () if days else _quarters(text)
    named = {day.year for day in days}
    if quarters:
        named = {int(found) for found in _YEAR.findall(text)}
    return None if named - {year} else _plain(text, days, quarters)


def printed_in_2026_11(text: str) -> dict[str, Plain]:
    """Return the plain data of the term that a text meant, whatever year it names."""
    days = _days(text)
    return _plain(text, days, () if days else _quarters(text))


def _plain(text: str, days: list[date], quarters: tuple[int, ...]) -> dict[str, Plain]:
    plain: dict[str, Plain] = {"text": text}
    if quarters:
        plain["quarters"] = list(quarters)
    if len(days) > 1:
        plain["start"] = min(days).isoformat()
    if days:
        plain["due"] = max(days).isoformat()
    return plain


def _days(text: str) -> list[date]:
    found = [(int(y), int(m), int(d)) for y, m, d in _ISO.findall(text)]
    found += [(int(y), int(m), int(d)) for d, m, y in _RUSSIAN.findall(text)]
    try:
        return [date(*parts) for parts in found]
    except ValueError:
        return []


def _quarters(text: str) -> tuple[int, ...]:
    """Return the quarters that a text lists; none if it contains anything else."""
    rest = text.upper().translate(_LOOKALIKES)
    rest = _ORDINAL.sub("", _YEAR.sub(" ", rest))
    rest = _NOISE_WORDS.sub(" ", rest) if rest.strip() not in _IN_WORDS else rest
    if rest.strip() in _IN_WORDS:
        return _IN_WORDS[rest.strip()]
    rest = _QUARTER_WORD.sub(" ", rest)
    found: set[int] = set()
    for part in _LIST.split(rest.strip()):
        ends = [_QUARTER.fullmatch(end.strip()) for end in _RANGE.split(part.strip())]
        numbers = [_quarter_number(end.group(1)) for end in ends if end]
        if len(numbers) != len(ends) or not 1 <= len(numbers) <= 2:  # noqa: PLR2004 - a range has two ends
            return ()
        found.update(range(numbers[0], numbers[-1] + 1))
    return tuple(sorted(found))


def _quarter_number(text: str) -> int:
    return ROMAN.index(text) + 1 if text in ROMAN else int(text)

"""The words, numbers and dates of a term's text, without what the eye does not see."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from kvartal.schema.grammar.words import NAMES_OF_MONTHS, ORDINALS, ROMAN_NUMERALS
from kvartal.schema.months import MONTHS_IN_YEAR

_CENTURY: Final = 2000
_ROMAN_MONTHS: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
# Dashes, numerals of one sign, and the spaces and signs of editors where plain ones are meant.
_PLAIN: Final = str.maketrans(
    dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00a0\u2007\u2009\u202f\t\n\r", " ")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
    | dict(zip("ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻ", _ROMAN_MONTHS, strict=True))
    | {"ё": "е", "’": "'"}
)
# Roman numerals are typed with look-alike letters of either alphabet.
_ROMAN_LETTERS: Final = str.maketrans({"і": "i", "ӏ": "i", "|": "i", "l": "i", "х": "x", "у": "v"})
# «П квартал», «Ш квартал»: numerals of a keyboard without Latin letters.
_CYRILLIC_NUMERALS: Final = {"п": "ii", "ш": "iii"}
_CYRILLIC_NUMERAL: Final = re.compile(r"\b([пш])(?= (?:квартал|кв\b|полугод))")
# «"30" июня»: the day is filled in between quotation marks. «30-Jun-2026», as databases print it.
_QUOTED_DAY: Final = re.compile(r"[«\"„“”'](\d{1,2})[»\"“”']")
_DASHED_MONTH: Final = re.compile(r"(?<=\d)-([a-zа-я]{3,9})\.?-(?=\d)")
# «III-й квартал», «III кв-л».
_ROMAN_SUFFIX: Final = re.compile(r"\b([ivx|lіӏх]{1,4})-(?:ы?й|о?го|о?м)\b")
# «Iквартал», «IVкв.».
_JOINED_ROMAN: Final = re.compile(r"\b([ivlіӏ]{1,3})(?=(?:квартал|кв\b|полугод))")
# «2026.07.01», «2026/07/01»: the year stands first, so the month follows.
_YEAR_FIRST: Final = re.compile(r"(?<![\d./])(20\d\d)([./])(\d\d)\2(\d\d)(?![\d./])")
# «07.2026», «07/2026»: a month in numbers.
_NUMBERED_MONTH: Final = re.compile(r"(?<![\d./])(?<!\. )(0\d|1[0-2])[./](20\d\d)(?![\d./]\d)")
_SHORT_QUARTER: Final = re.compile(r"\bкв-л[а-я]{0,3}\b")
# «с.г.», «т.г.»: this year. «15.V.2026»: the month in Roman numerals.
_THIS_YEAR: Final = re.compile(r"\.?\s?\b[ст]\.\s?г\b\.?")
_ROMAN_MONTH: Final = re.compile(r"\b(\d{1,2})\.\s?([ivx]{1,4})\.\s?(?=20\d\d\b)")
# A Latin letter inside a Cyrillic word, as in «кваpтал».
_LATIN: Final = re.compile("[a-z]")
_CYRILLIC: Final = re.compile("[а-я]")
_ALIKE: Final = str.maketrans("abcehkmoptxy", "авсенкмортху")
# «c 1 марта», «k 1 июня»: prepositions typed on the other keyboard.
_ALONE: Final = {"c": "с", "k": "к"}
_SUFFIXES: Final = "ый|ой|ий|й|ого|его|го|ое|ее|е|ая|я|ом|ем|м|ому|му|ых|х|st|nd|rd|th"
# A text: compiled when the first term is read, not at every start.
_TOKEN: Final = rf"""
    (?P<iso>(?<![\d.])(\d{{4}})-(\d{{1,2}})-(\d{{1,2}})(?!\d))
  | (?P<full>(?<![\d.])(\d{{1,2}})\ ?\.\ ?(\d{{1,2}})\ ?\.\ ?(\d{{4}}|\d{{2}})(?!\d|\.\d))
  | (?P<short>(?<![\d.])(\d{{1,2}})\.(0\d|1[0-2])(?!\d|\.\d)\.?)
  | (?P<slash>(?<![\d.])(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}|\d{{2}})(?!\d))
  | (?P<dashed>(?<![\d.])(\d{{1,2}})-(\d{{1,2}})-(\d{{4}})(?!\d))
  | (?P<number>\d+)(?:-?(?P<suffix>{_SUFFIXES})(?![a-zа-я]))?
  | (?P<word>[a-zа-яіӏ|]+)(?P<stop>\.?)
  | (?P<mark>[^\s\w])
    """


class TokenKind(Enum):
    """What a token is."""

    NUMBER = "number"
    DATE = "date"
    SLASHED = "slashed"
    WORD = "word"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a term's text.

    Attributes:
        kind: What it is.
        text: Lower-case; a number, a word or a mark of punctuation.
        numbers: The number; of a date its day, its month and its year (0: not given); of a date
            with slashes or dashes that has two readings the numbers as they stand, the year last.
        is_ordinal: Whether a number is written «3-й», «третий» or «III».
    """

    kind: TokenKind
    text: str
    numbers: tuple[int, ...] = ()
    is_ordinal: bool = False

    @property
    def number(self) -> int:
        """The number of a number; 0 for anything else."""
        return self.numbers[0] if self.kind is TokenKind.NUMBER else 0


def plain_text(text: str) -> str:
    """Return a term's text in lower case, with one kind of dash and of space."""
    plain = unicodedata.normalize("NFC", text).casefold().translate(_PLAIN)
    plain = _CYRILLIC_NUMERAL.sub(lambda found: _CYRILLIC_NUMERALS[found[1]], plain)
    plain = _DASHED_MONTH.sub(r" \1 ", _QUOTED_DAY.sub(r"\1", plain))
    plain = _SHORT_QUARTER.sub("кв", _ROMAN_SUFFIX.sub(r"\1", plain))
    plain = _ROMAN_MONTH.sub(_numbered_month, _THIS_YEAR.sub(" текущего года", plain))
    plain = _YEAR_FIRST.sub(r"\1-\3-\4", _JOINED_ROMAN.sub(r"\1 ", plain))
    plain = _NUMBERED_MONTH.sub(_month_in_words, " ".join(plain.split()))
    return re.sub(r"раз\(а\)", "раз", plain).rstrip(" .;,")


def _month_in_words(found: re.Match[str]) -> str:
    month = NAMES_OF_MONTHS.get(int(found[1]))
    return found[0] if month is None else f"{month} {found[2]}"


def _numbered_month(found: re.Match[str]) -> str:
    month = _ROMAN_MONTHS.index(found[2]) + 1 if found[2] in _ROMAN_MONTHS else None
    return found[0] if month is None else f"{found[1]}.{month:02}."


def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text that :func:`plain_text` made plain."""
    return tuple(_tokens(text))


def full_year(digits: str) -> int:
    """Return a year that is written with two digits or four."""
    year = int(digits)
    return _CENTURY + year if len(digits) == len("26") else year


def _tokens(text: str) -> Iterator[Token]:
    for match in re.finditer(_TOKEN, text, re.VERBOSE):
        groups = [group for group in match.groups() if group is not None]
        if match["iso"]:
            year, month, day = groups[1:4]
            yield Token(TokenKind.DATE, match[0], (int(day), int(month), int(year)))
        elif match["full"]:
            day, month, year = groups[1:4]
            yield Token(TokenKind.DATE, match[0], (int(day), int(month), full_year(year)))
        elif match["short"]:
            day, month = groups[1:3]
            yield Token(TokenKind.DATE, match[0], (int(day), int(month), 0))
        elif match["slash"] or match["dashed"]:
            first, second, year = groups[1:4]
            yield _slashed(match[0], int(first), int(second), full_year(year))
        elif match["number"]:
            number = int(match["number"])
            # «2-х кварталов» says how many.
            is_ordinal = match["suffix"] not in (None, "х")
            yield Token(TokenKind.NUMBER, match["number"], (number,), is_ordinal)
        elif match["word"] == "the":
            continue
        elif match["word"]:
            yield _word(match["word"])
        else:
            yield Token(TokenKind.MARK, match[0])


def _slashed(text: str, first: int, second: int, year: int) -> Token:
    """Return a date with slashes: as such where only one of the numbers can be the month."""
    if first == second or (first > MONTHS_IN_YEAR) != (second > MONTHS_IN_YEAR):
        month_stands_first = second > MONTHS_IN_YEAR
        day, month = (second, first) if month_stands_first else (first, second)
        return Token(TokenKind.DATE, text, (day, month, year))
    return Token(TokenKind.SLASHED, text, (first, second, year))


def _word(word: str) -> Token:
    if _LATIN.search(word) and _CYRILLIC.search(word):
        word = word.translate(_ALIKE)
    word = _ALONE.get(word, word)
    roman = None if word == "у" else ROMAN_NUMERALS.get(word.translate(_ROMAN_LETTERS))
    number = roman or ORDINALS.get(word)
    if number is None:
        return Token(TokenKind.WORD, word)
    return Token(TokenKind.NUMBER, word, (number,), is_ordinal=True)

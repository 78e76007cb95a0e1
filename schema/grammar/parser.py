"""The parser of a term's parts: reads days, months, quarters, half-years and years, with lists."""

import re
from collections.abc import Iterable, Sequence

from kvartal.schema.grammar.cursor import NO_TOKEN, TermCursor, span_of
from kvartal.schema.grammar.parts import DatePart, RelativeYear, Unit
from kvartal.schema.grammar.tokens import Token, TokenKind, full_year
from kvartal.schema.grammar.wordings import END_OF, NEXT_YEAR, YEAR_END
from kvartal.schema.grammar.words import (
    ENGLISH_MONTHS,
    HALF_WORDS,
    MONTHS,
    PREPOSITIONS,
    QUARTER_LETTERS,
    QUARTER_WORDS,
    THIS_YEAR,
    WHOLE,
    YEAR_WORDS,
)
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import QUARTERS

_FIRST_YEAR = 1990
_LAST_YEAR = 2099
# «26 г.» names a year, «II г.» does not. Behind a quarter or a day, «Q3'26» does by itself.
_SHORT_YEAR = re.compile("[0-9]{2}")
_BARE_SHORT_YEAR = re.compile("[2-9][0-9]")
_BEHIND_YEAR = (",", ";", "-")


class TermParser(TermCursor):
    """A place in the tokens of a term, which moves over the parts that name days.

    Args:
        tokens: Of the whole text.
        period: Of the programme: «текущего года» is its year.
    """

    def __init__(self, tokens: Sequence[Token], period: ProgrammePeriod) -> None:
        super().__init__(tokens)
        self._period = period

    def part(self) -> DatePart | None:
        """Read a day, a month, quarters, half-years or a year."""
        for rule in (self._date, self._day, self._quarters, self._halves, self._month, self.year):
            found = self.attempt(rule)
            if found is not None:
                return found
        return None

    def year(self) -> DatePart | None:
        """Read a year of four digits with its word: «2026», «2026 г.», «следующего года»."""
        token = self._next
        if token.kind is TokenKind.NUMBER and _FIRST_YEAR <= token.number <= _LAST_YEAR:
            self._at += 1
            self.takes_any(YEAR_WORDS)
            return DatePart(Unit.YEAR, (), token.number)
        return self.attempt(self._this_year)

    def whole_year(self) -> DatePart | None:
        """Read «года», «всего года», «текущего года», "the whole year": that of the programme."""
        while self.takes_any(WHOLE) or self.takes_any(THIS_YEAR):
            pass
        year = self.attempt(self.year)
        if year is not None:
            return year
        is_named = self.takes_any(YEAR_WORDS)
        return DatePart(Unit.YEAR, (), self._period.year) if is_named else None

    def end(self) -> DatePart | None:
        """Read «конца марта», «конец 2026 года», "end of Q3", "year-end": what it is the end of."""
        if self.takes(*YEAR_END):
            return self.attempt(self._year_of) or DatePart(Unit.YEAR)
        if not self.takes(*END_OF):
            return None
        return self.part() or self.attempt(self.whole_year)

    def _year_of(self) -> DatePart | None:
        self.takes("of")
        return self.year()

    def _this_year(self) -> DatePart | None:
        year = self._period.year
        if self.takes(*NEXT_YEAR):
            return DatePart(Unit.YEAR, (), RelativeYear.NEXT if year is None else year + 1)
        if self.takes_any(THIS_YEAR) and self.takes_any(YEAR_WORDS):
            return DatePart(Unit.YEAR, (), RelativeYear.THIS if year is None else year)
        return None

    def _date(self) -> DatePart | None:
        token = self._next
        if token.kind is not TokenKind.DATE:
            return None
        self._at += 1
        day, month, year = token.numbers
        if year:
            self.takes_any(YEAR_WORDS)
            return DatePart(Unit.DAY, (day, month), year)
        return DatePart(Unit.DAY, (day, month), self._year_behind())

    def _day(self) -> DatePart | None:
        """Read «25 апреля 2026 г.», «30th of June», «June 30, 2026»."""
        month = ENGLISH_MONTHS.get(self._next.text)
        if month is not None:
            self._at += 1
            day = self.number()
            if day is None:
                return None
            self.attempt(lambda: (self.takes(",") and self._is_at_year()) or None)
            return DatePart(Unit.DAY, (day, month), self._year_behind())
        day = self.number()
        if day is None:
            return None
        self.takes("of")
        month = self._month_word()
        return (
            None if month is None else DatePart(Unit.DAY, (day, month), self._short_year_behind())
        )

    def _month(self) -> DatePart | None:
        month = self._month_word()
        self.attempt(lambda: (self.takes(",") and self._is_at_year()) or None)
        return None if month is None else DatePart(Unit.MONTH, (month,), self._year_behind())

    def _month_word(self) -> int | None:
        """Read «мая», «мая месяца»."""
        month = MONTHS.get(self._next.text)
        if month is not None:
            self._at += 1
            self.takes("месяц", "месяца", "месяце")
        return month

    def _quarters(self) -> DatePart | None:
        """Read «1 и 3 квартал 2026 г.», «Q1-Q2 2026», «кв. 3», «2026 Q3», «IV»."""
        stated = self.attempt(self._year_before)
        before = None if stated is None else stated.year
        lettered = self._lettered(QUARTER_LETTERS) or self.attempt(self._unit_first)
        if lettered:
            return DatePart(Unit.QUARTER, lettered, before or self._short_year_behind())
        is_roman = self._next.is_ordinal and not self._next.text[0].isdigit()
        numbers = self.numbers_of(QUARTER_WORDS | QUARTER_LETTERS)
        if numbers:
            year = before or self._short_year_behind()
            if year is not None and len(numbers) > 1:
                # «1-2 квартала 2026 года» are those of that year.
                self.is_count = self.may_be_count = False
            return DatePart(Unit.QUARTER, numbers, year)
        numbers = self.numbers()
        if not numbers:
            return None
        # Bare Roman numerals are how the programme's own table prints quarters.
        if is_roman and before is None and (self.is_at_end or self._is_at_year()):
            return DatePart(Unit.QUARTER, numbers, self._year_behind())
        return None

    def _halves(self) -> DatePart | None:
        """Read «I полугодие 2026 г.», «H1 2026», «1H 2026», «first half of 2026»."""
        lettered = self._lettered({"h"})
        if lettered:
            return DatePart(Unit.HALF, lettered, self._short_year_behind())
        numbers = self.numbers_of(HALF_WORDS)
        if not numbers:
            numbers = self.numbers()
            if not (numbers and self.takes("half - year", "half", "h")):
                return None
        return DatePart(Unit.HALF, numbers, self._short_year_behind())

    def _lettered(self, letters: Iterable[str]) -> tuple[int, ...]:
        """Read «Q1», «Q1-Q3», «Q1–3»: numbers behind a letter, a range of them as one part."""
        first = self.attempt(lambda: self._behind_letter(letters))
        if first is None:
            return ()

        def other_end() -> int | None:
            if not self.takes("-") or _BARE_SHORT_YEAR.fullmatch(self._next.text):
                return None
            return self._behind_letter(letters, may_lack=True)

        last = self.attempt(other_end)
        return span_of(first, first if last is None else last)

    def _behind_letter(self, letters: Iterable[str], *, may_lack: bool = False) -> int | None:
        # «к 30 июня»: a preposition, and no quarter 30.
        is_preposition = self._next.text in PREPOSITIONS
        has_letter = self.takes_any(letters)
        number = self.number() if has_letter or may_lack else None
        return None if is_preposition and number not in QUARTERS else number

    def _unit_first(self) -> tuple[int, ...] | None:
        return self.numbers() or None if self.takes_any(QUARTER_WORDS) else None

    def _year_before(self) -> DatePart | None:
        """Read the year of «2026 Q3», «2026-Q3»."""
        found = self.year()
        if found is None:
            return None
        self.takes("-", ",")
        words = QUARTER_LETTERS | QUARTER_WORDS
        is_behind = self._next.text in words or self._at_offset(1).text in words
        return found if is_behind or self._next.is_ordinal else None

    def _year_behind(self) -> int | RelativeYear | None:
        """Read the year behind a part, or only the word for it; None where none is named."""
        found = self.attempt(self._joined_year)
        if found is not None:
            return found.year
        if self.takes("года", "of year"):
            return None
        token = self._next
        if _SHORT_YEAR.fullmatch(token.text) and self._at_offset(1).text in YEAR_WORDS:
            self._at += 2
            return full_year(token.text)
        return None

    def _short_year_behind(self) -> int | RelativeYear | None:
        """Read two digits after a part that can only be a year: «Q3'26», «3 кв. 26»."""
        found = self._year_behind()
        return found if found is not None else self.attempt(self._bare_short_year)

    def _bare_short_year(self) -> int | None:
        self.takes("'", "/", "-")
        token, behind = self._next, self._at_offset(1)
        is_whole = behind is NO_TOKEN or behind.text in _BEHIND_YEAR
        if not is_whole or not _BARE_SHORT_YEAR.fullmatch(token.text):
            return None
        self._at += 1
        return full_year(token.text)

    def _joined_year(self) -> DatePart | None:
        self.takes("of", "in", "в", "/")
        return self.year()

    def _is_at_year(self) -> bool:
        token = self._next
        is_year = token.kind is TokenKind.NUMBER and _FIRST_YEAR <= token.number <= _LAST_YEAR
        return is_year or token.text in THIS_YEAR

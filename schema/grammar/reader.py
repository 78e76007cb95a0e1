"""The grammar of terms: what a printed or typed text means, and how sure that is.

A text is read whole or not at all: what is not consumed to its end is asked about. The wordings are
those of published programmes; design, section 4, says what follows from each certainty.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from kvartal.schema.grammar.answer import (
    ERROR,
    NOT_READ,
    OPEN,
    Answer,
    Certainty,
    ask,
    choose,
    sure,
)
from kvartal.schema.grammar.days import days_until, during, ends, numbers
from kvartal.schema.grammar.lists import listed
from kvartal.schema.grammar.notes import BRACKET, is_note
from kvartal.schema.grammar.open_wordings import is_open_wording, mentions_time
from kvartal.schema.grammar.other_parts import academic_year, part_of_month
from kvartal.schema.grammar.parser import TermParser
from kvartal.schema.grammar.parts import NOTHING, ImpossibleDate, Span
from kvartal.schema.grammar.ranges import ranged, since
from kvartal.schema.grammar.recurring import (
    months_of_year,
    recurring,
    reports,
    then_recurring,
    times_a_year,
)
from kvartal.schema.grammar.tokens import TokenKind, plain_text, tokens
from kvartal.schema.grammar.wordings import NO_TERM
from kvartal.schema.grammar.words import YEAR_WORDS
from kvartal.schema.grammar.yearly import behind_yearly
from kvartal.schema.months import MONTHS_IN_YEAR, month_end
from kvartal.schema.period import ProgrammePeriod

_Form: TypeAlias = Callable[[TermParser, ProgrammePeriod], Answer | None]

_FORMS: Final[tuple[_Form, ...]] = (
    listed,
    ranged,
    ends,
    days_until,
    during,
    part_of_month,
    academic_year,
    recurring,
    reports,
    behind_yearly,
    then_recurring,
    since,
    months_of_year,
    times_a_year,
    numbers,
)
# No printed term is longer; the forms are tried one after the other, so a limit keeps them fast.
_LONGEST: Final = 300
_MOST_TOKENS: Final = 80
_YEARS: Final = range(1990, 2100)
_CENTURY: Final = 100
# The days that spreadsheets number so, from 2009 to 2064, and the day that they count from.
_SERIALS: Final = range(40_000, 60_000)
_SERIAL_ORIGIN: Final = date(1899, 12, 30)
# «2026-07»: a month, as databases write it.
_NUMBERED_MONTH: Final = re.compile(r"(\d{4})-(\d\d)")
_DASH: Final = re.compile(r" - ")


@dataclass(frozen=True, slots=True)
class TermReading:
    """What a term's text means.

    Attributes:
        text: As typed.
        certainty: How sure that is.
        span: The reading; of a text to ask about, the likeliest one, empty where none is.
        readings: The possible readings of a text to ask about.
    """

    text: str
    certainty: Certainty
    span: Span = NOTHING
    readings: tuple[Span, ...] = ()


def read_term(text: str, period: ProgrammePeriod) -> TermReading:
    """Return what a term's text means in a programme.

    Args:
        text: As printed or typed, in Russian or English.
        period: The days that the programme is for.
    """
    plain = plain_text(text)
    if len(plain) > _LONGEST:
        return TermReading(text, Certainty.ASK)
    if plain in NO_TERM:
        return TermReading(text, Certainty.NONE)
    answer = _with_notes(plain, period)
    if answer.certainty is Certainty.SURE and not _touches(answer.likely, period):
        answer = ask(answer.likely)
    return TermReading(text, answer.certainty, answer.likely, answer.readings)


def _touches(span: Span, period: ProgrammePeriod) -> bool:
    first, last = span.first, span.last
    return first is None or last is None or period.touches(first, last)


def _with_notes(plain: str, period: ProgrammePeriod) -> Answer:
    """Return the reading of a text whose brackets and explanation only note something."""
    bare = plain_text(BRACKET.sub("", plain))
    if bare != plain:
        answer = _with_notes(bare, period)
        if answer.certainty not in (Certainty.SURE, Certainty.OPEN):
            return answer
        notes = BRACKET.findall(plain)
        is_noted = all(is_note(note.strip(), answer.likely.first) for note in notes)
        return answer if is_noted else ask(answer.likely)
    answer = _read(plain, period)
    if answer is not NOT_READ:
        return answer
    for dash in _DASH.finditer(plain):
        answer = _read(plain[: dash.start()], period)
        if answer.certainty is Certainty.SURE and not mentions_time(plain[dash.end() :]):
            return answer
    return NOT_READ


def _read(plain: str, period: ProgrammePeriod) -> Answer:
    if is_open_wording(plain):
        return OPEN
    if (numbered := _numbered(plain)) is not None:
        return numbered
    found = tokens(plain)
    if len(found) > _MOST_TOKENS:
        return NOT_READ
    otherwise = NOT_READ
    for form in _FORMS:
        parser = TermParser(found, period)
        try:
            answer = form(parser, period)
        except ImpossibleDate:
            # «к 25 декабря» is no quarter 25: another form may read the whole text.
            otherwise = ERROR
            continue
        if answer is not None and parser.is_at_end:
            return _counted(parser, answer)
    return otherwise


def _counted(parser: TermParser, answer: Answer) -> Answer:
    """Return an answer, to be asked about where «3 кварталов» is how many, «3 квартала» may be."""
    if parser.is_count:
        return choose()
    is_sure = answer.certainty is Certainty.SURE
    return ask(answer.likely) if is_sure and parser.may_be_count else answer


def _numbered(plain: str) -> Answer | None:
    """Return the readings of a date with slashes or dashes, of a day or years in numbers alone."""
    if (month := _numbered_month(plain)) is not None:
        return month
    found = tokens(plain)
    if not found:
        return NOT_READ
    first = found[0]
    if len(found) == 1 and first.kind is TokenKind.SLASHED:
        return _slashed(*first.numbers)
    if len(found) == 1 and first.number in _SERIALS:
        return ask(Span(None, _SERIAL_ORIGIN + timedelta(days=first.number)))
    numbers = [token.number for token in found if token.text not in YEAR_WORDS]
    if len(numbers) == 2 and all(number in _YEARS for number in numbers):  # noqa: PLR2004 - two years
        return choose(Span(date(numbers[0], 1, 1), date(numbers[1], 12, 31)))
    return None


def _numbered_month(plain: str) -> Answer | None:
    """Return the reading of «2026-07»; «2007-08» may be two years."""
    found = _NUMBERED_MONTH.fullmatch(plain)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    if year not in _YEARS or not 1 <= month <= MONTHS_IN_YEAR:
        return None
    span = Span(date(year, month, 1), month_end(year, month))
    return ask(span) if month > year % _CENTURY else sure(span)


def _slashed(first: int, second: int, year: int) -> Answer:
    """Return the readings of «05/06/2026»: the day stands first, or the month does."""
    spans = []
    for day, month in dict.fromkeys(((first, second), (second, first))):
        try:
            spans.append(Span(None, date(year, month, day)))
        except ValueError:
            continue
    return ask(*spans) if spans else ERROR

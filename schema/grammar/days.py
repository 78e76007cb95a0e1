"""Terms by days, months, quarters, half-years and years: up to them, within them, numbers alone."""

from datetime import timedelta
from typing import Final, TypeVar

from kvartal.schema.grammar.answer import Answer, ask, choose, sure
from kvartal.schema.grammar.lists import listed, of_list, parts_of, whole_year
from kvartal.schema.grammar.parser import TermParser
from kvartal.schema.grammar.parts import DatePart, Span, Unit, of_points, of_quarters
from kvartal.schema.grammar.ranges import ranged
from kvartal.schema.grammar.wordings import (
    BEFORE,
    BY,
    DURING,
    INCLUSIVE,
    NOT_LATER,
    YEAR_ROUND,
)
from kvartal.schema.grammar.words import WHOLE
from kvartal.schema.grammar.years import dated
from kvartal.schema.months import MONTHS_IN_YEAR
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import QUARTERS

T = TypeVar("T")

_ONE_DAY: Final = timedelta(days=1)


def days_until(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «до 01.07.2026», «не позднее 1 февраля», «до 10.04, 10.07», "by 30 June 2026"."""
    is_not_later = parser.takes(*NOT_LATER, "по") or parser.ends_with(*INCLUSIVE)
    is_before = parser.takes(*BEFORE)
    has_by = parser.takes(*BY)
    if not (is_not_later or is_before or has_by):
        return None
    parts = parts_of(parser, lead=(*NOT_LATER, *BY))
    if not parts:
        return None
    if {part.unit for part in parts} == {Unit.DAY} and not is_before:
        return of_list(parts, period)
    if len(parts) > 1:
        return None
    datings = dated(parts, period)
    ends = [Span(None, dating[-1].last()) for dating in datings]
    if is_not_later:
        return sure(ends[0]) if len(ends) == 1 else choose(*ends)
    # «до марта» may mean before its first day, or up to its last one; of each year that it may be.
    befores = [Span(None, dating[0].first() - _ONE_DAY) for dating in datings]
    return ask(*(span for both in zip(befores, ends, strict=True) for span in both))


def ends(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «до конца марта», «конец 2026 года», "end of Q3", "by the end of the year"."""
    found: list[DatePart] = []
    while True:
        parser.takes(*NOT_LATER) or parser.takes(*BY)
        part = parser.end()
        if part is None:
            return None
        found.append(part)
        if not parser.takes_separator():
            break
    datings = dated(found, period)
    spans = [of_points([part.last() for part in dating]) for dating in datings]
    return sure(spans[0]) if len(spans) == 1 else choose(*spans)


def during(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «в течение года», «в III квартале», «в течение 2026 года», "in June 2026"."""
    if parser.takes(*YEAR_ROUND):
        year = parser.attempt(parser.year) or DatePart(Unit.YEAR, (), period.year)
        return whole_year(year, period)
    has_lead = parser.takes(*DURING)
    has_lead = parser.takes_any(WHOLE) or has_lead
    if not has_lead:
        return None
    whole = parser.attempt(lambda: _at_end(parser, parser.whole_year()))
    if whole is not None:
        return whole_year(whole, period)
    # «в марте и в июне» repeats the word before each.
    answer = parser.attempt(lambda: _at_end(parser, listed(parser, period, DURING)))
    if answer is None:
        answer = parser.attempt(lambda: _at_end(parser, ranged(parser, period)))
    return answer


def numbers(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «3», «1-2»: quarters or months, which is not said."""
    found = parser.numbers()
    if not found:
        return None
    readings = []
    if max(found) <= len(QUARTERS):
        datings = dated((DatePart(Unit.QUARTER, found),), period)
        readings += [of_quarters(dating[0].quarters()) for dating in datings]
    if max(found) <= MONTHS_IN_YEAR and len(found) == 1:
        datings = dated((DatePart(Unit.MONTH, found),), period)
        readings += [Span(dating[0].first(), dating[0].last()) for dating in datings]
    return choose(*readings)


def _at_end(parser: TermParser, found: T | None) -> T | None:
    return found if parser.is_at_end else None

"""Terms that come every year: «ежегодно, до 20 апреля», «20 апреля ежегодно»."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final, TypeAlias

from kvartal.schema.grammar.answer import Answer, ask, sure
from kvartal.schema.grammar.days import days_until, during, ends
from kvartal.schema.grammar.lists import listed
from kvartal.schema.grammar.parser import TermParser
from kvartal.schema.grammar.parts import NOTHING, of_points, of_quarters
from kvartal.schema.grammar.wordings import DURING, YEARLY
from kvartal.schema.months import MONTHS_IN_YEAR, month_end
from kvartal.schema.period import ProgrammePeriod

Rule: TypeAlias = Callable[[TermParser, ProgrammePeriod], Answer | None]

_SEVERAL: Final = 2
_LAST_DAY: Final = 31


def behind_yearly(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «20 апреля ежегодно», «в апреле ежегодно», "by 20 April every year"."""
    for rule in (days_until, listed, ends, _within):
        answer = parser.attempt(partial(_then_yearly, parser, period, rule))
        if answer is None:
            continue
        if period.year is not None:
            return answer
        return _in_each_year(answer, period)
    return None


def every_year(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read the rest of «ежегодно, до 20 апреля», «каждый год в III квартале»."""
    for rule in (days_until, ends, listed, during):
        answer = parser.attempt(partial(whole_text, parser, period, rule))
        if answer is None:
            continue
        return _in_each_year(answer, period) or answer
    return None


def _in_each_year(answer: Answer, period: ProgrammePeriod) -> Answer | None:
    """Return the days or quarters of every year; None where there is none for each year.

    Over several years «до 20 апреля» is read once for each: that is what «ежегодно» says. A month
    of each year is checked at its end, as months in a list are.
    """
    readings = answer.readings
    if period.year is not None or len(readings) < _SEVERAL:
        return None
    if answer.likely != NOTHING:
        return _before_each_year(answer, period)
    if all(span.quarters for span in readings) and _has_whole_years(period):
        return sure(of_quarters(sorted({one for span in readings for one in span.quarters})))
    days = [
        span.points or (span.due,)
        for span in readings
        if span.start is None or _is_one_month(span.start, span.due)
    ]
    is_whole = _has_whole_years(period)
    named = {day for found in days for day in found if day is not None}
    points = sorted(day for day in named if is_whole or day in period)
    return sure(of_points(points)) if points and len(days) == len(readings) else None


def _before_each_year(answer: Answer, period: ProgrammePeriod) -> Answer | None:
    """Return both readings of «ежегодно до марта»: without March, and with it, in every year."""
    befores, ends = (
        [span.due for span in readings if span.due is not None]
        for readings in (answer.readings[::2], answer.readings[1::2])
    )
    if len(befores) != len(period.years) or len(ends) != len(period.years):
        return None
    return ask(of_points(befores), of_points(ends))


def _is_one_month(first: date, last: date | None) -> bool:
    return first.day == 1 and last == month_end(first.year, first.month)


def _within(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    return listed(parser, period) if parser.takes(*DURING) else None


def _has_whole_years(period: ProgrammePeriod) -> bool:
    """Return whether a period begins and ends with calendar years, so that quarters are theirs."""
    first, last = period.start, period.due
    return (first.month, first.day, last.month, last.day) == (1, 1, MONTHS_IN_YEAR, _LAST_DAY)


def _then_yearly(parser: TermParser, period: ProgrammePeriod, rule: Rule) -> Answer | None:
    answer = rule(parser, period)
    parser.takes(",")
    return answer if answer is not None and parser.takes(*YEARLY) else None


def whole_text(parser: TermParser, period: ProgrammePeriod, rule: Rule) -> Answer | None:
    """Return what a rule reads of the text, if it reads all that is left of it."""
    answer = rule(parser, period)
    return answer if parser.is_at_end else None

"""Terms that come again: «ежеквартально», «ежемесячно до 5 числа», «раз в полугодие»."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from functools import partial
from typing import Final

from kvartal.schema.grammar.answer import Answer, Certainty, ask, choose, sure
from kvartal.schema.grammar.lists import listed, whole_year
from kvartal.schema.grammar.parser import TermParser
from kvartal.schema.grammar.parts import (
    NOTHING,
    DatePart,
    ImpossibleDate,
    Span,
    Unit,
    half_ends,
    of_points,
    of_quarters,
    quarter_months,
)
from kvartal.schema.grammar.ranges import ranged
from kvartal.schema.grammar.wordings import (
    AT_LEAST,
    BY,
    DAY_OF_MONTH,
    DURING,
    END_OF_MONTH,
    EVERY_MONTH,
    FROM,
    HALF_YEARLY,
    LAST_DAY_OF_EVERY_MONTH,
    LAST_MONTH,
    MONTHLY,
    NEXT_MONTH,
    NEXT_YEAR,
    NOT_LATER,
    QUARTERLY,
    SEVERAL_TIMES,
    TIMES,
    YEARLY,
)
from kvartal.schema.grammar.words import MONTH_WORDS
from kvartal.schema.grammar.yearly import Rule, every_year, whole_text
from kvartal.schema.grammar.years import dated
from kvartal.schema.months import MONTHS_IN_YEAR, days_of_months, month_after, month_end
from kvartal.schema.period import ProgrammePeriod

_ANY_DAY: Final = 31
_MONTHS_IN_QUARTER: Final = 3
_SEVERAL: Final = 2


class _Interval(Enum):
    """How often, in months."""

    MONTH = 1
    QUARTER = 3
    HALF = 6
    YEAR = 12


_WORDINGS: Final = (
    (_Interval.QUARTER, QUARTERLY),
    (_Interval.MONTH, MONTHLY),
    (_Interval.HALF, HALF_YEARLY),
    (_Interval.YEAR, YEARLY),
)


def recurring(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «ежемесячно до 5 числа», «раз в полугодие», «ежегодно, до 20 апреля», "quarterly".

    «Ежемесячно с марта по май» has its points at the ends of those months.
    """
    interval = _interval(parser)
    if interval is None:
        return _day_of_every_month(parser, period)
    parser.takes(",", "-", ":")
    if parser.is_at_end:
        return _in_whole(interval, period, sure(_every(interval, period)))
    rest = every_year if interval is _Interval.YEAR else partial(_day_of_month, interval)
    within = [partial(_within, interval, rule) for rule in _STRETCHES]
    for rule in (*within, reports, rest):
        answer = parser.attempt(partial(whole_text, parser, period, rule))
        if answer is not None:
            return answer
    return None


def then_recurring(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «в течение года, ежеквартально», «с марта по май ежемесячно»."""
    rules = [partial(_then_again, rule, parser, period) for rule in _STRETCHES]
    return next((found for rule in rules if (found := parser.attempt(rule)) is not None), None)


def reports(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «за I квартал – до 10 апреля; за год – до 31 декабря отчетного года»."""
    days: list[date] = []
    while True:
        day = _report(parser, period)
        if day is None:
            return None
        days.append(day)
        if not parser.takes_separator():
            return sure(of_points(days))


def times_a_year(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «2 раза в год», «не реже двух раз в год»: when is not said."""
    parser.takes(*AT_LEAST)
    number = parser.number()
    if number is None and parser.takes(*SEVERAL_TIMES):
        number = _SEVERAL
    if number is None:
        return None
    parser.takes(*TIMES)
    is_a_year = parser.takes("в год", "a year", "per year")
    return ask(Span(period.start, period.due)) if is_a_year else None


def months_of_year(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «9 месяцев 2026 года», which names what a report is for rather than a term."""
    number = parser.number() or 0
    if number not in range(_MONTHS_IN_QUARTER, MONTHS_IN_YEAR + 1, _MONTHS_IN_QUARTER):
        return None
    if not parser.takes_any(MONTH_WORDS):
        return None
    year = parser.attempt(parser.year)
    numbers = tuple(range(1, number // _MONTHS_IN_QUARTER + 1))
    part = DatePart(Unit.QUARTER, numbers, None if year is None else year.year)
    spans = [of_quarters(dating[0].quarters()) for dating in dated((part,), period)]
    return ask(spans[0]) if len(spans) == 1 else choose(*spans)


def _interval(parser: TermParser) -> _Interval | None:
    return next((interval for interval, words in _WORDINGS if parser.takes(*words)), None)


def _every(interval: _Interval, period: ProgrammePeriod) -> Span:
    if interval is _Interval.QUARTER:
        return of_quarters(period.quarters)
    if interval is _Interval.MONTH:
        return of_points([month_end(*month) for month in period.months])
    if interval is _Interval.HALF:
        return of_points([*half_ends(period)])
    return of_points([min(date(year, MONTHS_IN_YEAR, 31), period.due) for year in period.years])


def _in_whole(interval: _Interval, period: ProgrammePeriod, answer: Answer) -> Answer:
    """Return an answer, to be asked about where the period cuts a quarter, a half-year or a year.

    Whether the report on the cut one is wanted, and when, is not said.
    """
    is_whole = interval is _Interval.MONTH or period.has_whole(interval.value)
    return answer if is_whole else ask(answer.likely)


def _named_year(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    year = parser.whole_year()
    return None if year is None else whole_year(year, period)


def _from_then_on(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «начиная со 2 квартала»: what comes again does so to the end of the programme."""
    part = parser.part() if parser.takes(*FROM) else None
    datings = () if part is None else dated((part,), period)
    start = datings[0][0].first() if len(datings) == 1 else period.due
    return sure(Span(start, period.due)) if start < period.due else None


_STRETCHES: Final[tuple[Rule, ...]] = (_named_year, ranged, listed, _from_then_on)


def _within(
    interval: _Interval, rule: Rule, parser: TermParser, period: ProgrammePeriod
) -> Answer | None:
    """Read the rest of «ежеквартально в течение года», «ежемесячно с марта по май»."""
    days = _days(rule, parser, period)
    return None if days is None else _in_days(interval, days, period)


def _then_again(rule: Rule, parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «в течение года, ежеквартально» to its end."""
    days = _days(rule, parser, period)
    parser.takes(",", "-", ":")
    interval = None if days is None else _interval(parser)
    if days is None or interval is None or not parser.is_at_end:
        return None
    return _in_days(interval, days, period)


def _days(rule: Rule, parser: TermParser, period: ProgrammePeriod) -> ProgrammePeriod | None:
    parser.takes(*DURING)
    answer = rule(parser, period)
    if answer is None or answer.certainty is not Certainty.SURE:
        return None
    start, due = answer.likely.start, answer.likely.due
    return None if start is None or due is None else ProgrammePeriod(start, due)


def _in_days(interval: _Interval, days: ProgrammePeriod, period: ProgrammePeriod) -> Answer | None:
    """Return what comes again within some days; None where they cut a month, or hold but one."""
    if days == period:
        return _in_whole(interval, period, sure(_every(interval, period)))
    found = _every(interval, days) if days.has_whole(interval.value) else NOTHING
    return sure(found) if len(found.quarters or found.points) > 1 else None


def _day_of_every_month(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «до 5 числа каждого месяца», «каждое 5 число», "last day of each month"."""
    if parser.takes(*LAST_DAY_OF_EVERY_MONTH):
        return sure(_on_day(_ANY_DAY, period.months))
    is_each = parser.attempt(lambda: parser.takes("каждое") or None) is not None
    named = parser.attempt(partial(_numbered_day, parser))
    day = named or parser.number()
    if day is None or not 1 <= day <= _ANY_DAY:
        return None
    if named is None and parser.takes("месяца"):
        return None  # «2 месяца» is how long.
    if parser.takes(*NEXT_MONTH):
        return sure(_on_day(day, [month_after(*month) for month in period.months]))
    is_each = parser.takes(*EVERY_MONTH) or is_each
    return sure(_on_day(day, period.months)) if is_each else None


def _day_of_month(
    interval: _Interval, parser: TermParser, period: ProgrammePeriod
) -> Answer | None:
    """Read the rest of «ежемесячно до 5 числа», «ежеквартально, до 10 числа следующего месяца»."""
    if parser.takes(*END_OF_MONTH):
        return sure(_on_day(_ANY_DAY, period.months)) if interval is _Interval.MONTH else None
    day = _numbered_day(parser)
    if day is None:
        return None
    if interval is _Interval.MONTH:
        last_months: Sequence[tuple[int, int]] = period.months
    else:
        ending = period.quarters if interval is _Interval.QUARTER else period.quarters[1::2]
        last_months = quarter_months(ending)
    following = _on_day(day, [month_after(*month) for month in last_months])
    if parser.takes(*NEXT_MONTH):
        return sure(following)
    if parser.takes(*LAST_MONTH):
        return sure(_on_day(day, last_months))
    parser.takes(*EVERY_MONTH)
    if interval is _Interval.MONTH:
        return sure(_on_day(day, last_months))
    # «ежеквартально до 10 числа»: of the month after the quarter, or of its last one.
    return choose(following, _on_day(day, last_months))


def _numbered_day(parser: TermParser) -> int | None:
    """Read «до 5 числа», «каждое 15 число», "by the 5th"."""
    has_lead = parser.takes("каждое", "on", "day", *NOT_LATER, *BY)
    day = parser.number()
    if day is None:
        return None
    has_word = parser.takes_any(DAY_OF_MONTH)
    if not 1 <= day <= _ANY_DAY:
        if has_word:
            raise ImpossibleDate
        return None
    return day if has_word or has_lead else None


def _on_day(day: int, months: Sequence[tuple[int, int]]) -> Span:
    return of_points([*days_of_months(months, day)])


def _report(parser: TermParser, period: ProgrammePeriod) -> date | None:
    """Read «за I квартал – до 10 апреля»: the first such day that is not before the quarter."""
    if not parser.takes("за", "for") or period.year is None:
        return None
    part = parser.part() or (DatePart(Unit.YEAR, ()) if parser.takes("год", "year") else None)
    if part is None:
        return None
    parser.takes("-", ":", ",")
    parser.takes(*NOT_LATER) or parser.takes(*BY)
    day = parser.part()
    if day is None or day.unit is not Unit.DAY:
        return None
    (reported,) = dated((part,), period)[0]
    if parser.takes(*NEXT_YEAR):
        return day.in_year(reported.last().year + 1).first()
    if day.year is not None:
        return day.first()
    same_year = day.in_year(reported.first().year)
    same_year.check()
    is_before = same_year.first() < reported.first()
    return day.in_year(reported.first().year + 1).first() if is_before else same_year.first()

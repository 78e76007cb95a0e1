"""Terms by days, months, quarters, half-years and years: one, a list, a range, up to, since."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Final, TypeVar

from kvartal.schema.grammar.answer import Answer, Certainty, ask, choose, sure
from kvartal.schema.grammar.parser import TermParser
from kvartal.schema.grammar.parts import (
    DatePart,
    Span,
    Unit,
    of_points,
    of_quarters,
)
from kvartal.schema.grammar.wordings import (
    BEFORE,
    BETWEEN,
    BY,
    DURING,
    END_OF,
    FROM,
    INCLUSIVE,
    NOT_LATER,
    TO,
    YEAR_END,
    YEAR_ROUND,
)
from kvartal.schema.grammar.words import THIS_YEAR, WHOLE, YEAR_WORDS
from kvartal.schema.grammar.years import Parts, dated
from kvartal.schema.months import MONTHS_IN_YEAR
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import QUARTERS, quarters_between

T = TypeVar("T")

_ONE_DAY: Final = timedelta(days=1)


def listed(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «1 и 3 кварталы 2026 г.», «март, июнь», «27.03.2026; 26.06.2026», «25 апреля»."""
    answer = _listed(parser, period, lead=())
    # «3 квартала» may be three of them.
    is_unsure = parser.may_count_quarters and answer and answer.certainty is Certainty.SURE
    return ask(answer.likely) if answer and is_unsure else answer


def _listed(parser: TermParser, period: ProgrammePeriod, lead: Sequence[str]) -> Answer | None:
    parts = _parts(parser, lead)
    return _of_list(parts, period) if parts else None


def ranged(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «с 20 августа по 30 сентября», «13–20.05.2026», «декабрь 2025 - февраль 2026»."""
    is_between = parser.takes(*BETWEEN)
    if not is_between:
        parser.takes(*FROM)
    start = parser.attempt(partial(_range_start, parser, is_between=is_between))
    last = parser.part() if start is not None else None
    if start is None or last is None:
        return None
    parser.takes(*INCLUSIVE)
    parts = _with_months([*start, last])
    if not parts:
        return None
    first = parts[0]
    datings = dated((first, last), period)
    spans = [_span_of_range(begin, end, period) for begin, end in datings]
    if any(_is_explained(*dating) for dating in datings):
        return choose(*(span for span in spans if _is_forward(span)))
    if len(spans) == 1 and _is_forward(spans[0]):
        return sure(spans[0])
    if first.year is None and isinstance(last.year, int):
        # «декабрь - февраль 2026» may begin in the year before.
        spans += [_span_of_range(first.in_year(last.year - 1), last, period)]
    return choose(*(span for span in spans if _is_forward(span)))


def days_until(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «до 01.07.2026», «не позднее 1 февраля», «до 10.04, 10.07», "by 30 June 2026"."""
    is_not_later = parser.takes(*NOT_LATER, "по") or parser.ends_with(*INCLUSIVE)
    is_before = parser.takes(*BEFORE)
    has_by = parser.takes(*BY)
    if not (is_not_later or is_before or has_by):
        return None
    parts = _parts(parser, lead=(*NOT_LATER, *BY))
    if not parts:
        return None
    if {part.unit for part in parts} == {Unit.DAY} and not is_before:
        return _of_list(parts, period)
    if len(parts) > 1:
        return None
    datings = dated(parts, period)
    ends = [Span(None, dating[-1].last()) for dating in datings]
    if is_not_later:
        return sure(ends[0]) if len(ends) == 1 else choose(*ends)
    # «до марта» may mean before its first day, or up to its last one.
    return ask(Span(None, datings[0][0].first() - _ONE_DAY), *ends)


def ends(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «до конца марта», «конец 2026 года», "end of Q3", "by the end of the year"."""
    found: list[DatePart] = []
    while True:
        parser.takes(*NOT_LATER) or parser.takes(*BY)
        if parser.takes(*YEAR_END):
            year = parser.attempt(partial(_year_behind, parser))
            part: DatePart | None = year or DatePart(Unit.YEAR)
        elif parser.takes(*END_OF):
            part = parser.part() or _this_year(parser, period)
        else:
            return None
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
        return _whole_year(year, period)
    has_lead = parser.takes(*DURING)
    has_lead = parser.takes_any(WHOLE) or has_lead
    if not has_lead:
        return None
    whole = parser.attempt(lambda: _at_end(parser, _this_year(parser, period)))
    if whole is not None:
        return _whole_year(whole, period)
    # «в марте и в июне» repeats the word before each.
    answer = parser.attempt(lambda: _at_end(parser, _listed(parser, period, DURING)))
    if answer is None:
        answer = parser.attempt(lambda: _at_end(parser, ranged(parser, period)))
    # «в течение 3 кварталов» is a duration.
    return choose() if parser.has_many_quarters and answer is not None else answer


def since(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «с 01.07.2026», «начиная со 2 квартала»: a beginning, and no end."""
    if not parser.takes(*FROM):
        return None
    part = parser.part()
    if part is None:
        return None
    starts = [dating[0].first() for dating in dated((part,), period)]
    spans = [Span(start) for start in starts]
    whole = [Span(start, period.due) for start in starts if start <= period.due]
    return ask(spans[0], *spans[1:], *whole) if len(spans) == 1 else choose(*spans, *whole)


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


def _parts(parser: TermParser, lead: Sequence[str]) -> Parts:
    """Read a list of parts; days of one month may come without it: «10, 20 июня»."""
    found: list[DatePart | int] = []
    while True:
        part = parser.part()
        one: DatePart | int | None = part if part is not None else parser.number()
        if one is None:
            return ()
        found.append(one)
        parser.takes(*INCLUSIVE)
        if not parser.takes_separator():
            break
        parser.takes(*lead)
    return _with_months(found)


def _with_months(found: Sequence[DatePart | int]) -> Parts:
    parts: list[DatePart] = []
    following: DatePart | None = None
    for one in reversed(found):
        if isinstance(one, int):
            if following is None or following.unit is not Unit.DAY:
                return ()
            following = DatePart(Unit.DAY, (one, following.numbers[1]), following.year)
        else:
            following = one
        parts.insert(0, following)
    return tuple(parts)


def _of_list(parts: Parts, period: ProgrammePeriod) -> Answer | None:
    if len({part.unit for part in parts}) != 1:
        return choose()
    if len(parts) == 1 and parts[0].unit is Unit.YEAR:
        return _whole_year(parts[0], period)
    datings = dated(parts, period)
    spans = [span for dating in datings if (span := _span_of_list(dating, period)) is not None]
    is_filled = any(part.year is None for part in parts)
    is_in_order = all(_is_ascending(dating) for dating in datings)
    if len(spans) == len(datings) == 1 and (is_in_order or not is_filled):
        return sure(spans[0])
    return choose(*spans)


def _span_of_list(parts: Parts, period: ProgrammePeriod) -> Span | None:
    """Return what a list of parts of one kind means; None where it is not one term."""
    unit = parts[0].unit
    if unit is Unit.DAY:
        return of_points([part.first() for part in parts])
    if unit is Unit.MONTH:
        only = parts[0]
        if len(parts) == 1:
            return Span(only.first(), only.last())
        return of_points([part.last() for part in parts])
    if unit is Unit.YEAR:
        days = [(part.first(), part.last()) for part in parts]
        is_unbroken = all(last + _ONE_DAY == first for (_, last), (first, _) in pairwise(days))
        return Span(days[0][0], days[-1][1]) if is_unbroken else None
    quarters = [quarter for part in parts for quarter in part.quarters()]
    is_one_year = len({quarter.year for quarter in quarters}) == 1
    is_inside = period.year is None and set(quarters) <= set(period.quarters)
    return of_quarters(quarters) if is_one_year or is_inside else None


def _is_ascending(parts: Parts) -> bool:
    days = [part.first() for part in parts]
    return all(earlier < later for earlier, later in pairwise(days))


def _range_start(parser: TermParser, *, is_between: bool) -> tuple[DatePart | int, ...] | None:
    part = parser.part()
    first: DatePart | int | None = part if part is not None else parser.number()
    if first is None:
        return None
    parser.takes(*INCLUSIVE)
    is_joined = parser.takes("и", "and") if is_between else parser.takes(*TO)
    return (first,) if is_joined else None


def _span_of_range(first: DatePart, last: DatePart, period: ProgrammePeriod) -> Span:
    """Return what a range means: quarters where both ends are, in one year or in the period."""
    span = Span(first.first(), last.last())
    if not (first.quarters() and last.quarters() and _is_forward(span)):
        return span
    years = range(first.first().year, last.last().year + 1)
    between = quarters_between(first.first(), last.last())
    is_inside = period.year is None and set(between) <= set(period.quarters)
    return of_quarters(between) if len(years) == 1 or is_inside else span


def _is_explained(first: DatePart, last: DatePart) -> bool:
    """Return whether one end lies in the other: «3 квартал - сентябрь» may name a month of it."""
    return first.unit is not last.unit and last.first() <= first.last()


def _is_forward(span: Span) -> bool:
    return span.start is None or span.due is None or span.start <= span.due


def _this_year(parser: TermParser, period: ProgrammePeriod) -> DatePart | None:
    """Read «года», «всего года», «текущего года», "the whole year": that of the programme."""
    while parser.takes_any(WHOLE) or parser.takes_any(THIS_YEAR):
        pass
    year = parser.attempt(parser.year)
    if year is not None:
        return year
    return DatePart(Unit.YEAR, (), period.year) if parser.takes_any(YEAR_WORDS) else None


def _year_behind(parser: TermParser) -> DatePart | None:
    parser.takes("of")
    return parser.year()


def _whole_year(year: DatePart, period: ProgrammePeriod) -> Answer:
    datings = dated((year,), period)
    if len(datings) > 1:
        return choose(*(Span(dating[0].first(), dating[0].last()) for dating in datings))
    first, last = datings[0][0].first(), datings[0][0].last()
    if first.year != period.year:
        return sure(Span(first, last))
    return sure(of_quarters(period.quarters))

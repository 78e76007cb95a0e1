"""Terms from a day, a month or a quarter on, up to another or without an end."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

from kvartal.schema.grammar.answer import Answer, ask, choose, sure
from kvartal.schema.grammar.lists import with_months
from kvartal.schema.grammar.parser import TermParser
from kvartal.schema.grammar.parts import DatePart, Span, Unit, of_quarters
from kvartal.schema.grammar.wordings import BETWEEN, FROM, INCLUSIVE, TO, UP_TO
from kvartal.schema.grammar.years import dated
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import QUARTERS, quarters_between

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Start:
    """What a range begins with.

    Attributes:
        part: A part, or a day whose month stands behind.
        is_up_to: Whether «до» follows, behind which a month may be meant without it.
    """

    part: DatePart | int
    is_up_to: bool


def ranged(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «с 20 августа по 30 сентября», «13–20.05.2026», «с марта до конца года»."""
    is_between = parser.takes(*BETWEEN)
    if not is_between:
        parser.takes(*FROM)
    start = parser.attempt(partial(_range_start, parser, is_between=is_between))
    if start is None:
        return None
    end = parser.attempt(parser.end)
    last = end or parser.part()
    parts = with_months([start.part, last]) if last is not None else ()
    if not parts:
        return None
    is_whole = parser.takes(*INCLUSIVE)
    first, last = parts
    if end is not None:
        return _until_end(first, end, period)
    datings = dated(parts, period)
    spans = [_span_of_range(one[0], one[-1], period) for one in datings]
    if any(_is_explained(*one) for one in datings):
        return choose(*(span for span in spans if _is_forward(span)))
    if len(spans) == 1 and _is_forward(spans[0]):
        is_sure = is_whole or not start.is_up_to or last.unit is Unit.DAY
        begin, *_, end = datings[0]
        return sure(spans[0]) if is_sure else _up_to(begin, end, spans[0], period)
    if first.year is None and isinstance(last.year, int):
        # «декабрь - февраль 2026» may begin in the year before.
        spans += [_span_of_range(first.in_year(last.year - 1), last, period)]
    return choose(*(span for span in spans if _is_forward(span)))


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


def _range_start(parser: TermParser, *, is_between: bool) -> _Start | None:
    part = parser.part()
    first: DatePart | int | None = part if part is not None else parser.number()
    if first is None:
        return None
    parser.takes(*INCLUSIVE)
    if is_between:
        return _Start(first, is_up_to=False) if parser.takes("и", "and") else None
    is_up_to = parser.takes(*UP_TO)
    return _Start(first, is_up_to) if is_up_to or parser.takes(*TO) else None


def _until_end(first: DatePart, last: DatePart, period: ProgrammePeriod) -> Answer:
    """Return what «со 2 квартала до конца года» means: what stands last is meant whole."""
    if first.unit in (Unit.QUARTER, Unit.HALF) and last.unit is Unit.YEAR:
        last = DatePart(Unit.QUARTER, QUARTERS[-1:], last.year)
    spans = [_span_of_range(one[0], one[-1], period) for one in dated((first, last), period)]
    forward = [span for span in spans if _is_forward(span)]
    if last == DatePart(Unit.YEAR) and period.year is None:
        # The programme's own year may be meant, which is no calendar year.
        return choose(*forward)
    return sure(forward[0]) if len(spans) == len(forward) == 1 else choose(*forward)


def _up_to(first: DatePart, last: DatePart, whole: Span, period: ProgrammePeriod) -> Answer:
    """Return both readings of «с января до июня»: without June, and with it."""
    before = last.first() - _ONE_DAY
    if before < first.first():
        return choose(whole)
    is_of_quarters = bool(whole.quarters)
    return ask(_span_between(first.first(), before, period, is_of_quarters=is_of_quarters), whole)


def _span_of_range(first: DatePart, last: DatePart, period: ProgrammePeriod) -> Span:
    """Return what a range means: quarters where both ends are, in one year or in the period."""
    is_of_quarters = bool(first.quarters() and last.quarters())
    return _span_between(first.first(), last.last(), period, is_of_quarters=is_of_quarters)


def _span_between(
    first: date, last: date, period: ProgrammePeriod, *, is_of_quarters: bool
) -> Span:
    if not is_of_quarters or last < first:
        return Span(first, last)
    between = quarters_between(first, last)
    is_inside = period.year is None and set(between) <= set(period.quarters)
    return of_quarters(between) if first.year == last.year or is_inside else Span(first, last)


def _is_explained(first: DatePart, last: DatePart) -> bool:
    """Return whether one end lies in the other: «3 квартал - сентябрь» may name a month of it."""
    overlap = first.first() <= last.last() and last.first() <= first.last()
    return first.unit is not last.unit and overlap


def _is_forward(span: Span) -> bool:
    return span.start is None or span.due is None or span.start <= span.due

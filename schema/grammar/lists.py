"""Terms that list days, months, quarters, half-years or years, or name one of them."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final

from kvartal.schema.grammar.answer import Answer, choose, sure
from kvartal.schema.grammar.parser import TermParser
from kvartal.schema.grammar.parts import DatePart, Span, Unit, of_points, of_quarters
from kvartal.schema.grammar.wordings import INCLUSIVE
from kvartal.schema.grammar.years import Parts, dated
from kvartal.schema.period import ProgrammePeriod

_ONE_DAY: Final = timedelta(days=1)


def listed(parser: TermParser, period: ProgrammePeriod, lead: Sequence[str] = ()) -> Answer | None:
    """Read «1 и 3 кварталы 2026 г.», «март, июнь», «27.03.2026; 26.06.2026», «25 апреля».

    Args:
        parser: At the first of them.
        period: Of the programme.
        lead: What may stand before each of the others, such as «в».
    """
    parts = parts_of(parser, lead)
    return of_list(parts, period) if parts else None


def parts_of(parser: TermParser, lead: Sequence[str]) -> Parts:
    """Read a list of parts; days of one month may come without it: «10, 20 июня»."""
    found: list[DatePart | int] = []
    while True:
        following = parser.attempt(lambda: _item(parser, lead if found else None))
        if following is None:
            return with_months(found)
        found.extend(following)


def _item(parser: TermParser, lead: Sequence[str] | None) -> tuple[DatePart | int] | None:
    """Read a part or a number; one that follows another stands behind a comma or «и»."""
    if lead is not None:
        if not parser.takes_separator():
            return None
        parser.takes(*lead)
    part = parser.part()
    one = part if part is not None else parser.number()
    parser.takes(*INCLUSIVE)
    return None if one is None else (one,)


def with_months(found: Sequence[DatePart | int]) -> Parts:
    """Return parts with the month of the day behind for a bare number; none where none has it."""
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


def of_list(parts: Parts, period: ProgrammePeriod) -> Answer | None:
    """Return what a list of parts means; asked about where they are of several kinds."""
    if len({part.unit for part in parts}) != 1:
        return choose()
    if len(parts) == 1 and parts[0].unit is Unit.YEAR:
        return whole_year(parts[0], period)
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


def whole_year(year: DatePart, period: ProgrammePeriod) -> Answer:
    """Return what a year means: the quarters of the programme's own, the days of another."""
    datings = dated((year,), period)
    if len(datings) > 1:
        return choose(*(Span(dating[0].first(), dating[0].last()) for dating in datings))
    first, last = datings[0][0].first(), datings[0][0].last()
    if first.year != period.year:
        return sure(Span(first, last))
    return sure(of_quarters(period.quarters))

"""Terms by what is no unit of the calendar: «вторая декада мая», «в течение учебного года»."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from kvartal.schema.grammar.answer import Answer, ask, choose, sure
from kvartal.schema.grammar.parser import TermParser
from kvartal.schema.grammar.parts import DatePart, ImpossibleDate, Span, Unit
from kvartal.schema.grammar.wordings import DURING
from kvartal.schema.grammar.words import ACADEMIC_YEAR, DECADE_WORDS, HALF_WORDS, WHOLE
from kvartal.schema.grammar.years import dated
from kvartal.schema.period import ProgrammePeriod

_DECADES: Final = (1, 11, 21)
_HALVES: Final = (1, 16)
# An academic year begins in one of the first and ends in one of the last.
_FIRST_MONTHS: Final = (8, 9)
_LAST_MONTHS: Final = (5, 6, 7, 8)


def part_of_month(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «вторая декада сентября», «I-II декады мая», «первая половина мая 2026 г.».

    Half a month is asked about: of February, and of 31 days, the middle is not agreed on.
    """
    parser.takes(*DURING)
    decades = parser.numbers_of(DECADE_WORDS)
    numbers = decades or parser.numbers_of(HALF_WORDS)
    if not numbers:
        return None
    month = parser.part()
    if month is None or month.unit is not Unit.MONTH:
        return None
    starts = _DECADES if decades else _HALVES
    if not _are_of(numbers, starts):
        raise ImpossibleDate
    spans = [_span(numbers, starts, dating[0]) for dating in dated((month,), period)]
    if len(spans) > 1:
        return choose(*spans)
    return sure(spans[0]) if decades else ask(spans[0])


def academic_year(parser: TermParser, period: ProgrammePeriod) -> Answer | None:
    """Read «в течение учебного года» in a programme that is for one."""
    parser.takes(*DURING)
    parser.takes_any(WHOLE)
    is_one = (
        period.due.year == period.start.year + 1
        and period.start.month in _FIRST_MONTHS
        and period.due.month in _LAST_MONTHS
    )
    is_named = parser.takes(*ACADEMIC_YEAR) and is_one
    return sure(Span(period.start, period.due)) if is_named else None


def _are_of(numbers: Sequence[int], starts: Sequence[int]) -> bool:
    """Return whether parts of a month are there, one after the other."""
    first, last = numbers[0], numbers[-1]
    return first >= 1 and last <= len(starts) and len(numbers) == last - first + 1


def _span(numbers: Sequence[int], starts: Sequence[int], month: DatePart) -> Span:
    first, last = numbers[0], numbers[-1]
    end = month.last() if last == len(starts) else _on(month, starts[last] - 1)
    return Span(_on(month, starts[first - 1]), end)


def _on(month: DatePart, day: int) -> date:
    return month.first().replace(day=day)

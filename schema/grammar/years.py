"""The years of a term's parts that name none, by the period of the programme."""

from collections.abc import Sequence
from typing import TypeAlias

from kvartal.schema.grammar.parts import DatePart, ImpossibleDate, RelativeYear, Unit
from kvartal.schema.months import MONTHS_IN_YEAR
from kvartal.schema.period import ProgrammePeriod

Parts: TypeAlias = tuple[DatePart, ...]


def dated(parts: Sequence[DatePart], period: ProgrammePeriod) -> tuple[Parts, ...]:
    """Return the parts with a year for each, once for every way in which they lie in the period.

    Args:
        parts: In the order of the text. One without a year takes that of the next one that has it,
            else of the one before.
        period: Of the programme; it decides where no part has a year.

    Raises:
        ImpossibleDate: A part names what no calendar has.
    """
    for part in parts:
        part.check()
    filled = _shared_year(parts)
    if all(isinstance(part.year, int) for part in filled):
        found: tuple[Parts, ...] = (filled,)
    elif period.year is not None:
        found = (tuple(part.in_year(period.year) for part in filled),)
    else:
        found = _in_period(filled, period)
    for dating in found:
        for part in dating:
            part.last()
    return found


def _shared_year(parts: Sequence[DatePart]) -> Parts:
    filled = list(parts)
    for order in (range(len(parts) - 1, -1, -1), range(len(parts))):
        year: int | RelativeYear | None = None
        for index in order:
            stated = filled[index].year
            year = year if stated is None else stated
            filled[index] = filled[index] if stated is not None else filled[index].in_year(year)
    return tuple(filled)


def _in_period(parts: Parts, period: ProgrammePeriod) -> tuple[Parts, ...]:
    if any(isinstance(part.year, RelativeYear) for part in parts):
        # The year that it follows may be any of the programme's.
        return tuple(tuple(part.in_year(year) for part in parts) for year in period.years)
    years = [_years_inside(part, period) for part in parts]
    is_certain = all(part.year is not None or _is_certain(part, period) for part in parts)
    if not is_certain:
        return tuple(tuple(part.in_year(year) for part in parts) for year in period.years)
    if all(len(one) == 1 for one in years):
        return (tuple(part.in_year(one[0]) for part, one in zip(parts, years, strict=True)),)
    common = [year for year in period.years if all(year in one for one in years)]
    return tuple(tuple(part.in_year(year) for part in parts) for year in common or period.years)


def _is_certain(part: DatePart, period: ProgrammePeriod) -> bool:
    """Return whether a part is one of the calendar's: a period may count halves and quarters too.

    The first half of an academic year is its autumn, the first quarter of a fiscal year may be
    July to September.
    """
    if part.unit is Unit.QUARTER:
        return not period.is_fiscal_year
    return part.unit is not Unit.HALF or period.has_whole(MONTHS_IN_YEAR)


def _years_inside(part: DatePart, period: ProgrammePeriod) -> tuple[int, ...]:
    found = []
    for year in period.years:
        one = part.in_year(year)
        try:
            is_inside = period.touches(one.first(), one.last())
        except ImpossibleDate:
            continue
        if is_inside:
            found.append(year)
    return tuple(found)

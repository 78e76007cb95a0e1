"""The parts of a term, such as a day, a month or a quarter, and the days that they mean."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, IntEnum
from typing import Final

from kvartal.schema.months import MONTHS_IN_YEAR, month_end
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import MONTHS_IN_QUARTER, CalendarQuarter

_LEAP_YEAR: Final = 2000
_QUARTERS_IN_HALF: Final = 2


class ImpossibleDate(Exception):
    """A day, a quarter or a half-year that no calendar has, such as 31 February."""


class Unit(IntEnum):
    """What a part of a term names."""

    DAY = 1
    MONTH = 2
    QUARTER = 3
    HALF = 4
    YEAR = 5


class RelativeYear(Enum):
    """A year that is named by the programme's, which is not known where that is for several."""

    THIS = 0
    NEXT = 1


@dataclass(frozen=True, slots=True)
class DatePart:
    """A day, a month, some quarters or half-years of one year, or a year.

    Attributes:
        unit: What it is.
        numbers: (day, month) of a day; the month, the quarters or the half-years; none of a year.
        year: None where the text does not say it; relative where it says «следующего года».
    """

    unit: Unit
    numbers: tuple[int, ...] = ()
    year: int | RelativeYear | None = None

    def in_year(self, year: int | RelativeYear | None) -> "DatePart":
        """Return it in a year of the programme, unless the text says which year it is in."""
        if self.year is None:
            return replace(self, year=year)
        if isinstance(self.year, RelativeYear) and isinstance(year, int):
            return replace(self, year=year + self.year.value)
        return self

    def first(self) -> date:
        """Return its first day.

        Raises:
            ImpossibleDate: No calendar has it.
        """
        return self._days()[0]

    def last(self) -> date:
        """Return its last day.

        Raises:
            ImpossibleDate: No calendar has it.
        """
        return self._days()[1]

    def quarters(self) -> tuple[CalendarQuarter, ...]:
        """Return the quarters that it names; none for a day, a month or a year."""
        year = self._year()
        if self.unit is Unit.QUARTER:
            return tuple(CalendarQuarter(year, number) for number in self.numbers)
        if self.unit is Unit.HALF:
            ends = [number * _QUARTERS_IN_HALF for number in self.numbers]
            return tuple(CalendarQuarter(year, q) for end in ends for q in (end - 1, end))
        return ()

    def check(self) -> None:
        """Check what no year can mend: 31 April, quarter 5.

        Raises:
            ImpossibleDate: No calendar has it.
        """
        self.in_year(_LEAP_YEAR).last()

    def _days(self) -> tuple[date, date]:
        year = self._year()
        try:
            if self.unit is Unit.DAY:
                day = date(year, self.numbers[1], self.numbers[0])
                return day, day
            if self.unit is Unit.MONTH:
                month = self.numbers[0]
                return date(year, month, 1), month_end(year, month)
            if self.unit is Unit.YEAR:
                return date(year, 1, 1), date(year, MONTHS_IN_YEAR, 31)
            return self.quarters()[0].first, self.quarters()[-1].last
        except ValueError:
            raise ImpossibleDate from None

    def _year(self) -> int:
        if isinstance(self.year, int):
            return self.year
        raise ValueError("a part has no days before its year is known")


@dataclass(frozen=True, slots=True)
class Span:
    """One reading of a term: when it begins and ends, and where it is checked.

    Attributes:
        start: First day; None where the text names only an end.
        due: Last day; None where the text names only a beginning.
        quarters: The quarters that the text names, in order.
        points: The days of checkpoints that the text names, in order, where it names several.
    """

    start: date | None = None
    due: date | None = None
    quarters: tuple[CalendarQuarter, ...] = ()
    points: tuple[date, ...] = ()

    @property
    def first(self) -> date | None:
        """The first day that it names."""
        return self.start or (self.points[0] if self.points else self.due)

    @property
    def last(self) -> date | None:
        """The last day that it names."""
        return self.due or self.start


NOTHING: Final = Span()


def of_quarters(quarters: Sequence[CalendarQuarter]) -> Span:
    """Return the reading of a text that names quarters."""
    named = tuple(sorted(set(quarters)))
    return Span(named[0].first, named[-1].last, named)


def of_points(days: Sequence[date]) -> Span:
    """Return the reading of a text that names days: one is a last day, several are points."""
    points = tuple(sorted(set(days)))
    return Span(None, points[-1], (), points if len(points) > 1 else ())


def half_ends(period: ProgrammePeriod) -> Iterator[date]:
    """Yield the last day of each half-year that ends in a period or touches its end."""
    for quarter in period.quarters:
        if quarter.number % _QUARTERS_IN_HALF == 0:
            yield quarter.last


def quarter_months(quarters: Sequence[CalendarQuarter]) -> tuple[tuple[int, int], ...]:
    """Return the last month of each quarter, as (year, month)."""
    return tuple((one.year, one.number * MONTHS_IN_QUARTER) for one in quarters)

"""Quarters of a calendar year: their first and last days, and how they are written."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

QUARTERS: Final = (1, 2, 3, 4)
ROMAN: Final = ("I", "II", "III", "IV")
MONTHS_IN_QUARTER: Final = 3


class CalendarQuarter(NamedTuple):
    """A quarter of a calendar year: ``CalendarQuarter(2026, 3)``. In the order of time."""

    year: int
    number: int

    def __str__(self) -> str:
        """Return it as it is stored where it needs its year: ``2026-Q3``."""
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return first_day(self.year, self.number)

    @property
    def last(self) -> date:
        """Its last day."""
        return last_day(self.year, self.number)

    def stored(self, year: int | None) -> int | str:
        """Return it as a plan stores it: its number in a programme of its year, else with the year.

        Args:
            year: Of the programme; None where it is not for one calendar year.
        """
        return self.number if self.year == year else str(self)


def quarter_holding(day: date) -> CalendarQuarter:
    """Return the quarter that a day falls in."""
    return CalendarQuarter(day.year, quarter_of(day))


def quarters_between(first: date, last: date) -> tuple[CalendarQuarter, ...]:
    """Return the quarters that the days from ``first`` to ``last`` touch, in order."""
    every = (
        CalendarQuarter(year, number)
        for year in range(first.year, last.year + 1)
        for number in QUARTERS
    )
    return tuple(one for one in every if one.first <= last and one.last >= first)


def quarter_of(day: date) -> int:
    """Return the quarter, 1 to 4, that a day falls in."""
    return (day.month - 1) // MONTHS_IN_QUARTER + 1


def first_day(year: int, quarter: int) -> date:
    """Return the first day of a quarter."""
    return date(year, (quarter - 1) * MONTHS_IN_QUARTER + 1, 1)


def last_day(year: int, quarter: int) -> date:
    """Return the last day of a quarter."""
    month = quarter * MONTHS_IN_QUARTER
    return date(year, month, monthrange(year, month)[1])


def roman(quarter: int) -> str:
    """Return a quarter as it is written in Russian business prose: ``III``."""
    return ROMAN[quarter - 1]


def runs(quarters: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return the runs of neighbouring quarters as (first, last) pairs, in order.

    >>> runs([4, 1, 2])
    ((1, 2), (4, 4))
    """
    found: list[tuple[int, int]] = []
    for quarter in sorted(set(quarters)):
        if found and found[-1][1] == quarter - 1:
            found[-1] = (found[-1][0], quarter)
        else:
            found.append((quarter, quarter))
    return tuple(found)

"""Months of a calendar year: their names, their last days, and a day of each."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from kvartal.schema.errors import N_

MONTHS_IN_YEAR: Final = 12
MONTH_NAMES: Final = (
    *(N_("январь"), N_("февраль"), N_("март"), N_("апрель"), N_("май"), N_("июнь")),
    *(N_("июль"), N_("август"), N_("сентябрь"), N_("октябрь"), N_("ноябрь"), N_("декабрь")),
)


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def month_after(year: int, month: int) -> tuple[int, int]:
    """Return the next month, as (year, month)."""
    return (year + month // MONTHS_IN_YEAR, month % MONTHS_IN_YEAR + 1)


def days_of_months(months: Sequence[tuple[int, int]], day: int) -> Iterator[date]:
    """Yield a day of each month, or its last day where the month is shorter.

    Args:
        months: As (year, month).
        day: 1 to 31.
    """
    for year, month in months:
        last = month_end(year, month)
        yield last if day > last.day else date(year, month, day)

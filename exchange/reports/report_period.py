"""What a report is for: a quarter, a half-year, a year, the days from one date to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kvartal.exchange.reports.report_words import ReportWords
from kvartal.schema.errors import N_
from kvartal.schema.indicator_periods import period_days
from kvartal.schema.model import Plan
from kvartal.schema.quarters import CalendarQuarter

_LONGEST_YEAR: Final = timedelta(days=366)
_IN_PERIOD: Final[Mapping[str, str]] = {
    "Q1": N_("за I квартал {year} года"),
    "Q2": N_("за II квартал {year} года"),
    "Q3": N_("за III квартал {year} года"),
    "Q4": N_("за IV квартал {year} года"),
    "H1": N_("за I полугодие {year} года"),
    "H2": N_("за II полугодие {year} года"),
    "": N_("за {year} год"),
}


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """What a report is for.

    Attributes:
        first: Its first day.
        last: Its last day.
        name: As files are called by it: ``2026-Q3``, ``2026-H1``, ``2026``.
    """

    first: date
    last: date
    name: str

    def __contains__(self, day: date) -> bool:
        """Return whether a day falls in it."""
        return self.first <= day <= self.last

    def text(self, words: ReportWords) -> str:
        """Return it as it stands in a heading: «за III квартал 2026 года», «с … по …»."""
        year, _dash, part = self.name.partition("-")
        if part in _IN_PERIOD and len(year) == len("2026"):
            return words.say(_IN_PERIOD[part], year=year)
        first, last = words.day(self.first), words.day(self.last)
        return words.say(N_("с {first} по {last}"), first=first, last=last)


def of_quarter(quarter: CalendarQuarter) -> ReportPeriod:
    """Return a quarter."""
    return ReportPeriod(quarter.first, quarter.last, str(quarter))


def of_half(year: int, half: int) -> ReportPeriod:
    """Return a half-year.

    Args:
        year: Its year.
        half: 1 or 2.
    """
    name = f"{year}-H{half}"
    return ReportPeriod(*period_days(name), name)


def of_year(plan: Plan, as_of: date) -> ReportPeriod:
    """Return the year of a programme: all of it, or of a long one the calendar year of a date."""
    period = plan.period
    if period.year is not None:
        return ReportPeriod(period.start, period.due, str(period.year))
    if period.due - period.start < _LONGEST_YEAR:
        return between(period.start, period.due)
    year = min(max(as_of.year, period.start.year), period.due.year)
    return ReportPeriod(*period_days(str(year)), str(year))


def of_programme(plan: Plan) -> ReportPeriod:
    """Return all days of a programme."""
    year = plan.period.year
    if year is not None:
        return ReportPeriod(plan.period.start, plan.period.due, str(year))
    return between(plan.period.start, plan.period.due)


def between(first: date, last: date) -> ReportPeriod:
    """Return the days from one date to another."""
    return ReportPeriod(first, last, f"{first.isoformat()}..{last.isoformat()}")

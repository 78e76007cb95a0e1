"""The days that a programme is for: a calendar year, an academic year, several years."""

from dataclasses import dataclass
from datetime import date, timedelta

from kvartal.schema.months import MONTHS_IN_YEAR, month_end
from kvartal.schema.quarters import MONTHS_IN_QUARTER, CalendarQuarter, quarters_between


@dataclass(frozen=True, slots=True)
class ProgrammePeriod:
    """The days that a programme is for, the last one included."""

    start: date
    due: date

    @classmethod
    def of_year(cls, year: int) -> "ProgrammePeriod":
        """Return the period of a calendar year."""
        return cls(date(year, 1, 1), date(year, MONTHS_IN_YEAR, 31))

    @property
    def year(self) -> int | None:
        """The calendar year that it is; None for any other period."""
        is_year = self == self.of_year(self.start.year)
        return self.start.year if is_year else None

    @property
    def years(self) -> range:
        """The calendar years that it touches."""
        return range(self.start.year, self.due.year + 1)

    @property
    def years_text(self) -> str:
        """Those years, as a programme's file and the folder of its evidence are called."""
        first, last = self.start.year, self.due.year
        return str(first) if first == last else f"{first}-{last}"

    @property
    def quarters(self) -> tuple[CalendarQuarter, ...]:
        """The calendar quarters that it touches, in order."""
        return quarters_between(self.start, self.due)

    @property
    def months(self) -> tuple[tuple[int, int], ...]:
        """The months that it touches, as (year, month), in order."""
        every = ((year, month) for year in self.years for month in range(1, MONTHS_IN_YEAR + 1))
        return tuple(
            (year, month)
            for year, month in every
            if self.touches(date(year, month, 1), month_end(year, month))
        )

    def has_whole(self, months: int) -> bool:
        """Return whether it consists of whole quarters, half-years or years of the calendar.

        Args:
            months: In one of them: 3, 6 or 12.
        """
        after = self.due + timedelta(days=1)
        ends = (self.start, after)
        return all(day.day == 1 and (day.month - 1) % months == 0 for day in ends)

    @property
    def following(self) -> "ProgrammePeriod":
        """The period of the next programme: as long, and at the same time of the year.

        An academic year or a heating season comes again a year later, with the summer between. One
        of a year or more, or one that divides its year, is followed at once.
        """
        after = self.due + timedelta(days=1)
        months, days = self._length
        divides_year = months > 0 and MONTHS_IN_YEAR % months == 0 and self.has_whole(months)
        if months >= MONTHS_IN_YEAR or divides_year:
            due = _months_later(after, months) + timedelta(days=days - 1)
            return ProgrammePeriod(after, due)
        due = _months_later(self.due, MONTHS_IN_YEAR)
        is_last = self.due == month_end(self.due.year, self.due.month)
        return ProgrammePeriod(
            _months_later(self.start, MONTHS_IN_YEAR),
            month_end(due.year, due.month) if is_last else due,
        )

    @property
    def _length(self) -> tuple[int, int]:
        """How long it is: whole months, and the days beyond them."""
        after = self.due + timedelta(days=1)
        months = (after.year - self.start.year) * MONTHS_IN_YEAR + after.month - self.start.month
        months -= _months_later(self.start, months) > after
        days = (after - _months_later(self.start, months)).days
        # From the 31st to the last day of a shorter month is whole months as well.
        ends_short_month = days == 1 and self.due.day < self.start.day
        return months, 0 if ends_short_month else days

    @property
    def is_fiscal_year(self) -> bool:
        """Whether it is twelve months from the first day of a quarter other than January's."""
        after = self.due + timedelta(days=1)
        is_year = (after.year, after.month, after.day) == (
            self.start.year + 1,
            self.start.month,
            self.start.day,
        )
        return is_year and self.year is None and self.has_whole(MONTHS_IN_QUARTER)

    def touches(self, first: date, last: date) -> bool:
        """Return whether any day from ``first`` to ``last`` lies in it."""
        return first <= self.due and last >= self.start

    def __contains__(self, day: date) -> bool:
        """Return whether a day lies in it."""
        return self.start <= day <= self.due


def _months_later(day: date, months: int) -> date:
    """Return a day so many months later; in a shorter month, its last one."""
    years, month = divmod(day.month - 1 + months, MONTHS_IN_YEAR)
    last = month_end(day.year + years, month + 1)
    return last.replace(day=min(day.day, last.day))

"""What the user asks to see of a programme: a place, a period, a state, a responsible, words."""

from dataclasses import dataclass
from datetime import date

from kvartal.schema.measure import Term
from kvartal.schema.model import Plan
from kvartal.schema.months import MONTHS_IN_YEAR, month_end
from kvartal.schema.quarters import CalendarQuarter, quarter_holding
from kvartal.schema.states import MeasureState, Status
from kvartal.tui.places import Place


@dataclass(frozen=True, slots=True)
class FilterPeriod:
    """The days of a quarter, a month or a year, both included."""

    start: date
    due: date

    @classmethod
    def of_quarter(cls, quarter: CalendarQuarter) -> "FilterPeriod":
        """Return the days of a quarter."""
        return cls(quarter.first, quarter.last)

    @classmethod
    def of_month(cls, year: int, month: int) -> "FilterPeriod":
        """Return the days of a month."""
        return cls(date(year, month, 1), month_end(year, month))

    @classmethod
    def of_year(cls, year: int) -> "FilterPeriod":
        """Return the days of a year."""
        return cls(date(year, 1, 1), date(year, MONTHS_IN_YEAR, 31))

    @property
    def quarter(self) -> CalendarQuarter | None:
        """The quarter that it is; None for a month or a year."""
        quarter = quarter_holding(self.start)
        return quarter if self == self.of_quarter(quarter) else None

    def __contains__(self, day: date | None) -> bool:
        """Return whether a day lies in it."""
        return day is not None and self.start <= day <= self.due

    def has(self, status: Status) -> bool:
        """Return whether a term in force is checked in these days, or by its dates runs in them."""
        if any(one.day.printed in self for one in status.checkpoints):
            return True
        term = status.term
        is_by_dates = not term.quarters and not term.points and term.start and term.due
        return bool(is_by_dates) and _touches(self, term)


def _touches(period: FilterPeriod, term: Term) -> bool:
    start, due = term.start or date.max, term.due or date.min
    return start <= period.due and due >= period.start


@dataclass(frozen=True, slots=True)
class Filter:
    """Which measures are shown.

    Attributes:
        place: A channel, or a section with everything below it; None for the whole programme.
        period: Only what has a checkpoint in these days.
        state: Only measures in this state.
        responsible: Only measures that this name is responsible for.
        text: Only measures that contain every word of this.
    """

    place: Place | None = None
    period: FilterPeriod | None = None
    state: MeasureState | None = None
    responsible: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        """Return whether the filter can hide anything."""
        return bool(
            self.place or self.period or self.state or self.responsible or self.text.strip()
        )


def nearest_quarter(plan: Plan, number: int, near: date) -> CalendarQuarter:
    """Return the quarter of a number that is meant on the screen.

    That of the year of a day, where the period has it; else the period's nearest one.

    Args:
        plan: The programme.
        number: 1 to 4.
        near: The day in sight.
    """
    found = [one for one in plan.period.quarters if one.number == number]
    if not found:
        return CalendarQuarter(near.year, number)
    return min(found, key=lambda one: (abs(one.year - near.year), one))

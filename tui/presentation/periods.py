"""The period columns of a programme's table: its quarters, its months, or its years with quarters.

They follow the programme's own checkpoints: months where they are not the ends of quarters, years
where the programme spans more quarters than a table has room for.
"""

from bisect import bisect_right
from calendar import isleap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto
from typing import Final

from kvartal.schema.errors import N_
from kvartal.schema.model import Plan
from kvartal.schema.months import MONTH_NAMES, month_end
from kvartal.schema.quarter_text import QUARTER_NAMES, quarter_phrase
from kvartal.schema.quarters import QUARTERS, CalendarQuarter
from kvartal.schema.states import CheckpointState, Status
from kvartal.tui.filters import FilterPeriod
from kvartal.tui.i18n import RUSSIAN, _, current_language
from kvartal.tui.presentation.formats import short_day, short_quarter_name, written
from kvartal.tui.view import is_monthly, latest_day

# More columns of quarters or months than these leave no room for words.
_MOST_QUARTERS: Final = 6
_MOST_MONTHS: Final = 14
SHORT_MONTHS: Final = (
    *(N_("янв"), N_("фев"), N_("мар"), N_("апр"), N_("май"), N_("июн")),
    *(N_("июл"), N_("авг"), N_("сен"), N_("окт"), N_("ноя"), N_("дек")),
)
AFTER: Final = "»"
"""Heads the column of all that comes after the programme's period."""
# Of several checkpoints in one part of a column, the first of these states is shown.
_BY_URGENCY: Final = (
    CheckpointState.OVERDUE,
    CheckpointState.DUE,
    CheckpointState.UPCOMING,
    CheckpointState.RECORDED_LATE,
    CheckpointState.RECORDED,
    CheckpointState.CANCELLED,
)


class PeriodUnit(Enum):
    """What a period column is."""

    QUARTER = auto()
    MONTH = auto()
    YEAR = auto()
    REST = auto()
    """All that comes after the last period."""


@dataclass(frozen=True, slots=True)
class PeriodPart:
    """Days that one sign stands for, both included."""

    start: date
    due: date

    def state(self, status: Status) -> CheckpointState | None:
        """Return the state of a measure's checkpoints in these days; None where it has none."""
        states = {c.state for c in status.checkpoints if self.start <= c.day.printed <= self.due}
        return next((state for state in _BY_URGENCY if state in states), None)


@dataclass(frozen=True, slots=True)
class PeriodColumn:
    """One period column.

    Attributes:
        title: As it is headed: «III», «июл», «2026».
        parts: The days of each of its signs: one, or the four quarters of a year.
        unit: What it is.
    """

    title: str
    parts: tuple[PeriodPart, ...]
    unit: PeriodUnit

    @property
    def start(self) -> date:
        """Its first day."""
        return self.parts[0].start

    @property
    def due(self) -> date:
        """Its last day."""
        return self.parts[-1].due


def period_columns(plan: Plan) -> tuple[PeriodColumn, ...]:
    """Return the period columns of a programme's table, in order."""
    return columns_of(plan, monthly=is_monthly(plan), latest=latest_day(plan))


def columns_of(plan: Plan, *, monthly: bool, latest: date | None) -> tuple[PeriodColumn, ...]:
    """Return the period columns of a programme's table, where its terms are known.

    Args:
        plan: The programme.
        monthly: Whether it is checked by months rather than by quarters.
        latest: The last day of any term: after the last column there is one more, if need be.
    """
    if len(plan.period.quarters) > _MOST_QUARTERS:
        columns = [_year(year) for year in plan.period.years]
    elif monthly and len(plan.period.months) <= _MOST_MONTHS:
        columns = [_month(year, month) for year, month in plan.period.months]
    else:
        columns = [_quarter(one, plan) for one in plan.period.quarters]
    last = columns[-1].due
    if latest is not None and latest > last:
        rest = PeriodPart(last + timedelta(days=1), date.max)
        columns.append(PeriodColumn(AFTER, (rest,), PeriodUnit.REST))
    return tuple(columns)


def joined_months(columns: Sequence[PeriodColumn]) -> tuple[PeriodColumn, ...]:
    """Return columns with all months in one, «янв–дек», for a table without room for each."""
    months = [one for one in columns if one.unit is PeriodUnit.MONTH]
    if not months:
        return tuple(columns)
    title = f"{months[0].title}–{months[-1].title}"
    joined = PeriodColumn(title, tuple(p for one in months for p in one.parts), PeriodUnit.MONTH)
    return (joined, *(one for one in columns if one.unit is not PeriodUnit.MONTH))


def part_states(status: Status, parts: Sequence[PeriodPart]) -> list[CheckpointState | None]:
    """Return the state of a measure's checkpoints in each part; None where it has none.

    Args:
        status: The measure.
        parts: One after the other, without a gap.
    """
    starts = [part.start for part in parts]
    states: list[CheckpointState | None] = [None] * len(parts)
    for one in status.checkpoints:
        at = bisect_right(starts, one.day.printed) - 1
        if at < 0 or one.day.printed > parts[at].due:
            continue
        before = states[at]
        if before is None or _BY_URGENCY.index(one.state) < _BY_URGENCY.index(before):
            states[at] = one.state
    return states


def _year(year: int) -> PeriodColumn:
    quarters = (CalendarQuarter(year, number) for number in QUARTERS)
    parts = tuple(PeriodPart(one.first, one.last) for one in quarters)
    return PeriodColumn(str(year), parts, PeriodUnit.YEAR)


def _quarter(quarter: CalendarQuarter, plan: Plan) -> PeriodColumn:
    # The first one of a later year says so: «III IV I’25 II III».
    later = quarter.number == 1 and quarter.year != plan.period.start.year
    title = short_quarter_name(quarter.number) + (_short_year(quarter.year) if later else "")
    return PeriodColumn(title, (PeriodPart(quarter.first, quarter.last),), PeriodUnit.QUARTER)


def _month(year: int, month: int) -> PeriodColumn:
    part = PeriodPart(date(year, month, 1), month_end(year, month))
    return PeriodColumn(_(SHORT_MONTHS[month - 1]), (part,), PeriodUnit.MONTH)


def _day_of_year(day: date) -> str:
    """Return a date without its year; in English «11-30» would be read the other way round."""
    if current_language() == RUSSIAN:
        return f"{day:%d.%m}"
    return f"{day.day} {_(SHORT_MONTHS[day.month - 1])}"


def _short_year(year: int) -> str:
    return f"’{year % 100:02}"


def quarter_text(quarter: CalendarQuarter, plan: Plan) -> str:
    """Return a quarter in words, «III квартал» or "Q3", with the year unless it is the plan's."""
    if quarter.year == plan.year:
        return _(QUARTER_NAMES[quarter.number - 1])
    return written(quarter_phrase(quarter))


def short_quarter(quarter: CalendarQuarter, plan: Plan) -> str:
    """Return a quarter in a few letters: «III», «III.2027», "Q3 2027"."""
    name = short_quarter_name(quarter.number)
    if quarter.year == plan.year:
        return name
    return _("{quarter}.{year}").format(quarter=name, year=quarter.year)


def short_quarters(quarters: tuple[CalendarQuarter, ...], plan: Plan) -> str:
    """Return quarters in a few letters: «I–IV», «I, III», «IV.2026–I.2027»."""
    return _runs_text(quarters, [short_quarter(one, plan) for one in quarters])


class TableTerms:
    """Quarters and days as briefly as the table of a programme needs them.

    The year is left out where the programme's period has only one such quarter or day.
    """

    def __init__(self, plan: Plan) -> None:
        """Find what needs no year."""
        self._period = plan.period
        numbers = Counter(one.number for one in plan.period.quarters)
        self._plain = {one for one in plan.period.quarters if numbers[one.number] == 1}

    def quarters(self, quarters: tuple[CalendarQuarter, ...]) -> str:
        """Return quarters: «I–IV», «IV’26–I’27»."""
        return _runs_text(quarters, [self._quarter(one) for one in quarters])

    def day(self, day: date) -> str:
        """Return a date: «30.11», «31.03.27»; in English «30 Nov», «2027-03-31»."""
        anniversaries = (_same_day(day, year) for year in self._period.years)
        known = [one for one in anniversaries if one is not None and one in self._period]
        return _day_of_year(day) if known == [day] else short_day(day)

    def _quarter(self, quarter: CalendarQuarter) -> str:
        name = short_quarter_name(quarter.number)
        return name if quarter in self._plain else name + _short_year(quarter.year)


def _same_day(day: date, year: int) -> date | None:
    is_leap_day = (day.month, day.day) == (2, 29)
    return None if is_leap_day and not isleap(year) else day.replace(year=year)


def period_text(period: FilterPeriod, plan: Plan) -> str:
    """Return a filter's period in words: «III квартал», «июль 2026», «2026 год»."""
    if period.quarter is not None:
        return quarter_text(period.quarter, plan)
    year, month = period.start.year, period.start.month
    if period == FilterPeriod.of_month(year, month):
        name = _(MONTH_NAMES[month - 1])
        return name if year == plan.year else f"{name} {year}"
    return _("{year} год").format(year=year)


def _runs_text(quarters: Sequence[CalendarQuarter], names: Sequence[str]) -> str:
    """Return the names of quarters, the first and the last of each run of neighbours."""
    runs: list[list[int]] = []
    for at, quarter in enumerate(quarters):
        if runs and _follows(quarters[runs[-1][-1]], quarter):
            runs[-1].append(at)
        else:
            runs.append([at])
    return ", ".join(
        names[run[0]] if len(run) == 1 else f"{names[run[0]]}–{names[run[-1]]}" for run in runs
    )


def _follows(before: CalendarQuarter, after: CalendarQuarter) -> bool:
    return after.year * 4 + after.number == before.year * 4 + before.number + 1

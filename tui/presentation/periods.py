"""The period columns of a programme's table: its quarters, its months, or its years with quarters.

They follow the programme's own checkpoints: months where a measure is checked several times in one
quarter, years where the programme spans more quarters than a table has room for.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Final

from kvartal.schema.checkpoints import checkpoint_days
from kvartal.schema.errors import N_
from kvartal.schema.model import Plan
from kvartal.schema.months import month_end
from kvartal.schema.quarters import CalendarQuarter, quarter_holding, roman
from kvartal.schema.states import CheckpointState, Status
from kvartal.tui.i18n import _

# More columns of quarters or months than these leave no room for words.
_MOST_QUARTERS: Final = 6
_MOST_MONTHS: Final = 14
SHORT_MONTHS: Final = (
    *(N_("янв"), N_("фев"), N_("мар"), N_("апр"), N_("мая"), N_("июн")),
    *(N_("июл"), N_("авг"), N_("сен"), N_("окт"), N_("ноя"), N_("дек")),
)
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
    """What the period columns of a programme are."""

    QUARTER = auto()
    MONTH = auto()
    YEAR = auto()


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
    """

    title: str
    parts: tuple[PeriodPart, ...]

    @property
    def start(self) -> date:
        """Its first day."""
        return self.parts[0].start

    @property
    def due(self) -> date:
        """Its last day."""
        return self.parts[-1].due


def period_unit(plan: Plan) -> PeriodUnit:
    """Return what the period columns of a programme are."""
    if len(plan.period.quarters) > _MOST_QUARTERS:
        return PeriodUnit.YEAR
    is_monthly = any(
        max(Counter(quarter_holding(day.printed) for day in days).values()) > 1
        for measure in plan.measures
        if (days := checkpoint_days(measure.term, plan.calendar))
    )
    has_room = len(plan.period.months) <= _MOST_MONTHS
    return PeriodUnit.MONTH if is_monthly and has_room else PeriodUnit.QUARTER


def period_columns(plan: Plan) -> tuple[PeriodColumn, ...]:
    """Return the period columns of a programme's table, in order."""
    unit = period_unit(plan)
    if unit is PeriodUnit.MONTH:
        return tuple(
            PeriodColumn(
                _(SHORT_MONTHS[month - 1]),
                (PeriodPart(date(year, month, 1), month_end(year, month)),),
            )
            for year, month in plan.period.months
        )
    if unit is PeriodUnit.QUARTER:
        return tuple(
            PeriodColumn(roman(one.number), (PeriodPart(one.first, one.last),))
            for one in plan.period.quarters
        )
    return tuple(
        PeriodColumn(
            str(year),
            tuple(
                PeriodPart(one.first, one.last)
                for one in (CalendarQuarter(year, number) for number in (1, 2, 3, 4))
            ),
        )
        for year in plan.period.years
    )


def quarter_text(quarter: CalendarQuarter, plan: Plan) -> str:
    """Return a quarter in words: «III квартал», with its year where the programme has several."""
    name = _("{roman} квартал").format(roman=roman(quarter.number))
    return name if quarter.year == plan.year else f"{name} {quarter.year}"


def short_quarter(quarter: CalendarQuarter, plan: Plan) -> str:
    """Return a quarter in a few letters: «III», «III.2027»."""
    name = roman(quarter.number)
    return name if quarter.year == plan.year else f"{name}.{quarter.year}"


def short_quarters(quarters: tuple[CalendarQuarter, ...], plan: Plan) -> str:
    """Return quarters in a few letters: «I–IV», «I, III», «IV.2026–I.2027»."""
    runs: list[list[CalendarQuarter]] = []
    for quarter in quarters:
        if runs and _follows(runs[-1][-1], quarter):
            runs[-1].append(quarter)
        else:
            runs.append([quarter])
    texts = []
    for run in runs:
        first, last = short_quarter(run[0], plan), short_quarter(run[-1], plan)
        texts.append(first if len(run) == 1 else f"{first}–{last}")
    return ", ".join(texts)


def _follows(before: CalendarQuarter, after: CalendarQuarter) -> bool:
    return after.year * 4 + after.number == before.year * 4 + before.number + 1

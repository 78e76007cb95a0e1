"""The screens on which a filter is picked: a period, a state, who is responsible."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from rich.text import Text

from kvartal.schema.quarters import quarter_holding
from kvartal.schema.states import MeasureState
from kvartal.tui.filters import FilterPeriod
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cell_width import in_cells
from kvartal.tui.presentation.labels import MEASURE_STATES
from kvartal.tui.presentation.periods import period_text
from kvartal.tui.screens.pick import PickScreen
from kvartal.tui.view import View

_LABEL: Final = 32
_NAME: Final = 58
_COUNT: Final = 4


class StatesScreen(PickScreen[tuple[MeasureState | None]]):
    """States with the number of measures in each.

    The result is a tuple of a state, or of None for all states: a bare None means that the screen
    was left.
    """

    def __init__(self, view: View) -> None:
        """Count the measures of each state that pass the rest of the filter."""
        rest = replace(view, filter=replace(view.filter, state=None)).shown
        lines: list[tuple[tuple[MeasureState | None] | None, Text]] = []
        lines.append(((None,), _line(_("Все состояния"), len(rest), _LABEL)))
        for state, label in MEASURE_STATES.items():
            count = sum(status.state is state for status in rest)
            lines.append(((state,), _line(_(label), count, _LABEL)))
        super().__init__(_("Состояние"), lines, (view.filter.state,))


class PeriodsScreen(PickScreen[tuple[FilterPeriod | None]]):
    """The programme's years, quarters and months with the number of measures in each.

    The result is a tuple of a period, or of None for all: a bare None means that the screen was
    left.
    """

    def __init__(self, view: View) -> None:
        """Count the measures of each period that pass the rest of the filter."""
        plan = view.overview.plan
        rest = replace(view, filter=replace(view.filter, period=None)).shown
        lines: list[tuple[tuple[FilterPeriod | None] | None, Text]] = []
        lines.append(((None,), _line(_("Весь срок программы"), len(rest), _LABEL)))
        for depth, period in _periods(view):
            count = sum(period.has(status) for status in rest)
            label = "  " * depth + period_text(period, plan)
            lines.append(((period,), _line(label, count, _LABEL)))
        current = view.filter.period
        if current is None and len(plan.period.years) > 1:
            current = FilterPeriod.of_quarter(quarter_holding(view.overview.as_of))
        super().__init__(_("Срок"), lines, (current,))


class ResponsibleScreen(PickScreen[str]):
    """Who is responsible, with the number of measures of each; the result is empty for all."""

    def __init__(self, view: View) -> None:
        """Count the measures of each name that pass the rest of the filter."""
        rest = replace(view, filter=replace(view.filter, responsible="")).shown
        counts: dict[str, int] = {}
        for status in view.overview.statuses:
            for name in {one.name for one in status.measure.responsible}:
                counts.setdefault(name, 0)
        for status in rest:
            for name in {one.name for one in status.measure.responsible}:
                counts[name] += 1
        lines: list[tuple[str | None, Text]] = [("", _line(_("Все"), len(rest), _NAME))]
        lines += [
            (name, _line(name, counts[name], _NAME)) for name in sorted(counts, key=str.casefold)
        ]
        super().__init__(_("Ответственный исполнитель"), lines, view.filter.responsible)


def _periods(view: View) -> Iterator[tuple[int, FilterPeriod]]:
    """Yield years, where there are several, their quarters and months, each with its depth.

    Months only where something is checked on a day that is not a quarter's last; of the time beyond
    the programme's period what a term reaches.
    """
    days = [one.day.printed for status in view.overview.statuses for one in status.checkpoints]
    quarters = sorted({*view.overview.plan.period.quarters, *map(quarter_holding, days)})
    has_months = any(day != quarter_holding(day).last for day in days)
    months = {(day.year, day.month) for day in days} if has_months else set()
    several, year = len({one.year for one in quarters}) > 1, 0
    for quarter in quarters:
        if several and quarter.year != year:
            year = quarter.year
            yield 0, FilterPeriod.of_year(year)
        yield int(several), FilterPeriod.of_quarter(quarter)
        for month in range(quarter.first.month, quarter.last.month + 1):
            if (quarter.year, month) in months:
                yield several + 1, FilterPeriod.of_month(quarter.year, month)


def _line(label: str, count: int, width: int) -> Text:
    return Text(f"{in_cells(label, width)}{count or '–':>{_COUNT}}")

"""The tables that ``list`` and ``overdue`` print for a person."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from kvartal.schema.measure import Measure
from kvartal.schema.model import Plan
from kvartal.schema.states import Checkpoint, MeasureState, Status
from kvartal.schema.summaries import OpenCheckpoint, progress, share_text
from kvartal.tui.commands import output
from kvartal.tui.commands.tables import TextCell, TextColumn, has_room, print_table
from kvartal.tui.commands.wrapping import print_text
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.labels import state_label
from kvartal.tui.presentation.measure_numbers import name_text
from kvartal.tui.presentation.periods import (
    PeriodColumn,
    TableTerms,
    joined_months,
    period_columns,
    short_quarter,
    short_quarters,
)

STYLES: Final = {
    MeasureState.OVERDUE: output.RED,
    MeasureState.DONE: output.GREEN,
    MeasureState.DONE_LATE: output.YELLOW,
    MeasureState.CANCELLED: output.DIM,
}


def print_measures(rows: Sequence[Status], plan: Plan) -> None:
    """Print measures of a programme: number, actions, term, a sign for each period, state."""
    whole = period_columns(plan)
    tables = [_measure_table(rows, plan, periods) for periods in (whole, joined_months(whole))]
    columns, cells = next((one for one in tables if has_room(*one)), tables[-1])
    print_table(columns, cells)


def print_progress(rows: Sequence[Status], plan: Plan, as_of: date) -> None:
    """Print how far the measures shown are, on which date, and out of how many."""
    numbers = progress(rows)
    print_text(
        _(
            "На {date}. Мероприятий: {shown} из {all}. Исполнено: {done}. "
            "Просрочено контрольных точек: {overdue}. Исполнительская дисциплина: {discipline}."
        ).format(
            date=day(as_of),
            shown=numbers.measures,
            all=len(plan.measures),
            done=numbers.done,
            overdue=numbers.overdue,
            discipline=share_text(numbers.discipline),
        )
    )


def print_overdue(plan: Plan, as_of: date, overdue: tuple[OpenCheckpoint, ...]) -> None:
    """Print the overdue checkpoints of a programme and how many they are."""
    has_numbers = has_other_numbers(row.status.measure for row in overdue)
    columns = [
        *number_columns(has_numbers=has_numbers),
        TextColumn(_("Мероприятие"), can_shrink=True),
        TextColumn(_("Контрольная точка")),
        TextColumn(_("Срок")),
        TextColumn(_("Просрочено, дн.")),
    ]
    if overdue:
        rows: list[list[TextCell | str]] = [
            [
                *number_cells(row.status.measure, has_numbers=has_numbers),
                _subject(row.status.measure),
                _checkpoint_cell(row.checkpoint, plan),
                day(row.due),
                TextCell(str(row.days_overdue), output.RED),
            ]
            for row in overdue
        ]
        print_table(columns, rows)
    measures = len({row.measure_id for row in overdue})
    text = _("На {date}. Просрочено контрольных точек: {points}, мероприятий: {measures}.")
    print_text(text.format(date=day(as_of), points=len(overdue), measures=measures))


def _subject(measure: Measure) -> str:
    """Return the actions; of a measure that has none of its own, its proposal."""
    own = () if measure.actions_from else measure.actions
    return "; ".join(own) or measure.title


def _measure_table(
    rows: Sequence[Status], plan: Plan, periods: Sequence[PeriodColumn]
) -> tuple[list[TextColumn], list[list[TextCell | str]]]:
    has_numbers = has_other_numbers(row.measure for row in rows)
    columns = [
        *number_columns(has_numbers=has_numbers),
        TextColumn(_("Мероприятие"), can_shrink=True),
        TextColumn(_("Срок"), can_shrink=True),
        *(TextColumn(column.title, can_drop=True) for column in periods),
        TextColumn(_("Состояние")),
    ]
    terms = TableTerms(plan)
    return columns, [
        [
            *number_cells(row.measure, has_numbers=has_numbers),
            *_measure_cells(row, plan, periods, terms),
        ]
        for row in rows
    ]


def has_other_numbers(measures: Iterable[Measure]) -> bool:
    """Return whether the document prints a number that the id of its measure is not made of."""
    return any(name_text(one) != one.id for one in measures)


def number_columns(*, has_numbers: bool) -> list[TextColumn]:
    """Return the column of the ids, and that of the printed numbers where these are others."""
    names = ("ID", _("Номер")) if has_numbers else (_("№"),)
    return [TextColumn(name) for name in names]


def number_cells(measure: Measure, *, has_numbers: bool) -> list[str]:
    """Return the cells of these columns."""
    return [measure.id, measure.number] if has_numbers else [measure.id]


def _measure_cells(
    status: Status, plan: Plan, periods: Sequence[PeriodColumn], terms: TableTerms
) -> list[TextCell | str]:
    measure = status.measure
    style = STYLES.get(status.state, "")
    return [
        _subject(measure),
        _term_cell(status, plan, terms),
        *_period_cells(status, periods),
        TextCell(state_label(status), style),
    ]


def _term_cell(status: Status, plan: Plan, terms: TableTerms) -> str:
    """Return a short term: «I–IV», «до 30.11.2024», «05.01–05.12»; with «*» if postponed."""
    term = status.term
    if term.is_open:
        text = term.text
    elif term.quarters:
        text = short_quarters(term.quarters, plan)
    elif len(term.points) > 1:
        text = f"{terms.day(term.points[0])}–{terms.day(term.points[-1])}"
    else:
        text = _("до {date}").format(date=day(term.last_day))
    return f"{text} *" if status.postponed else text


def _period_cells(status: Status, periods: Sequence[PeriodColumn]) -> Iterable[str]:
    signs = output.signs()
    for column in periods:
        states = [part.state(status) for part in column.parts]
        yield "".join(signs.states[one] if one else signs.not_in_term for one in states)


def _checkpoint_cell(checkpoint: Checkpoint | None, plan: Plan) -> str:
    if checkpoint is None:
        return _("не завершено")
    if checkpoint.quarter is not None:
        return short_quarter(checkpoint.quarter, plan)
    return day(checkpoint.point)

"""``kvartal list`` and ``overdue``: tables of measures and of overdue checkpoints, as of a date."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import click

from kvartal.schema.checkpoints import record_quarters
from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_
from kvartal.schema.model import Measure, Plan
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.search import matches, searchable
from kvartal.schema.states import Checkpoint, MeasureState, Status, statuses
from kvartal.schema.summaries import (
    OpenCheckpoint,
    in_channel,
    in_section,
    overdue_among,
    progress,
)
from kvartal.tui.commands import output
from kvartal.tui.commands.arguments import (
    complete_channels,
    complete_sections,
    require_channel,
    require_section,
)
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.json_rows import measure_row, overdue_row
from kvartal.tui.commands.params import (
    QUARTER,
    ChoiceType,
    CommonOptions,
    common_options,
    json_option,
    option,
    typed_quarter,
)
from kvartal.tui.commands.programme import programme_to_read
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day, percent
from kvartal.tui.presentation.labels import MEASURE_STATES, state_label
from kvartal.tui.presentation.periods import (
    PeriodColumn,
    period_columns,
    short_quarter,
    short_quarters,
)

STATE: Final = ChoiceType(
    {word: state.value for state in MeasureState for word in (state.value, MEASURE_STATES[state])}
    | {label.casefold(): state.value for state, label in MEASURE_STATES.items()},
    tuple(state.value for state in MeasureState),
)

STYLES: Final = {
    MeasureState.OVERDUE: output.RED,
    MeasureState.DONE: output.GREEN,
    MeasureState.DONE_LATE: output.YELLOW,
    MeasureState.CANCELLED: output.DIM,
}


@click.command(
    "list",
    cls=Command,
    help=N_("Мероприятия программы с их состоянием. Отборы действуют вместе."),
)
@option(
    "--section",
    metavar="N",
    shell_complete=complete_sections,
    help=N_("Только этот раздел, например 1."),
)
@option(
    "--channel",
    metavar="N.N",
    shell_complete=complete_channels,
    help=N_("Только этот канал обслуживания, например 1.1."),
)
@option("--quarter", type=QUARTER, metavar="1..4", help=N_("Только со сроком в этом квартале."))
@option(
    "--state",
    type=STATE,
    multiple=True,
    metavar=N_("СОСТОЯНИЕ"),
    help=N_(
        "Только в этом состоянии: planned, in_progress, overdue, done, done_late, cancelled "
        "или по-русски. Можно повторять."
    ),
)
@option("--search", metavar=N_("ТЕКСТ"), help=N_("Только где есть все эти слова."))
@json_option
@common_options
@click.pass_context
def list_command(
    ctx: click.Context,
    section: str | None,
    channel: str | None,
    quarter: str | None,
    state: tuple[str, ...],
    search: str | None,
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print the measures that pass all filters."""
    options = ctx.ensure_object(CommonOptions)
    plan = programme_to_read(options).read().plan
    as_of = options.day(plan)
    rows = statuses(plan, as_of)
    if section is not None:
        require_section(plan, section)
        rows = in_section(plan, rows, section)
    if channel is not None:
        require_channel(plan, channel)
        rows = in_channel(rows, channel)
    if quarter is not None:
        chosen = typed_quarter(quarter, plan)
        rows = tuple(row for row in rows if row.checkpoints_in(chosen) or _names(row, chosen))
    if state:
        rows = tuple(row for row in rows if row.state.value in state)
    if search:
        rows = tuple(row for row in rows if matches(searchable(plan, row.measure), search))
    if as_json:
        output.json_data([measure_row(row, plan) for row in rows])
    else:
        _print_measures(plan, as_of, rows)


@click.command(
    "overdue",
    cls=Command,
    help=N_("Просроченные контрольные точки, самые давние первыми."),
)
@option("--fail", is_flag=True, help=N_("Выйти с кодом 1, если что-то просрочено."))
@json_option
@common_options
@click.pass_context
def overdue_command(
    ctx: click.Context,
    fail: bool,  # noqa: FBT001 - an option
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print the overdue checkpoints."""
    options = ctx.ensure_object(CommonOptions)
    plan = programme_to_read(options).read().plan
    as_of = options.day(plan)
    checkpoints = overdue_among(statuses(plan, as_of))
    if as_json:
        output.json_data([overdue_row(checkpoint, plan) for checkpoint in checkpoints])
    else:
        _print_overdue(plan, as_of, checkpoints)
    ctx.exit(EXIT_REFUSED if fail and checkpoints else EXIT_OK)


def _print_measures(plan: Plan, as_of: date, rows: tuple[Status, ...]) -> None:
    periods = period_columns(plan)
    columns = [
        output.TextColumn(_("№")),
        output.TextColumn(_("Мероприятие"), can_shrink=True),
        output.TextColumn(_("Срок")),
        *(output.TextColumn(column.title) for column in periods),
        output.TextColumn(_("Состояние")),
    ]
    if rows:
        output.print_table(columns, [_measure_cells(row, plan, periods) for row in rows])
    numbers = progress(rows)
    output.line(
        _(
            "На {date}. Мероприятий: {shown} из {all}. Исполнено: {done}. "
            "Просрочено контрольных точек: {overdue}. Исполнительская дисциплина: {discipline}."
        ).format(
            date=day(as_of),
            shown=numbers.measures,
            all=len(plan.measures),
            done=numbers.done,
            overdue=numbers.overdue,
            discipline=percent(numbers.discipline),
        )
    )


def _subject(measure: Measure) -> str:
    """Return the actions; of a measure that has none of its own, its proposal."""
    own = () if measure.actions_from else measure.actions
    return "; ".join(own) or measure.title


def _names(status: Status, quarter: CalendarQuarter) -> bool:
    """Return whether the term in force touches a quarter, so that a record may name it."""
    return quarter in record_quarters(status.term)


def _measure_cells(
    status: Status, plan: Plan, periods: Sequence[PeriodColumn]
) -> list[output.TextCell | str]:
    measure = status.measure
    style = STYLES.get(status.state, "")
    return [
        measure.id,
        _subject(measure),
        _term_cell(status, plan),
        *_period_cells(status, periods),
        output.TextCell(state_label(status), style),
    ]


def _term_cell(status: Status, plan: Plan) -> str:
    """Return a short term: «I–IV», «до 30.11.2024»; with «*» if it was postponed."""
    term = status.term
    if term.is_open:
        text = term.text
    elif term.quarters:
        text = short_quarters(term.quarters, plan)
    else:
        text = _("до {date}").format(date=day(term.last_day))
    return f"{text} *" if status.postponed else text


def _period_cells(status: Status, periods: Sequence[PeriodColumn]) -> Iterable[str]:
    signs = output.signs()
    for column in periods:
        states = [part.state(status) for part in column.parts]
        yield "".join(signs.states[one] if one else signs.not_in_term for one in states)


def _print_overdue(plan: Plan, as_of: date, overdue: tuple[OpenCheckpoint, ...]) -> None:
    columns = [
        output.TextColumn(_("№")),
        output.TextColumn(_("Мероприятие"), can_shrink=True),
        output.TextColumn(_("Контрольная точка")),
        output.TextColumn(_("Срок")),
        output.TextColumn(_("Просрочено, дн.")),
    ]
    if overdue:
        rows: list[list[output.TextCell | str]] = [
            [
                row.measure_id,
                _subject(row.status.measure),
                _checkpoint_cell(row.checkpoint, plan),
                day(row.due),
                output.TextCell(str(row.days_overdue), output.RED),
            ]
            for row in overdue
        ]
        output.print_table(columns, rows)
    measures = len({row.measure_id for row in overdue})
    text = _("На {date}. Просрочено контрольных точек: {points}, мероприятий: {measures}.")
    output.line(text.format(date=day(as_of), points=len(overdue), measures=measures))


def _checkpoint_cell(checkpoint: Checkpoint | None, plan: Plan) -> str:
    if checkpoint is None:
        return _("не завершено")
    if checkpoint.quarter is not None:
        return short_quarter(checkpoint.quarter, plan)
    return day(checkpoint.point)

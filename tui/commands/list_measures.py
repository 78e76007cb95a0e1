"""``kvartal list``: the measures of one programme or several, filtered, in any order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import click

from kvartal.schema.changes import Json
from kvartal.schema.checkpoints import record_quarters
from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_
from kvartal.schema.model import Plan
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.search import matches, searchable
from kvartal.schema.states import MeasureState, Status
from kvartal.schema.summaries import (
    in_channel,
    in_section,
)
from kvartal.schema.typed_text import normalised
from kvartal.tui.commands import output
from kvartal.tui.commands.arguments import (
    complete_channels,
    complete_sections,
    require_channel,
    require_section,
)
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.list_columns import (
    ColumnsType,
    SortType,
    csv_text,
    is_absent,
    sort_key,
    table_text,
    title_of,
    value_of,
)
from kvartal.tui.commands.measure_tables import print_measures, print_progress
from kvartal.tui.commands.params import (
    QUARTER,
    ChoiceType,
    CommonOptions,
    common_options,
    json_option,
    one_of,
    option,
    typed_quarter,
)
from kvartal.tui.commands.programme import in_turn, print_heading, programmes_to_read
from kvartal.tui.commands.programme_rows import ProgrammeRows, read_rows
from kvartal.tui.commands.tables import TextColumn, print_table
from kvartal.tui.presentation.labels import MEASURE_STATES

STATE: Final = ChoiceType(
    {word: state.value for state in MeasureState for word in (state.value, MEASURE_STATES[state])}
    | {label.casefold(): state.value for state, label in MEASURE_STATES.items()},
    tuple(state.value for state in MeasureState),
)


@click.command(
    "list",
    cls=Command,
    help=N_("Мероприятия программы с их состоянием. Отборы действуют вместе."),
)
@option(
    "--section",
    metavar="N",
    shell_complete=complete_sections,
    help=N_("Только этот раздел и всё, что в нём, например 1."),
)
@option(
    "--channel",
    metavar="N",
    shell_complete=complete_channels,
    help=N_("Только этот канал обслуживания, например 1.1."),
)
@option(
    "--quarter",
    type=QUARTER,
    metavar=N_("КВАРТАЛ"),
    help=N_("Только со сроком в этом квартале: 3 или 2026-Q3."),
)
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
@option(
    "--responsible",
    metavar=N_("ТЕКСТ"),
    help=N_("Только с этим ответственным исполнителем: часть имени или должности."),
)
@option("--search", metavar=N_("ТЕКСТ"), help=N_("Только где есть все эти слова."))
@option(
    "--sort",
    type=SortType(),
    metavar=N_("ПОЛЕ"),
    help=N_("Порядок: по этому полю, например due; с дефисом (-due) — обратный."),
)
@option(
    "--columns",
    type=ColumnsType(),
    metavar="A,B",
    help=N_("Только эти столбцы, например id,term.text,responsible,extra.КЛЮЧ."),
)
@option(
    "--format",
    "form",
    type=one_of("table", "csv", "json"),
    default="table",
    metavar="table|csv|json",
    help=N_("Вид вывода: table, csv или json."),
)
@json_option
@common_options
@click.pass_context
def list_command(
    ctx: click.Context,
    /,
    sort: str | None,
    columns: str | None,
    form: str,
    as_json: bool,  # noqa: FBT001 - an option
    **filters: Any,  # noqa: ANN401 - the filters, as typed
) -> None:
    """Print the measures that pass all filters."""
    options = ctx.ensure_object(CommonOptions)
    programmes, selection = programmes_to_read(options)
    found = read_rows(programmes, options)
    _require_places([one.plan for one in found], filters["section"], filters["channel"])
    found = [replace(one, rows=tuple(_filtered(one, **filters))) for one in in_turn(found, options)]
    names = columns.split(",") if columns else None
    if as_json or form != "table":
        rows = [one.json(status) for one in found for status in one.rows]
        rows = _sorted(rows, sort)
        if as_json or form == "json":
            output.json_data([_picked(row, names) for row in rows])
        else:
            output.data(csv_text(rows, names, [one.plan for one in found]))
    else:
        for index, one in enumerate(found):
            if selection.is_choice or len(found) > 1:
                print_heading(one.programme, one.plan, is_first=not index)
            _print_list(one, names, sort)
    ctx.exit(EXIT_OK if len(found) == len(programmes) else EXIT_REFUSED)


def _require_places(plans: Sequence[Plan], section: str | None, channel: str | None) -> None:
    """Refuse a section or a channel that none of the programmes has.

    Raises:
        NoSuchSection, NoSuchChannel: Names the existing ones.
    """
    if section is not None and not any(section in plan.all_sections for plan in plans):
        require_section(plans[0], section)
    if channel is not None and not any(channel in plan.channels for plan in plans):
        require_channel(plans[0], channel)


def _filtered(
    found: ProgrammeRows,
    *,
    section: str | None,
    channel: str | None,
    quarter: str | None,
    state: tuple[str, ...],
    responsible: str | None,
    search: str | None,
) -> Iterable[Status]:
    """Return the measures that pass all filters."""
    plan, rows = found.plan, found.rows
    if section is not None:
        rows = in_section(plan, rows, section)
    if channel is not None:
        rows = in_channel(rows, channel)
    if quarter is not None:
        chosen = typed_quarter(quarter, plan)
        rows = tuple(row for row in rows if row.checkpoints_in(chosen) or _names(row, chosen))
    if state:
        rows = tuple(row for row in rows if row.state.value in state)
    if responsible is not None:
        wanted = _compared(responsible)
        rows = tuple(row for row in rows if wanted in _compared(row.measure.responsible_line))
    if search:
        rows = tuple(row for row in rows if matches(searchable(plan, row.measure), search))
    return rows


def _compared(text: str) -> str:
    """Return a text as names are compared: neither case nor «ё» counts."""
    return " ".join(normalised(text).casefold().replace("ё", "е").split())


def _sorted(rows: Iterable[dict[str, Json]], sort: str | None) -> list[dict[str, Json]]:
    """Return rows in the order of a column; those that have no value there come last."""
    if sort is None:
        return list(rows)
    name = sort.removeprefix("-")
    every = list(rows)
    present = [row for row in every if not is_absent(row, name)]
    present.sort(key=lambda row: sort_key(row, name), reverse=sort.startswith("-"))
    return [*present, *(row for row in every if is_absent(row, name))]


def _picked(row: dict[str, Json], names: Sequence[str] | None) -> dict[str, Json]:
    return row if names is None else {name: value_of(row, name) for name in names}


def _print_list(found: ProgrammeRows, names: Sequence[str] | None, sort: str | None) -> None:
    plan, as_of = found.plan, found.as_of
    rows, ordered = found.rows, list[dict[str, Json]]()
    if sort is not None or names is not None:
        by_id = {row.measure.id: row for row in found.rows}
        ordered = _sorted(map(found.json, found.rows), sort)
        rows = tuple(by_id[str(row["id"])] for row in ordered)
    if ordered and names is not None:
        shrinking = [TextColumn(title_of(name, plan), can_shrink=True) for name in names]
        print_table(shrinking, [[table_text(row, name) for name in names] for row in ordered])
    elif rows:
        print_measures(rows, plan)
    print_progress(rows, plan, as_of)


def _names(status: Status, quarter: CalendarQuarter) -> bool:
    """Return whether the term in force touches a quarter, so that a record may name it."""
    return quarter in record_quarters(status.term)

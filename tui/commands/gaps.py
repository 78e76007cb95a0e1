"""``kvartal gaps``: where evidence is thin, of one programme or several."""

from collections.abc import Sequence

import click

from kvartal.history.programme import Programme
from kvartal.schema.changes import Json
from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_
from kvartal.schema.gaps import Gap, GapSeverity, gaps
from kvartal.schema.model import Plan
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.json_rows import programme_keys
from kvartal.tui.commands.measure_tables import has_other_numbers, number_cells, number_columns
from kvartal.tui.commands.params import CommonOptions, common_options, json_option, option
from kvartal.tui.commands.programme import in_turn, print_heading, programmes_to_read
from kvartal.tui.commands.tables import TextColumn, print_table
from kvartal.tui.commands.wrapping import print_text
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.gaps import gap_text

_SEVERITIES = {GapSeverity.NOTE: N_("заметка"), GapSeverity.WARNING: N_("предупреждение")}


@click.command(
    "gaps",
    cls=Command,
    help=N_(
        "Слабые места подтверждений: не ошибки, но о них спросят. Что искать, программа говорит в "
        "audit.evidence: document set audit.evidence.nothing-heard=off (или note, warning)."
    ),
)
@option("--fail", is_flag=True, help=N_("Выйти с кодом 1, если есть предупреждения."))
@json_option
@common_options
@click.pass_context
def gaps_command(
    ctx: click.Context,
    fail: bool,  # noqa: FBT001 - an option
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print where evidence is thin."""
    options = ctx.ensure_object(CommonOptions)
    programmes, selection = programmes_to_read(options)
    found = []
    for programme in in_turn(programmes, options):
        plan = programme.read().plan
        found.append((programme, plan, gaps(plan, options.day(plan))))
    if as_json:
        output.json_data(
            [
                {**_row(gap, plan), **programme_keys(plan, programme.path)}
                for programme, plan, thin in found
                for gap in thin
            ]
        )
    else:
        for index, (programme, plan, thin) in enumerate(found):
            _print(programme, plan, thin, options, heading=selection.is_choice or len(found) > 1)
            if index < len(found) - 1:
                output.raw("")
    is_weak = any(gap.severity is GapSeverity.WARNING for *_one, thin in found for gap in thin)
    ctx.exit(EXIT_REFUSED if fail and is_weak else EXIT_OK)


def _row(gap: Gap, plan: Plan) -> dict[str, Json]:
    return {
        "id": gap.measure,
        "quarter": None if gap.quarter is None else gap.quarter.stored(plan.year),
        "point": None if gap.point is None else gap.point.isoformat(),
        "code": gap.code,
        "severity": gap.severity.value,
        "message": gap_text(gap),
    }


def _print(
    programme: Programme,
    plan: Plan,
    thin: Sequence[Gap],
    options: CommonOptions,
    *,
    heading: bool,
) -> None:
    if heading:
        print_heading(programme, plan, is_first=True)
    as_of = day(options.day(plan))
    if not thin:
        print_text(_("На {date}. Слабых мест в подтверждениях нет.").format(date=as_of))
        return
    measures = [plan.measure(gap.measure) for gap in thin]
    has_numbers = has_other_numbers(measures)
    columns = [*number_columns(has_numbers=has_numbers)]
    columns += [TextColumn(_("Что не так"), can_shrink=True), TextColumn("")]
    rows = [
        [
            *number_cells(one, has_numbers=has_numbers),
            gap_text(gap),
            _(_SEVERITIES[gap.severity]),
        ]
        for gap, one in zip(thin, measures, strict=True)
    ]
    print_table(columns, rows)
    print_text(_("На {date}. Слабых мест: {count}.").format(date=as_of, count=len(thin)))

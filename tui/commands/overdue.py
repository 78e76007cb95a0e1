"""``kvartal overdue``: what is overdue, of one programme or several."""

import click

from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_
from kvartal.schema.summaries import overdue_among
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.json_rows import overdue_row
from kvartal.tui.commands.measure_tables import print_overdue
from kvartal.tui.commands.params import CommonOptions, common_options, json_option, option
from kvartal.tui.commands.programme import print_heading, programmes_to_read
from kvartal.tui.commands.programme_rows import read_rows


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
    programmes, selection = programmes_to_read(options)
    found = read_rows(programmes, options)
    late = [(one, row) for one in found for row in overdue_among(one.rows)]
    if as_json:
        late.sort(key=lambda pair: -pair[1].days_overdue)
        output.json_data([{**overdue_row(row, one.plan), **one.keys} for one, row in late])
    else:
        for index, one in enumerate(found):
            if selection.is_choice or len(found) > 1:
                print_heading(one.programme, one.plan, is_first=not index)
            print_overdue(one.plan, one.as_of, overdue_among(one.rows))
    is_whole = len(found) == len(programmes)
    ctx.exit(EXIT_OK if is_whole and not (fail and late) else EXIT_REFUSED)

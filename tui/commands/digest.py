"""``kvartal digest``: what burns, what is due soon and what is missing, as text or for a mail."""

from typing import TYPE_CHECKING

import click

from kvartal.history.programme import Programme
from kvartal.schema.errors import N_
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.json_rows import programme_keys
from kvartal.tui.commands.params import CommonOptions, common_options, json_option, one_of, option
from kvartal.tui.commands.programme import in_turn, programme_to_read, programmes_to_read

if TYPE_CHECKING:
    from kvartal.exchange.reports.blocks import Report


@click.command(
    "digest",
    cls=Command,
    help=N_(
        "Сводка для письма: что просрочено, у чего срок в ближайшие 14 и 30 дней, где не хватает "
        "подтверждений. Для рассылки по расписанию: cron или сборка, примеры — docs/digest.md."
    ),
)
@option(
    "--responsible",
    metavar=N_("ТЕКСТ"),
    default="",
    help=N_("Только с этим ответственным исполнителем: часть имени или должности."),
)
@option(
    "--format",
    "form",
    type=one_of("text", "html"),
    default="text",
    metavar="text|html",
    help=N_("Вид вывода: text или html — письмо целиком, ничего извне."),
)
@json_option
@common_options
@click.pass_context
def digest_command(
    ctx: click.Context,
    responsible: str,
    form: str,
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print the digest of one programme or several."""
    options = ctx.ensure_object(CommonOptions)
    if as_json:
        programmes, _selection = programmes_to_read(options)
        output.json_data([_row(one, options, responsible) for one in in_turn(programmes, options)])
    elif form == "html":
        from kvartal.exchange.writers.html_writer import write_html

        report = _report(programme_to_read(options), options, responsible)
        output.data_bytes(write_html(report))
    else:
        from kvartal.exchange.writers.text_writer import write_text

        programmes, _selection = programmes_to_read(options)
        for index, one in enumerate(in_turn(programmes, options)):
            if index:
                output.raw("")
            for line in write_text(_report(one, options, responsible)).splitlines():
                output.line(line)


def _report(programme: Programme, options: CommonOptions, responsible: str) -> "Report":
    from kvartal.exchange.reports.digest_report import digest_report
    from kvartal.exchange.reports.printable import printable

    plan = programme.read().plan
    translate = programme.translator(plan.language)
    return printable(digest_report(plan, options.day(plan), translate, responsible))


def _row(programme: Programme, options: CommonOptions, responsible: str) -> dict[str, object]:
    from kvartal.exchange.reports.digest_report import digest_report

    plan = programme.read().plan
    translate = programme.translator(plan.language)
    day = options.day(plan)
    data = digest_report(plan, day, translate, responsible).data
    found = data if isinstance(data, dict) else {}
    keys = programme_keys(plan, programme.path)
    return {**keys, "as_of": day.isoformat(), **found}

"""``kvartal export``: the programme as a document, a report, an agenda, a review."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kvartal.exchange.export_progress import ExportStep
from kvartal.exchange.export_request import BINARY, FORMATS
from kvartal.schema.day_text import day_text
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.model import Plan
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.export_progress import watch_on_stderr
from kvartal.tui.commands.output_file import (
    STDOUT,
    OutputIsTerminal,
    refuse_target,
    write_output,
)
from kvartal.tui.commands.params import (
    QUARTER,
    CommonOptions,
    DateType,
    TextType,
    common_options,
    one_of,
    option,
    today,
    typed_quarter,
)
from kvartal.tui.commands.programme import programme_to_read
from kvartal.tui.dates import typed_date
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.exchange.reports.report_period import ReportPeriod


class HalfWithoutYear(KvartalError):
    """A half-year without its year, of a programme that is not for one calendar year."""

    template = N_("Полугодие «{text}»: напишите с годом, например {year}-H{half}.")


class BackwardPeriod(KvartalError):
    """A period ends before it begins."""

    template = N_("Период заканчивается раньше, чем начинается: с {first} по {last}.")


class HalfType(TextType):
    """A half-year as users type it: ``1``, ``II``, ``2026-H1``."""

    name = "half"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return it as a period of an indicator is stored, but for a year left out."""
        head, dash, tail = value.strip().upper().rpartition("-")
        half = {"1": "1", "2": "2", "I": "1", "II": "2", "H1": "1", "H2": "2"}.get(tail)
        is_year = len(head) == len("2026") and head.isascii() and head.isdigit()
        if half is None or (dash and not is_year):
            text = _("«{value}» не подходит. Возможные значения: {known}.")
            self.fail(text.format(value=value, known="1, 2, 2026-H1"), param, ctx)
        return f"{head}-H{half}" if dash else half


@click.command(
    "export",
    cls=Command,
    help=N_(
        "Документ программы (plan), отчёт об исполнении (report), повестка по просроченному "
        "(overdue) или обзор изменений (review) в нужном формате, на языке программы. Отчёт без "
        "периода — за всю программу. Обзор — за всю историю, после версии A или от A до B."
    ),
)
@click.argument("versions", metavar="[A[..B]]", required=False, default="")
@option(
    "--kind",
    required=True,
    type=one_of(*FORMATS),
    metavar="|".join(FORMATS),
    help=N_("Что: plan, report, overdue или review."),
)
@option(
    "--format",
    "form",
    required=True,
    type=one_of(*FORMATS["report"]),
    metavar="|".join(FORMATS["report"]),
    help=N_("Формат. У plan нет ics, у review есть html, md и json."),
)
@option("--quarter", type=QUARTER, metavar=N_("КВАРТАЛ"), help=N_("Отчёт за квартал: 3, 2026-Q3."))
@option("--half", type=HalfType(), metavar=N_("ПОЛУГОДИЕ"), help=N_("За полугодие: 1, 2026-H1."))
@option("--whole-year", is_flag=True, help=N_("За год."))
@option("--from", "first", type=DateType(), metavar=N_("ДАТА"), help=N_("С этого дня."))
@option("--to", "last", type=DateType(), metavar=N_("ДАТА"), help=N_("По этот день."))
@option(
    "--output",
    "-o",
    "target",
    type=click.Path(path_type=Path),
    metavar=N_("ФАЙЛ"),
    help=N_(
        "Куда записать; «-» — в стандартный вывод, другой программе. Без этого docx и xlsx — в "
        "файл с понятным именем здесь же, остальное — на экран."
    ),
)
@option("--force", is_flag=True, help=N_("Заменить файл, если он уже есть."))
@option(
    "--template",
    type=click.Path(path_type=Path),
    metavar=N_("ФАЙЛ"),
    help=N_("Свой документ DOCX с обложкой и стилями: содержание встанет на место {{kvartal}}."),
)
@option("--excel", is_flag=True, help=N_("CSV, который русский Excel открывает щелчком."))
@option(
    "--without-hidden",
    is_flag=True,
    help=N_("Без скрытой части: только то, что напечатано."),
)
@common_options
@click.pass_context
def export_command(
    ctx: click.Context,
    versions: str,
    kind: str,
    form: str,
    quarter: str | None,
    half: str | None,
    whole_year: bool,  # noqa: FBT001 - an option
    first: str | None,
    last: str | None,
    target: Path | None,
    force: bool,  # noqa: FBT001 - an option
    template: Path | None,
    excel: bool,  # noqa: FBT001 - an option
    without_hidden: bool,  # noqa: FBT001 - an option
) -> None:
    """Write or print an export."""
    from kvartal.exchange.export_request import ExportRequest
    from kvartal.exchange.exports import export

    options = ctx.ensure_object(CommonOptions)
    watch = watch_on_stderr()
    named = {
        "--quarter": quarter,
        "--half": half,
        "--whole-year": whole_year,
        "--from/--to": first or last,
    }
    chosen = [name for name, value in named.items() if value]
    _refuse_contradiction(kind, form, versions, chosen, template=template, excel=excel)
    programme = programme_to_read(options)
    if target == STDOUT and form in BINARY and output.is_terminal():
        raise OutputIsTerminal(form=form)
    if target is not None and target != STDOUT:
        refuse_target(target, programme.path.resolve(), force=force)
    watch.at(ExportStep.READING)
    snapshot = programme.read()
    plan = snapshot.plan
    older, newer = _range(versions)
    request = ExportRequest(
        kind,
        form,
        options.day(plan),
        _period(plan, options, (quarter, half, first, last), whole_year=whole_year),
        older,
        newer,
        template,
        excel,
        with_hidden=not without_hidden,
        is_of_today=options.as_of is None,
    )
    exported = export(programme, request, watch, snapshot)
    if target is None and form in BINARY:
        target = Path(exported.name)
    if target is None or target == STDOUT:
        output.data_bytes(exported.data)
    else:
        write_output(target, exported.data, plan=programme.path.resolve(), force=force)
        output.line(_("Записано: {file}").format(file=target))
    for warning in exported.warnings:
        print_stderr(f"kvartal: {warning.message(_)}")


def _range(versions: str) -> tuple[str, str]:
    older, dots, newer = versions.partition("..")
    return older, newer if dots else ""


def _refuse_contradiction(
    kind: str,
    form: str,
    versions: str,
    periods: list[str],
    *,
    template: Path | None,
    excel: bool,
) -> None:
    """Refuse options that mean nothing together."""
    known = ", ".join(FORMATS[kind])
    if form not in FORMATS[kind]:
        text = _("Формата {form} у «{kind}» нет. Есть: {known}.")
        raise click.UsageError(text.format(form=form, kind=kind, known=known))
    if len(periods) > 1:
        text = _("Вместе не пишут, выберите одно: {options}.")
        raise click.UsageError(text.format(options=", ".join(periods)))
    refused = [
        (bool(periods) and kind != "report", ", ".join(periods), "--kind report"),
        (bool(versions) and kind != "review", versions, "--kind review"),
        (template is not None and form != "docx", "--template", "--format docx"),
        (excel and form != "csv", "--excel", "--format csv"),
    ]
    for is_wrong, what, where in refused:
        if is_wrong:
            text = _("«{what}» пишут только вместе с {where}.")
            raise click.UsageError(text.format(what=what, where=where))


def _period(
    plan: Plan,
    options: CommonOptions,
    typed: tuple[str | None, str | None, str | None, str | None],
    *,
    whole_year: bool,
) -> "ReportPeriod | None":
    """Return what a report is for, as the options say; None where they do not."""
    from kvartal.exchange.reports.report_period import between, of_half, of_quarter, of_year

    quarter, half, first, last = typed
    if quarter is not None:
        return of_quarter(typed_quarter(quarter, plan))
    if half is not None:
        year, _dash, number = half.rpartition("-H")
        if not year and plan.year is None:
            halves = (
                one.year for one in plan.period.quarters if (one.number + 1) // 2 == int(half)
            )
            raise HalfWithoutYear(text=half, year=next(halves, plan.period.start.year), half=half)
        return of_half(int(year or plan.year or 0), int(number))
    if whole_year:
        return of_year(plan, options.day(plan))
    if first is None and last is None:
        return None
    since = plan.period.start if first is None else _day(first, plan)
    until = plan.period.due if last is None else _day(last, plan)
    if until < since:
        raise BackwardPeriod(first=day_text(since), last=day_text(until))
    return between(since, until)


def _day(text: str, plan: Plan) -> date:
    return typed_date(text, period=plan.period, today=today())

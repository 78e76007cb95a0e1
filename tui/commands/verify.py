"""``kvartal verify``: check whether the history of the plan can be trusted."""

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.commands.ci_formats import FORMATS
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import (
    CommonOptions,
    TextType,
    common_options,
    json_option,
    one_of,
    option,
    today,
)
from kvartal.tui.commands.programme import (
    SeveralPlansNamed,
    in_turn,
    print_heading,
    recover_to_read,
    report_link,
)
from kvartal.tui.commands.timestamp import (
    new_timestamp,
    prepare_timestamps,
    timestamp_options,
)
from kvartal.tui.commands.verified_plan import plans_to_verify
from kvartal.tui.commands.verify_output import print_data, print_report, programme_at_head
from kvartal.tui.dates import typed_date
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import LANGUAGES, _, current_language, translator
from kvartal.tui.plans.names import display_name
from kvartal.tui.plans.path import open_plan
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from kvartal.history.audit.findings import Finding
    from kvartal.history.audit.report import VerifyReport, VerifyRequest
    from kvartal.history.programme import Programme

_INTERVAL: Final = 1.0
"""Seconds between two reports of progress."""


class DaysType(TextType):
    """A number of days."""

    name = "days"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text if it is a number of days."""
        if not (value.isascii() and value.isdigit()):
            text = _("«{value}» не подходит: нужно целое число дней.")
            self.fail(text.format(value=value), param, ctx)
        return value


@click.command(
    "verify",
    cls=Command,
    help=N_(
        "Проверить историю программы: каждое изменение, подтверждающие файлы, даты, сообщения. "
        "Проверенное раньше второй раз не проверяется. Код выхода 1, если есть замечания."
    ),
)
@option(
    "--since",
    metavar=N_("ВЕРСИЯ"),
    help=N_("Проверить то, что после этой версии (обычно после последней метки)."),
)
@option("--full", is_flag=True, help=N_("Проверить всё с начала, что бы ни проверяли раньше."))
@option(
    "--mark",
    "to_mark",
    is_flag=True,
    help=N_("Если замечаний нет, поставить метку: проверено до этого места."),
)
@option(
    "--expect",
    metavar=N_("ОТПЕЧАТОК"),
    help=N_("Сверить историю с отпечатком, записанным раньше (не меньше 20 знаков)."),
)
@option("--sign", is_flag=True, help=N_("Подписать метку (вместе с --mark)."))
@option(
    "--backdating-days",
    "days",
    type=DaysType(),
    metavar="N",
    help=N_("На сколько дней дата факта может быть раньше записи (обычно 31)."),
)
@timestamp_options
@option(
    "--format",
    "form",
    type=one_of(*FORMATS),
    default="text",
    metavar="|".join(FORMATS),
    help=N_("Вид вывода: для людей, для программ или для страниц службы проверки."),
)
@json_option
@common_options
@click.pass_context
def verify_command(
    ctx: click.Context,
    since: str | None,
    full: bool,  # noqa: FBT001 - an option
    to_mark: bool,  # noqa: FBT001 - an option
    expect: str | None,
    sign: bool,  # noqa: FBT001 - an option
    days: str | None,
    timestamp: str | None,
    tsa_cert: Path | None,
    form: str,
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print the findings; if there are none and ``--mark`` is given, tag the commit as verified."""
    from kvartal.history.audit.report import NothingToVerify, VerifyRequest
    from kvartal.history.audit.worktree_checks import uncommitted_plan

    _refuse_contradiction(since=since, full=full, to_mark=to_mark, sign=sign)
    certificates = prepare_timestamps(timestamp, tsa_cert, to_mark=to_mark)
    options = ctx.ensure_object(CommonOptions)
    form = "json" if as_json else form
    is_text = form == "text"
    selection = plans_to_verify(options, every=not to_mark and since is None and expect is None)
    plans = selection.paths
    if to_mark and len(plans) > 1:
        raise SeveralPlansNamed(plans=", ".join(map(display_name, plans)))
    request = VerifyRequest(
        since,
        full,
        None if days is None else int(days),
        tags_only=to_mark,
        expect=_anchor(expect),
        day=None if options.as_of is None else _day(options.as_of),
        tsa_certificates=certificates,
    )
    reports: dict[Path, VerifyReport] = {}
    strangers: dict[Path, Finding] = {}
    programmes = in_turn([open_plan(plan) for plan in plans], options)
    for index, (plan, programme) in enumerate(zip(plans, programmes, strict=True)):
        try:
            reports[plan] = report = _verified(plan, programme, request, quiet=not is_text)
        except NothingToVerify as error:
            if len(plans) == 1:
                raise
            strangers[plan] = uncommitted_plan(error)
            if is_text:
                print_heading(programme, None, is_first=not index)
                print_stderr(shown(error.message(_)))
            continue
        report_link(plan, (finding.code for finding in report.findings))
        if is_text:
            if selection.is_choice or len(plans) > 1:
                print_heading(programme, programme_at_head(report), is_first=not index)
            print_report(report, to_mark=to_mark, tsa_cert=tsa_cert)
    if not is_text:
        print_data(form, list(reports.items()), strangers)
    left = [finding for report in reports.values() for finding in report.open_findings]
    left += strangers.values()
    if to_mark and not left:
        [report] = reports.values()
        answer = timestamp and new_timestamp(report, timestamp, certificates, quiet=not is_text)
        _tag(report, options, sign=sign, timestamp=answer or b"", quiet=not is_text)
    ctx.exit(EXIT_REFUSED if left else EXIT_OK)


def _verified(
    plan: Path, programme: "Programme", request: "VerifyRequest", *, quiet: bool
) -> "VerifyReport":
    from kvartal.history.audit.verify import verify

    recover_to_read(programme)
    languages = [translator(language) for language in LANGUAGES]
    progress = None if quiet else _progress()
    return verify(plan, request, languages=languages, translate=_, progress=progress)


def _anchor(text: str | None) -> str | None:
    from kvartal.history.audit.anchor import LEAST, normalized

    anchor = None if text is None else normalized(text)
    if text is not None and anchor is None:
        template = _("«{text}» не отпечаток: нужно не меньше {least} знаков 0–9, a–f.")
        raise click.UsageError(template.format(text=text, least=LEAST))
    return anchor


def _day(text: str) -> date:
    return typed_date(text, period=ProgrammePeriod.of_year(today().year), today=today())


def _refuse_contradiction(*, since: str | None, full: bool, to_mark: bool, sign: bool) -> None:
    if since is not None and full:
        raise click.UsageError(_("--since и --full вместе не пишут: выберите одно."))
    if sign and not to_mark:
        raise click.UsageError(_("--sign пишут вместе с --mark: подписывается метка."))


def _tag(
    report: "VerifyReport", options: CommonOptions, *, sign: bool, timestamp: bytes, quiet: bool
) -> None:
    """Tag the commit that was verified, with the date of ``--as-of`` in the tag's name."""
    from kvartal.history.audit.create_tag import create_tag
    from kvartal.schema.reading import read_plan

    data = {} if report.version is None else report.version.data or {}
    as_of = today() if options.as_of is None else options.day(read_plan(data))
    language = str(data.get("language"))
    translate = translator(language if language in LANGUAGES else current_language())
    name = create_tag(report, as_of, translate, sign=sign, timestamp=timestamp)
    if not quiet:
        covers = _("Метка охватывает изменений: {count}, подтверждающих файлов: {files}.")
        print_stderr(covers.format(count=report.covered, files=report.evidence_count))
        print_stderr(
            _("Поставлена метка {name}. Отправить её другим: `git push <сервер> {name}`.").format(
                name=name
            )
        )


def _progress() -> Callable[[int, int], None] | None:
    """Return what prints the progress to a terminal; None if stderr is none."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    last = time.monotonic()

    def report_progress(done: int, count: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _INTERVAL:
            last = time.monotonic()
            print_stderr(
                _("Проверено изменений: {done} из {count}…").format(done=done, count=count)
            )

    return report_progress

"""``kvartal verify``: check whether the history of the plan can be trusted."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.commands import output
from kvartal.tui.commands.ci_formats import FORMATS, WRITERS, Issue
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.json_rows import programme_keys
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
    print_heading,
    recover_to_read,
    report_link,
)
from kvartal.tui.commands.timestamp import (
    new_timestamp,
    prepare_timestamps,
    print_timestamps,
    timestamp_options,
)
from kvartal.tui.commands.verified_plan import plans_to_verify
from kvartal.tui.dates import typed_date
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import LANGUAGES, _, current_language, translator
from kvartal.tui.plan_path import display_name, open_plan, path_in_repository
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from kvartal.history.audit.findings import Finding
    from kvartal.history.audit.report import VerifyReport
    from kvartal.history.audit.stored_objects import Commit
    from kvartal.schema.model import Plan

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
    from kvartal.history.audit.verify import verify
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
    reports: list[VerifyReport] = []
    verified: list[Path] = []
    strangers: dict[Path, Finding] = {}
    for index, plan in enumerate(plans):
        programme = open_plan(plan)
        recover_to_read(programme)
        languages = [translator(language) for language in LANGUAGES]
        progress = _progress() if is_text else None
        try:
            report = verify(plan, request, languages=languages, translate=_, progress=progress)
        except NothingToVerify as error:
            if len(plans) == 1:
                raise
            strangers[plan] = uncommitted_plan(error)
            if is_text:
                print_heading(programme, None, is_first=not index)
                print_stderr(shown(error.message(_)))
            continue
        reports.append(report)
        verified.append(plan)
        report_link(plan, (finding.code for finding in report.findings))
        if is_text:
            if selection.is_choice or len(plans) > 1:
                print_heading(programme, _facts(report), is_first=not index)
            _print_report(report, to_mark=to_mark, tsa_cert=tsa_cert)
    if not is_text:
        _print_data(form, list(zip(verified, reports, strict=True)), strangers)
    left = [finding for report in reports for finding in report.open_findings]
    left += strangers.values()
    if to_mark and not left:
        answer = timestamp and new_timestamp(reports[0], timestamp, certificates, quiet=not is_text)
        _tag(reports[0], options, sign=sign, timestamp=answer or b"", quiet=not is_text)
    ctx.exit(EXIT_REFUSED if left else EXIT_OK)


def _anchor(text: str | None) -> str | None:
    from kvartal.history.audit.anchor import LEAST, normalized

    anchor = None if text is None else normalized(text)
    if text is not None and anchor is None:
        template = _("«{text}» не отпечаток: нужно не меньше {least} знаков 0–9, a–f.")
        raise click.UsageError(template.format(text=text, least=LEAST))
    return anchor


def _day(text: str) -> date:
    return typed_date(text, period=ProgrammePeriod.of_year(today().year), today=today())


def _finding_rows(report: "VerifyReport", plan: Path) -> list[dict[str, object]]:
    """Return the findings of a programme as ``--json`` prints them."""
    facts = _facts(report)
    keys = _unknown_keys(plan) if facts is None else {**programme_keys(facts, plan)}
    return [{**_finding_row(report, finding), **keys} for finding in report.findings]


def _print_report(report: "VerifyReport", *, to_mark: bool, tsa_cert: Path | None) -> None:
    _print_findings(report)
    _print_summary(report, to_mark=to_mark)
    print_timestamps(report.timestamps, tsa_cert)


def _print_data(
    form: str, pairs: "Sequence[tuple[Path, VerifyReport]]", strangers: "Mapping[Path, Finding]"
) -> None:
    """Print the findings for a program.

    Args:
        form: A value of ``--format``.
        pairs: The plans that are in the history, each with its report.
        strangers: The others, each with its finding.
    """
    if form == "json":
        rows = [row for plan, report in pairs for row in _finding_rows(report, plan)]
        for plan, finding in strangers.items():
            rows.append({**finding.as_json(_), "accepted": None, **_unknown_keys(plan)})
        output.json_data(rows)
        return
    issues = [_issue(one, plan) for plan, report in pairs for one in report.open_findings]
    issues += [_issue(one, plan) for plan, one in strangers.items()]
    plans = [plan for plan, _report in pairs]
    output.data(WRITERS[form](issues, [*map(path_in_repository, (*plans, *strangers))]))


def _issue(finding: "Finding", plan: Path) -> Issue:
    """Return a finding for the page of a service that checks."""
    commit, message = finding.commit, finding.message(_)
    if commit is not None:
        message = f"{commit.id[:10]}: {message}"
    place = finding.line or 1, finding.column or 1
    file, level = path_in_repository(plan), finding.severity.value
    return Issue(file, *place, finding.code, message, level, key=finding.id)


def _unknown_keys(plan: Path) -> dict[str, object]:
    """Return which programme a row is of, where nothing can be read of it."""
    return {"organization": None, "year": None, "plan": path_in_repository(plan)}


def _facts(report: "VerifyReport") -> "Plan | None":
    """Return the programme at HEAD; None where there is none that can be read."""
    from kvartal.schema.reading import MalformedPlan, read_plan

    data = report.version.data if report.version is not None else None
    try:
        return None if data is None else read_plan(data)
    except MalformedPlan:
        return None


def _finding_row(report: "VerifyReport", finding: "Finding") -> dict[str, object]:
    acceptance = report.accepted.get(finding.id)
    accepted = acceptance.as_json(finding) if acceptance else None
    return {**finding.as_json(_), "accepted": accepted}


def _refuse_contradiction(*, since: str | None, full: bool, to_mark: bool, sign: bool) -> None:
    if since is not None and full:
        raise click.UsageError(_("--since и --full вместе не пишут: выберите одно."))
    if sign and not to_mark:
        raise click.UsageError(_("--sign пишут вместе с --mark: подписывается метка."))


def _print_findings(report: "VerifyReport") -> None:
    from kvartal.history.audit.verified_tags import FORGED, REMOVED, UNREADABLE

    for finding in report.findings:
        commit = finding.commit
        if commit:
            head = f"{commit.id[:10]}  {day(commit.committed)}  {commit.author}"
        elif finding.about:
            head = finding.about[:10]
        else:
            head = (
                _("метка") if finding.code in {FORGED, REMOVED, UNREADABLE} else _("рабочая копия")
            )
        message = finding.message(_)
        if finding.measure is not None and finding.measure not in message:
            message = f"{finding.measure}: {message}"
        text = shown(f"{finding.code}  {message}")
        name = f"  [{finding.id}]" if finding.is_of_history else ""
        note = shown(_acceptance_note(report, finding) + name)
        output.raw(f"{output.styled(shown(head), output.DIM)}  {text}{note}")


def _acceptance_note(report: "VerifyReport", finding: "Finding") -> str:
    """Return who accepted a finding, when and why; nothing where nobody did."""
    acceptance = report.accepted.get(finding.id)
    if acceptance is None:
        return ""
    template = _(" — принято: {who}, {day}: {reason}")
    text = template.format(
        who=acceptance.commit.author, day=day(acceptance.commit.authored), reason=acceptance.reason
    )
    if acceptance.until is not None:
        text += _("; до {day}").format(day=day(acceptance.until))
    if acceptance.is_by_author_of(finding):
        text += _("; принял автор самого изменения")
    return text


def _print_summary(report: "VerifyReport", *, to_mark: bool) -> None:
    """Print how many commits were checked, and since when."""
    since = report.since
    if since is None and report.is_cut_off:
        start = _("с начала того, что есть в этой неполной копии")
    elif since is None:
        start = _("с начала истории")
    elif isinstance(since, str):
        start = _("после {commit}").format(commit=since[:10])
    else:
        start = _("после метки {name}").format(name=since.name)
    text = _("Проверено изменений: {count}, {start}. Замечаний: {findings}.")
    left = report.open_findings
    print_stderr(text.format(count=report.count, start=start, findings=len(report.findings)))
    if len(left) < len(report.findings):
        text = _("Из них принято: {accepted}, осталось: {left}.")
        print_stderr(text.format(accepted=len(report.findings) - len(left), left=len(left)))
    if report.met is not None:
        _print_met(report, report.met)
    if not left:
        text = _("Отпечаток истории до изменения {commit}: {anchor}")
        print_stderr(text.format(commit=report.head[:10], anchor=report.anchor))
    elif to_mark and not any(finding.is_of_history for finding in left):
        print_stderr(
            _("Метка не поставлена: есть замечания. Такие не принимают: устраните их и повторите.")
        )
    elif to_mark:
        print_stderr(
            _(
                "Метка не поставлена: есть замечания. Те, с которыми уже разобрались, принимают: "
                "`kvartal accept <замечание> --reason …`."
            )
        )


def _print_met(report: "VerifyReport", met: "Commit") -> None:
    """Print up to which commit the history is the one that was written down."""
    if met.id == report.head:
        print_stderr(_("Отпечаток сходится: история та же."))
        return
    text = _(
        "Отпечаток сходится до изменения {commit} «{subject}» включительно; остальное внесли позже."
    )
    print_stderr(shown(text.format(commit=met.id[:10], subject=met.subject)))


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

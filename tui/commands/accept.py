"""``kvartal accept``: take note of findings of `verify`, with a reason and under one's name."""

from datetime import date
from typing import TYPE_CHECKING

import click

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.json_rows import programme_keys
from kvartal.tui.commands.params import (
    CommonOptions,
    DateType,
    change_options,
    common_options,
    option,
    today,
)
from kvartal.tui.commands.programme import of_programme, recover, selected_programme
from kvartal.tui.commands.saved import answer_of_saved, saved_subject
from kvartal.tui.commands.saving import PREVIEW_ONLY
from kvartal.tui.dates import typed_date
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import LANGUAGES, _, current_language, translator
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kvartal.history.audit.accept import Acceptable
    from kvartal.history.programme import Programme
    from kvartal.schema.model import Plan


@click.command(
    "accept",
    cls=Command,
    help=N_(
        "Принять замечания проверки: записать в историю, кто и почему считает их объяснёнными. "
        "ЗАМЕЧАНИЕ — как его называет `kvartal verify`. Принятое остаётся в списке у всех, "
        "но кода выхода 1 больше не даёт. Файлы не меняются."
    ),
)
@click.argument("findings", metavar=N_("ЗАМЕЧАНИЕ…"), nargs=-1, required=True)
@option("--reason", required=True, metavar=N_("ТЕКСТ"), help=N_("Почему: на каком основании."))
@option(
    "--until",
    type=DateType(),
    metavar=N_("ДАТА"),
    help=N_("По какой день включительно; прошедший день снимает прежнее принятие."),
)
@change_options
@common_options
@click.pass_context
def accept_command(
    ctx: click.Context,
    findings: tuple[str, ...],
    reason: str,
    until: str | None,
) -> None:
    """Commit an acceptance, and say what was accepted."""
    from kvartal.history.audit.accept import accept, check_acceptance, find_acceptable

    options = ctx.ensure_object(CommonOptions)
    as_json = options.as_json
    programme = selected_programme(options)
    if not options.dry_run:
        recover(programme)
    plan = _plan(programme)
    language, period = _language_and_period(plan)
    keys = programme_keys(plan, programme.path) if plan and options.programme else {}
    last_day = None if until is None else typed_date(until, period=period, today=today())
    accepted = find_acceptable(
        programme.path,
        findings,
        languages=[translator(name) for name in LANGUAGES],
        translate=_,
    )
    if not as_json:
        for one in accepted:
            _print_finding(one)
    commit = None
    if options.dry_run:
        check_acceptance(programme.path, reason)
    else:
        commit = accept(
            programme.path, accepted, reason=reason, until=last_day, translate=translator(language)
        )
    if commit is None:
        if as_json:
            output.json_data({**_acceptance_row(accepted, commit, reason, last_day), **keys})
        else:
            output.line(_(PREVIEW_ONLY))
        return
    with answer_of_saved():
        if as_json:
            output.json_data({**_acceptance_row(accepted, commit, reason, last_day), **keys})
            return
        is_over = last_day is not None and last_day < today()
        text = _("Принятие снято: {what}") if is_over else _("Сохранено: {what}")
        text = text.format(what=saved_subject(programme, commit))
        output.line(of_programme(text, options))


def _acceptance_row(
    accepted: "Sequence[Acceptable]", commit: str | None, reason: str, until: date | None
) -> dict[str, object]:
    """Return what ``--json`` prints: of each finding also whether it is about one's own change.

    No programme changes; the ids are of the measures that the findings are about.
    """
    measures = (one.finding.measure for one in accepted)
    return {
        "commit": commit,
        "ids": list(dict.fromkeys(measure for measure in measures if measure)),
        "changes": [],
        "warnings": [],
        "reason": reason,
        "until": until.isoformat() if until else None,
        "findings": [{**one.finding.as_json(_), "self": one.is_own} for one in accepted],
    }


def _plan(programme: "Programme") -> "Plan | None":
    try:
        return programme.read().plan
    except KvartalError:
        return None


def _language_and_period(plan: "Plan | None") -> tuple[str, ProgrammePeriod]:
    """Return the plan's language and period; the user's and this year where it cannot be read."""
    if plan is None:
        return current_language(), ProgrammePeriod.of_year(today().year)
    return (plan.language if plan.language in LANGUAGES else current_language()), plan.period


def _print_finding(acceptable: "Acceptable") -> None:
    finding = acceptable.finding
    output.raw(shown(f"{finding.id}  {finding.message(_)}"))
    if acceptable.is_own:
        text = _(
            "{id}: это изменение сделали вы сами. Что вы приняли своё, будет сказано при каждой "
            "проверке."
        )
        print_stderr(text.format(id=finding.id))

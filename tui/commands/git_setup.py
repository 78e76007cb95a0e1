"""``kvartal git-setup``: makes git merge and show programmes by measure and field."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from kvartal.schema.errors import N_
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, change_options, common_options, option
from kvartal.tui.commands.programme import selected_plans
from kvartal.tui.commands.saved import answer_of_saved
from kvartal.tui.commands.saving import PREVIEW_ONLY
from kvartal.tui.i18n import _
from kvartal.tui.plans.path import open_plan

if TYPE_CHECKING:
    from kvartal.history.git.driver_setup import SetupReport
    from kvartal.history.programme import Programme


@click.command(
    "git-setup",
    cls=Command,
    help=N_(
        "Настроить git в этой копии репозитория: слияние программы по мероприятиям и полям, "
        "понятные git diff, git log -p и git blame. Повторный вызов ничего не портит."
    ),
)
@option("--remove", is_flag=True, help=N_("Убрать эти настройки."))
@change_options
@common_options
@click.pass_context
def git_setup_command(ctx: click.Context, remove: bool) -> None:  # noqa: FBT001 - an option
    """Write git's settings and print what was done: once for all programmes of a folder."""
    options = ctx.ensure_object(CommonOptions)
    paths = selected_plans(options).paths
    options.programme = ""
    folders = {path.resolve().parent: open_plan(path) for path in paths}
    report = _joined([_set_up(one, options, remove=remove) for one in folders.values()])
    is_changed = bool(report.settings) or report.attributes is not None
    with answer_of_saved(is_saved=is_changed and not options.dry_run):
        if options.as_json:
            output.json_data(_setup_row(report))
        elif options.dry_run:
            _print_planned(report, remove=remove)
        else:
            (_print_removed if remove else _print_installed)(report)


def _set_up(programme: "Programme", options: CommonOptions, *, remove: bool) -> "SetupReport":
    from kvartal.history import repair

    return repair.set_up_driver(programme, remove=remove, dry_run=options.dry_run)


def _joined(reports: Sequence["SetupReport"]) -> "SetupReport":
    """Return what was changed for several folders as one report."""
    files = [report.attributes for report in reports if report.attributes is not None]
    return replace(
        reports[0],
        settings=tuple(dict.fromkeys(name for one in reports for name in one.settings)),
        attributes=files[0] if files else None,
        overruled=tuple(dict.fromkeys(value for one in reports for value in one.overruled)),
    )


def _setup_row(report: "SetupReport") -> dict[str, object]:
    """Return what git's settings became as ``--json`` prints it; no commit is ever made."""
    return {
        "commit": None,
        "ids": [],
        "changes": [],
        "warnings": [],
        "settings": list(report.settings),
        "attributes": None if report.attributes is None else str(report.attributes),
        "overruled": list(report.overruled),
    }


def _print_planned(report: "SetupReport", *, remove: bool) -> None:
    text = _("Будет удалено: {name}") if remove else _("Будет записано: {what}")
    attributes = [] if report.attributes is None else [str(report.attributes)]
    for name in (*report.settings, *attributes):
        output.line(text.format(name=name, what=name))
    output.line(_(PREVIEW_ONLY))


def _print_installed(report: "SetupReport") -> None:
    for name in report.settings:
        output.line(_("Записано: {name}").format(name=name))
    if report.overruled:
        text = _("В .gitattributes для программы указано {said}: в этой копии это отменено.")
        output.line(text.format(said=", ".join(report.overruled)))
    if report.attributes is not None:
        text = _(
            "Записано: {file}. Чтобы так было и в других копиях, добавьте в .gitattributes строку: "
            "plan/*.yaml merge=kvartal diff=kvartal"
        )
        output.line(text.format(file=report.attributes))
    if not report.settings and report.attributes is None:
        output.line(_("Всё уже настроено."))
        return
    output.line(
        _(
            "Готово: git merge сливает программу по полям, git diff и git blame называют "
            "мероприятие и поле. Файл как есть показывает git diff --no-textconv."
        )
    )


def _print_removed(report: "SetupReport") -> None:
    for name in report.settings:
        output.line(_("Удалено: {name}").format(name=name))
    if report.attributes is not None:
        output.line(_("Исправлено: {file}").format(file=report.attributes))
    if not report.settings and report.attributes is None:
        output.line(_("Настроек kvartal в этой копии нет."))

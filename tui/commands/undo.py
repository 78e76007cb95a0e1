"""``kvartal undo`` and ``redo``: a new commit that undoes a change, or redoes it."""

import sys
from typing import TYPE_CHECKING

import click

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.errors import N_
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, common_options, option
from kvartal.tui.commands.programme import PreparedChange, save, selected_programme
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from kvartal.history.log.undo import Reversal

reason_option = option("--reason", default="", metavar=N_("ТЕКСТ"), help=N_("Почему: для истории."))
dry_run = option(
    "--dry-run", is_flag=True, help=N_("Только показать, что изменится; ничего не записывать.")
)


@click.command(
    "undo",
    cls=Command,
    help=N_(
        "Отменить последнее изменение новой записью в истории. С ЗАПИСЬЮ — то, которое сделала "
        "она, хотя бы за ней были другие: номер записи показывает `kvartal log`."
    ),
)
@click.argument("commit", metavar=N_("[ЗАПИСЬ]"), required=False, default="")
@reason_option
@dry_run
@common_options
@click.pass_context
def undo_command(
    ctx: click.Context,
    commit: str,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - an option
) -> None:
    """Undo the last change that is in force, or the one that is named."""
    options = ctx.ensure_object(CommonOptions)
    _revert(options, reason, redo=False, dry_run=dry_run, commit=commit)


@click.command("redo", cls=Command, help=N_("Вернуть последнее отменённое изменение."))
@reason_option
@dry_run
@common_options
@click.pass_context
def redo_command(ctx: click.Context, reason: str, dry_run: bool) -> None:  # noqa: FBT001 - an option
    """Redo the change that was undone last."""
    _revert(ctx.ensure_object(CommonOptions), reason, redo=True, dry_run=dry_run)


def _revert(
    options: CommonOptions, reason: str, *, redo: bool, dry_run: bool, commit: str = ""
) -> None:
    programme = selected_programme(options)
    lost: tuple[str, ...] = ()
    answers: list[str] = [reason] if reason.strip() else []

    def prepare(snapshot: Snapshot) -> PreparedChange:
        nonlocal lost
        reversal = programme.reversal(snapshot, redo=redo, commit=commit)
        lost = reversal.lost
        if lost and not answers and _is_conversation():
            answers.append(_ask_for_reason(lost))
        return PreparedChange(
            reversal.change,
            reversal.attachments,
            reversal.reverts,
            reversal.exact_bytes,
            "".join(answers),
        )

    if dry_run:
        _print_preview(programme.reversal(programme.read(), redo=redo, commit=commit), redo=redo)
        return
    save(programme, prepare)
    if lost and not "".join(answers).strip():
        template = _(
            "Убраны отметка, перенос срока или снятие с плана ({measures}), а почему — не "
            'сказано. Причину пишут так: --reason "…".'
        )
        print_stderr("kvartal: " + template.format(measures=", ".join(lost)))


def _is_conversation() -> bool:
    """Return whether a person at a terminal can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and output.is_terminal()


def _ask_for_reason(lost: tuple[str, ...]) -> str:
    """Return why facts are taken back, as typed; empty where the person gives no reason."""
    template = _("Будут убраны отметка, перенос срока или снятие с плана ({measures}). Причина")
    question = template.format(measures=", ".join(lost))
    answer: str = click.prompt(shown(question), default="", show_default=False, err=True)
    return answer


def _print_preview(reversal: "Reversal", *, redo: bool) -> None:
    """Print which change would be undone or redone, and what that would change."""
    text = _("Будет возвращено: {what}") if redo else _("Будет отменено: {what}")
    output.line(text.format(what=reversal.reverts.subject))
    if reversal.groups:
        output.print_groups(reversal.groups)
    else:
        output.line(f"  {_('Изменится только оформление файла.')}")
    output.line(_("Ничего не записано: это предварительный просмотр."))

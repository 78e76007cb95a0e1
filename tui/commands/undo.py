"""``kvartal undo`` and ``redo``: a new commit that undoes a change, or redoes it."""

from typing import TYPE_CHECKING

import click

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.errors import N_
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, common_options, option
from kvartal.tui.commands.programme import PreparedChange, save, selected_programme
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.log.undo import Reversal

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
@dry_run
@common_options
@click.pass_context
def undo_command(ctx: click.Context, commit: str, dry_run: bool) -> None:  # noqa: FBT001 - an option
    """Undo the last change that is in force, or the one that is named."""
    _revert(ctx.ensure_object(CommonOptions), redo=False, dry_run=dry_run, commit=commit)


@click.command("redo", cls=Command, help=N_("Вернуть последнее отменённое изменение."))
@dry_run
@common_options
@click.pass_context
def redo_command(ctx: click.Context, dry_run: bool) -> None:  # noqa: FBT001 - an option
    """Redo the change that was undone last."""
    _revert(ctx.ensure_object(CommonOptions), redo=True, dry_run=dry_run)


def _revert(options: CommonOptions, *, redo: bool, dry_run: bool, commit: str = "") -> None:
    programme = selected_programme(options)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        reversal = programme.undo(snapshot, redo=redo, commit=commit)
        return PreparedChange(
            reversal.change, reversal.attachments, reversal.reverts, reversal.exact_bytes
        )

    if dry_run:
        _print_preview(programme.undo(programme.read(), redo=redo, commit=commit), redo=redo)
    else:
        save(programme, prepare)


def _print_preview(reversal: "Reversal", *, redo: bool) -> None:
    """Print which change would be undone or redone, and what that would change."""
    text = _("Будет возвращено: {what}") if redo else _("Будет отменено: {what}")
    output.line(text.format(what=reversal.reverts.subject))
    if reversal.groups:
        output.print_groups(reversal.groups)
    else:
        output.line(f"  {_('Изменится только оформление файла.')}")
    output.line(_("Ничего не записано: это предварительный просмотр."))

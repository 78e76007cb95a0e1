"""``kvartal undo`` and ``redo``: a new commit that takes a change back, or does it again."""

from typing import TYPE_CHECKING

import click

from kvartal.history.store.snapshot import Snapshot, look
from kvartal.schema.errors import N_
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.diff import print_groups
from kvartal.tui.commands.params import CommonOptions, option, shared_options
from kvartal.tui.commands.programme import Wanted, display_name, keep, plan_path
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
@shared_options
@click.pass_context
def undo_command(ctx: click.Context, commit: str, dry_run: bool) -> None:  # noqa: FBT001 - an option
    """Take back the last change that is not undone, or the one that is named."""
    _take_back(ctx.ensure_object(CommonOptions), redo=False, dry_run=dry_run, commit=commit)


@click.command("redo", cls=Command, help=N_("Вернуть последнее отменённое изменение."))
@dry_run
@shared_options
@click.pass_context
def redo_command(ctx: click.Context, dry_run: bool) -> None:  # noqa: FBT001 - an option
    """Do again what was undone last."""
    _take_back(ctx.ensure_object(CommonOptions), redo=True, dry_run=dry_run)


def _take_back(asked: CommonOptions, *, redo: bool, dry_run: bool, commit: str = "") -> None:
    if dry_run:
        path = plan_path(asked)
        snapshot = look(path, display_name(path))
        _print_preview(_reversal(snapshot, redo=redo, commit=commit), redo=redo)
    else:
        keep(asked, lambda snapshot: _wanted(_reversal(snapshot, redo=redo, commit=commit)))


def _reversal(snapshot: Snapshot, *, redo: bool, commit: str) -> "Reversal":
    from kvartal.history.git.repository import find_repository
    from kvartal.history.log.undo import last_redo, last_undo
    from kvartal.history.log.undo_named import undo_of

    repository = find_repository(snapshot.path.parent)
    if commit:
        return undo_of(repository, snapshot, commit, _)
    return (last_redo if redo else last_undo)(repository, snapshot, _)


def _wanted(found: "Reversal") -> Wanted:
    return Wanted(found.change, found.attachments, found.reverts, found.wish)


def _print_preview(found: "Reversal", *, redo: bool) -> None:
    """Print what would be taken back, or done again, and what that would change."""
    told = _("Будет возвращено: {what}") if redo else _("Будет отменено: {what}")
    output.line(told.format(what=found.reverts.subject))
    if found.groups:
        print_groups(found.groups)
    else:
        output.line(f"  {_('Изменится только оформление файла.')}")
    output.line(_("Ничего не записано: это предварительный просмотр."))

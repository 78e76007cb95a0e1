"""``kvartal undo`` and ``redo``: a new commit that takes a change back, or does it again."""

from typing import TYPE_CHECKING

import click

from kvartal.history.keeping.snapshot import Snapshot, look
from kvartal.schema.errors import N_
from kvartal.tui.commands import printing
from kvartal.tui.commands.comparing import print_groups
from kvartal.tui.commands.frame import Command
from kvartal.tui.commands.keeping import Wanted, keep
from kvartal.tui.commands.opening import display_name, plan_path
from kvartal.tui.commands.options import Asked, option, shared_options
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.journal.undo import Reversal

dry_run = option(
    "--dry-run", is_flag=True, help=N_("Только показать, что изменится; ничего не записывать.")
)


@click.command(
    "undo", cls=Command, help=N_("Отменить последнее изменение новой записью в истории.")
)
@dry_run
@shared_options
@click.pass_context
def undo_command(ctx: click.Context, dry_run: bool) -> None:  # noqa: FBT001 - an option
    """Take back the last change that is not undone."""
    _take_back(ctx.ensure_object(Asked), redo=False, dry_run=dry_run)


@click.command("redo", cls=Command, help=N_("Вернуть последнее отменённое изменение."))
@dry_run
@shared_options
@click.pass_context
def redo_command(ctx: click.Context, dry_run: bool) -> None:  # noqa: FBT001 - an option
    """Do again what was undone last."""
    _take_back(ctx.ensure_object(Asked), redo=True, dry_run=dry_run)


def _take_back(asked: Asked, *, redo: bool, dry_run: bool) -> None:
    if dry_run:
        path = plan_path(asked)
        _print_preview(_reversal(look(path, display_name(path)), redo=redo), redo=redo)
    else:
        keep(asked, lambda snapshot: _wanted(_reversal(snapshot, redo=redo)))


def _reversal(snapshot: Snapshot, *, redo: bool) -> "Reversal":
    from kvartal.history.git.repository import find_repository
    from kvartal.history.journal.undo import last_redo, last_undo

    ask = last_redo if redo else last_undo
    return ask(find_repository(snapshot.path.parent), snapshot, _)


def _wanted(found: "Reversal") -> Wanted:
    return Wanted(found.change, found.attachments, found.reverts, found.wish)


def _print_preview(found: "Reversal", *, redo: bool) -> None:
    """Print what would be taken back, or done again, and what that would change."""
    told = _("Будет возвращено: {what}") if redo else _("Будет отменено: {what}")
    printing.line(told.format(what=found.reverts.subject))
    if found.groups:
        print_groups(found.groups)
    else:
        printing.line(f"  {_('Изменится только оформление файла.')}")
    printing.line(_("Ничего не записано: это предварительный просмотр."))

"""``kvartal undo`` and ``redo``: a new commit that takes a change back, or does it again."""

import click

from kvartal.history.keeping.snapshot import Snapshot
from kvartal.schema.errors import N_
from kvartal.tui.commands.frame import Command
from kvartal.tui.commands.keeping import Wanted, keep
from kvartal.tui.commands.options import Asked, shared_options
from kvartal.tui.i18n import _


@click.command(
    "undo", cls=Command, help=N_("Отменить последнее изменение новой записью в истории.")
)
@shared_options
@click.pass_context
def undo_command(ctx: click.Context) -> None:
    """Take back the last change that is not undone."""
    keep(ctx.ensure_object(Asked), lambda snapshot: _taken_back(snapshot, redo=False))


@click.command("redo", cls=Command, help=N_("Вернуть последнее отменённое изменение."))
@shared_options
@click.pass_context
def redo_command(ctx: click.Context) -> None:
    """Do again what was undone last."""
    keep(ctx.ensure_object(Asked), lambda snapshot: _taken_back(snapshot, redo=True))


def _taken_back(snapshot: Snapshot, *, redo: bool) -> Wanted:
    from kvartal.history.git.repository import find_repository
    from kvartal.history.journal.undo import last_redo, last_undo

    ask = last_redo if redo else last_undo
    found = ask(find_repository(snapshot.path.parent), snapshot, _)
    return Wanted(found.change, found.attachments, found.reverts, found.wish)

"""``kvartal undo`` and ``redo``: a new commit that undoes a change, or redoes it."""

from collections.abc import Sequence
from pathlib import Path

import click

from kvartal.history.programme import Programme
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, change_options, common_options
from kvartal.tui.commands.programme import every_plan, selected_programme
from kvartal.tui.commands.reasons import LostFacts, reason_option
from kvartal.tui.commands.saving import PreparedChange, save_to
from kvartal.tui.i18n import _
from kvartal.tui.plans.path import open_plan


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
@change_options
@common_options
@click.pass_context
def undo_command(ctx: click.Context, commit: str, reason: str) -> None:
    """Undo the last change that is in force, or the one that is named."""
    _revert(ctx.ensure_object(CommonOptions), reason, redo=False, commit=commit)


@click.command("redo", cls=Command, help=N_("Вернуть последнее отменённое изменение."))
@reason_option
@change_options
@common_options
@click.pass_context
def redo_command(ctx: click.Context, reason: str) -> None:
    """Redo the change that was undone last."""
    _revert(ctx.ensure_object(CommonOptions), reason, redo=True)


def _revert(options: CommonOptions, reason: str, *, redo: bool, commit: str = "") -> None:
    programme = _programme(options, commit)
    facts = LostFacts(options, reason)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        reversal = programme.reversal(snapshot, redo=redo, commit=commit)
        text = _("Будет возвращено: {what}") if redo else _("Будет отменено: {what}")
        return PreparedChange(
            reversal.change,
            reversal.attachments,
            reversal.reverts,
            reversal.exact_bytes,
            facts.reason(reversal.lost),
            preview=text.format(what=reversal.reverts.subject),
            warnings=facts.warnings(reversal.lost),
        )

    save_to(programme, prepare, options)


def _programme(options: CommonOptions, commit: str) -> Programme:
    """Return the programme to undo in.

    Where nobody says which it is, it is the one of the repository that was changed last, or by the
    commit that is to be undone.
    """
    selection = every_plan(options)
    if selection.is_named or not selection.is_choice:
        return selected_programme(options)
    programme = open_plan(_changed_last(selection.paths, commit or "HEAD"))
    options.programme = programme.name
    return programme


def _changed_last(plans: Sequence[Path], revision: str) -> Path:
    """Return the plan of a repository that was changed last at a revision; without one, the last.

    Args:
        plans: The plan files.
        revision: A commit.
    """
    try:
        top = open_plan(plans[-1]).repository().at("")
        names = {
            plan.resolve().relative_to(top.folder.resolve()).as_posix(): plan for plan in plans
        }
        log = ("log", "-1", revision, "--format=", "--name-only", "-z", "-m", "--first-parent")
        touched = top.read_text(*log, "--", *names).split("\0")
    except (KvartalError, ValueError):
        return plans[-1]
    return next((names[name] for name in touched if name in names), plans[-1])

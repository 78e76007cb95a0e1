"""``kvartal init`` and ``adopt``: begin a history; commit a manual edit, or move it away."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kvartal.history import repair
from kvartal.history.programme import Programme
from kvartal.history.store.snapshot import InvalidPlan
from kvartal.history.yaml_text.loader import UnreadablePlan
from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, common_options, option
from kvartal.tui.commands.programme import recover, selected_programme
from kvartal.tui.commands.saved import answer_of_saved, saved_subject
from kvartal.tui.i18n import _
from kvartal.tui.plan_path import (
    NamedPlanOnlyCommitted,
    PlanOnlyCommitted,
    committed_path,
    display_name,
    open_plan,
)
from kvartal.tui.presentation.word_diff import field_line_text

if TYPE_CHECKING:
    from kvartal.history.store.manual_edits import ManualEdits


class ReasonWithoutCommit(KvartalError):
    """A reason was given for an edit that is moved away and not committed."""

    template = N_("Причину (--reason) пишут, когда правку вносят в историю, а не откладывают.")


class InvalidManualEdit(InvalidPlan):
    """The file is not valid with the manual edit in it: the edit is not committed."""

    template = N_(
        "В правке есть ошибки, в историю её не вносят. {file}, строка {line}: {reason} "
        "Исправьте файл или отложите правку: `kvartal adopt --aside`."
    )


@click.command(
    "init",
    cls=Command,
    help=N_(
        "Завести историю: репозиторий git для программы и первая запись с нею. "
        "ПАПКА — где лежит программа (обычно текущая)."
    ),
)
@click.argument(
    "folder",
    metavar=N_("[ПАПКА]"),
    required=False,
    type=click.Path(path_type=Path),
)
@common_options
@click.pass_context
def init_command(ctx: click.Context, folder: Path | None) -> None:
    """Begin the history of a programme that has none."""
    options = ctx.ensure_object(CommonOptions)
    if folder is not None:
        options.plan = folder
    programme = selected_programme(options)
    programme.read()
    result = repair.init_repository(programme)
    if result.commit is None:
        top = programme.repository().at("").folder
        output.line(_("История уже ведётся, папка: {folder}").format(folder=top))
        return
    with answer_of_saved(result.warnings):
        top = programme.repository().at("").folder
        text = _("История начата: {what}. Папка: {folder}")
        output.line(text.format(what=saved_subject(programme, result.commit), folder=top))


@click.command(
    "adopt",
    cls=Command,
    help=N_(
        "Внести в историю то, что поправлено в файле вручную, без этой программы. "
        "С --aside правка не вносится, а откладывается: файл возвращается к тому, что в истории, "
        "а его текст остаётся в копии."
    ),
)
@option("--reason", default="", metavar=N_("ТЕКСТ"), help=N_("Почему правили: для истории."))
@option("--aside", is_flag=True, help=N_("Отложить правку в копию и вернуть прежний файл."))
@common_options
@click.pass_context
def adopt_command(ctx: click.Context, reason: str, aside: bool) -> None:  # noqa: FBT001 - an option
    """Print what was edited manually, then commit it or move it away."""
    if aside and reason:
        raise ReasonWithoutCommit
    programme = _programme(ctx.ensure_object(CommonOptions), aside=aside)
    recover(programme)
    edits = repair.manual_edits(programme)
    for line in _edit_lines(edits):
        output.line(line)
    if aside:
        _move_away(programme, edits)
    else:
        _adopt(programme, reason)


def _programme(options: CommonOptions, *, aside: bool) -> Programme:
    """Return the programme; its file may be deleted if it is to be restored."""
    try:
        return selected_programme(options)
    except (PlanOnlyCommitted, NamedPlanOnlyCommitted) as error:
        if not aside:
            raise
        path = committed_path(error)
        path.parent.mkdir(parents=True, exist_ok=True)
        return open_plan(path)


def _edit_lines(edits: "ManualEdits") -> Iterator[str]:
    """Yield what was edited, a line a field under each measure."""
    for group in edits.groups:
        yield f"{group.id}  {group.title}" if group.id else _("Программа в целом")
        yield from (f"    {text}" for line in group.lines for text in field_line_text(line))


def _adopt(programme: Programme, reason: str) -> None:
    try:
        result = repair.adopt(programme, programme.read(), reason)
    except (InvalidPlan, UnreadablePlan) as error:
        raise InvalidManualEdit(error.problems) from error
    if result.commit is None:
        output.line(_("В файле нет правки, которой не было бы в истории."))
        return
    with answer_of_saved(result.warnings):
        what = saved_subject(programme, result.commit)
        output.line(_("Сохранено: {what}").format(what=what))


def _move_away(programme: Programme, edits: "ManualEdits") -> None:
    copy = repair.move_edits_away(programme, edits.digest)
    with answer_of_saved():
        if copy is None:
            output.line(_("Файл возвращён из истории: {plan}").format(plan=programme.name))
            return
        text = _(
            "Правка отложена: {copy}\nЧтобы вернуть её, положите эту копию на место файла {plan}."
        )
        for line in text.format(copy=display_name(copy), plan=programme.name).split("\n"):
            output.line(line)

"""``kvartal init`` and ``adopt``: a history is begun; an edit by hand is taken in or put aside."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kvartal.history.store.snapshot import InvalidPlan, look
from kvartal.history.yaml_text.loader import UnreadablePlan
from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, option, shared_options
from kvartal.tui.commands.programme import display_name, named, plan_path, recover
from kvartal.tui.i18n import _, translator
from kvartal.tui.plan_path import NamedPlanDeleted, PlanDeleted, deleted_path
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.word_diff import field_line_text

if TYPE_CHECKING:
    from kvartal.history.store.manual_edits import ManualEdits


class ReasonAside(KvartalError):
    """A reason was given for an edit that is not taken into the history."""

    template = N_("Причину (--reason) пишут, когда правку вносят в историю, а не откладывают.")


class FaultyEdit(InvalidPlan):
    """The edit makes something wrong: it is not taken into the history."""

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
    type=click.Path(path_type=Path, exists=True),
)
@shared_options
@click.pass_context
def init_command(ctx: click.Context, folder: Path | None) -> None:
    """Begin the history of a programme that has none."""
    from kvartal.history.git.repository import find_repository
    from kvartal.history.store.init_repository import begin

    asked = ctx.ensure_object(CommonOptions)
    if folder is not None:
        asked.plan = folder
    path = plan_path(asked)
    language = look(path, display_name(path)).plan.language
    outcome = begin(path, translate=translator(language))
    place = find_repository(path.resolve().parent).at("").folder
    if outcome.commit is None:
        output.line(_("История уже ведётся, папка: {folder}").format(folder=place))
    else:
        text = _("История начата: {what}. Папка: {folder}")
        output.line(text.format(what=named(path, outcome.commit), folder=place))


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
@shared_options
@click.pass_context
def adopt_command(ctx: click.Context, reason: str, aside: bool) -> None:  # noqa: FBT001 - an option
    """Tell what was edited by hand, then take it into the history or put it aside."""
    from kvartal.history.diff.words import Words
    from kvartal.history.store.manual_edits import examine

    if aside and reason:
        raise ReasonAside
    path = _path(ctx.ensure_object(CommonOptions), aside=aside)
    recover(path)
    found = examine(path, Words(_), display_name(path))
    for line in _told(found):
        output.line(line)
    if aside:
        _put_aside(path, found)
    else:
        _adopt(path, reason)


def _path(asked: CommonOptions, *, aside: bool) -> Path:
    """Return the plan file; to be had back it need not be there."""
    try:
        return plan_path(asked)
    except (PlanDeleted, NamedPlanDeleted) as error:
        if not aside:
            raise
        path = deleted_path(error)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def _told(found: "ManualEdits") -> list[str]:
    """Return what was edited by hand, a line a field under each measure."""
    lines = []
    for group in found.groups:
        lines.append(f"{group.id}  {group.title}" if group.id else _("Программа в целом"))
        lines += [f"    {text}" for line in group.lines for text in field_line_text(line)]
    return [shown(line) for line in lines]


def _adopt(path: Path, reason: str) -> None:
    from kvartal.history.store.ledger import Ledger

    try:
        snapshot = look(path, display_name(path))
        ledger = Ledger(path, translate=translator(snapshot.plan.language))
        outcome = ledger.adopt(snapshot, reason=reason)
    except (InvalidPlan, UnreadablePlan) as error:
        raise FaultyEdit(error.problems) from error
    if outcome.commit is None:
        output.line(_("В файле нет правки, которой не было бы в истории."))
    else:
        output.line(_("Сохранено: {what}").format(what=named(path, outcome.commit)))


def _put_aside(path: Path, found: "ManualEdits") -> None:
    from kvartal.history.store.manual_edits import put_aside

    copy = put_aside(path, found.digest)
    if copy is None:
        output.line(_("Файл возвращён из истории: {plan}").format(plan=display_name(path)))
        return
    text = _("Правка отложена: {copy}\nЧтобы вернуть её, положите эту копию на место файла {plan}.")
    for line in text.format(copy=display_name(copy), plan=display_name(path)).split("\n"):
        output.line(line)

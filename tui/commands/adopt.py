"""``kvartal adopt``: commit a manual edit, or move it away."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from kvartal.history import repair
from kvartal.history.programme import Programme
from kvartal.history.store.snapshot import InvalidPlan, Snapshot
from kvartal.history.yaml_text.loader import UnreadablePlan
from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.json_rows import programme_keys
from kvartal.tui.commands.params import CommonOptions, change_options, common_options, option
from kvartal.tui.commands.programme import of_programme, recover, selected_programme
from kvartal.tui.commands.saved import answer_of_saved, saved_subject
from kvartal.tui.commands.saving import PREVIEW_ONLY, change_row, check_adoptable
from kvartal.tui.i18n import _
from kvartal.tui.plans.names import display_name
from kvartal.tui.plans.path import (
    NamedPlanOnlyCommitted,
    PlanOnlyCommitted,
    committed_path,
    open_plan,
)
from kvartal.tui.presentation.word_diff import field_line_text

if TYPE_CHECKING:
    from kvartal.history.store.manual_edits import ManualEdits
    from kvartal.schema.changes import PlanData


class ReasonWithoutCommit(KvartalError):
    """A reason was given for an edit that is moved away and not committed."""

    template = N_("Причину (--reason) пишут, когда правку вносят в историю, а не откладывают.")


class InvalidManualEdit(InvalidPlan):
    """The file is not valid with the manual edit in it: the edit is not committed."""

    template = N_(
        "В правке есть ошибки, в историю её не вносят. {file}, строка {line}: {reason} "
        "Исправьте файл или отложите правку: `kvartal adopt --aside`."
    )


class InvalidNewPlan(InvalidManualEdit):
    """A file that is not in the history yet is not valid: there is nothing to put in its place."""

    template = N_(
        "В файле есть ошибки, в историю его не вносят. {file}, строка {line}: {reason} Исправьте "
        "файл."
    )
    stable_code = "invalid-manual-edit"


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
@change_options
@common_options
@click.pass_context
def adopt_command(ctx: click.Context, reason: str, aside: bool) -> None:  # noqa: FBT001 - an option
    """Print what was edited manually, then commit it or move it away."""
    if aside and reason:
        raise ReasonWithoutCommit
    options = ctx.ensure_object(CommonOptions)
    programme = _programme(options, aside=aside)
    if not options.dry_run:
        recover(programme)
    edits = repair.manual_edits(programme)
    if not options.as_json:
        for line in _edit_lines(edits):
            output.line(line)
    if aside:
        _move_away(programme, edits, options)
    else:
        _adopt(programme, edits, reason, options)


def _programme(options: CommonOptions, *, aside: bool) -> Programme:
    """Return the programme; its file may be deleted if it is to be restored."""
    try:
        return selected_programme(options)
    except (PlanOnlyCommitted, NamedPlanOnlyCommitted) as error:
        if not aside:
            raise
        path = committed_path(error)
        if not options.dry_run:
            path.parent.mkdir(parents=True, exist_ok=True)
        return open_plan(path)


def _edit_lines(edits: "ManualEdits") -> Iterator[str]:
    """Yield what was edited, a line a field under each measure."""
    for group in edits.groups:
        yield f"{group.id}  {group.title}" if group.id else _("Программа в целом")
        yield from (f"    {text}" for line in group.lines for text in field_line_text(line))


def _adopt(programme: Programme, edits: "ManualEdits", reason: str, options: CommonOptions) -> None:
    before = _committed_data(programme)
    failed: tuple[KvartalError, ...] = ()
    commit: str | None = None
    try:
        if options.dry_run:
            after = _checked(programme, reason)
        else:
            result = repair.adopt(programme, programme.read(), reason)
            after, commit, failed = result.snapshot, result.commit, result.warnings
    except (InvalidPlan, UnreadablePlan) as error:
        raise (InvalidNewPlan if edits.is_new else InvalidManualEdit)(error.problems) from error
    with answer_of_saved(() if options.as_json else failed, is_saved=commit is not None):
        if options.as_json:
            warnings = [warning.message(_) for warning in failed]
            row = change_row(commit, before or {}, after.data if before else {}, warnings)
            if before is None and (commit or options.dry_run):  # A first commit lists no fields.
                row["ids"] = [measure.id for measure in after.plan.measures]
            keys = programme_keys(after.plan, programme.path) if options.programme else {}
            output.json_data({**row, **keys})
        elif options.dry_run and (edits.groups or edits.is_new):
            output.line(of_programme(_("Эта правка будет внесена в историю."), options))
            output.line(_(PREVIEW_ONLY))
        elif commit is None:
            text = _("В файле нет правки, которой не было бы в истории.")
            output.line(of_programme(text, options))
        else:
            what = saved_subject(programme, commit)
            output.line(of_programme(_("Сохранено: {what}").format(what=what), options))


def _checked(programme: Programme, reason: str) -> Snapshot:
    """Return the programme with its manual edits, checked as adopting them would.

    Raises:
        KvartalError: They would not be adopted.
    """
    snapshot = programme.read()
    state = programme.state()
    if state.obstacle is not None:
        raise state.obstacle
    if state.is_edited:
        check_adoptable(programme, reason)
        if not repair.has_identity(programme):
            from kvartal.history.git.errors import NoIdentity

            raise NoIdentity
    return snapshot


def _committed_data(programme: Programme) -> "PlanData | None":
    """Return the data of the plan at HEAD; None where it holds none that can be read."""
    from kvartal.history.yaml_text.loader import load

    try:
        content = programme.repository().blob("HEAD", programme.path.resolve().name)
        return None if content is None else load(content, "HEAD").data
    except KvartalError:
        return None


def _data_on_disk(programme: Programme) -> "PlanData":
    """Return the data of the plan on disk; nothing where it cannot be read."""
    from kvartal.history.yaml_text.loader import read

    try:
        return read(programme.path, programme.name).data
    except KvartalError:
        return {}


def _move_away(programme: Programme, edits: "ManualEdits", options: CommonOptions) -> None:
    before, after = _data_on_disk(programme), _committed_data(programme) or {}
    if options.dry_run:
        repair.check_move_away(programme, edits)
        copy = None
    else:
        copy = repair.move_edits_away(programme, edits.digest)
    with answer_of_saved(is_saved=not options.dry_run):
        if options.as_json:
            name = None if copy is None else str(copy)
            output.json_data({**change_row(None, before, after), "copy": name})
        elif options.dry_run:
            text = _("Файл {plan} будет возвращён из истории, его нынешний текст отложен в копию.")
            if edits.digest is None:
                text = _("Файл {plan} будет возвращён из истории.")
            output.line(text.format(plan=programme.name))
            output.line(_(PREVIEW_ONLY))
        elif copy is None:
            output.line(_("Файл возвращён из истории: {plan}").format(plan=programme.name))
        else:
            text = _(
                "Правка отложена: {copy}\nЧтобы вернуть её, положите эту копию на место файла "
                "{plan}."
            )
            for line in text.format(copy=display_name(copy), plan=programme.name).split("\n"):
                output.line(line)

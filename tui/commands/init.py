"""``kvartal init``: begin the history of a programme, or a new programme in a folder of its own."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from kvartal.history import creation
from kvartal.history.programme import Programme
from kvartal.history.store.init_repository import ATTRIBUTES_FILE, repository_folder
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.errors import N_
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import (
    CommonOptions,
    change_options,
    common_options,
    option,
    today,
)
from kvartal.tui.commands.programme import selected_programme
from kvartal.tui.commands.saved import answer_of_saved, saved_subject
from kvartal.tui.commands.saving import PREVIEW_ONLY
from kvartal.tui.commands.whole_number import year_number
from kvartal.tui.creation.new_programme import ORGANIZATION, TITLE, NewProgramme, typed_period
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _
from kvartal.tui.plans.files import FOLDER
from kvartal.tui.plans.names import display_name
from kvartal.tui.plans.path import NoPlanInFolder, PlanNotFound, open_plan
from kvartal.tui.presentation.sanitize import shown


@dataclass(frozen=True, slots=True)
class _Wishes:
    """The options that a new programme is described by, as typed."""

    is_empty: bool
    is_example: bool
    organization: str | None
    title: str | None
    year: int | None
    period: str | None
    source: Path | None = None
    column_map: Path | None = None
    strict: bool = False

    @property
    def is_any(self) -> bool:
        """Whether there is any: then a new programme is meant, whatever the folder holds."""
        typed = (self.organization, self.title, self.year, self.period)
        return self.is_empty or self.is_example or any(one is not None for one in typed)


@click.command(
    "init",
    cls=Command,
    help=N_(
        "Начать программу. В ПАПКЕ (обычно текущей), где программа уже лежит, — завести историю: "
        "репозиторий git и первую запись. Где её нет — создать новую: пустую (--empty) или с "
        "мероприятиями для примера (--example)."
    ),
)
@click.argument("folder", metavar=N_("[ПАПКА]"), required=False, type=click.Path(path_type=Path))
@option("--empty", "is_empty", is_flag=True, help=N_("Новая программа без мероприятий."))
@option(
    "--example", "is_example", is_flag=True, help=N_("Новая программа с мероприятиями для примера.")
)
@option("--organization", metavar=N_("ТЕКСТ"), help=N_("Организация, чья программа."))
@option("--title", metavar=N_("ТЕКСТ"), help=N_("Название программы."))
@option(
    "--year",
    metavar=N_("ГОД"),
    type=year_number(),
    help=N_("Год программы (обычно нынешний)."),
)
@option(
    "--period",
    metavar="A..B",
    help=N_("Первый и последний день, если программа не на год: 2026-09-01..2027-08-31."),
)
@option(
    "--from",
    "source",
    metavar=N_("ФАЙЛ"),
    type=click.Path(path_type=Path),
    help=N_("Начать программу с документа: Word, Excel, CSV, текст."),
)
@option(
    "--map",
    "column_map",
    metavar=N_("ФАЙЛ"),
    type=click.Path(path_type=Path),
    help=N_("TOML: что в каком столбце документа, с --from."),
)
@option("--strict", is_flag=True, help=N_("Отказаться, если документ понят не весь, с --from."))
@change_options
@common_options
@click.pass_context
def init_command(
    ctx: click.Context,
    /,
    folder: Path | None,
    **typed: Any,  # noqa: ANN401 - the options of a new programme, as typed
) -> None:
    """Begin the history of a programme that has none, or a new programme."""
    options = ctx.ensure_object(CommonOptions)
    wishes = _Wishes(**typed)
    _refuse_contradiction(wishes)
    if wishes.source is not None:
        ctx.exit(_begin_from_document((folder or Path()).absolute(), wishes, options))
    if not wishes.is_any:
        if folder is not None:
            options.plans = (folder,)
        try:
            is_new = folder is not None and not folder.exists()
            programme = None if is_new else selected_programme(options)
        except (NoPlanInFolder, PlanNotFound):
            if options.plans and folder is None:
                raise
            programme = None
        if programme is not None:
            _begin_history(programme, options)
            return
    _begin_programme((folder or Path()).absolute(), wishes, options)


def _refuse_contradiction(wishes: _Wishes) -> None:
    if wishes.is_empty and wishes.is_example:
        raise click.UsageError(_("--empty и --example вместе не пишут: выберите одно."))
    if wishes.year is not None and wishes.period is not None:
        raise click.UsageError(_("--year и --period вместе не пишут: выберите одно."))
    if wishes.source is None and (wishes.column_map is not None or wishes.strict):
        raise click.UsageError(_("--map и --strict пишут только с --from."))
    if wishes.source is not None and (wishes.is_empty or wishes.is_example):
        raise click.UsageError(_("--from не пишут с --empty и --example: выберите одно."))
    if wishes.is_example and wishes.period is not None:
        raise click.UsageError(_("Пример — на год: укажите --year."))


def _begin_from_document(folder: Path, wishes: _Wishes, options: CommonOptions) -> int:
    """Create a programme out of a document; return the exit code."""
    from kvartal.tui.commands.init_from import DocumentWishes, init_from

    period = None if wishes.year is None else ProgrammePeriod.of_year(wishes.year)
    if wishes.period is not None:
        period = typed_period(wishes.period, today())
    document = DocumentWishes(
        wishes.source or Path(),
        period,
        wishes.organization or "",
        wishes.title or "",
        wishes.column_map,
        is_strict=wishes.strict,
    )
    return init_from(folder, document, options)


def _begin_programme(folder: Path, wishes: _Wishes, options: CommonOptions) -> None:
    """Create a new programme, once a person at a terminal has said yes."""
    is_conversation = _is_conversation(options)
    wanted = _asked(wishes) if is_conversation else _wanted(wishes)
    path = wanted.path_in(folder)
    programme = open_plan(path)
    text = wanted.text()
    creation.check_new(programme, text)
    files = wanted.files_in(folder)
    if options.dry_run or is_conversation:
        for line in _preview_lines(wanted, path, files):
            if not options.as_json:
                output.line(line)
    if options.dry_run:
        if options.as_json:
            top = repository_folder(path.resolve())
            ids = _ids(wanted)
            row = {"commit": None, "ids": ids, "changes": [], "warnings": [], "folder": str(top)}
            output.json_data({**row, "file": str(path)})
        else:
            output.line(_(PREVIEW_ONLY))
        return
    if is_conversation and not click.confirm(_("Создать?"), default=True, err=True):
        output.line(_("Ничего не создано."))
        return
    result = creation.create(programme, text, files=files)
    top = programme.repository().at("").folder
    warnings = [warning.message(_) for warning in result.warnings]
    with answer_of_saved(() if options.as_json else result.warnings):
        if options.as_json:
            row = {"commit": result.commit, "ids": _ids(wanted), "changes": []}
            row |= {"warnings": warnings, "folder": str(top), "file": str(path)}
            output.json_data(row)
            return
        what = saved_subject(programme, result.commit or "")
        output.line(_("Программа создана: {what}").format(what=what))
        output.line(_("Файл: {file}").format(file=display_name(path)))
        advice = _("Открыть: `kvartal`; добавить мероприятие: ф на экране или `kvartal add`.")
        if folder != Path.cwd():
            advice = _("Перейдите в папку {folder}. ").format(folder=display_name(folder)) + advice
        output.line(advice)


def _wanted(wishes: _Wishes) -> NewProgramme:
    period = ProgrammePeriod.of_year(wishes.year or today().year)
    if wishes.period is not None:
        period = typed_period(wishes.period, today())
    return NewProgramme(
        period, wishes.organization or "", wishes.title or "", is_example=wishes.is_example
    )


def _asked(wishes: _Wishes) -> NewProgramme:
    """Return what a person at the terminal wants; what was typed already is not asked again."""

    def ask(question: str, default: str) -> str:
        answer: str = click.prompt(shown(question), default=default, err=True)
        return answer

    organization, title, period = wishes.organization, wishes.title, wishes.period
    if not wishes.is_example:
        organization = organization or ask(_("Организация"), _(ORGANIZATION))
        title = title or ask(_("Название программы"), _(TITLE))
    if wishes.year is None and period is None:
        period = ask(_("Год или период"), str(today().year))
    typed = _Wishes(wishes.is_empty, wishes.is_example, organization, title, wishes.year, period)
    return _wanted(typed)


def _is_conversation(options: CommonOptions) -> bool:
    """Return whether a person at a terminal can be asked."""
    is_typed = sys.stdin is not None and sys.stdin.isatty()
    return is_typed and output.is_terminal() and not options.as_json and not options.dry_run


def _ids(wanted: NewProgramme) -> list[str]:
    rows = wanted.data()["measures"]
    return (
        [str(row["id"]) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    )


def _preview_lines(wanted: NewProgramme, path: Path, files: Iterable[Path]) -> list[str]:
    """Return what creating a programme writes."""
    text = _("Будет создана программа {file}, мероприятий: {count}.")
    lines = [text.format(file=display_name(path), count=len(_ids(wanted)))]
    top = next((one for one in path.parents if (one / ".git").exists()), None)
    if top is None:
        top = repository_folder(path.resolve())
        lines.append(_("Будет создан репозиторий git в папке {folder}.").format(folder=top))
    new = [display_name(file) for file in (top / ATTRIBUTES_FILE, *files) if not file.exists()]
    if new:
        lines.append(_("С нею — файлы: {files}.").format(files=", ".join(new)))
    return lines


def _begin_history(programme: Programme, options: CommonOptions) -> None:
    snapshot = programme.read()
    if options.dry_run:
        _preview_init(options, programme, snapshot)
        return
    result = creation.init_repository(programme)
    top = programme.repository().at("").folder
    failed = () if options.as_json else result.warnings
    with answer_of_saved(failed, is_saved=result.commit is not None):
        if options.as_json:
            warnings = [warning.message(_) for warning in result.warnings]
            _print_begun(result.commit, snapshot if result.commit else None, warnings, top)
        elif result.commit is None:
            output.line(_("История уже ведётся, папка: {folder}").format(folder=top))
            _hint_at_option(programme)
        else:
            text = _("История начата: {what}. Папка: {folder}")
            output.line(text.format(what=saved_subject(programme, result.commit), folder=top))
            _hint_at_option(programme)


def _preview_init(options: CommonOptions, programme: Programme, snapshot: Snapshot) -> None:
    """Print what beginning the history would do.

    Raises:
        KvartalError: It would be refused.
    """
    preview = creation.preview_init(programme)
    if options.as_json:
        _print_begun(None, None if preview.is_begun else snapshot, [], preview.folder)
        return
    if preview.is_begun:
        output.line(_("История уже ведётся, папка: {folder}").format(folder=preview.folder))
        return
    if preview.is_new:
        text = _("Будет создан репозиторий git в папке {folder}.")
        output.line(text.format(folder=preview.folder))
    text = _("В историю будет внесена программа {plan}, мероприятий: {count}.")
    output.line(text.format(plan=programme.name, count=len(snapshot.plan.measures)))
    output.line(_(PREVIEW_ONLY))


def _print_begun(
    commit: str | None, begun: Snapshot | None, warnings: list[str], folder: Path
) -> None:
    """Print the beginning of a history as JSON; a first commit lists no single fields."""
    ids = [] if begun is None else [measure.id for measure in begun.plan.measures]
    row = {"commit": commit, "ids": ids, "changes": [], "warnings": warnings}
    output.json_data({**row, "folder": str(folder)})


def _hint_at_option(programme: Programme) -> None:
    """Say how to name a programme that is not where the commands look for one."""
    if programme.path.parent.name != FOLDER:
        text = _(
            "Программа не в папке «{folder}», сами команды её не найдут. Указывайте файл "
            "(`kvartal --plan {plan}`) или перенесите его в эту папку (`git mv`)."
        )
        print_stderr("kvartal: " + text.format(folder=FOLDER, plan=display_name(programme.path)))

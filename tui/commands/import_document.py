"""``kvartal import``: what a document says into the programme, as one change."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import ChangeSource, Missing, Plain
from kvartal.schema.errors import EXIT_REFUSED, N_, KvartalError
from kvartal.schema.model import Plan
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, change_options, common_options, option
from kvartal.tui.commands.programme import selected_plan
from kvartal.tui.commands.reading_progress import reading_progress
from kvartal.tui.commands.saved import answer_of_saved
from kvartal.tui.commands.saving import PreparedChange, save
from kvartal.tui.commands.whole_number import year_number
from kvartal.tui.i18n import _, translator
from kvartal.tui.plans.path import PlanElsewhere, PlanNotFound, PlanOnlyCommitted
from kvartal.tui.presentation.measure_numbers import name_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kvartal.exchange.importing.importing import Import
    from kvartal.exchange.remark import Remark


class NotAllUnderstood(KvartalError):
    """Something of a document was not understood, and only a whole one is to be taken."""

    template = N_("Документ «{name}» понят не весь, ничего не записано. {first} Всего: {count}.")


class NothingToImportInto(PlanNotFound):
    """There is no programme yet that a document could be taken into."""

    template = N_(
        "Не нашлось программы, в которую взять документ: ни здесь ({folder}), ни в папках выше нет "
        "plan/*.yaml. Назовите её (--into ПУТЬ) или начните с документа новую: "
        "`kvartal init --from ФАЙЛ`."
    )


@click.command(
    "import",
    cls=Command,
    help=N_(
        "Взять мероприятия из документа: Word, Excel, CSV, текст. Пересказанное иначе меняется, "
        "новое добавляется, ничего не удаляется; всё — одним изменением. Что сделано не по "
        "документу, названо. С --dry-run — то же без записи; код 1, если не всё понято."
    ),
)
@click.argument("file", metavar=N_("ФАЙЛ"), type=click.Path(path_type=Path))
@option(
    "--into",
    metavar=N_("ПУТЬ"),
    type=click.Path(path_type=Path),
    help=N_("В какую программу; обычно в ту же, с которой работают остальные команды."),
)
@option(
    "--year",
    type=year_number(),
    help=N_("На какой год документ, если он сам не говорит."),
)
@option(
    "--map",
    "column_map",
    metavar=N_("ФАЙЛ"),
    type=click.Path(path_type=Path),
    help=N_("TOML: что в каком столбце, «заголовок = поле»; ignore — столбец не брать."),
)
@option(
    "--write-map",
    metavar=N_("ФАЙЛ"),
    type=click.Path(path_type=Path),
    help=N_("Записать, что за что принято, для --map в следующий раз."),
)
@option("--records", is_flag=True, help=N_("Взять и отметки об исполнении, которые есть в файле."))
@option("--strict", is_flag=True, help=N_("Отказаться, если понято не всё."))
@change_options
@common_options
@click.pass_context
def import_command(
    ctx: click.Context,
    /,
    file: Path,
    into: Path | None,
    year: int | None,
    column_map: Path | None,
    write_map: Path | None,
    records: bool,  # noqa: FBT001 - an option
    strict: bool,  # noqa: FBT001 - an option
) -> None:
    """Save what a document says."""
    from kvartal.exchange.importing.choosing import remark_sentences
    from kvartal.exchange.importing.severity import not_understood
    from kvartal.exchange.own_export import ImportTarget, import_document
    from kvartal.exchange.reading import read_document
    from kvartal.tui.commands.column_map import read_column_map, write_column_map

    options = ctx.ensure_object(CommonOptions)
    if into is not None:
        options.plans = (into,)
    columns = {} if column_map is None else read_column_map(column_map)
    folder = _target_folder(options)
    with reading_progress(file.name):
        document = read_document(file)
    done: list[tuple[Import, Plan]] = []

    def prepare(snapshot: Snapshot) -> PreparedChange:
        with reading_progress(file.name):
            programme, result = import_document(
                document,
                ImportTarget(snapshot.data, snapshot.plan, snapshot.source.name),
                translator,
                day=options.day(snapshot.plan),
                year=year,
                columns=columns,
                records=records,
            )
        if write_map is not None:
            write_column_map(write_map, programme.columns, folder)
        faults = not_understood(result.remarks)
        if strict and faults:
            first = remark_sentence(faults[0])
            raise NotAllUnderstood(name=document.name, first=first, count=len(faults))
        done[:] = [(result, snapshot.plan)]
        source = ChangeSource(document.name, document.sha256)
        return PreparedChange(
            replace(result.change, source=source),
            warnings=remark_sentences(result.remarks, _),
            answer=answer_keys(result),
        )

    save(options, prepare)
    ((result, plan),) = done
    is_saved = not options.dry_run and bool(result.added or result.changed)
    if not options.as_json:
        with answer_of_saved(is_saved=is_saved):
            _print_left(result, plan)
    if options.dry_run and not_understood(result.remarks):
        ctx.exit(EXIT_REFUSED)


def _target_folder(options: CommonOptions) -> Path:
    """Return the folder of the programme that is imported into.

    Raises:
        NothingToImportInto: There is no programme, neither here nor elsewhere, nor in a commit.
    """
    try:
        return selected_plan(options).paths[0].parent
    except (PlanElsewhere, PlanOnlyCommitted):
        raise
    except PlanNotFound as error:
        raise NothingToImportInto(**error.fields) from error


def remark_sentence(remark: "Remark") -> str:
    """Return a remark with its place, in the user's language."""
    place = remark.place.text(_)
    return f"{place}: {remark.message(_)}" if place else remark.message(_)


def answer_keys(result: "Import") -> dict[str, Any]:
    """Return what an import does as ``--json`` prints it, beside the keys of every change."""
    return {
        "added": list(result.added),
        "changed": [
            {"id": one.id, "field": one.field, "old": _json(one.old), "new": _json(one.new)}
            for one in result.changed
        ],
        "left": list(result.left),
        "remarks": remark_rows(result.remarks),
    }


def remark_rows(remarks: "Sequence[Remark]") -> list[Any]:
    """Return remarks as ``--json`` prints them."""
    return [
        {"place": one.place.text(_), "code": one.code, "message": one.message(_)} for one in remarks
    ]


def _json(value: "Plain | Missing") -> Plain | None:
    return None if isinstance(value, Missing) else value


def _print_left(result: "Import", plan: Plan) -> None:
    text = _("Добавлено: {added}, изменено: {changed}.")
    changed = len({one.id for one in result.changed})
    output.line(text.format(added=len(result.added), changed=changed))
    if result.left:
        text = _("В документе нет, остаются как есть: {measures}.")
        names = (name_text(plan.measure(one)) for one in result.left)
        output.line(text.format(measures=", ".join(names)))

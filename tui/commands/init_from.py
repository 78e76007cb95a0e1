"""``kvartal init --from``: a new programme that begins as a document has it."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.history import repair
from kvartal.history.yaml_text.document import plan_text
from kvartal.schema.changes import ChangeSource
from kvartal.schema.errors import EXIT_REFUSED, N_, KvartalError
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.commands import output
from kvartal.tui.commands.import_document import (
    NotAllUnderstood,
    remark_rows,
    remark_sentence,
)
from kvartal.tui.commands.new_year import SCHEMA
from kvartal.tui.commands.params import CommonOptions, today
from kvartal.tui.commands.saved import answer_of_saved, saved_subject
from kvartal.tui.commands.saving import PREVIEW_ONLY
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _, translator
from kvartal.tui.plan_files import FOLDER, SUFFIX
from kvartal.tui.plan_path import display_name, open_plan

if TYPE_CHECKING:
    from kvartal.exchange.importing.importing import Import
    from kvartal.schema.changes import PlanData

_ORGANIZATION: Final = N_("Организация")
_TAKEN: Final = N_("взято из «{name}»")
_TITLE: Final = N_("Программа мероприятий")


def init_from(
    folder: Path,
    file: Path,
    options: CommonOptions,
    *,
    organization: str = "",
    title: str = "",
    year: int | None = None,
    column_map: Path | None = None,
    strict: bool = False,
) -> int:
    """Begin a programme with what a document says; return the exit code.

    Args:
        folder: The programme's folder: the file is in ``plan`` in it.
        file: The document.
        options: Whether to preview, and for whom to print.
        organization: The organization, in place of what the document says; empty for that.
        title: The title, the same.
        year: The year, the same.
        column_map: A file that says what the columns hold.
        strict: Refuse where not all was understood.

    Raises:
        KvartalError: The document holds no programme, or there is one already.
    """
    from kvartal.exchange.importing.choosing import years_text
    from kvartal.exchange.importing.importing import new_programme
    from kvartal.exchange.importing.severity import not_understood
    from kvartal.exchange.reading import read_document
    from kvartal.exchange.tables.table_reader import ReadingOptions, read_programme
    from kvartal.tui.commands.column_map import read_column_map

    columns = {} if column_map is None else read_column_map(column_map)
    document = read_document(file)
    period = None if year is None else ProgrammePeriod.of_year(year)
    stated = {"organization": organization, "title": title}
    source = read_programme(
        document, ReadingOptions(period, columns, document={k: v for k, v in stated.items() if v})
    )
    data, result = new_programme(
        source, organization=_(_ORGANIZATION), title=_(_TITLE), day=today()
    )
    faults = not_understood(result.remarks)
    if strict and faults:
        first = remark_sentence(faults[0])
        raise NotAllUnderstood(name=document.name, first=first, count=len(faults))
    path = folder / FOLDER / f"{years_text(source.period)}{SUFFIX}"
    translate = translator(str(data["language"]))
    reason = translate(_TAKEN).format(name=document.name)
    source_file = ChangeSource(document.name, document.sha256)
    _save(path, data, result, (reason, source_file), options)
    return EXIT_REFUSED if options.dry_run and faults else 0


def _save(
    path: Path,
    data: "PlanData",
    result: "Import",
    origin: tuple[str, ChangeSource],
    options: CommonOptions,
) -> None:
    text = plan_text(data, schema=SCHEMA)
    programme = open_plan(path)
    commit: str | None = None
    failed: tuple[KvartalError, ...] = ()
    if not options.dry_run:
        created = repair.create(programme, text, reason=origin[0], source=origin[1])
        commit, failed = created.commit, created.warnings
    elif path.exists():
        from kvartal.history.store.new_plan import PlanExists

        raise PlanExists(path=path)
    from kvartal.exchange.importing.choosing import remark_sentences

    warnings = (*remark_sentences(result.remarks, _), *(one.message(_) for one in failed))
    with answer_of_saved():
        if options.as_json:
            row = {"commit": commit, "ids": list(result.added), "changes": []}
            row |= {
                "warnings": list(warnings),
                "folder": str(path.parent.parent),
                "file": str(path),
            }
            rows = {"added": list(result.added), "changed": [], "left": []}
            output.json_data({**row, **rows, "remarks": remark_rows(result.remarks)})
            return
        if commit is None:
            sentence = _("Будет создан файл {file}, мероприятий: {count}.")
            output.line(sentence.format(file=display_name(path), count=len(result.added)))
            output.line(_(PREVIEW_ONLY))
        else:
            what = saved_subject(programme, commit)
            output.line(_("Сохранено: {what}").format(what=what))
        for sentence in warnings:
            print_stderr(f"kvartal: {sentence}")

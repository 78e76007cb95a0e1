"""``kvartal init --from``: a new programme that begins as a document has it."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from kvartal.tui.commands.params import CommonOptions, today
from kvartal.tui.commands.saved import answer_of_saved, saved_subject
from kvartal.tui.commands.saving import PREVIEW_ONLY
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _, translator
from kvartal.tui.new_programme import COMMENT, ORGANIZATION, SCHEMA, TITLE, NewProgramme
from kvartal.tui.plan_path import display_name, open_plan

if TYPE_CHECKING:
    from kvartal.exchange.importing.importing import Import

_TAKEN: Final = N_("взято из «{name}»")


@dataclass(frozen=True, slots=True)
class DocumentWishes:
    """The document that a programme begins with, and what is said of it.

    Attributes:
        file: The document.
        period: The days that the programme is for; None where the document says.
        organization: In place of what the document says; empty for that.
        title: The same.
        column_map: A file that says what the columns hold.
        is_strict: Refuse where not all is understood.
    """

    file: Path
    period: ProgrammePeriod | None = None
    organization: str = ""
    title: str = ""
    column_map: Path | None = None
    is_strict: bool = False


def init_from(folder: Path, wishes: DocumentWishes, options: CommonOptions) -> int:
    """Begin a programme with what a document says; return the exit code.

    Args:
        folder: The programme's folder: the file is in ``plan`` in it.
        wishes: The document, and what is said of it.
        options: Whether to preview, and for whom to print.

    Raises:
        KvartalError: The document holds no programme, or there is one already.
    """
    from kvartal.exchange.importing.edited_copy import restored
    from kvartal.exchange.importing.importing import new_programme
    from kvartal.exchange.importing.severity import not_understood
    from kvartal.exchange.own_export import own_export
    from kvartal.exchange.reading import read_document
    from kvartal.exchange.tables.table_reader import ReadingOptions, read_programme
    from kvartal.tui.commands.column_map import read_column_map

    columns = {} if wishes.column_map is None else read_column_map(wishes.column_map)
    document = read_document(wishes.file)
    copy = None if wishes.period is not None else own_export(document, columns, translator)
    if copy is not None:
        source = copy.edited
        data, result = restored(copy, today())
    else:
        stated = {"organization": wishes.organization, "title": wishes.title}
        named = {key: value for key, value in stated.items() if value}
        source = read_programme(document, ReadingOptions(wishes.period, columns, document=named))
        data, result = new_programme(
            source, organization=_(ORGANIZATION), title=_(TITLE), day=today()
        )
    faults = not_understood(result.remarks)
    if wishes.is_strict and faults:
        first = remark_sentence(faults[0])
        raise NotAllUnderstood(name=document.name, first=first, count=len(faults))
    begun = NewProgramme(source.period)
    path = begun.path_in(folder)
    translate = translator(str(data["language"]))
    reason = translate(_TAKEN).format(name=document.name)
    source_file = ChangeSource(document.name, document.sha256)
    text = plan_text(data, schema=SCHEMA, comment=translate(COMMENT))
    saved = _Saved(path, text, reason, source_file, begun.files_in(folder))
    _save(saved, result, options)
    return EXIT_REFUSED if options.dry_run and faults else 0


@dataclass(frozen=True, slots=True)
class _Saved:
    """What is written: the plan file, where it is from, and what comes with it."""

    path: Path
    text: str
    reason: str
    source: ChangeSource
    files: Mapping[Path, bytes]


def _save(saved: _Saved, result: "Import", options: CommonOptions) -> None:
    path = saved.path
    programme = open_plan(path)
    commit: str | None = None
    failed: tuple[KvartalError, ...] = ()
    if options.dry_run:
        repair.check_new(programme, saved.text)
    else:
        created = repair.create(
            programme, saved.text, reason=saved.reason, files=saved.files, source=saved.source
        )
        commit, failed = created.commit, created.warnings
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

"""``kvartal init --from``: a new programme that begins as a document has it."""

from dataclasses import dataclass
from pathlib import Path

from kvartal.history import creation
from kvartal.schema.errors import EXIT_REFUSED, KvartalError
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.commands import output
from kvartal.tui.commands.import_document import (
    NotAllUnderstood,
    remark_rows,
    remark_sentence,
)
from kvartal.tui.commands.params import CommonOptions, today
from kvartal.tui.commands.reading_progress import reading_progress
from kvartal.tui.commands.saved import answer_of_saved, saved_subject
from kvartal.tui.commands.saving import PREVIEW_ONLY
from kvartal.tui.creation.from_document import BegunProgramme, UserStatements, begun_from
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _
from kvartal.tui.plans.names import display_name
from kvartal.tui.plans.path import open_plan


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
    from kvartal.exchange.importing.severity import not_understood
    from kvartal.exchange.reading import read_document
    from kvartal.tui.commands.column_map import read_column_map

    columns = {} if wishes.column_map is None else read_column_map(wishes.column_map)
    stated = UserStatements(wishes.period, wishes.organization, wishes.title, columns)
    with reading_progress(wishes.file.name):
        document = read_document(wishes.file)
        begun = begun_from(document, folder, stated, today())
    faults = not_understood(begun.result.remarks)
    if wishes.is_strict and faults:
        first = remark_sentence(faults[0])
        raise NotAllUnderstood(name=document.name, first=first, count=len(faults))
    _save(begun, options)
    return EXIT_REFUSED if options.dry_run and faults else 0


def _save(begun: BegunProgramme, options: CommonOptions) -> None:
    path, result = begun.path, begun.result
    programme = open_plan(path)
    commit: str | None = None
    failed: tuple[KvartalError, ...] = ()
    if options.dry_run:
        creation.check_new(programme, begun.text)
    else:
        created = creation.create(
            programme, begun.text, reason=begun.reason, files=begun.files, source=begun.source
        )
        commit, failed = created.commit, created.warnings
    from kvartal.exchange.importing.choosing import remark_sentences

    warnings = (*remark_sentences(result.remarks, _), *(one.message(_) for one in failed))
    with answer_of_saved(is_saved=commit is not None):
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

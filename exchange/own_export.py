"""What importing any document does: a copy of our own export is known by what it carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kvartal.exchange.child_process import Stopped, never
from kvartal.exchange.grid import SourceDocument, SourceFormat
from kvartal.exchange.importing.choosing import of_same_years, programme_for
from kvartal.exchange.importing.declared_fields import with_declared_fields
from kvartal.exchange.importing.edited_copy import OwnExport, import_copy
from kvartal.exchange.importing.hidden import hidden_plan
from kvartal.exchange.importing.importing import Import, import_into
from kvartal.exchange.reading import read_content
from kvartal.exchange.reports.blocks import Report, ReportTable
from kvartal.exchange.reports.plan_report import plan_report
from kvartal.exchange.reports.printable import printable
from kvartal.exchange.tables.printed_table import PrintedTable, printed_table
from kvartal.exchange.tables.programme import SourceProgramme
from kvartal.exchange.tables.table_reader import ReadingOptions, read_programme
from kvartal.history.plan_file import Translator
from kvartal.schema.changes import PlanData
from kvartal.schema.model import Plan
from kvartal.schema.reading import read_plan


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """The programme that a document goes into.

    Attributes:
        data: Its plain data.
        plan: The same as a model.
        name: The name of its file, for messages.
    """

    data: PlanData
    plan: Plan
    name: str


def import_document(  # noqa: PLR0913 - what a user says of a document, and where it goes
    document: SourceDocument,
    into: ImportTarget,
    translator: Translator,
    *,
    day: date,
    year: int | None = None,
    columns: Mapping[str, str] | None = None,
    records: bool = False,
    stopped: Stopped = never,
) -> tuple[SourceProgramme, Import]:
    """Return what a document reads as, and what importing it into a programme does.

    Args:
        document: As read.
        into: The programme.
        translator: Returns the translation into a plan's language.
        day: Today.
        year: What the user says that the document is for; None for what it says itself.
        columns: What the user says of its columns.
        records: Whether the marks of the document become records.
        stopped: Asked at every row and measure; the work ends as soon as it answers yes.

    Raises:
        KvartalError: It holds no programme, or one for other years.
    """
    data, plan, name = into.data, into.plan, into.name
    copy = None if year is not None else own_export(document, columns or {}, translator, stopped)
    if copy is not None:
        programme = of_same_years(copy.edited, plan, name)
        return programme, import_copy(data, copy, day=day, records=records, stopped=stopped)
    printed = printed_as(into, translator)
    programme = programme_for(
        document, plan, name, year=year, columns=columns, printed=printed, stopped=stopped
    )
    programme = with_declared_fields(programme, plan)
    return programme, import_into(data, programme, day=day, records=records, stopped=stopped)


def own_export(
    document: SourceDocument,
    columns: Mapping[str, str],
    translator: Translator,
    stopped: Stopped = never,
) -> OwnExport | None:
    """Return a document as a copy of our own export; None where it is none.

    Args:
        document: As read.
        columns: The field of a column, by its heading, where a user says so.
        translator: Returns the translation into a plan's language.
        stopped: Asked several times a second whether to stop.

    Raises:
        KvartalError: The copy has no table of measures any longer, or a library is missing.
    """
    data = hidden_plan(document)
    if data is None:
        return None
    plan = read_plan(data)
    translate = translator(plan.language)
    report = printable(plan_report(plan, data, translate))
    if document.format is SourceFormat.DOCX:
        from kvartal.exchange.writers.docx_writer import write_docx

        original, _warnings = write_docx(report, translate)
    else:
        from kvartal.exchange.writers.xlsx_writer import write_xlsx

        original, _cut = write_xlsx(report, translate)
    options = ReadingOptions(plan.period, columns, printed=_printed(plan, report), stopped=stopped)
    edited, unedited = (
        with_declared_fields(read_programme(one, options), plan)
        for one in (document, read_content(document.name, original, stopped=stopped))
    )
    return OwnExport(data, edited, unedited)


def printed_as(into: ImportTarget, translator: Translator) -> PrintedTable:
    """Return the table of a programme as its export prints it.

    Args:
        into: The programme.
        translator: Returns the translation into a plan's language.
    """
    translate = translator(into.plan.language)
    return _printed(into.plan, plan_report(into.plan, into.data, translate))


def _printed(plan: Plan, report: Report) -> PrintedTable:
    """Return the table of a programme as its export prints it."""
    table = next(one for one in reversed(report.blocks) if isinstance(one, ReportTable))
    return printed_table(plan, [(one.heading, one.field) for one in table.columns])

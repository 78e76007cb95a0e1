"""Recognises a copy of our own export, and reads what its unedited original reads as."""

from collections.abc import Callable, Mapping

from kvartal.exchange.grid import SourceDocument, SourceFormat
from kvartal.exchange.importing.edited_copy import OwnExport
from kvartal.exchange.importing.hidden import hidden_plan
from kvartal.exchange.reading import read_content
from kvartal.exchange.reports.plan_report import plan_report
from kvartal.exchange.reports.printable import printable
from kvartal.exchange.tables.table_reader import ReadingOptions, read_programme
from kvartal.schema.errors import Translate
from kvartal.schema.reading import read_plan


def own_export(
    document: SourceDocument, columns: Mapping[str, str], translator: Callable[[str], Translate]
) -> OwnExport | None:
    """Return a document as a copy of our own export; None where it is none.

    Args:
        document: As read.
        columns: The field of a column, by its heading, where a user says so.
        translator: Returns the translation into a plan's language.

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

        original = write_docx(report, translate)
    else:
        from kvartal.exchange.writers.xlsx_writer import write_xlsx

        original, _cut = write_xlsx(report, translate)
    options = ReadingOptions(plan.period, columns)
    return OwnExport(
        data,
        read_programme(document, options),
        read_programme(read_content(document.name, original), options),
    )

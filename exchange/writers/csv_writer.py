"""CSV: the tables of a report, one below the other; what begins like a formula stays text."""

import csv
import re
from io import StringIO
from typing import Final

from kvartal.exchange.export_progress import Advance, nothing
from kvartal.exchange.formula_guard import FORMULA_STARTS
from kvartal.exchange.reports.blocks import Report, ReportTable
from kvartal.exchange.writers.layout import placed_rows

_NUMBER: Final = re.compile(r"-[0-9]+(?:[ \u00a0][0-9]{3})*(?:[.,][0-9]+)?")
"""What begins like a formula and is a number: a negative one as documents print it."""
BOM: Final = "\ufeff"


def write_csv(report: Report, *, for_excel: bool = False, advance: Advance = nothing) -> bytes:
    """Return the tables of a report as CSV in UTF-8, with an empty line between two.

    Args:
        report: What is written.
        for_excel: With a byte order mark and semicolons, as a Russian Excel opens it by a click;
            what begins like a formula is led by an apostrophe there.
        advance: Called after each row.

    Raises:
        ExportStopped: Nobody wants the rest.
    """
    stream = StringIO()
    writer = csv.writer(stream, delimiter=";" if for_excel else ",", lineterminator="\r\n")
    tables = report.tables
    if report.kind == "plan":
        # The document's own small tables are no rows of the programme.
        tables = tables[-1:]
    for index, table in enumerate(tables):
        if index:
            writer.writerow(())
        for row in table_rows(table, advance):
            writer.writerow([_guarded(text) if for_excel else text for text in row])
    return (BOM * for_excel + stream.getvalue()).encode()


def table_rows(table: ReportTable, advance: Advance = nothing) -> list[list[str]]:
    """Return a table as rows of texts: a cell over several rows or columns stands in the first.

    Args:
        table: The table.
        advance: Called after each row.
    """
    rows = [[column.heading for column in table.columns]]
    for placed in placed_rows(table):
        texts = [""] * len(table.columns)
        for one in placed:
            texts[one.column] = "" if one.cell is None else one.cell.text
        rows.append(texts)
        advance()
    return rows


def _guarded(text: str) -> str:
    is_risky = text.startswith(FORMULA_STARTS) and text not in {"-", "–"}
    is_risky = is_risky and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_risky else text

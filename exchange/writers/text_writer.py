"""Plain text for a mail and for a preview: no markup, rows as short paragraphs."""

from collections.abc import Iterator
from itertools import zip_longest

from kvartal.exchange.reports.blocks import (
    Block,
    ChartBlock,
    CoverBlock,
    FigureBlock,
    Heading,
    ListBlock,
    Report,
    ReportTable,
    TextBlock,
)
from kvartal.exchange.writers.csv_writer import table_rows


def write_text(report: Report) -> str:
    """Return a report as plain text."""
    parts = ["\n".join(_block(block)) for block in report.blocks]
    head = " · ".join(filter(None, (report.organization, report.years)))
    return "\n\n".join(part for part in (head, *parts) if part) + "\n"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield block.text.upper() if block.level == 1 else block.text
        yield ("=" if block.level == 1 else "-") * min(len(block.text), 70)
    elif isinstance(block, TextBlock):
        yield block.text
    elif isinstance(block, ListBlock):
        yield from (f"{block.marker} {item}" for item in block.items)
    elif isinstance(block, FigureBlock):
        yield from (f"{label}: {value}" for label, value in block.figures)
    elif isinstance(block, ChartBlock):
        yield f"{block.title}: {block.caption}"
    elif isinstance(block, CoverBlock):
        yield from (*block.approval, "", block.title, *filter(None, (block.code, block.marking)))
    else:
        yield from _table(block)


def _table(table: ReportTable) -> Iterator[str]:
    if table.caption:
        yield table.caption
    head, *rows = table_rows(table)
    for row in rows:
        filled = [(name, text) for name, text in zip_longest(head, row, fillvalue="") if text]
        # A number alone says little: what it numbers stands beside it.
        count = 2 if table.columns[0].field == "number" else 1
        title = " ".join(text.replace("\n", "; ") for _name, text in filled[:count])
        yield f"• {title}"
        for name, text in filled[count:]:
            shown = text.replace("\n", "; ")
            yield f"    {name}: {shown}" if name else f"    {shown}"

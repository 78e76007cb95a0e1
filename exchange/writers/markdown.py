"""Markdown: headings, paragraphs and tables that render everywhere."""

import re
from collections.abc import Iterator
from typing import Final

from kvartal.exchange.export_progress import Advance, nothing
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

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~]|&(?=#?\w+;))")
_BEGINS: Final = re.compile(r"(\s*)(?:([-+=])|(\d{1,9})([.)]))(?=\s|$|[-=])")
"""What makes a line an item of a list, or the line above it a heading."""


def write_markdown(report: Report, advance: Advance = nothing) -> bytes:
    """Return a report as Markdown in UTF-8.

    Args:
        report: What is written.
        advance: Called after each row of a table.

    Raises:
        ExportStopped: Nobody wants the rest.
    """
    parts = ["\n".join(_block(block, advance)) for block in report.outline]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _block(block: Block, advance: Advance) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * min(block.level, 6)} {_text(block.text)}"
    elif isinstance(block, TextBlock):
        yield _lines(block.text)
    elif isinstance(block, ListBlock):
        yield from (f"- {_lines(item)}" for item in block.items)
    elif isinstance(block, FigureBlock):
        yield from (f"- {_text(label)}: **{_text(value)}**" for label, value in block.figures)
    elif isinstance(block, ChartBlock):
        yield f"**{_text(block.title)}** — {_text(block.caption)}"
    elif isinstance(block, CoverBlock):
        lines = (*block.approval, *([block.organization] if block.names_organization else []))
        yield from (f"{_lines(line)}  " for line in lines)
        yield ""
        yield f"# {_text(' '.join(filter(None, (block.title, block.code))))}"
        if block.marking:
            yield from ("", _lines(block.marking))
    else:
        yield from _table(block, advance)


def _table(table: ReportTable, advance: Advance) -> Iterator[str]:
    if table.caption:
        yield _lines(table.caption)
        yield ""
    head, *rows = table_rows(table, advance)
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from map(_row, rows)


def _row(texts: list[str]) -> str:
    cells = (text if text == "---" else _text(text).replace("\n", "<br>") for text in texts)
    return f"| {' | '.join(cells)} |"


def _lines(text: str) -> str:
    """Return a text with its lines, none of which begins a list or makes a heading."""
    lines = (_begun(_text(line)) for line in text.split("\n"))
    return "  \n".join(lines)


def _begun(line: str) -> str:
    found = _BEGINS.match(line)
    if not found:
        return line
    at = found.start(2) if found[2] else found.start(4)
    return f"{line[:at]}\\{line[at:]}"


def _text(text: str) -> str:
    """Return a text as Markdown shows it literally."""
    return _SPECIAL.sub(r"\\\1", text)

"""The chapters of a programme's document, as blocks."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kvartal.exchange.reports.blocks import (
    Block,
    Heading,
    ListBlock,
    ReportCell,
    ReportColumn,
    ReportRow,
    ReportTable,
    TextBlock,
)
from kvartal.schema.changes import Plain

_CHAPTERS: Final = (
    "information",
    "references",
    "definitions",
    "goals_and_tasks",
    "current_state",
)


def chapter_blocks(document: Mapping[str, Plain]) -> Iterator[Block]:
    """Yield the chapters of a document.

    Args:
        document: What the programme says of its document, as plain data.
    """
    for name in _CHAPTERS:
        chapter = document.get(name)
        if isinstance(chapter, dict):
            yield Heading(numbered_heading(chapter, ""))
            yield from _chapter_blocks(name, chapter)
    chapters = document.get("chapters")
    for chapter in chapters if isinstance(chapters, list) else ():
        if isinstance(chapter, dict):
            yield Heading(numbered_heading(chapter, ""))
            yield from _generic_blocks(chapter)


def numbered_heading(chapter: Mapping[str, Plain], otherwise: str) -> str:
    """Return a heading with its number.

    Args:
        chapter: The chapter, as plain data.
        otherwise: What it is called where it does not say.
    """
    heading = str(chapter.get("heading", otherwise))
    return f"{chapter['number']}. {heading}" if "number" in chapter else heading


def _chapter_blocks(name: str, chapter: Mapping[str, Plain]) -> Iterator[Block]:
    if name == "information":
        rows = [(one.get("name", ""), one.get("value", "")) for one in _mappings(chapter, "rows")]
        yield _simple_table((), rows, numbered_heading(chapter, ""))
    elif name == "references":
        documents = [
            (str(at), one.get("requisites", ""), one.get("title", ""))
            for at, one in enumerate(_mappings(chapter, "documents"), 1)
        ]
        yield _simple_table(_texts(chapter, "columns"), documents, numbered_heading(chapter, ""))
    elif name == "definitions":
        terms = [
            (one.get("name", ""), one.get("abbreviation", ""), one.get("definition", ""))
            for one in _mappings(chapter, "terms")
        ]
        yield _simple_table(_texts(chapter, "columns"), terms, numbered_heading(chapter, ""))
    elif name == "goals_and_tasks":
        for part in ("goals", "tasks"):
            yield from _enumeration(chapter.get(part))
    else:
        yield from (TextBlock(text) for text in _texts(chapter, "paragraphs"))
        infrastructure = chapter.get("infrastructure")
        if isinstance(infrastructure, dict):
            yield TextBlock(str(infrastructure.get("intro", "")))
            for group in _mappings(infrastructure, "groups"):
                yield from _enumeration(group)
        if "conclusion" in chapter:
            yield TextBlock(str(chapter["conclusion"]))


def _generic_blocks(chapter: Mapping[str, Plain]) -> Iterator[Block]:
    for block in _mappings(chapter, "blocks"):
        items, table = block.get("list"), block.get("table")
        if "paragraph" in block:
            yield TextBlock(str(block["paragraph"]))
        elif isinstance(items, dict):
            yield ListBlock(_texts(items, "items"), str(items.get("marker", "–")))
        elif isinstance(table, dict):
            rows = table.get("rows")
            cells = [
                tuple(map(str, row))
                for row in (rows if isinstance(rows, list) else [])
                if isinstance(row, list)
            ]
            yield _simple_table(_texts(table, "columns"), cells, numbered_heading(chapter, ""))


def _enumeration(value: Plain | None) -> Iterator[Block]:
    if isinstance(value, dict):
        number = f"{value['number']}. " if "number" in value else ""
        yield TextBlock(f"{number}{value.get('intro', '')}")
        yield ListBlock(_texts(value, "items"), str(value.get("marker", "–")))


def _simple_table(
    headings: Sequence[str], rows: Sequence[Sequence[Plain]], name: str
) -> ReportTable:
    width = max([len(headings), *(len(row) for row in rows)])
    columns = [*headings, *[""] * (width - len(headings))]
    return ReportTable(
        name=name,
        columns=tuple(
            ReportColumn(heading, width=_width(at, heading, rows))
            for at, heading in enumerate(columns)
        ),
        rows=tuple(ReportRow(tuple(ReportCell(_lines(str(text))) for text in row)) for row in rows),
    )


def _width(column: int, heading: str, rows: Sequence[Sequence[Plain]]) -> float:
    """Return the share of a column: a longer text gets more, but not as much more as it is long."""
    texts = (str(row[column]) for row in rows if column < len(row))
    return math.sqrt(max(len(heading), 1, *(len(text) for text in texts)))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def _mappings(row: Mapping[str, Plain], key: str) -> list[dict[str, Plain]]:
    value = row.get(key, [])
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(row: Mapping[str, Plain], key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    return tuple(map(str, value)) if isinstance(value, list) else ()

"""Reads plain texts, such as the exports of document systems: paragraphs and drawn tables.

Tables are drawn with tabs, with pipes or box characters, in Markdown, with columns of spaces, or
have each cell on a line of its own. A page break ends a table; the table reader joins what belongs
together.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kvartal.exchange.grid import Grid, Paragraph, Run, SourceDocument, SourceFormat
from kvartal.exchange.readers.grid_builder import DraftCell, GridBuilder
from kvartal.exchange.readers.plain_text_boxes import box_rows, is_boxed
from kvartal.exchange.readers.plain_text_cells import lined_table
from kvartal.exchange.readers.plain_text_columns import column_rows, columns_from
from kvartal.exchange.readers.plain_text_markdown import (
    heading_level,
    markdown_rows,
    markdown_until,
    plain_text,
)
from kvartal.exchange.readers.plain_text_rows import DrawnCell, DrawnRow, TextLine
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.source_place import SourcePlace
from kvartal.schema.errors import N_

_LINE_END: Final = re.compile(r"\r\n?|\n")
_RULE: Final = re.compile(r"\s*:?-{2,}:?\s*")


def read_plain_text(source: SourceFile, text: str, encoding: str) -> SourceDocument:
    """Return a text as paragraphs and tables.

    Args:
        source: The file.
        text: Its content.
        encoding: Name of its encoding.

    Raises:
        DocumentTooLarge: It has too many lines, columns or cells.
    """
    lines = [
        TextLine(number, line)
        for number, whole in enumerate(_LINE_END.split(text), 1)
        for line in whole.split("\f")
    ]
    if len(lines) > source.limits.rows:
        raise source.too_large(N_("число строк текста"), source.limits.rows)
    parts: list[Paragraph | Grid] = []
    is_markdown = any(markdown_until(lines, index) > index for index in range(len(lines)))
    for block in _drawn_or_lined(source, lines):
        if isinstance(block, TextLine):
            if block.text.strip():
                place = SourcePlace(line=block.number)
                shown = plain_text(block.text) if is_markdown else block.text
                outline = heading_level(block.text) if is_markdown else 0
                indent = _indent(block.text)
                parts.append(Paragraph((Run(shown),), place, indent=indent, outline=outline))
        else:
            parts.append(_grid(source, block))
    return source.document(SourceFormat.PLAIN_TEXT, parts, encoding=encoding)


def _drawn_or_lined(
    source: SourceFile, lines: Sequence[TextLine]
) -> list[TextLine | list[DrawnRow]]:
    """Return lines, and tables in place of their lines; where none is drawn, one by lines."""
    blocks = list(_blocks(lines))
    if any(isinstance(block, list) for block in blocks):
        return blocks
    table = lined_table(lines)
    if table is None:
        return blocks
    source.remarks += table.remarks
    return [*lines[: table.start], table.rows, *lines[table.end :]]


def _blocks(lines: Sequence[TextLine]) -> Iterator[TextLine | list[DrawnRow]]:
    """Yield lines, and tables in place of the lines that they are drawn with."""
    index = 0
    while index < len(lines):
        end = index
        rows: list[DrawnRow] = []
        marked = markdown_until(lines, index)
        if marked > index:
            end = marked
            rows = markdown_rows(lines[index:end])
        elif "\t" in lines[index].text:
            end = _tabbed_until(lines, index)
            rows = tab_rows(lines[index:end])
        elif is_boxed(lines[index].text):
            while end < len(lines) and is_boxed(lines[end].text):
                end += 1
            rows = box_rows(lines[index:end])
        else:
            table = columns_from(lines, index)
            if table:
                end = table.end
                rows = column_rows(lines[index:end], table.starts)
        if rows:
            yield rows
            index = end
        else:
            yield from lines[index : max(end, index + 1)]
            index = max(end, index + 1)


def _tabbed_until(lines: Sequence[TextLine], index: int) -> int:
    """Return where a table drawn with tabs ends: at a line without any, unless a cell goes on."""
    end = index
    widest = 0
    while end < len(lines):
        tabs = lines[end].text.count("\t")
        widest = max(widest, tabs)
        if not tabs:
            broken = 0 < lines[end - 1].text.count("\t") < widest
            following = lines[end + 1].text if end + 1 < len(lines) else ""
            if not (broken and lines[end].text.strip() and 0 < following.count("\t") < widest):
                break
        end += 1
    return end


def tab_rows(lines: Sequence[TextLine]) -> list[DrawnRow]:
    """Return the rows of a table drawn with tabs.

    A row that is broken inside a cell stands in several lines: together they have as many tabs as
    a whole row, and neither the first nor the last of them has all or none.
    """
    whole = max(line.text.count("\t") for line in lines)
    rows: list[DrawnRow] = []
    index = 0
    while index < len(lines):
        parts = [lines[index].text]
        tabs = parts[0].count("\t")
        end = index + 1
        if 0 < tabs < whole:
            total = tabs
            while end < len(lines) and total < whole:
                total += lines[end].text.count("\t")
                end += 1
            joined = lines[index:end]
            if total == whole and _is_broken(joined):
                parts = [line.text for line in joined]
            else:
                end = index + 1
        texts = "\n".join(parts).split("\t")
        if not all(map(_RULE.fullmatch, texts)):
            cells = [DrawnCell(column, 1, text) for column, text in enumerate(texts)]
            rows.append(DrawnRow(lines[index].number, cells))
        index = end
    return rows


def _is_broken(lines: Sequence[TextLine]) -> bool:
    """Return whether lines are one row: only the first and the last have tabs, and all begin."""
    last = lines[-1].text
    middle = lines[1:-1]
    return last[:1].strip() != "" and "\t" in last and not any("\t" in one.text for one in middle)


def _grid(source: SourceFile, rows: Sequence[DrawnRow]) -> Grid:
    builder = GridBuilder(source, SourcePlace(line=rows[0].line))
    for number, row in enumerate(rows):
        builder.count_rows(number + 1)
        for cell in row.cells:
            place = SourcePlace(line=row.line, column=cell.column + 1)
            plain = ((Run(line),) for line in cell.text.split("\n") if line)
            lines = [Paragraph(line, place) for line in cell.lines or plain]
            builder.add(
                DraftCell(number, cell.column, column_span=cell.span, blocks=lines, place=place)
            )
    return builder.build()


def _indent(text: str) -> float:
    return float(len(text) - len(text.lstrip(" \t")))

"""Reads tables of separated values (CSV, TSV): one grid, a row for each record."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import sqrt
from typing import Final

from kvartal.exchange.formula_guard import without_guard
from kvartal.exchange.grid import Grid, Paragraph, Run, SourceDocument, SourceFormat
from kvartal.exchange.readers.grid_builder import DraftCell, GridBuilder
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.source_place import SourcePlace

_DELIMITERS: Final = ("\t", ";", "|", ",")
"""In the order of preference where several fit equally."""

_DIRECTIVE: Final = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_LINE_END: Final = re.compile(r"\r\n?|\n")
_SAMPLE: Final = 200
_FURTHEST: Final = 5_000
"""How many records are looked at for a sample: a file may begin with any number of empty ones."""
_REGULAR: Final = 0.9
_LIKELY: Final = 0.6


@dataclass(frozen=True, slots=True)
class SeparatedRecord:
    """A record.

    Attributes:
        fields: Its texts.
        line: Line of the file that it begins in, from 1.
    """

    fields: tuple[str, ...]
    line: int


def read_separated(source: SourceFile, text: str, encoding: str) -> SourceDocument:
    """Return a table of separated values.

    Args:
        source: The file.
        text: Its content.
        encoding: Name of its encoding.

    Raises:
        DocumentTooLarge: It has too many rows, columns or cells.
    """
    directive = _DIRECTIVE.match(text)
    delimiter = directive[1] if directive else find_delimiter(text)[0]
    delimiter = delimiter or ";"
    found = records(text, delimiter, skip=directive, is_quoted=_is_quoted(text, delimiter))
    grid = as_grid(source, found)
    return source.document(SourceFormat.SEPARATED, [grid], encoding=encoding)


def _is_quoted(text: str, delimiter: str) -> bool:
    """Return whether quotation marks around a field that needs none are no part of it.

    What is divided by tabs is rarely quoted: there they are text, unless every field has them.
    """
    return delimiter != "\t" or re.search(r'(?m)(?:\A|\t|^)[^"\t\r\n]', text) is None


def as_grid(source: SourceFile, found: Iterator[SeparatedRecord]) -> Grid:
    """Return records as a table; those without any text are left out."""
    builder = GridBuilder(source)
    row = 0
    for record in found:
        if not any(field.strip() for field in record.fields):
            continue
        for column, field in enumerate(record.fields):
            place = SourcePlace(line=record.line, column=column + 1)
            lines = [
                Paragraph((Run(line),), place)
                for line in _LINE_END.split(without_guard(field))
                if line
            ]
            builder.add(DraftCell(row, column, blocks=lines, place=place))
        row += 1
    return builder.build()


def is_separated(text: str, *, likely: bool) -> bool:
    """Return whether a text is a table of separated values from its first to its last line.

    Args:
        text: The text.
        likely: Whether the file's name says so; then other lines around the table are allowed.
    """
    if _DIRECTIVE.match(text):
        return True
    delimiter, share = find_delimiter(text)
    return bool(delimiter) and share >= (_LIKELY if likely else _REGULAR)


def find_delimiter(text: str) -> tuple[str, float]:
    """Return the delimiter that divides most records alike, and the share of these records."""
    best = ("", 0.0, 0.0)
    for delimiter in _DELIMITERS:
        counts: Counter[int] = Counter()
        for record in islice(records(text, delimiter), _FURTHEST):
            if any(field.strip() for field in record.fields):
                counts[len(record.fields)] += 1
            if counts.total() >= _SAMPLE:
                break
        divided = [(number, size) for size, number in counts.items() if size > 1]
        if divided:
            number, size = max(divided)
            share = number / counts.total()
            # Commas in sentences divide records too, but rarely alike.
            score = share * sqrt(size - 1)
            if score > best[2]:
                best = (delimiter, share, score)
    return best[:2]


def records(
    text: str, delimiter: str, *, skip: re.Match[str] | None = None, is_quoted: bool = True
) -> Iterator[SeparatedRecord]:
    """Yield the records of a text.

    A quotation mark counts only where it encloses a whole field: in all other places it is text.

    Args:
        text: The text.
        delimiter: What stands between fields.
        skip: What stands before the first record.
        is_quoted: Whether quotation marks around a field that needs none are no part of it.
    """
    end = re.escape(delimiter)
    field = re.compile(rf'"((?:[^"]++|"")*+)"(?={end}|\r|\n|\Z)|([^{end}\r\n]*+)')
    needs = re.compile(rf'{end}|[\r\n]|""')
    position = skip.end() if skip else 0
    line = 2 if skip else 1
    fields: list[str] = []
    first = line
    while position < len(text):
        match = field.match(text, position)
        assert match is not None  # noqa: S101 - an empty field always matches
        quoted = match[1]
        if quoted is None or not (is_quoted or needs.search(quoted)):
            fields.append(match[0])
        else:
            fields.append(quoted.replace('""', '"'))
        line += len(_LINE_END.findall(match[0]))
        position = match.end()
        if text.startswith(delimiter, position):
            position += 1
            if position == len(text):
                fields.append("")
            continue
        line_end = _LINE_END.match(text, position)
        if line_end:
            position = line_end.end()
            line += 1
        yield SeparatedRecord(tuple(fields), first)
        fields, first = [], line
    if fields:
        yield SeparatedRecord(tuple(fields), first)

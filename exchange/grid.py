"""What every reader gives and the table reader takes: a document as paragraphs and grids.

Only the readers know formats. Texts are raw: code point for code point what the file holds, soft
hyphens, double spaces and look-alike letters included; making them fit for a plan is the table
reader's work. Rows and columns of a grid count from 0,
those of a `SourcePlace` from 1, as a person does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from kvartal.exchange.packed import Packed
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import NO_PLACE, SourcePlace

CellValue = bool | Decimal | date | datetime | time
"""The typed value of a spreadsheet's cell; a text has none but its text."""


class SourceFormat(StrEnum):
    """The format of a source document, found by its content."""

    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"
    ODS = "ods"
    SEPARATED = "csv"
    HTML = "html"
    PLAIN_TEXT = "txt"


class ValueKind(StrEnum):
    """What kind of value a cell holds, beside its text."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    BOOLEAN = "boolean"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Run(Packed):
    """A piece of text with one set of flags.

    Attributes:
        text: Raw; a line break is a line feed, a page or column break a form feed, a tab a tab. Of
            a footnote's mark: the mark as printed.
        struck: Struck through, once or twice.
        inserted: Inserted while changes were tracked: part of the text.
        deleted: Deleted while changes were tracked: no part of the text.
        hidden: Not shown and not printed: no part of the text.
        bold: Bold.
        italic: Italic.
        superscript: Raised, as marks of footnotes typed by hand are.
        note: Key of the footnote (`SourceDocument.footnote`) that this is the mark of: no part of
            the text.
        link: Target of the hyperlink that the text belongs to; never followed.
    """

    text: str
    struck: bool = False
    inserted: bool = False
    deleted: bool = False
    hidden: bool = False
    bold: bool = False
    italic: bool = False
    superscript: bool = False
    note: str = ""
    link: str = ""

    @property
    def printed(self) -> bool:
        """Whether it is part of the text that a person reads: struck text and insertions are."""
        return not (self.deleted or self.hidden or self.note)


@dataclass(frozen=True, slots=True)
class Paragraph(Packed):
    """A paragraph: of the document, of a cell or of a footnote.

    Attributes:
        runs: Its text.
        place: Where it stands; of a paragraph in a cell, the cell's place.
        number: The automatic number or bullet, as printed: «1.2.», «а)», «•».
        level: Level of the list, from 0, where there is an automatic number.
        style: Name of its style, as in the document.
        outline: Outline level of a heading, from 1; 0 for body text.
        indent: Indentation of the left edge; comparable within one document only.
        bookmarks: Names of the bookmarks that begin in it.
    """

    runs: tuple[Run, ...]
    place: SourcePlace = NO_PLACE
    number: str = ""
    level: int = 0
    style: str = ""
    outline: int = 0
    indent: float = 0.0
    bookmarks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What a person reads, without the automatic number: no deletions, no hidden text."""
        return "".join(run.text for run in self.runs if run.printed)

    @property
    def numbered_text(self) -> str:
        """The text after its automatic number and a space."""
        return f"{self.number} {self.text}" if self.number else self.text

    @property
    def struck(self) -> bool:
        """Whether all of its text is struck through; False where there is no text."""
        printed = [run for run in self.runs if run.printed and run.text.strip()]
        return bool(printed) and all(run.struck for run in printed)


@dataclass(frozen=True, slots=True)
class GridCell(Packed):
    """A cell at its top left position; positions covered by its spans have no cell of their own.

    Attributes:
        row: From 0.
        column: From 0.
        row_span: How many rows it covers.
        column_span: How many columns it covers.
        blocks: Paragraphs and nested tables in order.
        place: Where it stands in the source.
        kind: The kind of its value.
        value: The typed value behind the text of a spreadsheet's cell; a percentage is a fraction.
        formula: The formula as written; never evaluated, its text and value are the stored ones.
        heading: Marked as a heading by the document (a repeated heading row, `th`).
    """

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    blocks: "tuple[Paragraph | Grid, ...]" = ()
    place: SourcePlace = NO_PLACE
    kind: ValueKind = ValueKind.TEXT
    value: CellValue | None = None
    formula: str = ""
    heading: bool = False

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Its own paragraphs, without those of nested tables."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def grids(self) -> "tuple[Grid, ...]":
        """Its nested tables."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    @property
    def text(self) -> str:
        """What a person reads: its paragraphs with their automatic numbers, a line each."""
        return "\n".join(paragraph.numbered_text for paragraph in self.paragraphs)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of all its paragraphs."""
        return tuple(run for paragraph in self.paragraphs for run in paragraph.runs)

    @property
    def bookmarks(self) -> tuple[str, ...]:
        """Names of the bookmarks that begin in it."""
        return tuple(name for paragraph in self.paragraphs for name in paragraph.bookmarks)


@dataclass(frozen=True)
class Grid:
    """A table or a sheet.

    Attributes:
        rows: Number of rows.
        columns: Number of columns.
        cells: By row, then column. No two cells overlap; positions may be free.
        place: Where it stands in the source.
        name: Name of the sheet, or of the table where the format has one.
        hidden: A sheet that is not shown.
        hidden_rows: Rows that are not shown, filtered ones included.
        hidden_columns: Columns that are not shown.
        deleted_rows: Rows deleted while changes were tracked; the runs in them are deleted too.
        inserted_rows: Rows inserted while changes were tracked.
        bookmarks: Names of bookmarks by the row that they begin in, where they are not in a cell.
    """

    rows: int
    columns: int
    cells: tuple[GridCell, ...]
    place: SourcePlace = NO_PLACE
    name: str = ""
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    deleted_rows: frozenset[int] = frozenset()
    inserted_rows: frozenset[int] = frozenset()
    bookmarks: tuple[tuple[int, str], ...] = ()

    @cached_property
    def _covering(self) -> dict[tuple[int, int], GridCell]:
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }

    @cached_property
    def _starting(self) -> dict[int, tuple[GridCell, ...]]:
        rows = groupby(self.cells, key=lambda cell: cell.row)
        return {row: tuple(cells) for row, cells in rows}

    def at(self, row: int, column: int) -> GridCell | None:
        """Return the cell that covers a position, or None where the position is free."""
        return self._covering.get((row, column))

    def row(self, row: int) -> tuple[GridCell, ...]:
        """Return the cells that begin in a row, by column."""
        return self._starting.get(row, ())

    def row_text(self, row: int) -> tuple[str, ...]:
        """Return what a person reads in a row, a text for each column.

        Args:
            row: From 0. A cell's text stands at each position that the cell covers.
        """
        cells = (self.at(row, column) for column in range(self.columns))
        return tuple(cell.text if cell else "" for cell in cells)


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote or endnote.

    Attributes:
        key: What `Run.note` names it by.
        mark: The mark as printed.
        paragraphs: Its text.
    """

    key: str
    mark: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def text(self) -> str:
        """What a person reads, a line for each paragraph."""
        return "\n".join(paragraph.numbered_text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document as read.

    Attributes:
        name: The file's name without its folder.
        sha256: Hash of the file's bytes, in hexadecimal.
        size: The file's size in bytes.
        format: Its format, found by the content.
        parts: Paragraphs and tables (or sheets) in document order.
        footnotes: Footnotes and endnotes.
        remarks: What a reader could not take over or has to point out.
        encoding: The encoding of a text format, else empty.
        converted_from: The format that it was converted from («rtf», «doc», «xls»), else empty.
        custom_xml: XML parts that the document carries for programs, as texts.
        headers: What is printed at the top and the bottom of every page, each text once.
    """

    name: str
    sha256: str
    size: int
    format: SourceFormat
    parts: tuple[Paragraph | Grid, ...]
    footnotes: tuple[Footnote, ...] = ()
    remarks: tuple[Remark, ...] = ()
    encoding: str = ""
    converted_from: str = ""
    custom_xml: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The tables or sheets in document order, without nested ones."""
        return tuple(part for part in self.parts if isinstance(part, Grid))

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs outside tables."""
        return tuple(part for part in self.parts if isinstance(part, Paragraph))

    def walk(self) -> Iterator[Grid]:
        """Yield every table, nested ones after the table that holds them."""
        pending = list(reversed(self.grids))
        while pending:
            grid = pending.pop()
            yield grid
            pending += (nested for cell in reversed(grid.cells) for nested in reversed(cell.grids))

"""The blocks of a report: what every writer draws in its own format, and works out nothing.

A report is made once, from a plan, a date and a history; texts in it are final: in the plan's
language, dates as they are printed there. Values stand beside their texts for formats that hold
them: dates, numbers and percentages (0 to 100).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from kvartal.schema.changes import Json


class ReportStyle(StrEnum):
    """How a cell looks: what it means, not its colour."""

    PLAIN = "plain"
    SECTION = "section"
    CHANNEL = "channel"
    TOTAL = "total"
    OVERDUE = "overdue"
    DUE = "due"
    DONE = "done"
    DONE_LATE = "done_late"
    CANCELLED = "cancelled"


class ColumnKind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class ReportCell:
    """A cell of a table.

    Attributes:
        lines: Its paragraphs; none for an empty cell.
        value: The value behind the text; None where there is only text.
        style: What it means.
        column_span: How many columns it covers.
        row_span: How many rows it covers; covered positions have no cell of their own.
    """

    lines: tuple[str, ...] = ()
    value: float | date | None = None
    style: ReportStyle = ReportStyle.PLAIN
    column_span: int = 1
    row_span: int = 1

    @property
    def text(self) -> str:
        """Its paragraphs, a line each."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class StateMark:
    """What the text of a state means, for formats that colour a cell by its content.

    Attributes:
        style: What it means.
        begins: How its text begins; empty for any number above 0.
    """

    style: ReportStyle
    begins: str = ""


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a table.

    Attributes:
        heading: As printed.
        field: The field of a measure that it shows, by its name in the schema; empty for others.
        width: Its share of the table's width, in any unit.
        kind: What its values are.
        marks: What its cells mean; the first that fits counts. None where they say no state.
    """

    heading: str
    field: str = ""
    width: float = 1.0
    kind: ColumnKind = ColumnKind.TEXT
    marks: tuple[StateMark, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row of a table.

    Attributes:
        cells: From the left; those covered from above are left out.
        measure: Id of the measure that it shows, which our own exports carry; empty for none.
    """

    cells: tuple[ReportCell, ...]
    measure: str = ""


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table.

    Attributes:
        name: Short name, fit for a sheet: at most 31 characters.
        columns: Its columns.
        rows: Its rows.
        caption: The line above it; empty for none.
        column_numbers: Whether numbers of columns stand below the headings.
    """

    name: str
    columns: tuple[ReportColumn, ...]
    rows: tuple[ReportRow, ...]
    caption: str = ""
    column_numbers: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading.

    Attributes:
        text: With its number.
        level: From 1.
    """

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list.

    Attributes:
        items: Its items, without the marker.
        marker: What stands before each.
    """

    items: tuple[str, ...]
    marker: str = "–"


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """The key figures of a report, to be shown large: label and value each."""

    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """The values of an indicator against its target.

    Attributes:
        title: Name of the indicator with its unit.
        points: Period, value and the value as printed each, in order.
        target: The value to reach or not to exceed.
        target_text: The same in words: «План: 95».
        caption: What a reader who cannot see the chart is told.
    """

    title: str
    points: tuple[tuple[str, float, str], ...]
    target: float
    target_text: str
    caption: str

    @property
    def largest(self) -> float:
        """The largest value or target, for a scale; never 0."""
        return max([abs(value) for _name, value, _text in self.points] + [abs(self.target), 1e-9])


@dataclass(frozen=True, slots=True)
class CoverBlock:
    """The first page of a document.

    Attributes:
        approval: The lines of the approval, at the right.
        organization: Who issues it.
        title: Its title.
        code: Its code; empty for none.
        marking: A note for its readers; empty for none.
        brand: What stands at the top of each page beside the title; empty for none.
        contents: What the list of contents is called; empty for the usual word.
    """

    approval: tuple[str, ...]
    organization: str
    title: str
    code: str = ""
    marking: str = ""
    brand: str = ""
    contents: str = ""

    @property
    def page_header(self) -> tuple[str, str, str] | None:
        """What is printed on each page, from the left; None where a document has no such line."""
        if not (self.brand or self.marking):
            return None
        return self.brand, self.title, "\n".join(filter(None, (self.code, self.marking)))

    @property
    def names_organization(self) -> bool:
        """Whether who issues it is still to be said: neither approval nor title do."""
        return not any(self.organization in one for one in (*self.approval, self.title))


Block = Heading | TextBlock | ListBlock | FigureBlock | ChartBlock | CoverBlock | ReportTable


@dataclass(frozen=True)
class Report:
    """Something to be written in any format.

    Attributes:
        kind: ``plan``, ``report``, ``overdue`` or ``review``.
        title: Its title, in one line.
        language: ``ru`` or ``en``.
        organization: Whose programme it is.
        years: The years that the programme is for, as its file is called.
        as_of: The day that states are of; None where none are shown.
        blocks: What it consists of.
        data: The same for programs.
        hidden: What travels with an export without being printed, so that a copy comes back whole.
        unprinted: What measures say and no column of a document prints: a name of the programme's
            own, or a label in Russian, each.
        joined: Its tables as one, for formats of rows, which sort and filter; None where each table
            is about something else.
        names: What a template may say besides organization, title and years, by name.
    """

    kind: str
    title: str
    language: str
    organization: str
    years: str
    as_of: date | None
    blocks: tuple[Block, ...]
    data: Json = None
    hidden: Mapping[str, Json] = field(default_factory=dict)
    joined: ReportTable | None = None
    unprinted: tuple[tuple[str, str], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def outline(self) -> tuple[Block, ...]:
        """Its blocks, with headings below the title of a cover: that is the first heading then."""
        below = int(any(isinstance(block, CoverBlock) for block in self.blocks))
        return tuple(
            replace(block, level=block.level + below) if isinstance(block, Heading) else block
            for block in self.blocks
        )

    @property
    def tables(self) -> tuple[ReportTable, ...]:
        """Its tables as formats of rows hold them."""
        if self.joined is not None:
            return (self.joined,)
        return tuple(block for block in self.blocks if isinstance(block, ReportTable))

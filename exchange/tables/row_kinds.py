"""What a row of a table of measures may be: the title of a part, a measure or a total."""

from collections.abc import Mapping
from dataclasses import dataclass

from kvartal.exchange.grid import GridCell
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import SourcePlace
from kvartal.exchange.tables.programme import SourcePart
from kvartal.exchange.tables.texts import cell_text, is_dash
from kvartal.schema.period import ProgrammePeriod


@dataclass(frozen=True, slots=True)
class PartRow:
    """A row with the title of a section or a channel.

    Attributes:
        number: As printed, without a full stop at its end; empty where there is none.
        title: Its title.
        place: Where it stands.
        word: What the document calls a part of this level: «Задача»; empty for none.
        style: What tells levels apart where no numbers do: indentation, capitals, bold type.
        bookmarks: Names of the bookmarks in it.
        known: The part of the programme that it is, in a copy of our own export of that; None
            where it is not known.
        measure: The measure that it is where its number goes on with those of measures.
        total: The money of the part in the same row: a check.
        remarks: What is to be said of what else stands in the row.
        is_outside: Whether it stands above a table, or is the name of a sheet.
    """

    number: str
    title: str
    place: SourcePlace
    style: tuple[float, bool, bool]
    bookmarks: tuple[str, ...] = ()
    word: str = ""
    known: SourcePart | None = None
    measure: "MeasureRow | None" = None
    total: "TotalRow | None" = None
    remarks: tuple[Remark, ...] = ()
    is_outside: bool = False


@dataclass(frozen=True)
class MeasureRow:
    """A row with a measure.

    Attributes:
        cells: The cells of each field.
        others: The cells of columns whose heading no field fits, by that heading.
        row: From 0.
        place: Where it stands.
        bookmarks: Names of the bookmarks in it, and the texts of its hidden cells.
        nameless: The cells of columns without a heading.
        columns: The fields that the table has columns for, whether this row has a cell there.
        is_copy: Whether the table is a copy of what our own export prints.
        period: The years of the title that the table stands under; None for those of the programme.
        is_in_quarters: Whether the heading of the term says that numbers in it are of quarters.
        is_number_covered: Whether the cell of the work stands in the column of the number too.
    """

    cells: Mapping[str, GridCell]
    others: Mapping[str, GridCell]
    row: int
    place: SourcePlace
    bookmarks: tuple[str, ...] = ()
    nameless: tuple[GridCell, ...] = ()
    columns: frozenset[str] = frozenset()
    is_copy: bool = False
    period: ProgrammePeriod | None = None
    is_in_quarters: bool = False
    is_number_covered: bool = False

    def text(self, field: str) -> str:
        """Return what the row says in a field, in one line; empty for a dash."""
        text = cell_text(self.cells.get(field))
        return "" if is_dash(text) else text

    def is_from_above(self, field: str) -> bool:
        """Return whether the cell of a field is one that began in a row above."""
        cell = self.cells.get(field)
        return cell is not None and cell.row < self.row


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row with totals: a check, no measure.

    Attributes:
        cells: The cells of each field.
        text: What it says.
        place: Where it stands.
    """

    cells: Mapping[str, GridCell]
    text: str
    place: SourcePlace


Row = PartRow | MeasureRow | TotalRow | Remark

"""Builds a grid cell by cell: no two cells overlap, and no span reaches beyond the table."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kvartal.exchange.grid import CellValue, Grid, GridCell, Paragraph, ValueKind
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import NO_PLACE, SourcePlace
from kvartal.schema.errors import N_


@dataclass(slots=True)
class DraftCell:
    """A cell whose spans may still change; the attributes are those of `GridCell`."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    blocks: Sequence[Paragraph | Grid] = ()
    place: SourcePlace = NO_PLACE
    kind: ValueKind = ValueKind.TEXT
    value: CellValue | None = None
    formula: str = ""
    heading: bool = False


@dataclass(slots=True)
class GridBuilder:
    """Collects the cells of a table; the attributes are those of `Grid`."""

    source: SourceFile
    place: SourcePlace = NO_PLACE
    name: str = ""
    hidden: bool = False
    rows: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    deleted_rows: set[int] = field(default_factory=set)
    inserted_rows: set[int] = field(default_factory=set)
    bookmarks: list[tuple[int, str]] = field(default_factory=list)
    _cells: list[DraftCell] = field(default_factory=list)
    _taken: set[tuple[int, int]] = field(default_factory=set)

    def add(self, cell: DraftCell) -> DraftCell:
        """Add a cell; where it would overlap another one, its spans are cut to its own position.

        Raises:
            DocumentTooLarge: The table becomes too large, or the text of the cell is.
        """
        limits = self.source.limits
        self.count_rows(cell.row + 1)
        if cell.column >= limits.columns:
            raise self.source.too_large(N_("число столбцов таблицы"), limits.columns)
        if _length(cell) > limits.cell_text:
            raise self.source.too_large(N_("число знаков в ячейке"), limits.cell_text)
        cell.column_span = min(cell.column_span, limits.columns - cell.column)
        self.source.count_cells(cell.row_span * cell.column_span)
        positions = _positions(cell)
        if self._taken.isdisjoint(positions):
            self._taken.update(positions)
        else:
            cell.row_span = cell.column_span = 1
            self._taken.add((cell.row, cell.column))
        self._cells.append(cell)
        return cell

    def count_rows(self, rows: int) -> None:
        """Let the table have at least so many rows.

        Raises:
            DocumentTooLarge: They are too many.
        """
        if rows > self.source.limits.rows:
            raise self.source.too_large(N_("число строк таблицы"), self.source.limits.rows)
        self.rows = max(self.rows, rows)

    def extend_down(self, cell: DraftCell) -> None:
        """Let a cell cover the row below it as well."""
        self.source.count_cells(cell.column_span)
        below = cell.row + cell.row_span
        cell.row_span += 1
        self._taken.update(
            (below, column) for column in range(cell.column, cell.column + cell.column_span)
        )
        self.count_rows(cell.row + cell.row_span)

    def free_column(self, row: int, column: int) -> int:
        """Return the first position of a row, from a column on, that no cell covers."""
        while (row, column) in self._taken:
            column += 1
        return column

    def is_covered(self, row: int, column: int) -> bool:
        """Return whether a cell covers a position."""
        return (row, column) in self._taken

    @property
    def columns(self) -> int:
        """Number of columns, without those at the right edge in which no cell begins."""
        return max((cell.column + 1 for cell in self._cells), default=0)

    def build(self) -> Grid:
        """Return the table; spans end where it ends."""
        columns = self.columns
        cells = [
            GridCell(
                row=cell.row,
                column=cell.column,
                row_span=min(cell.row_span, self.rows - cell.row),
                column_span=min(cell.column_span, columns - cell.column),
                blocks=tuple(cell.blocks),
                place=cell.place,
                kind=cell.kind,
                value=cell.value,
                formula=cell.formula,
                heading=cell.heading,
            )
            for cell in sorted(self._cells, key=lambda cell: (cell.row, cell.column))
        ]
        return Grid(
            rows=self.rows,
            columns=columns,
            cells=tuple(cells),
            place=self.place,
            name=self.name,
            hidden=self.hidden,
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
            deleted_rows=frozenset(self.deleted_rows),
            inserted_rows=frozenset(self.inserted_rows),
            bookmarks=tuple(self.bookmarks),
        )


def covered_text(place: SourcePlace, text: str) -> Remark:
    """Return the remark on a text that is not shown, since another cell covers it."""
    template = N_("Текст под объединённой ячейкой не взят: «{text}».")
    return Remark("covered-cell", place, template, {"text": text})


def _length(cell: DraftCell) -> int:
    """Return how many characters the paragraphs of a cell have."""
    paragraphs = (block for block in cell.blocks if isinstance(block, Paragraph))
    return sum(len(run.text) for paragraph in paragraphs for run in paragraph.runs)


def _positions(cell: DraftCell) -> set[tuple[int, int]]:
    return {
        (row, column)
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }

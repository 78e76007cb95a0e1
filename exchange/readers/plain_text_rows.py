"""Lines of a text, and the rows of the tables that are drawn with them."""

from dataclasses import dataclass, field

from kvartal.exchange.grid import Run


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line: its number from 1, and its text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """A cell: its column from 0, how many columns it covers, and its text.

    Where pieces of the text look different, these are its lines.
    """

    column: int
    span: int
    text: str
    lines: tuple[tuple[Run, ...], ...] = ()


@dataclass(slots=True)
class DrawnRow:
    """A row of a table.

    Attributes:
        line: Number of its first line.
        cells: From left to right.
    """

    line: int
    cells: list[DrawnCell] = field(default_factory=list)

    def go_on(self, cells: list[DrawnCell]) -> None:
        """Add the next line of a row that takes several: each text to the cell above it."""
        places = {cell.column: index for index, cell in enumerate(self.cells)}
        for cell in cells:
            if not cell.text:
                continue
            index = places.get(cell.column)
            if index is None:
                self.cells.append(cell)
                self.cells.sort(key=lambda one: one.column)
                places = {one.column: number for number, one in enumerate(self.cells)}
            else:
                above = self.cells[index]
                text = f"{above.text}\n{cell.text}" if above.text else cell.text
                self.cells[index] = DrawnCell(above.column, above.span, text)

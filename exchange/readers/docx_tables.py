"""Tables of a Word document: rows and cells with gaps, spans, vertical merges, tracked rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kvartal.exchange.grid import Grid, Paragraph
from kvartal.exchange.readers.docx_names import VAL, W, number, switch, value
from kvartal.exchange.readers.docx_text import (
    CONTAINERS,
    DELETED,
    INSERTED,
    TextContext,
    add_bookmark,
    controlled,
)
from kvartal.exchange.readers.grid_builder import DraftCell, GridBuilder, covered_text
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.source_place import SourcePlace

if TYPE_CHECKING:
    from lxml.etree import _Element

ReadCell = Callable[["_Element", TextContext, SourcePlace], list[Paragraph | Grid]]
"""Reads the blocks of a cell: the `w:tc`, what is around it, where it stands."""

_WIDEST: Final = 1_000
"""Word allows 63 columns; a span that claims more than this is cut."""


def read_table(
    table: "_Element",
    context: TextContext,
    place: SourcePlace,
    source: SourceFile,
    read_cell: ReadCell,
) -> Grid:
    """Return a table.

    Args:
        table: The `w:tbl`.
        context: What the elements around it say.
        place: Its number, and the cell that holds it.
        source: The file.
        read_cell: Reads the blocks of a cell.

    Raises:
        DocumentTooLarge: It has too many rows, columns or cells.
    """
    reader = _TableReader(source, place, read_cell)
    for element, around in _inside(table, f"{W}tr", context, reader.bookmark):
        reader.row(element, around)
    return reader.builder.build()


class _TableReader:
    def __init__(self, source: SourceFile, place: SourcePlace, read_cell: ReadCell) -> None:
        self.builder = GridBuilder(source, place)
        self._place = place
        self._read_cell = read_cell
        # The cells that reach down to the row before this one, by column.
        self._merging: dict[int, DraftCell] = {}

    def bookmark(self, element: "_Element") -> None:
        """Keep a bookmark that begins between rows or cells."""
        names: list[str] = []
        add_bookmark(element, names)
        self.builder.bookmarks += ((self.builder.rows, name) for name in names)

    def row(self, element: "_Element", context: TextContext) -> None:
        """Add a row."""
        row = self.builder.rows
        self.builder.count_rows(row + 1)
        properties = element.find(f"{W}trPr")
        heading = switch(properties, "tblHeader") or False
        if switch(properties, "hidden"):
            self.builder.hidden_rows.add(row)
        if properties is not None:
            if properties.find(f"{W}del") is not None:
                context = replace(context, deleted=True)
            elif properties.find(f"{W}ins") is not None:
                context = replace(context, inserted=True)
        if context.deleted:
            self.builder.deleted_rows.add(row)
        elif context.inserted:
            self.builder.inserted_rows.add(row)
        column = min(number(value(properties, "gridBefore")), _WIDEST)
        last: DraftCell | None = None
        merging: dict[int, DraftCell] = {}

        def bookmark(element: "_Element") -> None:
            names: list[str] = []
            add_bookmark(element, names)
            self.builder.bookmarks += ((row, name) for name in names)

        for cell, around in _inside(element, f"{W}tc", context, bookmark):
            last = self._cell(cell, around, (row, column), last, merging)
            last.heading = last.heading or heading
            column += _span(cell)
        self._merging = merging

    def _cell(
        self,
        element: "_Element",
        context: TextContext,
        position: tuple[int, int],
        left: DraftCell | None,
        merging: dict[int, DraftCell],
    ) -> DraftCell:
        row, column = position
        properties = element.find(f"{W}tcPr")
        span = _span(element)
        place = replace(self._place, row=row + 1, column=column + 1)
        merge = None if properties is None else properties.find(f"{W}vMerge")
        begins = merge is None or merge.get(VAL) == "restart"
        above = None if begins else self._merging.get(column)
        across = None if properties is None else properties.find(f"{W}hMerge")
        joined = left if across is not None and across.get(VAL) != "restart" else None
        cell = joined
        if above is not None and above.column_span == span:
            cell = above
        if cell is not None:
            # Word shows nothing of a cell that another one covers, and does not count it.
            blocks = self._read_cell(element, replace(context, deleted=True), place)
            self._covered(blocks, context, place)
            if cell is above:
                self.builder.extend_down(cell)
                merging[column] = cell
            else:
                cell.column_span += span
            return cell
        cell = self.builder.add(
            DraftCell(
                row,
                column,
                column_span=span,
                blocks=self._read_cell(element, _tracked(properties, context), place),
                place=place,
            )
        )
        if merge is not None:
            merging[column] = cell
        return cell

    def _covered(
        self, blocks: Sequence[Paragraph | Grid], context: TextContext, place: SourcePlace
    ) -> None:
        """Report a text that is not shown, since its cell is covered."""
        texts = [run.text for one in blocks if isinstance(one, Paragraph) for run in one.runs]
        text = "".join(texts).strip()
        if text and not context.deleted:
            self.builder.source.remarks.append(covered_text(place, text))


def _tracked(properties: "_Element | None", context: TextContext) -> TextContext:
    """Return what tracked changes of single cells say."""
    if properties is None:
        return context
    if properties.find(f"{W}cellDel") is not None:
        return replace(context, deleted=True)
    if properties.find(f"{W}cellIns") is not None:
        return replace(context, inserted=True)
    return context


def _span(cell: "_Element") -> int:
    return max(1, min(number(value(cell.find(f"{W}tcPr"), "gridSpan"), 1), _WIDEST))


def _inside(
    parent: "_Element", tag: str, context: TextContext, bookmark: Callable[["_Element"], None]
) -> Iterator[tuple["_Element", TextContext]]:
    """Yield the rows of a table, or the cells of a row, through whatever wraps them."""
    for child in parent.iterchildren("{*}*"):
        if child.tag == tag:
            yield child, context
        elif child.tag == f"{W}sdt":
            inner = controlled(child)
            if inner is not None:
                yield from _inside(inner, tag, context, bookmark)
        elif child.tag in CONTAINERS | INSERTED | DELETED:
            yield from _inside(child, tag, context.within(child), bookmark)
        elif child.tag == f"{W}bookmarkStart":
            bookmark(child)

"""The table in the middle: measures with their year at a glance, or open checkpoints by urgency."""

from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var
from textual.widgets import DataTable

from kvartal.tui.marks import Marks
from kvartal.tui.presentation.labels import UNICODE_SIGNS, Signs
from kvartal.tui.presentation.table import Row, Sheet, sheet
from kvartal.tui.view import View
from kvartal.tui.widgets.tones import Tones

MARGIN: Final = 2
"""Of the table's width, the padding on its left and the scrollbar on its right."""


class MeasureTable(DataTable[Text]):
    """A table that is redrawn from a view and keeps its cursor on what it was on.

    | Key(s) | Does |
    | :- | :- |
    | up, down | Choose the row above, below |
    | pageup, pagedown | Choose a row a page above, below |
    | home, end | Choose the first, the last row |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("home", "scroll_top", show=False),
        Binding("end", "scroll_bottom", show=False),
    ]

    view: var[View | None] = var(None, init=False)
    """What the table shows."""
    marked: var[Marks] = var(Marks(), init=False)
    """The marked rows."""

    class Chosen(Message):
        """The cursor moved to a different row, or the content of its row changed."""

        def __init__(self, table: "MeasureTable", row: Row | None) -> None:
            super().__init__()
            self.table = table
            self.row = row

        @property
        def control(self) -> "MeasureTable":
            """The table."""
            return self.table

    class Opened(Message):
        """The row under the cursor was chosen with Enter or a second click."""

    def __init__(
        self, signs: Signs = UNICODE_SIGNS, width: int = 0, *, id: str | None = None
    ) -> None:
        """Make an empty table.

        Args:
            signs: How states are drawn.
            width: The expected width: with it the table need not wait for the layout, and its rows
                are in the first paint.
            id: Id of the widget.
        """
        super().__init__(
            id=id,
            cursor_type="row",
            cell_padding=0,
            cursor_foreground_priority="renderable",
        )
        self.signs = signs
        self._width = max(0, width - MARGIN)
        self._sheet = Sheet((), ())
        self.tones = Tones(self)

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None in an empty table."""
        at = self.cursor_row
        return self._sheet.rows[at] if at < len(self._sheet.rows) else None

    def choose(self, measure: str) -> None:
        """Put the cursor on the first row of a measure, if it is shown."""
        for at, row in enumerate(self._sheet.rows):
            if row.measure == measure:
                self.move_cursor(row=at)
                return

    def restyle(self) -> None:
        """Draw again with the colours of the current theme."""
        self.tones.forget()
        self._redraw(rebuild=True)

    def watch_view(self) -> None:
        """Draw the new view."""
        self._redraw()

    def watch_marked(self) -> None:
        """Draw the new marks."""
        self._redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the texts to the new width."""
        del event
        width = self.scrollable_content_region.width
        if width and width != self._width:
            self._width = width
            self._redraw()

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Post our own message that the cursor moved."""
        event.stop()
        self.post_message(self.Chosen(self, self.row))

    def action_select_cursor(self) -> None:
        """Open the row under the cursor; where there is none, the main screen says why."""
        self.post_message(self.Opened())

    def on_click(self, event: events.Click) -> None:
        """Open a row with a second click; the first one chooses it."""
        if event.chain > 1:
            self.action_select_cursor()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Ignore what Textual posts at the first click."""
        event.stop()

    def _redraw(self, *, rebuild: bool = False) -> None:
        width = self._width
        if self.view is None or not width:
            return
        before, row = self._sheet, self.row
        self._sheet = sheet(self.view, width, self.signs, self.marked)
        same_rows = [one.key for one in before.rows] == [one.key for one in self._sheet.rows]
        if rebuild or not same_rows or before.columns != self._sheet.columns:
            self._fill(row, self.cursor_row, new_columns=before.columns != self._sheet.columns)
        else:
            self._update_cells(before)
        self.post_message(self.Chosen(self, self.row))

    def _fill(self, row: Row | None, cursor: int, *, new_columns: bool) -> None:
        """Fill the table from scratch; the cursor returns to the row it was on."""
        with self.prevent(DataTable.RowHighlighted):
            self.clear(columns=new_columns)
            if new_columns:
                for at, column in enumerate(self._sheet.columns):
                    self.add_column(Text(column.title), width=column.width, key=str(at))
            for one in self._sheet.rows:
                self.add_row(*(self.tones.line(*cell) for cell in one.cells), key=one.key)
            self.move_cursor(row=self._index_of(row, cursor))

    def _update_cells(self, before: Sheet) -> None:
        """Redraw only the cells that changed."""
        for old, new in zip(before.rows, self._sheet.rows, strict=True):
            for at, (was, cell) in enumerate(zip(old.cells, new.cells, strict=True)):
                if was != cell:
                    self.update_cell(new.key, str(at), self.tones.line(*cell))

    def _index_of(self, row: Row | None, cursor: int) -> int:
        """Return where a row is now: the same row, else the same measure, else the same index."""
        if row is not None:
            keys = [one.key for one in self._sheet.rows]
            if row.key in keys:
                return keys.index(row.key)
            measures = [one.measure for one in self._sheet.rows]
            if row.measure in measures:
                return measures.index(row.measure)
        return max(0, min(cursor, len(self._sheet.rows) - 1))

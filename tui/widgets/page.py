"""A text of many lines with tones, wrapped to the width there is, that scrolls.

Drawn line by line: a new text costs a repaint of this widget, not a layout of the screen.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from kvartal.tui.presentation.cells import CellLine
from kvartal.tui.widgets.tones import Tones

AT_ONCE: Final = 500
"""How many lines are wrapped before keys are looked at again: wrapping 20,000 takes seconds."""


class Page(ScrollView, can_focus=True):
    """Lines of cells. A long line continues below, at the indentation of its beginning.

    | Key(s) | Does |
    | :- | :- |
    | up, down, pageup, pagedown, home, end | Scroll |
    """

    DEFAULT_CSS = """
    Page {
        height: 1fr;
        padding: 0 1;
        overflow-x: hidden;
        /* Room for the bar from the start: a text is wrapped before it is known to need one. */
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        scrollbar-background: $background;
        scrollbar-color: $primary 50%;
    }
    """

    def __init__(self, lines: Iterable[CellLine] = (), *, id: str | None = None) -> None:
        """Make a page.

        Args:
            lines: What it shows.
            id: Id of the widget.
        """
        super().__init__(id=id)
        self.tones = Tones(self)
        self._lines = tuple(lines)
        self._strips: list[Strip] = []
        self._rest: Iterator[Text] = iter(())

    def show(self, lines: Iterable[CellLine]) -> None:
        """Show new lines, from their beginning."""
        self._lines = tuple(lines)
        self.scroll_home(animate=False)
        self.redraw()

    def restyle(self) -> None:
        """Draw again with the colours of the current theme."""
        self.tones.forget()
        self.redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the lines to the new width."""
        del event
        self.redraw()

    def redraw(self) -> None:
        """Wrap the lines to the width there is and draw them."""
        room = self.scrollable_content_region.size
        if not self.is_mounted or not room.width:
            return
        self._strips, self._rest = [], self.broken(room.width)
        self._wrap_more(AT_ONCE)

    def action_scroll_end(self) -> None:
        """Go to the last line, of a long text too."""
        self._wrap_more(None)
        super().action_scroll_end()

    def _wrap_more(self, count: int | None) -> None:
        """Wrap so many lines more, and the others after the keys that wait; None for all."""
        console, rest = self.app.console, self._rest
        strips = [Strip(text.render(console)) for text in islice(rest, count)]
        self._strips += strips
        # As long as everything fits, the size is the same for every text: then nothing moves.
        room = self.scrollable_content_region.size
        self.virtual_size = Size(room.width, max(room.height, len(self._strips)))
        self.refresh()
        if len(strips) == count:
            self.call_later(self._go_on, rest)

    def _go_on(self, rest: Iterator[Text]) -> None:
        if rest is self._rest and self.is_mounted:
            self._wrap_more(AT_ONCE)

    def render_line(self, y: int) -> Strip:
        """Return a line of the visible part."""
        at = y + self.scroll_offset.y
        strip = self._strips[at] if at < len(self._strips) else Strip([])
        return strip.adjust_cell_length(self.size.width).apply_style(self.rich_style)

    def broken(self, width: int) -> Iterator[Text]:
        """Yield the lines, none wider than a width."""
        for line in self._lines:
            text = self.tones.line(*line)
            indent = len(text.plain) - len(text.plain.lstrip(" "))
            for part in self._wrapped(text[indent:], max(10, width - indent)):
                yield Text(" " * indent, end="").append_text(part)

    def wrapped(self, line: CellLine, width: int) -> Iterator[Text]:
        """Yield one line wrapped to a width, at spaces where there are any."""
        yield from self._wrapped(self.tones.line(*line), width)

    def _wrapped(self, text: Text, width: int) -> Iterator[Text]:
        if text.cell_len <= width:
            yield text
            return
        text.no_wrap = False
        for part in text.wrap(self.app.console, width, overflow="fold"):
            part.end = ""
            yield part

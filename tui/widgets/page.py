"""A text of many lines with tones, broken to the room there is, that scrolls."""

from collections.abc import Iterable, Iterator

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from kvartal.tui.rows import Cell
from kvartal.tui.widgets.tones import Tones

Line = tuple[Cell, ...]


class Page(VerticalScroll):
    """Lines of cells. A long line goes on below its own beginning."""

    DEFAULT_CSS = """
    Page {
        height: 1fr;
        padding: 0 1;
        scrollbar-size-vertical: 1;

        & > Static { height: auto; }
    }
    """

    def __init__(self, lines: Iterable[Line] = (), *, id: str | None = None) -> None:
        """Take the lines.

        Args:
            lines: What is read.
            id: Id of the widget.
        """
        super().__init__(id=id)
        self.tones = Tones(self)
        self._told = tuple(lines)

    def compose(self) -> ComposeResult:
        """Make the one text there is."""
        yield Static(markup=False)

    def show(self, lines: Iterable[Line]) -> None:
        """Show other lines, from their beginning."""
        self._told = tuple(lines)
        self.scroll_home(animate=False)
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines anew."""
        del event
        self._draw()

    def _draw(self) -> None:
        width = self.scrollable_content_region.width
        if self.is_mounted and width:
            text = Text("\n", no_wrap=True).join(self._broken(width))
            self.query_one(Static).update(text)

    def _broken(self, width: int) -> Iterator[Text]:
        for line in self._told:
            text = self.tones.line(*line)
            text.no_wrap = False
            indent = len(text.plain) - len(text.plain.lstrip(" "))
            room = max(10, width - indent)
            for at, part in enumerate(text.wrap(self.app.console, room, overflow="fold")):
                yield part if at == 0 else Text(" " * indent).append_text(part)

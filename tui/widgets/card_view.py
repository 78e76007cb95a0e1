"""The card: everything about the chosen measure, with its last changes at the end."""

from collections.abc import Iterator
from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from kvartal.schema.errors import N_
from kvartal.schema.model import Plan
from kvartal.schema.states import Status
from kvartal.tui.card import Entry, entries
from kvartal.tui.rows import Cell
from kvartal.tui.signs import UNICODE_SET, Signs
from kvartal.tui.widgets.tones import Tones

_NOTHING: Final = (Entry("", ((Cell(N_("Мероприятие не выбрано."), "muted"),),)),)
_LABEL: Final = 22
_NARROW: Final = 60
"""Below this width a label stands on a line of its own."""


class CardView(VerticalScroll):
    """A card that is redrawn from a status.

    | Key(s) | Does |
    | :- | :- |
    | up, down, pageup, pagedown, home, end | Scroll |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "screen.neighbour(-1)", show=False),
        Binding("right", "screen.neighbour(1)", show=False),
    ]

    def __init__(self, signs: Signs = UNICODE_SET, *, id: str | None = None) -> None:
        """Take the signs.

        Args:
            signs: How states are drawn.
            id: Id of the widget.
        """
        super().__init__(id=id)
        self.signs = signs
        self.tones = Tones(self)
        self._told: tuple[Entry, ...] = ()
        self._about = ""

    def compose(self) -> ComposeResult:
        """Make the one text there is."""
        yield Static(markup=False)

    def show(self, status: Status | None, plan: Plan, history: tuple[Entry, ...] = ()) -> None:
        """Show a measure, from its beginning; the same one stays where it was scrolled.

        Args:
            status: The measure as of a date; None where nothing is chosen.
            plan: The programme it belongs to.
            history: Its last changes.
        """
        about = status.measure.id if status else ""
        if about != self._about:
            self._about = about
            self.scroll_home(animate=False)
        told = (*entries(status, plan, self.signs), *history) if status else _NOTHING
        if told != self._told:
            self._told = told
            self.redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines anew."""
        del event
        self.redraw()

    def restyle(self) -> None:
        """Draw again with the colours of the theme in force."""
        self.tones.forget()
        self.redraw()

    def redraw(self) -> None:
        """Draw what is to be said in the room there is."""
        width = self.scrollable_content_region.width
        if not self.is_mounted or not self.display or not width:
            return
        text = Text("\n").join(self._lines(width))
        text.no_wrap = True
        self.query_one(Static).update(text)

    def _lines(self, width: int) -> Iterator[Text]:
        indent = _LABEL if width >= _NARROW else 2
        for entry in self._told:
            label = Text(entry.label, self.tones["label"])
            if entry.label and width < _NARROW:
                yield label
            margin = indent if entry.label else 0
            for at, parts in enumerate(self._wrapped(entry, width - margin)):
                first = at == 0 and entry.label and width >= _NARROW
                left = label if first else Text()
                yield Text.assemble(left, " " * max(0, margin - left.cell_len), parts)

    def _wrapped(self, entry: Entry, width: int) -> Iterator[Text]:
        for parts in entry.lines:
            text = self.tones.line(*parts)
            if text.cell_len <= width:
                yield text
            else:
                text.no_wrap = False
                yield from text.wrap(self.app.console, max(1, width), overflow="fold")

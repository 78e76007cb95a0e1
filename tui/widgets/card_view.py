"""The card: everything about the chosen measure, with its last changes at the end."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType

from kvartal.schema.errors import N_
from kvartal.schema.model import Plan
from kvartal.schema.states import Status
from kvartal.tui.i18n import _
from kvartal.tui.presentation.card import CardItem, card_items
from kvartal.tui.presentation.cells import Cell
from kvartal.tui.presentation.labels import UNICODE_SIGNS, Signs
from kvartal.tui.widgets.page import Page

if TYPE_CHECKING:
    from kvartal.history.store.evidence_watch import EvidenceReport

NOTHING: Final = N_("Мероприятие не выбрано.")
_LABEL: Final = 22
_NARROW: Final = 60
"""Below this width a label is above its text."""
_MOST_LINES: Final = 5000
"""How many lines are wrapped at most; far beyond any card that anybody reads to its end."""


class CardView(Page):
    """A card that is redrawn for a measure.

    | Key(s) | Does |
    | :- | :- |
    | left, right | Go on to the measure above, below |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "screen.neighbour(-1)", show=False),
        Binding("right", "screen.neighbour(1)", show=False),
    ]

    def __init__(self, signs: Signs = UNICODE_SIGNS, *, id: str | None = None) -> None:
        """Make an empty card.

        Args:
            signs: How states are drawn.
            id: Id of the widget.
        """
        super().__init__(id=id)
        self.signs = signs
        self._items: tuple[CardItem, ...] = ()
        self._measure = ""

    def show_measure(
        self,
        status: Status | None,
        plan: Plan,
        history: tuple[CardItem, ...] = (),
        evidence: "EvidenceReport | None" = None,
    ) -> None:
        """Show a measure, from its beginning; the same one keeps its scroll position.

        Args:
            status: The measure as of a date; None where nothing is chosen.
            plan: The programme it belongs to.
            history: Its last changes.
            evidence: Whether the evidence files are whole; None where that is not looked at.
        """
        measure = status.measure.id if status else ""
        if measure != self._measure:
            self._measure = measure
            self.scroll_home(animate=False)
        nothing = CardItem("", ((Cell(_(NOTHING), "muted"),),))
        items = (
            (*card_items(status, plan, self.signs, evidence), *history) if status else (nothing,)
        )
        if items != self._items:
            self._items = items
            self.redraw()

    def broken(self, width: int) -> Iterator[Text]:
        """Yield the lines; of very many the first, and a sign that there are more."""
        lines = self._wrapped_items(width)
        yield from islice(lines, _MOST_LINES)
        if next(lines, None) is not None:
            yield Text("…", self.tones["muted"], end="")

    def _wrapped_items(self, width: int) -> Iterator[Text]:
        """Yield the lines, each label to the left of its first line, a long one above it."""
        narrow = width < _NARROW
        for item in self._items:
            label = Text(item.label, self.tones["label"], end="", overflow="ellipsis", no_wrap=True)
            above = narrow or label.cell_len >= _LABEL
            if item.label and above:
                label.truncate(width)
                yield label
            margin = (2 if narrow else _LABEL) if item.label else 0
            room = max(10, width - margin)
            parts = (part for line in item.lines for part in self.wrapped(line, room))
            for at, part in enumerate(parts):
                left = label if at == 0 and not above else Text(end="")
                yield Text.assemble(left, " " * (margin - left.cell_len), part, end="")

"""The list below a term's field: its readings, or what else may be done, to choose from."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from kvartal.tui.forms.radio_list import RadioList


class ReadingList(RadioList):
    """The readings of a term, numbered; none is chosen at first.

    It has no height until it is entered, so that nothing moves while a term is typed.

    | Key(s) | Does |
    | :- | :- |
    | enter | Choose the first one, where none is chosen; otherwise go on |
    """

    DEFAULT_CSS = """
    ReadingList { height: 0; &.-open { height: auto; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", show=False)]

    def __init__(self) -> None:
        super().__init__((), "")
        self.can_focus = False

    @property
    def index(self) -> int | None:
        """Which reading is chosen, from 0."""
        return int(self.value) - 1 if self.value else None

    def show_readings(self, labels: Sequence[str]) -> None:
        """List other readings, none of them chosen.

        Args:
            labels: The readings in words; none where there is nothing to choose.
        """
        choices = [
            (str(number), Content(f"{number}  {label}"))
            for number, label in enumerate(labels, start=1)
        ]
        self.set_choices(choices)
        self.can_focus = bool(labels)
        if not labels:
            self.remove_class("-open")

    def open(self) -> None:
        """Show the readings."""
        if self.can_focus and not self.has_class("-open"):
            self.add_class("-open")
            self.call_after_refresh(self.scroll_visible, animate=False)

    def on_focus(self) -> None:
        """Show the readings when the list is entered."""
        self.open()

    def action_take(self) -> None:
        """Choose the first reading where none is chosen; otherwise go on to the next field."""
        if self.value:
            self.screen.focus_next()
        else:
            self.action_move(1)

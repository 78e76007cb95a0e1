"""A choice of one among a few values that are all in sight, one per line."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class RadioList(Widget, can_focus=True):
    """One of a few values, readable without colour.

    The arrows choose; at either end they go on to the neighbouring field. A letter or digit that
    is a value chooses it.

    | Key(s) | Does |
    | :- | :- |
    | up, left | Choose the one before |
    | down, right | Choose the one after |
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"radio-list--chosen", "radio-list--other"}
    DEFAULT_CSS = """
    RadioList {
        height: auto;
        width: 1fr;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        & > .radio-list--chosen { color: $text; text-style: bold; }
        & > .radio-list--other { color: $text-muted; }
        &:focus > .radio-list--chosen {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,left", "move(-1)", show=False),
        Binding("down,right", "move(1)", show=False),
        Binding("enter", "app.focus_next", show=False),
    ]

    value: reactive[str] = reactive("", init=False)
    """The value chosen."""

    class Changed(Message):
        """A different value was chosen."""

        def __init__(self, radio_list: "RadioList") -> None:
            super().__init__()
            self.radio_list = radio_list

        @property
        def control(self) -> "RadioList":
            """The list."""
            return self.radio_list

    def __init__(self, choices: Sequence[tuple[str, Content]], value: str) -> None:
        """Make the list.

        Args:
            choices: Pairs of value and label, at least one.
            value: The value chosen at first.
        """
        super().__init__()
        self._choices = choices
        self._values = [known for known, _label in choices]
        self.set_reactive(RadioList.value, value)

    @property
    def label(self) -> str:
        """Label of the value chosen."""
        return str(self._choices[self._values.index(self.value)][1])

    def render(self) -> Content:
        """Return the choices, one per line."""
        chosen = self.get_visual_style("radio-list--chosen")
        other = self.get_visual_style("radio-list--other")
        return Content("\n").join(
            Content.assemble("(•) ", label).stylize(chosen)
            if value == self.value
            else Content.assemble("( ) ", label).stylize(other)
            for value, label in self._choices
        )

    def validate_value(self, value: str) -> str:
        """Keep to the choices."""
        return value if value in self._values else self.value

    def watch_value(self) -> None:
        """Report the choice."""
        self.post_message(self.Changed(self))

    def action_move(self, steps: int) -> None:
        """Choose a neighbour, or leave the list at its ends.

        Args:
            steps: 1 for the next, -1 for the one before.
        """
        index = self._values.index(self.value) + steps
        if 0 <= index < len(self._values):
            self.value = self._values[index]
        elif steps < 0:
            self.screen.focus_previous()
        else:
            self.screen.focus_next()

    def on_key(self, event: events.Key) -> None:
        """Choose the value that was typed."""
        if event.character is not None and event.character in self._values:
            event.stop()
            self.value = event.character

    def on_click(self, event: events.Click) -> None:
        """Choose the line that was clicked."""
        if event.y < len(self._values):
            self.value = self._values[event.y]

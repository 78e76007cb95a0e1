"""A choice of one among a few that are all in sight, one a line."""

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

    COMPONENT_CLASSES: ClassVar[set[str]] = {"one-of--chosen", "one-of--other"}
    DEFAULT_CSS = """
    RadioList {
        height: auto;
        width: 1fr;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        & > .one-of--chosen { color: $text; text-style: bold; }
        & > .one-of--other { color: $text-muted; }
        &:focus > .one-of--chosen {
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
        """Another value was chosen."""

        def __init__(self, one_of: "RadioList") -> None:
            super().__init__()
            self.one_of = one_of

        @property
        def control(self) -> "RadioList":
            """The choice."""
            return self.one_of

    def __init__(self, choices: Sequence[tuple[str, Content]], value: str) -> None:
        """Take the choices as pairs of value and label.

        Args:
            choices: At least one.
            value: The one chosen at first.
        """
        super().__init__()
        self._choices = choices
        self._values = [one for one, _label in choices]
        self.set_reactive(RadioList.value, value)

    @property
    def label(self) -> str:
        """Label of the value chosen."""
        return str(self._choices[self._values.index(self.value)][1])

    def render(self) -> Content:
        """Return the choices, a line each."""
        chosen = self.get_visual_style("one-of--chosen")
        other = self.get_visual_style("one-of--other")
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
        """Tell that another one was chosen."""
        self.post_message(self.Changed(self))

    def action_move(self, steps: int) -> None:
        """Choose a neighbour, or leave at the ends.

        Args:
            steps: 1 for the next, -1 for the one before.
        """
        place = self._values.index(self.value) + steps
        if 0 <= place < len(self._values):
            self.value = self._values[place]
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

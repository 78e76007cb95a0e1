"""A choice of one among a few values that are all in sight, one per line."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from kvartal.tui.i18n import _

MOST_LINES: Final = 8
"""The height of a list; of a longer one the part around the choice is shown."""


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
            choices: Pairs of value and label.
            value: The value chosen at first; empty for none.
        """
        super().__init__()
        self._choices = choices
        self._values = [known for known, _label in choices]
        self.set_reactive(RadioList.value, value)

    @property
    def label(self) -> str:
        """Label of the value chosen."""
        return str(dict(self._choices).get(self.value, ""))

    @property
    def values(self) -> Sequence[str]:
        """The values that can be chosen, in order."""
        return self._values

    def set_choices(self, choices: Sequence[tuple[str, Content]]) -> None:
        """Replace the choices; none of them is chosen.

        Args:
            choices: Pairs of value and label.
        """
        self._choices = choices
        self._values = [known for known, _label in choices]
        self.set_reactive(RadioList.value, "")
        self.refresh(layout=True)

    def render(self) -> Content:
        """Return the choices in sight, one per line."""
        return Content("\n").join(self._lines())

    def _lines(self) -> Iterator[Content]:
        chosen = self.get_visual_style("radio-list--chosen")
        other = self.get_visual_style("radio-list--other")
        in_sight = self._in_sight
        for value, label in self._choices[in_sight.start : in_sight.stop]:
            if value == self.value:
                yield Content.assemble("(•) ", label).stylize(chosen)
            elif not self.value and value == self._values[0]:
                # Nothing is chosen: the first line shows where the keys go.
                yield Content.assemble("( ) ", label).stylize(chosen)
            else:
                yield Content.assemble("( ) ", label).stylize(other)
        if self._is_long:
            below = len(self._choices) - in_sight.stop
            counts = ((_("↑ ещё {count}"), in_sight.start), (_("↓ ещё {count}"), below))
            rest = "   ".join(text.format(count=count) for text, count in counts if count)
            yield Content(f"    {rest}").stylize(other)

    @property
    def _is_long(self) -> bool:
        return len(self._choices) > MOST_LINES

    @property
    def _in_sight(self) -> range:
        """The choices that are shown: all, or those around the one chosen."""
        if not self._is_long:
            return range(len(self._choices))
        index = self._values.index(self.value) if self.value else 0
        length = MOST_LINES - 1
        start = min(max(0, index - length // 2), len(self._choices) - length)
        return range(start, start + length)

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
        index = (self._values.index(self.value) if self.value else -1) + steps
        if 0 <= index < len(self._values):
            self.value = self._values[index]
        elif steps < 0:
            self.screen.focus_previous()
        else:
            self.screen.focus_next()

    def on_key(self, event: events.Key) -> None:
        """Choose the value that was typed, or the one at that place of the list."""
        typed = event.character or ""
        if typed in self._values:
            event.stop()
            self.value = typed
        elif typed.isdecimal() and 0 < int(typed) <= len(self._values) and not self._has_digits:
            event.stop()
            self.value = self._values[int(typed) - 1]

    def on_click(self, event: events.Click) -> None:
        """Choose the line that was clicked."""
        in_sight = self._in_sight
        if event.y < len(in_sight):
            self.value = self._values[in_sight[event.y]]

    @property
    def _has_digits(self) -> bool:
        """Whether any value is a digit, so that a digit means that value alone."""
        return any(value.isdecimal() for value in self._values)

"""The line of keys at the bottom, with the letters of the current language."""

from typing import Final

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from kvartal.tui.actions.action import Action, ActionContext
from kvartal.tui.actions.registry import BY_ID
from kvartal.tui.presentation.cells import Cell
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.widgets.tones import Tones

# The most useful first: a short line drops the last ones.
LEFT: Final = (
    *("record", "edit", "postpone", "overdue", "find", "period", "undo", "open", "cancel"),
    *("state", "as_of", "sections", "history", "mark", "quit"),
)
LEFT_EARLIER_VERSION: Final = (
    *("close_version", "compare", "compare_all", "restore", "open_version", "open", "history"),
    *("overdue", "find", "period", "as_of", "sections", "state", "quit"),
)
RIGHT: Final = ("help", "menu")
_GAP: Final = 2


class KeyLine(Widget):
    """Keys with their words, as many as fit. A click does what the key does."""

    action_context: reactive[ActionContext] = reactive(ActionContext())
    """What decides which keys do something."""

    class Clicked(Message):
        """A key was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str | None = None) -> None:
        """Make the line.

        Args:
            id: Id of the widget.
        """
        super().__init__(id=id)
        self.tones = Tones(self)
        self._spans: list[tuple[int, int, str]] = []

    def render(self) -> Text:
        """Draw the keys and remember where each is."""
        width = self.content_size.width
        right = [BY_ID[name] for name in RIGHT]
        room = width - sum(self._length(action) + _GAP for action in right)
        names = LEFT_EARLIER_VERSION if self.action_context.earlier_version else LEFT
        chosen, taken = [], 0
        for action in (BY_ID[name] for name in names if self._is_useful(name)):
            length = self._length(action) + _GAP
            if taken + length > room:
                break
            chosen.append(action)
            taken += length
        text = Text(no_wrap=True, overflow="crop", end="")
        self._spans = []
        for action in chosen:
            self._append(text, action)
        text.append(" " * max(0, room - text.cell_len))
        for action in right:
            self._append(text, action)
        return text

    def on_click(self, event: events.Click) -> None:
        """Do what the key under the pointer does."""
        for start, end, name in self._spans:
            if start <= event.x - self.gutter.left < end:
                self.post_message(self.Clicked(name))

    def _append(self, text: Text, action: Action) -> None:
        start = text.cell_len
        off = bool(action.reason(self.action_context))
        cells = (
            Cell(action.key, "none" if off else "key"),
            Cell(f" {self._label(action)}", "none" if off else "muted"),
        )
        text.append_text(self.tones.line(*cells))
        self._spans.append((start, text.cell_len, action.id))
        text.append(" " * _GAP)

    def _is_useful(self, name: str) -> bool:
        """Return whether an action does anything in a programme of this shape."""
        context = self.action_context
        useless = {"period": not context.has_many_periods, "sections": not context.has_sections}
        return not useless.get(name, False)

    def _label(self, action: Action) -> str:
        return shown(action.key_line_label_in(self.action_context))

    def _length(self, action: Action) -> int:
        return len(action.key) + 1 + cell_len(self._label(action))

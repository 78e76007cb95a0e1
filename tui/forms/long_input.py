"""The control for a text of several lines."""

from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.widgets import TextArea

from kvartal.tui.forms.inputs import pasted

MOST_LINES: Final = 6
"""The height of a long text; a longer one scrolls."""


class LongInput(TextArea):
    """A text of several lines. Enter begins one; Tab leaves, and so do the arrows at the ends."""

    DEFAULT_CSS = f"""
    LongInput, LongInput:focus {{
        height: auto;
        min-height: 2;
        max-height: {MOST_LINES};
        padding: 0;
        scrollbar-size-vertical: 1;
        background: $surface;
    }}
    """
    # Ctrl+Z stops the program. Terminals send Ctrl+/ as Ctrl+_, or as what the layout has there.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+underscore,ctrl+slash,ctrl+full_stop", "undo", show=False)
    ]

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(
            text,
            soft_wrap=True,
            tab_behavior="focus",
            highlight_cursor_line=False,
            show_line_numbers=False,
            compact=True,
            id=id,
        )
        self._width_wrapped = 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height at a width, wrapping the text at a new one before it is drawn.

        Textual's own wraps only afterwards, so that a form would jump just after it was opened.
        """
        del container, viewport
        if width != self._width_wrapped:
            self._width_wrapped = width
            cursor, bar = 1, self.styles.scrollbar_size_vertical
            self.wrapped_document.wrap(max(1, width - cursor))
            if self.wrapped_document.height > MOST_LINES:
                self.wrapped_document.wrap(max(1, width - cursor - bar))
        return self.wrapped_document.height

    def on_resize(self) -> None:
        """Keep in sight what is being typed: at another width it stands on another line."""
        if self.has_focus:
            self.call_after_refresh(self.scroll_cursor_visible)

    def on_paste(self, event: events.Paste) -> None:
        """Insert a text from the clipboard without invisible and control characters."""
        event.stop()
        event.prevent_default()
        self.replace(
            pasted(event.text, lines=True), *self.selection, maintain_selection_offset=False
        )

    def action_cursor_up(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's own
        """Go up a line; from the first one, to the field before."""
        if not select and self.navigator.is_first_wrapped_line(self.cursor_location):
            self.screen.focus_previous()
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 - as above
        """Go down a line; from the last one, to the next field."""
        if not select and self.navigator.is_last_wrapped_line(self.cursor_location):
            self.screen.focus_next()
        else:
            super().action_cursor_down(select)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave PgUp and PgDn to the form where all of the text is in sight."""
        if action in {"cursor_page_up", "cursor_page_down"}:
            return self.virtual_size.height > self.size.height
        return super().check_action(action, parameters)

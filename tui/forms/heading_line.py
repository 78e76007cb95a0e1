"""A line above the body of a dialog: what the dialog is about."""

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from kvartal.tui.presentation.sanitize import shown


class HeadingLine(Static):
    """One line above the body. What does not fit is cut; F3 shows the whole."""

    DEFAULT_CSS = """
    HeadingLine { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    class Resized(Message):
        """There is more room or less."""

    def __init__(self, text: str) -> None:
        """Make the line.

        Args:
            text: Any data.
        """
        super().__init__(Content(shown(text)), markup=False)
        self._cells = cell_len(shown(text))

    @property
    def is_cut(self) -> bool:
        """Whether the text does not fit."""
        return self._cells > self.size.width

    def on_resize(self) -> None:
        """Report the new room."""
        self.post_message(self.Resized())

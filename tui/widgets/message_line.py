"""One calm sentence above the keys: what was done, or why something was not. Esc closes it."""

from typing import TYPE_CHECKING, Final

from textual import events
from textual.content import Content
from textual.widgets import Static

from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from textual.timer import Timer

SECONDS: Final = 8.0
"""How long it stays, when nothing is wrong."""


class MessageLine(Static):
    """Lies over the screen, so that nothing moves when it comes and goes."""

    def __init__(self, *, id: str | None = None) -> None:
        """Make a line that is not to be seen yet.

        Args:
            id: Id of the widget.
        """
        super().__init__(id=id, markup=False)
        self.display = False
        self.sentence = ""
        self._timer: Timer | None = None

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence.

        Args:
            sentence: It may hold data; it is shown literally.
            trouble: Whether it stays until it is closed.
        """
        self.sentence = sentence
        self.update(Content(f"{shown(sentence)}  [Esc]" if trouble else shown(sentence)))
        self.set_class(trouble, "-trouble")
        self.display = True
        if self._timer is not None:
            self._timer.stop()
        self._timer = None if trouble else self.set_timer(SECONDS, self.close)

    def close(self) -> None:
        """Put the sentence away."""
        self.display = False

    def on_click(self, event: events.Click) -> None:
        """Put the sentence away."""
        event.stop()
        self.close()

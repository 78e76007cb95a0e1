"""The lines that say something: a message above the keys, and which earlier version is shown."""

from typing import TYPE_CHECKING, Final

from textual import events
from textual.content import Content
from textual.widgets import Static

from kvartal.tui.actions.registry import key_of
from kvartal.tui.i18n import _
from kvartal.tui.presentation.elide import elided
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from kvartal.tui.presentation.history import OpenedVersion

LINES: Final = 4
"""How many lines of a message are shown; F3 shows the rest."""
SECONDS: Final = 8.0
"""How long a message stays, when nothing is wrong."""
EARLIER_VERSION: Final = "-earlier-version"
"""Class of the main screen as long as it shows an earlier version."""


class MessageLine(Static):
    """One calm sentence: what was done, or why something was not. Esc closes it.

    Lies over the screen, so that nothing moves when it comes and goes.
    """

    def __init__(self, *, id: str | None = None) -> None:
        """Make a line that is not visible yet.

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
        width = max(1, (self.screen.size.width if self.is_attached else 80) - 2)
        text = f"{sentence}  [Esc]" if trouble else sentence
        self.update(
            Content(elided(text, width, LINES, _("{key} — всё сообщение").format(key="F3")))
        )
        self.set_class(trouble, "-trouble")
        self.display = True
        if self._timer is not None:
            self._timer.stop()
        self._timer = None if trouble else self.set_timer(SECONDS, self.close)

    def close(self) -> None:
        """Hide the sentence."""
        self.display = False

    def on_click(self, event: events.Click) -> None:
        """Hide the sentence."""
        event.stop()
        self.close()


class VersionLine(Static):
    """Says that an earlier version is shown, between the top and the programme.

    Its sign makes it visible without colour too.
    """

    DEFAULT_CSS = """
    VersionLine {
        height: auto;
        max-height: 3;
        padding: 0 1;
        background: $accent;
        color: $text;
        text-style: bold;
    }
    MainScreen.-earlier-version {
        /* What is wrong with today's file does not concern the earlier version. */
        & #banner { display: none !important; }
        & #top, & #keys { background: $elsewhere; }
    }
    """

    def show_version(self, opened: "OpenedVersion") -> None:
        """Say which version is on the screen, and how to leave it."""
        self.update(Content(shown(opened.banner(key_of("back")))))


async def show_version_line(screen: "Screen[None]", opened: "OpenedVersion | None") -> None:
    """Say on a screen that an earlier version is on it, or remove the line.

    Args:
        screen: The main screen.
        opened: The version; None for today's programme.
    """
    screen.set_class(opened is not None, EARLIER_VERSION)
    lines = screen.query(VersionLine)
    if opened is None:
        await lines.remove()
        return
    if not lines:
        await screen.mount(VersionLine(markup=False), after="#top")
    screen.query_one(VersionLine).show_version(opened)

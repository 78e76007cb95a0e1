"""The line that says that an earlier version of the programme is on the screen."""

from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widgets import Static

from kvartal.tui.actions.registry import key_of
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from textual.screen import Screen

    from kvartal.tui.presentation.history import OpenedVersion

PAST: Final = "-past"
"""On the main screen, as long as an earlier version is on it."""


class VersionLine(Static):
    """Stands between the top and the programme, in a tone of its own and with a sign."""

    DEFAULT_CSS = """
    VersionLine {
        height: auto;
        max-height: 3;
        padding: 0 1;
        background: $accent;
        color: $text;
        text-style: bold;
    }
    MainScreen.-past {
        /* What is the matter with today's file is not the earlier version's matter. */
        & #banner { display: none !important; }
        & #top, & #keys { background: $accent-muted; }
    }
    """

    def tell(self, past: "OpenedVersion") -> None:
        """Say which version is on the screen, and how to leave it."""
        self.update(Content(shown(past.banner(key_of("back")))))


async def tell_past(screen: "Screen[None]", past: "OpenedVersion | None") -> None:
    """Say on a screen that an earlier version is on it, or put the line away.

    Args:
        screen: The main screen.
        past: The version; None for today's programme.
    """
    screen.set_class(past is not None, PAST)
    lines = screen.query(VersionLine)
    if past is None:
        await lines.remove()
        return
    if not lines:
        await screen.mount(VersionLine(markup=False), after="#top")
    screen.query_one(VersionLine).tell(past)

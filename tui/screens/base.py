"""The base class of read-only screens: a title, a body, a line of keys."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.session import Session, session_of
from kvartal.tui.widgets.message_line import SECONDS


class ReadingScreen(Screen[None]):
    """A screen to read and close. Subclasses provide title and body."""

    DEFAULT_CSS = """
    ReadingScreen {
        background: $background;

        & .reading-title { height: 1; padding: 0 1; background: $panel; text-style: bold; }
        & .reading-note { display: none; height: auto; max-height: 4; padding: 0 1; }
        & .reading-note { color: $text-success; }
        & .reading-note.-error { color: $text-error; }
        & .reading-keys {
            dock: bottom;
            height: auto;
            max-height: 3;
            padding: 0 1;
            background: $panel;
            color: $text-muted;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,Q,й,Й", "close", show=False),
    ]

    _note_timer: Timer | None = None

    @property
    def session(self) -> Session:
        """The session that this screen belongs to."""
        return session_of(self)

    def title_text(self) -> str:
        """Return the title; it may hold data."""
        raise NotImplementedError

    def compose_body(self) -> ComposeResult:
        """Yield the widgets of the body."""
        raise NotImplementedError

    def keys_text(self) -> str:
        """Return what the keys do."""
        return _("Esc — назад   ↑ ↓ PgUp PgDn — листать")

    def compose(self) -> ComposeResult:
        """Yield title, body, a note that is hidden as yet, and the line of keys."""
        yield Static(Content(shown(self.title_text())), classes="reading-title", markup=False)
        yield from self.compose_body()
        # Not docked: a list keeps its height, and the line under the cursor stays in sight.
        yield Static(classes="reading-note", markup=False)
        yield Static(self.keys_text(), classes="reading-keys", markup=False)

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show above the keys, for some seconds, what is said on the main screen behind this one.

        Args:
            sentence: It may hold data; empty to hide it.
            trouble: Whether something is wrong.
        """
        note = self.query_one(".reading-note", Static)
        note.update(Content(shown(sentence)))
        note.display = bool(sentence)
        note.set_class(trouble, "-error")
        if self._note_timer is not None:
            self._note_timer.stop()
        self._note_timer = self.set_timer(SECONDS, lambda: self.say("")) if sentence else None

    def action_close(self) -> None:
        """Go back to the screen below."""
        self.dismiss(None)

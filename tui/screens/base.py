"""The base class of read-only screens: a title, a body, a line of keys."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.session import Session, session_of


class ReadingScreen(Screen[None]):
    """A screen to read and close. Subclasses provide title and body."""

    DEFAULT_CSS = """
    ReadingScreen {
        background: $background;

        & .reading-title { height: 1; padding: 0 1; background: $panel; text-style: bold; }
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
        """Yield title, body and line of keys."""
        yield Static(Content(shown(self.title_text())), classes="reading-title", markup=False)
        yield from self.compose_body()
        yield Static(self.keys_text(), classes="reading-keys", markup=False)

    def repeat(self, sentence: str, *, trouble: bool = False) -> None:
        """Show what the main screen below says, where that would else be seen too late.

        Args:
            sentence: It may hold data.
            trouble: Whether something is wrong.
        """

    def action_close(self) -> None:
        """Go back to the screen below."""
        self.dismiss(None)

"""The foot of a dialog: a note, and below it the keys and the buttons.

The note is a hint, an error, or what is being done. What is too long for it is cut, and F3 shows
the whole.
"""

from collections.abc import Iterable
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from kvartal.tui.i18n import _
from kvartal.tui.presentation.elide import cut_short, elided, wrapped_lines
from kvartal.tui.presentation.sanitize import shown

FLAT: Final = "-flat"
ONE_LINE: Final = "-line"
"""Classes of a dialog in a window of so few lines that the note, or all but it, has one line."""
NOTE_LINES: Final = 2
"""The height of the note; it is larger where an error needs it."""
MOST_NOTE_LINES: Final = 5
"""The height of the note that an error needs at most; F3 shows the rest."""


class DialogFoot(Vertical):
    """The note, the keys that no button names, and the buttons."""

    DEFAULT_CSS = """
    DialogFoot {
        dock: bottom;
        height: 4;
        &.-quiet { height: 2; padding-top: 1; & .dialog-note { display: none; } }
        &.-long { height: 7; & .dialog-note { height: 5; } }

        & .dialog-note {
            height: 2;
            margin-top: 1;
            color: $text-muted;
            &.-error { color: $text-error; }
            &.-busy { color: $text-accent; text-style: bold; }
        }
        & .dialog-keys { width: 1fr; height: 1; color: $text-muted; }
        & .dialog-buttons { height: 1; }
    }
    """

    def __init__(self, keys: str, buttons: Iterable[Widget]) -> None:
        """Make the foot.

        Args:
            keys: The keys that no button names.
            buttons: The buttons, from left to right.
        """
        super().__init__()
        self._keys = keys
        self._buttons = buttons
        self._note = "", ""
        self._is_cut = False

    def compose(self) -> ComposeResult:
        """Yield the note and the row of keys and buttons."""
        yield Static(classes="dialog-note", markup=False)
        with Horizontal(classes="dialog-buttons"):
            yield Static(self._keys, classes="dialog-keys", markup=False)
            yield from self._buttons

    @property
    def error(self) -> str:
        """The error in the note; empty where it is none."""
        text, kind = self._note
        return text if kind == "error" else ""

    @property
    def cut_hint(self) -> str:
        """What the note says, where it is no error and a part of it is cut; else empty."""
        return self._note[0] if self._is_cut and not self.error else ""

    def say(self, text: str, kind: str) -> None:
        """Show a sentence above the buttons.

        Args:
            text: The sentence; it may hold data.
            kind: ``error``, ``busy`` or empty.
        """
        self._note = text, kind
        line = self.query_one(".dialog-note", Static)
        # The output of a hook or of git may be long, and its end may be what helps.
        width = max(1, line.size.width)
        is_flat = self.screen.has_class(FLAT) or self.screen.has_class(ONE_LINE)
        lines = len(wrapped_lines(shown(text), width))
        is_long = bool(self.error) and lines > NOTE_LINES and not is_flat
        self.set_class(is_long, "-long")
        if self.error and not is_flat:
            hint = _("{key} — всё сообщение").format(key="F3")
            part = elided(text, width, MOST_NOTE_LINES, hint)
        else:
            hint = _("{key} — целиком").format(key="F3")
            part = cut_short(text, width, 1 if is_flat else NOTE_LINES, hint)
        line.update(Content(part), layout=False)
        self._is_cut = part != shown(text)
        line.set_class(kind == "error", "-error")
        line.set_class(kind == "busy", "-busy")

    def say_again(self) -> None:
        """Cut the note where it has to be cut now."""
        self.say(*self._note)

    def name_keys(self, text: str) -> None:
        """Show which keys there are.

        Args:
            text: The keys that no button names.
        """
        self.query_one(".dialog-keys", Static).update(Content(text), layout=False)

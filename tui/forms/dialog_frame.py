"""The frame of every dialog: a heading, a body that scrolls, a note, and a row of buttons.

Heading, note and buttons stay in sight at any size; only the body scrolls. A dialog is a modal
screen: no key reaches the application behind it.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar, Final, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from kvartal.schema.errors import KvartalError
from kvartal.tui.forms.dialog_foot import FLAT, ONE_LINE, DialogFoot
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from textual.widget import Widget

ResultT = TypeVar("ResultT")

_WIDTHS: Final = [(0, "-slim"), (44, "-roomy")]
_HEIGHTS: Final = [(0, ONE_LINE), (7, FLAT), (11, "-high")]


class Body(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The part that scrolls. Focus and arrows go to its fields, not to the part itself."""


class DialogFrame(ModalScreen[ResultT | None], Generic[ResultT]):
    """A dialog; its result is None when it is left.

    Subclasses provide the heading, the body and the buttons, and define ``action_accept``.
    """

    DEFAULT_CSS = """
    DialogFrame {
        align: center middle;
        /* What is behind stays legible: it is what the dialog is about. */
        background: transparent;

        & .dialog-frame {
            width: 100%;
            max-width: 104;
            height: auto;
            max-height: 100%;
            border: round $primary;
            border-title-color: $text;
            border-title-style: bold;
            border-subtitle-color: $text-muted;
            background: $panel;
            padding: 0 1;
        }
        & .dialog-heading {
            dock: top;
            height: auto;
            max-height: 4;
            padding-bottom: 1;
            color: $text-muted;
        }
        & .dialog-body {
            height: auto;
            max-height: 100%;
            scrollbar-size-vertical: 1;
            scrollbar-gutter: stable;
            scrollbar-background: $panel;
            scrollbar-color: $primary 60%;
        }
        & ActionButton.more-fields { margin: 0 0 1 24; }
        /* Dimmed, but legible: what is being saved is read meanwhile. */
        & *:disabled:can-focus { opacity: 100%; text-opacity: 80%; }
        /* In a window of a few lines what is typed comes before all else. */
        &.-flat, &.-line {
            & .dialog-heading { display: none; }
            & DialogFoot { height: 2; & .dialog-note { height: 1; margin-top: 0; } }
        }
        &.-slim .dialog-keys { display: none; }
        &.-slim FormField, &.-slim FixedField, &.-slim .field-pair { layout: vertical; }
        &.-slim .field-label, &.-slim .fixed-label { width: 100%; max-height: 1; }
        &.-slim .field-side, &.-slim .fixed-side, &.-slim .field-pair FormField { width: 100%; }
        &.-slim ActionButton.more-fields { margin: 0 0 1 0; }
        &.-slim.-line .field-label { display: none; }
    }
    """
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        # Windows Terminal sends no usable Ctrl+letter under a Russian layout: F2 is the key.
        Binding("f2,ctrl+s,ctrl+ы", "accept", show=False),
        # Priority, so that keys typed ahead of the screen go where they would have gone.
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._busy = False
        self._focus_before: Widget | None = None

    # For subclasses.

    def title_text(self) -> str:
        """Return the title in the frame, as data."""
        raise NotImplementedError

    def compose_heading(self) -> ComposeResult:
        """Yield what stays in sight above the body."""
        yield from ()

    def compose_body(self) -> ComposeResult:
        """Yield what scrolls."""
        raise NotImplementedError

    def compose_buttons(self) -> ComposeResult:
        """Yield the buttons."""
        raise NotImplementedError

    def keys_text(self) -> str:
        """Return the keys that no button names."""
        return _("Tab — следующее поле")

    def action_accept(self) -> None:
        """Do what the dialog is for."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Yield the frame with its parts."""
        with Vertical(classes="dialog-frame") as frame:
            frame.border_title = Content(shown(self.title_text()))
            with Vertical(classes="dialog-heading"):
                yield from self.compose_heading()
            with Body(classes="dialog-body"):
                yield from self.compose_body()
            yield DialogFoot(self.keys_text(), self.compose_buttons())

    @property
    def busy(self) -> bool:
        """Whether something is being done that cannot be interrupted."""
        return self._busy

    @property
    def has_typed(self) -> bool:
        """Whether leaving would lose something that was typed."""
        return False

    def action_leave(self) -> None:
        """Close without a result."""
        if not self._busy:
            self.dismiss(None)

    def action_page(self, pages: int) -> None:
        """Scroll the body.

        Args:
            pages: How far; negative goes up.
        """
        body = self.query_one(Body)
        body.scroll_relative(y=pages * max(1, body.size.height - 1), animate=False)

    def action_scroll_lines(self, lines: int) -> None:
        """Scroll the body by lines.

        Args:
            lines: How far; negative goes up.
        """
        self.query_one(Body).scroll_relative(y=lines, animate=False)

    def on_resize(self) -> None:
        """Cut the note where it has to be cut now, and keep the field in focus in sight."""
        self.call_after_refresh(self.foot.say_again)
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    @property
    def foot(self) -> DialogFoot:
        """The note and the buttons."""
        return self.query_one(DialogFoot)

    def note(self, text: str, kind: str = "") -> None:
        """Show a sentence above the buttons.

        Args:
            text: The sentence; it may hold data.
            kind: ``error``, ``busy`` or empty.
        """
        self.foot.say(text, kind)

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Answer a key or a paste that no field takes. See `SpeakingScreen`."""
        if not self._busy:
            self.note(sentence, "error" if trouble else "")

    def set_busy(self, text: str) -> None:
        """Disable the dialog while something is being done, or enable it again.

        Args:
            text: What is being done; empty when it is over.
        """
        self._busy = bool(text)
        if self._busy:
            self._focus_before = self.focused
            self.note(text, "busy")
        for part in (".dialog-body", ".dialog-buttons"):
            self.query_one(part).disabled = self._busy
        if not self._busy:
            self.set_focus(self._focus_before)
            self.note("")

    async def attempt(self, work: Callable[[], Awaitable[None]], text: str) -> KvartalError | None:
        """Do something while the dialog is disabled; return the error, if there was one.

        After a success it stays disabled: what is left to do is to dismiss it.

        Args:
            work: What to do.
            text: What is shown meanwhile.
        """
        self.set_busy(text)
        try:
            await work()
        except KvartalError as error:
            self.set_busy("")
            return error
        return None

"""A message or heading as a whole, in a dialog of its own."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from kvartal.tui.forms.dialog_frame import DialogFrame
from kvartal.tui.forms.inputs import ActionButton
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown


class WholeMessageDialog(DialogFrame[None]):
    """A text as a whole where its own place had no room for it, to be read and closed."""

    DEFAULT_CSS = """
    WholeMessageDialog {
        & .dialog-body { padding-right: 1; }
        & .whole-message { height: auto; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_lines(-1)", show=False),
        Binding("down", "scroll_lines(1)", show=False),
        Binding("enter,f3", "leave", show=False),
    ]

    def __init__(self, text: str, title: str = "") -> None:
        """Show a message.

        Args:
            text: It may hold data and line breaks.
            title: What it is, as data; empty for a message.
        """
        super().__init__()
        self._text = text
        self._title = title

    def title_text(self) -> str:
        """Return the title of the frame."""
        return self._title or _("Всё сообщение")

    def compose_body(self) -> ComposeResult:
        """Yield the message."""
        yield Static(Content(shown(self._text, lines=True)), classes="whole-message", markup=False)

    def compose_buttons(self) -> ComposeResult:
        """Yield the button that closes it."""
        yield ActionButton(_("Закрыть"), "Esc", action="screen.leave", primary=True, id="leave")

    def keys_text(self) -> str:
        """Return the keys that no button names."""
        return _("↑ ↓ PgUp PgDn — листать")

    def on_mount(self) -> None:
        """Leave out the line for notes: nothing can fail here."""
        self.foot.add_class("-quiet")

    def action_accept(self) -> None:
        """Close it."""
        self.action_leave()

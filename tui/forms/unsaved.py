"""The question before a form with typed text is closed: save it, lose it, or go on writing."""

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from kvartal.tui.forms.dialog import Dialog
from kvartal.tui.forms.inputs import ActionButton
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown


class Unsaved(Enum):
    """What becomes of the text."""

    SAVE = "save"
    DISCARD = "discard"


class UnsavedDialog(Dialog[Unsaved]):
    """Ask what becomes of the typed text; the result is None for going on writing.

    F2 saves here as in the form below: pressed from habit, it loses nothing.
    """

    DEFAULT_CSS = """
    UnsavedDialog {
        & .dialog-frame { max-width: 76; border: round $warning; }
        & .dialog-heading { color: $text; text-style: bold; }
        & .unsaved-line { height: auto; }
    }
    """

    AUTO_FOCUS = "#leave"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("delete", "discard", show=False)]

    def __init__(self, lines: Sequence[str], *, accept: str) -> None:
        """Make the dialog.

        Args:
            lines: What would be lost; they may hold data.
            accept: Label of the form's button that saves.
        """
        super().__init__()
        self._lines = lines
        self._accept = accept

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Не сохранено")

    def compose_heading(self) -> ComposeResult:
        """Yield the question."""
        yield Static(_("Закрыть без сохранения?"), markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield what would be lost."""
        for line in self._lines:
            yield Static(Content(shown(line)), classes="unsaved-line", markup=False)

    def compose_buttons(self) -> ComposeResult:
        """Yield the three buttons."""
        yield ActionButton(self._accept, "F2", action="screen.accept", id="accept")
        yield ActionButton(_("Не сохранять"), "Delete", action="screen.discard", id="discard")
        yield ActionButton(_("Вернуться"), "Esc", action="screen.leave", primary=True, id="leave")

    def keys_text(self) -> str:
        """Return nothing: every button names its key."""
        return ""

    def on_mount(self) -> None:
        """Leave out the line for notes: nothing can fail here."""
        self.foot.add_class("-quiet")

    def action_accept(self) -> None:
        """Save the text."""
        self.dismiss(Unsaved.SAVE)

    def action_discard(self) -> None:
        """Lose the text."""
        self.dismiss(Unsaved.DISCARD)

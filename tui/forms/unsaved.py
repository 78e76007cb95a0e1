"""The question before a form with typed text is closed: save it, lose it, or go on writing."""

from collections.abc import Sequence
from enum import Enum

from textual.app import ComposeResult

from kvartal.tui.forms.inputs import ActionButton
from kvartal.tui.forms.text_question import TextQuestion
from kvartal.tui.i18n import _


class Unsaved(Enum):
    """What becomes of the text."""

    SAVE = "save"
    DISCARD = "discard"


class UnsavedDialog(TextQuestion[Unsaved]):
    """Ask what becomes of the typed text; the result is None for going on writing.

    F2 saves here as in the form below: pressed from habit, it loses nothing.
    """

    AUTO_FOCUS = "#leave"

    def __init__(self, lines: Sequence[str], *, accept: str) -> None:
        """Make the dialog.

        Args:
            lines: What would be lost; they may hold data.
            accept: Label of the form's button that saves.
        """
        super().__init__(lines)
        self._accept = accept

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Не сохранено")

    def question(self) -> str:
        """Return what is asked."""
        return _("Закрыть без сохранения?")

    def compose_buttons(self) -> ComposeResult:
        """Yield the three buttons."""
        yield ActionButton(self._accept, "F2", action="screen.accept", id="accept")
        yield ActionButton(_("Не сохранять"), "Delete", action="screen.discard", id="discard")
        yield ActionButton(_("Вернуться"), "Esc", action="screen.leave", primary=True, id="leave")

    def action_accept(self) -> None:
        """Save the text."""
        self.dismiss(Unsaved.SAVE)

    def action_discard(self) -> None:
        """Lose the text."""
        self.dismiss(Unsaved.DISCARD)

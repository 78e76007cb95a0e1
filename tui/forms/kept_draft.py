"""The question whether to take up again what was typed into a form when the program was ended."""

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


class KeptDraft(Enum):
    """What becomes of the text."""

    TAKE = "take"
    DELETE = "delete"


class KeptDraftDialog(Dialog[KeptDraft]):
    """Ask what becomes of the text; the result is None for another time."""

    DEFAULT_CSS = """
    KeptDraftDialog {
        & .dialog-frame { max-width: 76; border: round $warning; }
        & .dialog-heading { color: $text; text-style: bold; }
        & .draft-line { height: auto; }
    }
    """

    AUTO_FOCUS = "#accept"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("delete", "discard", show=False)]

    def __init__(self, moment: str, lines: Sequence[str]) -> None:
        """Make the dialog.

        Args:
            moment: When the program was ended.
            lines: What was typed; they may hold data.
        """
        super().__init__()
        self._moment = moment
        self._lines = lines

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Несохранённый текст")

    def compose_heading(self) -> ComposeResult:
        """Yield the question."""
        text = _("Программу закрыли {moment}, не сохранив это. Вернуть в форму?")
        yield Static(text.format(moment=self._moment), markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield what was typed."""
        for line in self._lines:
            yield Static(Content(shown(line)), classes="draft-line", markup=False)

    def compose_buttons(self) -> ComposeResult:
        """Yield the three buttons."""
        yield ActionButton(_("Вернуть"), "F2", action="screen.accept", primary=True, id="accept")
        yield ActionButton(_("Удалить"), "Delete", action="screen.discard", id="discard")
        yield ActionButton(_("Потом"), "Esc", action="screen.leave", id="leave")

    def keys_text(self) -> str:
        """Return nothing: every button names its key."""
        return ""

    def on_mount(self) -> None:
        """Leave out the line for notes: nothing can fail here."""
        self.foot.add_class("-quiet")

    def action_accept(self) -> None:
        """Take the text into the form."""
        self.dismiss(KeptDraft.TAKE)

    def action_discard(self) -> None:
        """Delete the text."""
        self.dismiss(KeptDraft.DELETE)

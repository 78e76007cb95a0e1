"""The question whether to take up again what was typed into a form when the program was ended."""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.events import Key, Mount, Paste

from kvartal.tui.forms.inputs import ActionButton
from kvartal.tui.forms.text_question import TextQuestion
from kvartal.tui.i18n import _

PAUSE_SECONDS: Final = 0.6
"""How long no key is pressed before one is an answer: the question comes while somebody types.

So long what came back is neither saved nor given up."""


class KeptDraft(Enum):
    """What becomes of the text."""

    TAKE = "take"
    DELETE = "delete"


class KeptDraftDialog(TextQuestion[KeptDraft]):
    """Ask what becomes of the text; the result is None for another time."""

    AUTO_FOCUS = "#accept"

    def __init__(self, moment: str, lines: Sequence[str]) -> None:
        """Make the dialog.

        Args:
            moment: When the program was ended.
            lines: What was typed; they may hold data.
        """
        super().__init__(lines)
        self._moment = moment
        self._last_key = 0.0

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Несохранённый текст")

    def question(self) -> str:
        """Return what is asked."""
        text = _("Программу закрыли {moment}, не сохранив это. Вернуть в форму?")
        return text.format(moment=self._moment)

    def compose_buttons(self) -> ComposeResult:
        """Yield the three buttons."""
        yield ActionButton(_("Вернуть"), "F2", action="screen.accept", primary=True, id="accept")
        yield ActionButton(_("Удалить"), "Delete", action="screen.discard", id="discard")
        yield ActionButton(_("Потом"), "Esc", action="screen.leave", id="leave")

    @on(Mount)
    def note_start(self, event: Mount) -> None:
        """Note since when keys may be meant for the question."""
        self._last_key = event.time

    def on_key(self, event: Key) -> None:
        """Leave to the form what is typed without a pause: it was meant for the form."""
        if event.time - self._last_key >= PAUSE_SECONDS:
            return
        self._last_key = event.time
        event.stop()
        behind = self.app.screen_stack[-2].focused
        if event.is_printable and behind is not None:
            behind.post_message(event)

    def on_paste(self, event: Paste) -> None:
        """Leave a pasted text to the form: it is no answer."""
        event.stop()
        behind = self.app.screen_stack[-2].focused
        if behind is not None:
            behind.post_message(event)

    def action_accept(self) -> None:
        """Take the text into the form."""
        self.dismiss(KeptDraft.TAKE)

    def action_discard(self) -> None:
        """Delete the text."""
        self.dismiss(KeptDraft.DELETE)

"""What was typed into forms and not saved, to read, copy and delete: also of forms now gone."""

from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from kvartal.tui.form_drafts import FormDraft
from kvartal.tui.forms.inputs import ActionButton
from kvartal.tui.forms.text_question import TextQuestion
from kvartal.tui.i18n import _
from kvartal.tui.presentation.history import moment
from kvartal.tui.presentation.sanitize import shown


class DraftRead(Enum):
    """What becomes of a draft that was read."""

    KEEP = "keep"
    DELETE = "delete"


class DraftDialog(TextQuestion[DraftRead]):
    """Show one draft; the result is None for reading no further."""

    AUTO_FOCUS = "#next, #leave"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_lines(-1)", show=False),
        Binding("down", "scroll_lines(1)", show=False),
        Binding("ctrl+c,ctrl+с", "copy", show=False),
    ]

    def __init__(self, draft: FormDraft, left: int) -> None:
        """Make the dialog.

        Args:
            draft: What to show; any data.
            left: How many follow.
        """
        super().__init__([text.line for text in draft.texts.values()])
        self._draft = draft
        self._left = left

    def title_text(self) -> str:
        """Return the title of the frame."""
        title = _("Несохранённый текст")
        return f"{title} (+{self._left})" if self._left else title

    def question(self) -> str:
        """Return where it was typed, and how it gets there again."""
        # Of a measure that is gone or done, the form does not open any more.
        text = _(
            "«{title}»: программу закрыли {moment}, не сохранив это. Вернёт та же форма, если она "
            "ещё открывается."
        )
        when = moment(self._draft.moment.isoformat(), zone=False)
        return shown(text.format(title=self._draft.title, moment=when))

    def compose_body(self) -> ComposeResult:
        """Yield what was typed, with its lines."""
        for line in self._lines:
            yield Static(Content(shown(line, lines=True)), classes="question-line", markup=False)

    def compose_buttons(self) -> ComposeResult:
        """Yield the buttons."""
        if self._left:
            name = _("Следующий")
            yield ActionButton(name, "Enter", action="screen.next", primary=True, id="next")
        yield ActionButton(_("Копировать"), "Ctrl+C", action="screen.copy", id="copy")
        yield ActionButton(_("Удалить"), "Delete", action="screen.discard", id="discard")
        yield ActionButton(
            _("Закрыть"), "Esc", action="screen.leave", primary=not self._left, id="leave"
        )

    def on_mount(self) -> None:
        """Say how to scroll, where there is room beside the buttons."""
        self._say(_("↑ ↓ PgUp PgDn — листать"))

    def _say(self, text: str) -> None:
        self.query_one(".dialog-frame").border_subtitle = Content(text)

    def action_copy(self) -> None:
        """Copy what is selected, else all that was typed; of several fields, with their labels."""
        texts = [*self._draft.texts.values()]
        whole = texts[0].typed if len(texts) == 1 else "\n\n".join(text.line for text in texts)
        text = self.get_selected_text() or whole
        # A file of drafts may hold halves of characters, which no terminal takes.
        self.app.copy_to_clipboard(text.encode(errors="replace").decode())
        self._say(_("Передано в буфер обмена терминала."))

    def action_accept(self) -> None:
        """Go on, as Enter does: nothing is saved here."""
        self.action_next()

    def action_next(self) -> None:
        """Keep it, and show the next one."""
        self.dismiss(DraftRead.KEEP)

    def action_discard(self) -> None:
        """Delete it."""
        self.dismiss(DraftRead.DELETE)

"""A question with a preview and two buttons: before an undo, a removal, a loss of typed text."""

from collections.abc import Awaitable, Callable, Sequence

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from kvartal.tui.forms.dialog import Dialog
from kvartal.tui.forms.inputs import ActionButton
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import full_message
from kvartal.tui.presentation.sanitize import shown


class ConfirmDialog(Dialog[bool]):
    """A question; the result is True for yes, None for no.

    The focus is on the button that leaves, so that a hasty Enter loses nothing. F2 says yes.
    """

    DEFAULT_CSS = """
    ConfirmDialog {
        & .dialog-frame { max-width: 76; border: round $warning; }
        & .dialog-heading { color: $text; text-style: bold; }
        /* The question is what the buttons answer: it stays in a window of any height. */
        &.-flat .dialog-heading, &.-line .dialog-heading {
            display: block;
            max-height: 3;
            padding-bottom: 0;
        }
        & .confirm-line { height: auto; }
    }
    """

    AUTO_FOCUS = "#leave"

    def __init__(  # noqa: PLR0913 - each is a text of the dialog
        self,
        question: str,
        lines: Sequence[str] = (),
        *,
        accept: str,
        leave: str = "",
        title: str = "",
        act: Callable[[], Awaitable[None]] | None = None,
        harmless: bool = False,
    ) -> None:
        """Make the dialog.

        Args:
            question: What is asked; it may hold data.
            lines: The preview: what would happen, or be lost.
            accept: Label of the button that says yes.
            leave: Label of the button that says no.
            title: Title of the frame.
            act: Called when the answer is yes, before the dialog closes; on a KvartalError the
                dialog stays open and shows its message.
            harmless: Whether Enter says yes at once: what can be undone needs no care.
        """
        super().__init__()
        self._harmless = harmless
        self._question = question
        self._lines = lines
        self._accept = accept
        self._leave = leave or _("Отмена")
        self._title = title or _("Подтвердите")
        self._act = act

    def title_text(self) -> str:
        """Return the title of the frame."""
        return self._title

    def compose_heading(self) -> ComposeResult:
        """Yield the question."""
        yield Static(Content(shown(self._question)), markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield the preview."""
        for line in self._lines:
            yield Static(Content(shown(line)), classes="confirm-line", markup=False)

    def compose_buttons(self) -> ComposeResult:
        """Yield the two buttons."""
        yield ActionButton(
            self._accept, "F2", action="screen.accept", primary=self._harmless, id="accept"
        )
        yield ActionButton(
            self._leave, "Esc", action="screen.leave", primary=not self._harmless, id="leave"
        )

    def on_mount(self) -> None:
        """Focus the button that Enter is meant for; drop the note where nothing can fail."""
        self.foot.set_class(self._act is None, "-quiet")
        self.focus_first()

    def focus_first(self) -> None:
        """Put the focus where it belongs when the dialog opens."""
        if self._harmless:
            self.query_one("#accept").focus()

    def keys_text(self) -> str:
        """Return the keys that no button names."""
        return _("← → — выбор, Enter")

    def action_accept(self) -> None:
        """Say yes."""
        if self.busy:
            return
        if self._act is None:
            self.dismiss(True)
        else:
            self._do(self._act)

    @work(group="save", exclusive=True)
    async def _do(self, act: Callable[[], Awaitable[None]]) -> None:
        error = await self.attempt(act, _("Выполняется…"))
        if error is None:
            self.dismiss(True)
        else:
            self.note(full_message(error), "error")

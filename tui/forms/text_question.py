"""What the questions about typed text have in common: they show it, and three buttons."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from kvartal.tui.forms.dialog import Dialog
from kvartal.tui.forms.dialog_frame import ResultT
from kvartal.tui.presentation.sanitize import shown


class TextQuestion(Dialog[ResultT]):
    """A question about typed text; Delete does away with it."""

    DEFAULT_CSS = """
    TextQuestion {
        & .dialog-frame { max-width: 76; border: round $warning; }
        & .dialog-heading { color: $text; text-style: bold; }
        & .question-line { height: auto; }
        /* The question comes before what it is about. */
        &.-flat, &.-line {
            & .dialog-heading { display: block; padding-bottom: 0; }
            & DialogFoot { height: 1; padding-top: 0; }
        }
        &.-line .dialog-frame { height: 100%; }
        &.-line .dialog-body { display: none; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("delete", "discard", show=False)]

    def __init__(self, lines: Sequence[str]) -> None:
        """Make the dialog.

        Args:
            lines: What was typed; they may hold data.
        """
        super().__init__()
        self._lines = lines

    def question(self) -> str:
        """Return what is asked."""
        raise NotImplementedError

    def compose_heading(self) -> ComposeResult:
        """Yield the question."""
        yield Static(self.question(), markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield what was typed."""
        for line in self._lines:
            yield Static(Content(shown(line)), classes="question-line", markup=False)

    def keys_text(self) -> str:
        """Return nothing: every button names its key."""
        return ""

    def on_mount(self) -> None:
        """Leave out the line for notes: nothing can fail here."""
        self.foot.add_class("-quiet")

    def action_discard(self) -> None:
        """Do away with the text."""
        raise NotImplementedError

"""A dialog about something: its heading and its errors are shown as a whole where they are cut."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from kvartal.tui.forms.dialog_frame import DialogFrame, ResultT
from kvartal.tui.forms.heading_line import HeadingLine
from kvartal.tui.forms.inputs import ActionButton
from kvartal.tui.forms.whole_message import WholeMessageDialog
from kvartal.tui.i18n import _


class Dialog(DialogFrame[ResultT]):
    """A dialog that says in its heading what it is about."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "whole_message", show=False)]

    def heading_texts(self) -> Sequence[str]:
        """Return what the dialog is about, as data: a line each, cut where it is too long."""
        return ()

    def compose_heading(self) -> ComposeResult:
        """Yield what stays in sight above the body."""
        for text in self.heading_texts():
            yield HeadingLine(text)

    def on_heading_line_resized(self) -> None:
        """Name the key that shows the whole heading, where a part of it is cut."""
        text = self.keys_text()
        if self._heading_is_cut:
            text = "   ".join((text, _("{key} — целиком").format(key="F3")))
        self.foot.name_keys(text)

    @property
    def _heading_is_cut(self) -> bool:
        lines = self.query(HeadingLine)
        return any(line.is_cut for line in lines) or len(lines) < len(self.heading_texts())

    def action_whole_message(self) -> None:
        """Show as a whole the error in the note; where there is none, what else is cut."""
        if self.busy:
            return
        foot = self.foot
        if foot.error:
            self.app.push_screen(WholeMessageDialog(foot.error))
            return
        parts = [*self.heading_texts()] if self._heading_is_cut else []
        parts += [foot.cut_hint] if foot.cut_hint else []
        if parts:
            self.app.push_screen(WholeMessageDialog("\n\n".join(parts), self.title_text()))


def buttons(accept: str, leave: str) -> ComposeResult:
    """Yield the two buttons of a form.

    Args:
        accept: Label of the button that accepts.
        leave: Label of the button that leaves.
    """
    yield ActionButton(accept, "F2", action="screen.accept", primary=True)
    yield ActionButton(leave, "Esc", action="screen.leave")

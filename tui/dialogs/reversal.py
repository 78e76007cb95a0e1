"""The question before an undo, a redo or a restoration, with a line for the reason."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.widgets import Input

from kvartal.tui.forms.confirm import ConfirmDialog
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kvartal.history.log.undo import Reversal


@dataclass(frozen=True, slots=True)
class ReversalTexts:
    """The texts of the question.

    Attributes:
        title: Title of the frame.
        question: What is asked; it may hold data.
        lines: What would happen; they may hold data.
        accept: Label of the button that says yes.
        leave: Label of the button that says no.
    """

    title: str
    question: str
    lines: Sequence[str]
    accept: str
    leave: str


class ReversalDialog(ConfirmDialog):
    """Ask whether to do it, and why; the reason may be left out."""

    def __init__(
        self,
        reversal: "Reversal",
        save: "Callable[[Reversal], Awaitable[None]]",
        texts: ReversalTexts,
    ) -> None:
        """Make the dialog.

        Args:
            reversal: What is to be done.
            save: Saves it with its reason; raises a KvartalError where it could not.
            texts: The texts.
        """
        super().__init__(
            texts.question,
            texts.lines,
            accept=texts.accept,
            leave=texts.leave,
            title=texts.title,
            act=self._save,
            harmless=True,
        )
        self._reversal = reversal
        self._save_reversal = save
        self._reason = FormField("reason", _("Причина"), LineInput())

    def compose_body(self) -> ComposeResult:
        """Yield the line for the reason, and the preview."""
        yield self._reason
        yield from super().compose_body()

    def focus_first(self) -> None:
        """Begin in the line for the reason, where Enter says yes too; ask for one of a fact."""
        self._reason.control.focus()
        if self._reversal.lost:
            self.note(_("Почему? Можно не отвечать, но тогда в истории основания не будет."))

    def keys_text(self) -> str:
        """Return the keys that no button names."""
        return _("Tab — следующее поле")

    def action_accept(self) -> None:
        """Do it, once what was typed into the line has arrived there."""
        if not self.busy:
            self._accept_typed()

    @work(group="accept", exclusive=True)
    async def _accept_typed(self) -> None:
        processed = asyncio.Event()
        if self._reason.control.call_later(processed.set):
            await processed.wait()
        super().action_accept()

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self.action_accept()

    async def _save(self) -> None:
        await self._save_reversal(replace(self._reversal, reason=self._reason.typed.strip()))

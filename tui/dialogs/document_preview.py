"""What a document would do, shown before anything is done: yes, no, or first its columns."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import ClassVar, Generic

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from kvartal.tui.dialogs.document_reading import DocumentReading, PayloadT, Reader
from kvartal.tui.dialogs.unclear_columns import ColumnAnswers, UnclearColumnsDialog
from kvartal.tui.forms.confirm import ConfirmDialog
from kvartal.tui.forms.inputs import ActionButton
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown


class DocumentPreview(ConfirmDialog, Generic[PayloadT]):
    """What a document would do, and the question whether to do it; F4 asks about its columns."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f4,c,C,с,С", "columns", show=False)]

    def __init__(
        self,
        reading: DocumentReading[PayloadT],
        read: Reader[PayloadT],
        act: Callable[[PayloadT], Awaitable[None]],
        *,
        title: str,
        plans: Path,
    ) -> None:
        """Make the dialog.

        Args:
            reading: What was read.
            read: Reads it again with what is said of its columns.
            act: Does what it says; on a KvartalError the dialog stays open and shows its message.
            title: Title of the frame.
            plans: The folder of the programmes, where the answers are not kept.
        """
        self.reading = reading
        self._reader = read
        self._do_payload = act
        self._plans = plans
        super().__init__(
            reading.question,
            reading.lines,
            accept=_("Взять"),
            leave=_("Не брать"),
            title=title,
            act=self._take,
            harmless=True,
        )
        self._asked = False

    def compose_heading(self) -> ComposeResult:
        """Yield the question, and how many columns are not clear."""
        yield Static(Content(shown(self.reading.question)), markup=False)
        if self._is_asking:
            text = _("Столбцов, о которых стоит сказать: {count}. F4 — сказать, что в них.")
            text = text.format(count=len(self.reading.unclear))
            yield Static(Content(text), markup=False, id="unclear")

    def compose_body(self) -> ComposeResult:
        """Yield the preview, as one text: it may have thousands of lines."""
        text = "\n".join(shown(line) for line in self.reading.lines)
        yield Static(Content(text), classes="confirm-line", markup=False)

    def compose_buttons(self) -> ComposeResult:
        """Yield a button for yes, where there is anything to do, for the columns, and for no."""
        is_asking = self._is_asking
        if self.reading.unclear:
            yield ActionButton(
                _("Столбцы…"), "F4", action="screen.columns", primary=is_asking, id="columns"
            )
        if self.reading.payload is not None:
            yield ActionButton(
                _("Взять"), "F2", action="screen.accept", primary=not is_asking, id="accept"
            )
        yield ActionButton(
            _("Не брать") if self.reading.payload is not None else _("Закрыть"),
            "Esc",
            action="screen.leave",
            primary=self.reading.payload is None and not is_asking,
            id="leave",
        )

    def focus_first(self) -> None:
        """Put the focus on what comes next: the columns, then the yes."""
        self.query(".-primary").first(ActionButton).focus()

    def action_accept(self) -> None:
        """Say yes, where there is anything to do."""
        if self.reading.payload is not None:
            super().action_accept()

    def action_columns(self) -> None:
        """Ask what the columns hold that are not clear."""
        if self.busy or not self.reading.unclear:
            return
        dialog = UnclearColumnsDialog(self.reading.unclear, self._read_again)
        self.app.push_screen(dialog, self._answered)

    async def _read_again(self, answers: ColumnAnswers) -> DocumentReading[PayloadT]:
        from kvartal.tui.commands.column_map import write_column_map

        stated = {**self.reading.stated, **answers.columns}
        reading = await asyncio.to_thread(self._reader, self.reading.document, stated)
        if answers.kept_in is not None and reading.columns is not None:
            path, columns = answers.kept_in, reading.columns
            await asyncio.to_thread(write_column_map, path, columns, self._plans)
        return reading

    def _answered(self, reading: DocumentReading[PayloadT] | None) -> None:
        """Show what the document reads as now."""
        if reading is None:
            return
        self.reading = reading
        self._asked = True
        # The answer comes to whom the question was asked of, perhaps to a button of this dialog: it
        # would wait for its own end.
        self.call_next(self._show_again)

    async def _show_again(self) -> None:
        await self.recompose()
        self.on_mount()

    @property
    def has_choice(self) -> bool:
        """Whether there is anything to say yes to, or to say of the columns."""
        return self.reading.payload is not None or bool(self.reading.unclear)

    @property
    def _is_asking(self) -> bool:
        return bool(self.reading.unclear) and not self._asked

    async def _take(self) -> None:
        if self.reading.payload is not None:
            await self._do_payload(self.reading.payload)

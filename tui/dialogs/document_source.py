"""What the dialogs that read a document share: its path, and reading that can be stopped."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from textual.app import ComposeResult

from kvartal.schema.errors import N_
from kvartal.schema.fields import FieldRequired
from kvartal.tui.dialogs.document_preview import DocumentPreview
from kvartal.tui.dialogs.document_reading import DocumentReading, PayloadT, Stopped, going_on
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.files import PathInput
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.inputs import set_control_text
from kvartal.tui.forms.paths import typed_paths
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.exchange.grid import SourceDocument
    from kvartal.exchange.tables.printed_table import PrintedTable

ValueT = TypeVar("ValueT")

_MOMENT: Final = 0.1
"""How long a stopped reading goes on at most, in seconds."""
_SLOW: Final = 1.0
"""After how many seconds it is said that reading goes on, and again."""


class SourceDialog(FormDialog[DocumentReading[PayloadT]], Generic[PayloadT]):
    """Ask for a document and read it; nothing is saved yet. Esc stops reading."""

    DEFAULT_CSS = """
    SourceDialog { & .dialog-frame { max-width: 84; } }
    """

    ACCEPT = N_("Прочитать")
    BUSY = N_("Читается…")

    def __init__(self) -> None:
        super().__init__()
        self._stopped = threading.Event()
        self._refused: tuple[str, ...] = ()

    def preview(self, reading: DocumentReading[PayloadT]) -> DocumentPreview[PayloadT]:
        """Return the question whether to do what a document says.

        Args:
            reading: What it reads as.
        """
        raise NotImplementedError

    @property
    def has_typed(self) -> bool:
        """Whether leaving would lose something that was typed and not refused already."""
        return super().has_typed and self._typed_texts() != self._refused

    def done(self, result: DocumentReading[PayloadT]) -> None:
        """Ask whether to do what was read. After a no one can say more of the document."""
        preview = self.preview(result)

        def answered(is_taken: bool | None) -> None:  # noqa: FBT001 - the result of a dialog
            if is_taken:
                self.dismiss(preview.reading)
            elif preview.has_choice:
                self._refused = self._typed_texts()
                self.set_busy("")
            else:
                self.dismiss(None)

        self.app.push_screen(preview, answered)

    def _typed_texts(self) -> tuple[str, ...]:
        return tuple(self.typed(key) for key in self.fields)

    def read(
        self, document: "SourceDocument", stated: Mapping[str, str], stopped: Stopped = going_on
    ) -> DocumentReading[PayloadT]:
        """Return what a document reads as; called in a thread.

        Args:
            document: The document.
            stated: What the user says of its columns.
            stopped: Asked at every row whether to stop.

        Raises:
            KvartalError: It is not what is wanted.
        """
        raise NotImplementedError

    def document_fields(self) -> ComposeResult:
        """Yield the fields for the document and for what was said of its columns before."""
        hint = _("Файл Word, Excel, LibreOffice, CSV, HTML или текст; → дополняет путь.")
        yield self.add_field(
            FormField("path", _("Файл"), PathInput(), hint=hint, required=True, check=_is_path)
        )
        hint = _("Если столбцы уже запомнены: файл .toml. Иначе пусто, непонятные спросят.")
        yield self.add_field(FormField("map", _("Столбцы из файла"), PathInput(), hint=hint))

    def on_path_input_dropped(self, event: PathInput.Dropped) -> None:
        """Put a file that was dropped on the terminal into the field where one types."""
        event.stop()
        field = self.field_in_focus() or self.fields["path"]
        set_control_text(field.control, str(typed_paths(event.text)[0]))

    def on_input_submitted(self) -> None:
        """Read the file on Enter: nothing else has to be typed."""
        self.action_accept()

    def on_unmount(self) -> None:
        """Stop reading when the dialog is left."""
        self._stopped.set()

    def action_leave(self) -> None:
        """Stop reading; otherwise close."""
        if self.busy:
            self._stopped.set()
        else:
            super().action_leave()

    async def submit(self) -> DocumentReading[PayloadT]:
        """Read the document and work out what it would do.

        Raises:
            KvartalError: It cannot be read, is not what is wanted, or reading was stopped.
        """
        from kvartal.exchange.reading import read_document
        from kvartal.tui.commands.column_map import read_column_map

        self._stopped = threading.Event()
        stopped = self._stopped.is_set
        (path, *_others) = typed_paths(self.typed("path"))
        columns = self.typed("map").strip()
        stated = read_column_map(typed_paths(columns)[0]) if columns else {}
        document = await self._stoppable(path, lambda: read_document(path, stopped=stopped))
        return await self._stoppable(path, lambda: self.read_or_ask(document, stated, stopped))

    def read_or_ask(
        self, document: "SourceDocument", stated: Mapping[str, str], stopped: Stopped = going_on
    ) -> DocumentReading[PayloadT]:
        """Return what a document reads as; where no table is found, the columns to ask about.

        Args:
            document: The document.
            stated: What the user says of its columns.
            stopped: Asked at every row whether to stop.

        Raises:
            KvartalError: It is not what is wanted, and no answer would help.
        """
        from kvartal.exchange.tables.table_reader import NoMeasureTable
        from kvartal.exchange.tables.unclear import unclear_columns

        try:
            reading = self.read(document, stated, stopped)
        except NoMeasureTable:
            unclear = unclear_columns(document, stated, self.printed())
            # Those who have answered already are told why that did not help.
            if not unclear or stated:
                raise
            text = _("«{name}»: по заголовкам таблица мероприятий не найдена. Что в столбцах?")
            question = text.format(name=document.name)
            return DocumentReading(document, stated, question, unclear=unclear)
        return replace(reading, unclear=unclear_columns(document, stated, self.printed()))

    def printed(self) -> "PrintedTable | None":
        """Return how the programme that the document goes into is printed; None for a new one."""
        return None

    async def _stoppable(self, path: Path, work: Callable[[], ValueT]) -> ValueT:
        """Run a call in a thread and show how long it takes; Esc abandons it.

        Raises:
            DocumentReadingStopped: The user does not want it any longer.
            KvartalError: It failed.
        """
        from kvartal.exchange.errors import DocumentReadingStopped

        began = time.monotonic()
        task = asyncio.ensure_future(asyncio.to_thread(work))
        while not task.done():
            await asyncio.wait({task}, timeout=_MOMENT)
            if self._stopped.is_set() and not task.done():
                task.add_done_callback(lambda one: one.exception())
                raise DocumentReadingStopped(name=path.name)
            seconds = time.monotonic() - began
            if self.busy and seconds >= _SLOW:
                text = _("Читается «{name}», {seconds} с. Esc — остановить.")
                self.note(text.format(name=path.name, seconds=int(seconds)), "busy")
        return task.result()


def _is_path(text: str) -> None:
    """Refuse an empty path.

    Raises:
        FieldRequired: It is empty.
    """
    if not text.strip():
        raise FieldRequired(field=_("Файл"))

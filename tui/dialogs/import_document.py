"""The dialogs that take a document into the programme: which one, and what it would change."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widgets import Static

from kvartal.schema.changes import Change, ChangeSource
from kvartal.schema.edited_data import apply_edits
from kvartal.tui.dialogs.document_preview import DocumentPreview
from kvartal.tui.dialogs.document_reading import DocumentReading, Stopped, going_on
from kvartal.tui.dialogs.document_source import SourceDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.i18n import _, translator
from kvartal.tui.presentation.measure_numbers import name_text
from kvartal.tui.presentation.screen_words import on_screen

if TYPE_CHECKING:
    from kvartal.exchange.grid import SourceDocument
    from kvartal.exchange.importing.importing import Import
    from kvartal.exchange.own_export import ImportTarget
    from kvartal.exchange.remark import Remark
    from kvartal.exchange.tables.printed_table import PrintedTable


class ImportDialog(SourceDialog[Change]):
    """Ask for a document and read it; the result is what it would change."""

    def __init__(self, context: FormContext, plan_name: str) -> None:
        """Make the dialog.

        Args:
            context: The programme and the way to save a change.
            plan_name: The name of its file, for messages.
        """
        super().__init__()
        self.context = context
        self._plan_name = plan_name

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Взять из документа")

    def compose_heading(self) -> ComposeResult:
        """Yield what will happen."""
        text = _("Сначала будет показано, что изменится. Ничего не удаляется.")
        yield Static(text, markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield the fields for the document."""
        yield from self.document_fields()

    def read(
        self, document: "SourceDocument", stated: Mapping[str, str], stopped: Stopped = going_on
    ) -> DocumentReading[Change]:
        """Return what a document would change."""
        from kvartal.exchange.own_export import import_document

        day = self.context.as_of
        programme, result = import_document(
            document, self._into(), translator, day=day, columns=stated, stopped=stopped
        )
        source = ChangeSource(document.name, document.sha256)
        change = Change(result.change.kind, result.change.edits, source)
        text = _("Взять из «{name}» то, что ниже?")
        if not change.edits:
            text = _("«{name}»: всё и так записано, брать нечего.")
        return DocumentReading(
            document,
            stated,
            text.format(name=document.name),
            tuple(self._lines(result)),
            change if change.edits else None,
            programme.columns,
        )

    def preview(self, reading: DocumentReading[Change]) -> DocumentPreview[Change]:
        """Return the question whether to take what was read; yes saves it."""

        async def act(change: Change) -> None:
            await self.context.save(change, ())

        return DocumentPreview(
            reading, self.read_or_ask, act, title=self.title_text(), plans=self.context.folder
        )

    def printed(self) -> "PrintedTable":
        """Return how the programme that the document goes into is printed."""
        from kvartal.exchange.own_export import printed_as

        return printed_as(self._into(), translator)

    def _into(self) -> "ImportTarget":
        from kvartal.exchange.own_export import ImportTarget

        return ImportTarget(self.context.data, self.context.plan, self._plan_name)

    def _lines(self, result: "Import") -> list[str]:
        from kvartal.history.diff.groups import visible_groups
        from kvartal.history.diff.words import Words
        from kvartal.tui.commands.output import group_lines

        before = self.context.data
        after = apply_edits(before, result.change.edits)
        lines = list(group_lines(visible_groups(before, after, Words(_))))
        if result.left:
            text = _("В документе нет, остаются как есть: {measures}.")
            names = (name_text(self.context.plan.measure(one)) for one in result.left)
            lines += ["", text.format(measures=", ".join(names))]
        return [*lines, *remark_lines(result.remarks)]


def remark_lines(remarks: "tuple[Remark, ...]") -> Iterator[str]:
    """Yield the remarks on a document under a heading; nothing if there are none."""
    from kvartal.exchange.importing.choosing import remark_sentences

    if remarks:
        yield from ("", _("Замечания к документу:"))
        yield from remark_sentences(remarks, on_screen)

"""The dialogs that take a document into the programme: which one, and what it would change."""

import asyncio
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widgets import Static

from kvartal.schema.changes import Change, ChangeSource, apply_edits
from kvartal.schema.errors import N_
from kvartal.schema.fields import FieldRequired
from kvartal.tui.forms.confirm import ConfirmDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.files import PathInput
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.inputs import set_control_text
from kvartal.tui.forms.paths import typed_paths
from kvartal.tui.i18n import _, translator

if TYPE_CHECKING:
    from kvartal.exchange.grid import SourceDocument
    from kvartal.exchange.importing.importing import Import


@dataclass(frozen=True, slots=True)
class PreparedImport:
    """A document that was read, and what it would do.

    Attributes:
        name: Its name.
        change: The change; without edits where it says nothing new.
        lines: What it changes and what was not understood, for the user.
    """

    name: str
    change: Change
    lines: tuple[str, ...]


class ImportDialog(FormDialog[PreparedImport]):
    """Ask for a document and read it; nothing is saved yet."""

    DEFAULT_CSS = """
    ImportDialog { & .dialog-frame { max-width: 84; } }
    """

    ACCEPT = N_("Прочитать")
    BUSY = N_("Читается…")

    def __init__(self, context: FormContext, plan_name: str) -> None:
        """Make the dialog.

        Args:
            context: The programme and the way to save a change.
            plan_name: The name of its file, for messages.
        """
        super().__init__()
        self.context = context
        self._plan_name = plan_name
        self._stopped = threading.Event()

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Взять из документа")

    def compose_heading(self) -> ComposeResult:
        """Yield what will happen."""
        text = _("Сначала будет показано, что изменится. Ничего не удаляется.")
        yield Static(text, markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield the field for the path."""
        hint = _("Файл Word, Excel, LibreOffice, CSV, HTML или текст; → дополняет путь.")
        field = FormField(
            "path", _("Файл"), PathInput(), hint=hint, required=True, check=self._check
        )
        yield self.add_field(field)

    def on_path_input_dropped(self, event: PathInput.Dropped) -> None:
        """Put a file that was dropped on the terminal into the field."""
        event.stop()
        set_control_text(self.fields["path"].control, str(typed_paths(event.text)[0]))

    def on_input_submitted(self) -> None:
        """Read the file on Enter: there is no other field to go to."""
        self.action_accept()

    def on_unmount(self) -> None:
        """Stop reading when the dialog is left."""
        self._stopped.set()

    async def submit(self) -> PreparedImport:
        """Read the document and work out what it changes."""
        from kvartal.exchange.reading import read_document

        (path, *_others) = typed_paths(self.typed("path"))
        document = await asyncio.to_thread(read_document, path, stopped=self._stopped.is_set)
        return await asyncio.to_thread(self._prepared, document)

    def _prepared(self, document: "SourceDocument") -> PreparedImport:
        from kvartal.exchange.own_export import ImportTarget, import_document

        into = ImportTarget(self.context.data, self.context.plan, self._plan_name)
        _programme, result = import_document(document, into, translator, day=self.context.as_of)
        source = ChangeSource(document.name, document.sha256)
        change = Change(result.change.kind, result.change.edits, source)
        return PreparedImport(document.name, change, tuple(self._lines(result)))

    def _lines(self, result: "Import") -> list[str]:
        from kvartal.exchange.importing.choosing import remark_sentences
        from kvartal.history.diff.groups import visible_groups
        from kvartal.history.diff.words import Words
        from kvartal.tui.commands.output import group_lines

        before = self.context.data
        after = apply_edits(before, result.change.edits)
        lines = list(group_lines(visible_groups(before, after, Words(_))))
        if result.left:
            text = _("В документе нет, остаются как есть: {ids}.")
            lines += ["", text.format(ids=", ".join(result.left))]
        remarks = remark_sentences(result.remarks, _)
        return [*lines, *(["", _("Замечания к документу:")] if remarks else []), *remarks]

    def _check(self, text: str) -> None:
        """Refuse an empty path.

        Raises:
            FieldRequired: It is empty.
        """
        if not text.strip():
            raise FieldRequired(field=_("Файл"))


def import_question(prepared: PreparedImport, context: FormContext) -> ConfirmDialog:
    """Return the question whether to take what was read; yes saves it.

    Args:
        prepared: What was read.
        context: The programme and the way to save a change.
    """

    async def act() -> None:
        await context.save(prepared.change, ())

    title = _("Взять из документа")
    if not prepared.change.edits:
        text = _("«{name}»: всё и так записано, брать нечего.").format(name=prepared.name)
        return ConfirmDialog(text, prepared.lines, accept=_("Понятно"), title=title, harmless=True)
    text = _("Взять из «{name}» то, что ниже?").format(name=prepared.name)
    accept, leave = _("Взять"), _("Не брать")
    return ConfirmDialog(
        text, prepared.lines, accept=accept, leave=leave, title=title, act=act, harmless=True
    )

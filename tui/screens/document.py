"""The screen of what stands in the document around the table: parts above, their text below."""

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from kvartal.history.diff.diff import difference
from kvartal.schema.changes import MISSING, Change, ChangeKind
from kvartal.schema.data_paths import value_at
from kvartal.tui.dialogs.document import CHAPTERS, ChapterDialog
from kvartal.tui.forms.confirm import ConfirmDialog
from kvartal.tui.forms.context import form_context
from kvartal.tui.forms.document_fields import with_values
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import Cell, CellLine
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.screens.document_parts import DocumentPart, document_parts
from kvartal.tui.screens.list_detail import ListDetailScreen
from kvartal.tui.widgets.page import Page


class DocumentScreen(ListDetailScreen):
    """The parts of the document; Enter changes the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", show=False, priority=True),
        Binding("e,E,у,У", "edit", show=False),
        Binding("a,A,ф,Ф", "add", show=False),
        Binding("delete", "remove", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[DocumentPart] = []

    def title_text(self) -> str:
        """Return the title."""
        return _("Документ: реквизиты, главы, поля")

    def keys_text(self) -> str:
        """Return what the keys do."""
        return _("Enter — изменить   ф — добавить главу   Delete — удалить главу   Esc — назад")

    def compose_body(self) -> ComposeResult:
        """Yield the list, and the page for the text of a part."""
        yield OptionList(classes="list")
        yield Page()

    def on_mount(self) -> None:
        """Fill the list, and follow the programme."""
        self._refill()
        self.watch(self.session, "snapshot", self._refill, init=False)

    @property
    def _part(self) -> DocumentPart | None:
        at = self.list.highlighted
        return self._parts[at] if at is not None and at < len(self._parts) else None

    def show_details(self) -> None:
        """Show the text of the part under the cursor."""
        part = self._part
        self.say("")
        if part is not None:
            self.page.show(self._lines(part))

    def action_edit(self) -> None:
        """Ask for the texts of the part under the cursor."""
        part = self._part
        if part is not None:
            self.app.push_screen(part.dialog(form_context(self.session)))

    def action_add(self) -> None:
        """Ask for a new chapter, and go to it."""
        rows = value_at(self.session.current.data, CHAPTERS)
        index = len(rows) if isinstance(rows, list) else 0

        def added(change: Change | None) -> None:
            if change is not None:
                self.list.highlighted = len(self._parts) - 1

        self.app.push_screen(ChapterDialog(form_context(self.session), index), added)

    def action_remove(self) -> None:
        """Ask whether to remove the chapter under the cursor."""
        part = self._part
        if part is None:
            return
        if part.chapter is None:
            self.page.show(
                [(Cell(_("Удаляют только главы, добавленные сверх обязательных."), "overdue"),)]
            )
            return
        context = form_context(self.session)
        new = with_values(context.data, {(*CHAPTERS, part.chapter): MISSING})
        change = Change(ChangeKind.STRUCTURE, difference(context.data, new))

        async def act() -> None:
            await context.save(change, ())

        question = _("Удалить главу «{name}»?").format(name=part.title)
        self.app.push_screen(
            ConfirmDialog(question, part.lines, accept=_("Удалить"), leave=_("Оставить"), act=act)
        )

    def _refill(self) -> None:
        if self.session.snapshot is None:
            return
        at = self.list.highlighted or 0
        self._parts = document_parts(self.session.current.data)
        self.fill((Text(shown(part.title), no_wrap=True) for part in self._parts), at)
        self.show_details()

    def _lines(self, part: DocumentPart) -> Iterator[CellLine]:
        for line in part.lines:
            tone = "" if line.startswith("  ") else "muted" if line.endswith(":") else ""
            yield (Cell(shown(line), tone),)

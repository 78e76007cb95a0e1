"""The dialog for a list of rows of fields, a page at a time."""

from collections.abc import Iterable, Iterator
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical

from kvartal.history.diff.matching import same
from kvartal.schema.changes import MISSING, Missing, Plain, PlanData
from kvartal.schema.data_paths import value_at
from kvartal.schema.problems import DataPath
from kvartal.tui.dialogs.document import DocumentForm
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.dialog_frame import Body
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.inputs import ActionButton, LineInput, restored
from kvartal.tui.forms.typed_dialog import MOST_MADE, added_index
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

PAGE_FIELDS: Final = 24
"""How many fields are there at once: a form of hundreds opens and moves too slowly."""


class RowsDialog(DocumentForm):
    """Change a list of rows of fields; an emptied row goes, a button adds one.

    A long list is shown a page at a time. The fields of a row are made when its page is shown first
    and keep what was typed when it is left.
    """

    DEFAULT_CSS = """
    RowsDialog {
        & .rows { height: auto; }
        & .row { height: auto; }
        & ActionButton.turn { margin: 0 0 0 24; }
        &.-slim ActionButton.turn { margin: 0; }
    }
    """
    EDITS_STORED = True
    PATH: DataPath = ()
    """The path of the list in the data."""
    MORE = ""
    """Label of the button that adds a row."""

    def __init__(self, context: FormContext) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
        """
        super().__init__(context)
        self._total = max(1, len(self.rows))
        self._made: dict[int, Vertical] = {}
        self._page_rows = 1
        self._first = 0

    @property
    def draft_part(self) -> str:
        """Which list it is."""
        return ".".join(map(str, self.PATH))

    def make_field(self, key: str) -> None:
        """Make the rows up to that of a field."""
        index = added_index(key, self.draft_part)
        if index is not None and index < self._total + MOST_MADE:
            self._total = max(self._total, index + 1)
            self._show_page(index)

    def row_fields(self, index: int, row: Plain) -> Iterator[FormField]:
        """Yield the fields of a row, each with a key below the path of the row.

        Args:
            index: Of the row.
            row: What is there; an empty mapping for a new row.
        """
        raise NotImplementedError

    def typed_row(self, index: int, before: Plain) -> Plain | Missing:
        """Return a row as typed; MISSING for an emptied one.

        Args:
            index: Of the row.
            before: What is there; an empty mapping for a new row.
        """
        raise NotImplementedError

    @property
    def rows(self) -> list[Plain]:
        """The rows that there are."""
        value = value_at(self.context.data, self.PATH)
        return [*value] if isinstance(value, list) else []

    def key(self, index: int, name: str) -> str:
        """Return the key of a field of a row."""
        return ".".join(map(str, (*self.PATH, index, name)))

    def compose_body(self) -> ComposeResult:
        """Yield the rows of the first page, and the buttons."""
        first = self._row(0)
        self._page_rows = max(1, PAGE_FIELDS // len(self._fields_of(0)))
        with Vertical(classes="rows"):
            yield first
            for index in range(1, min(self._page_rows, self._total)):
                yield self._row(index)
        yield ActionButton("", action="screen.turn(-1)", id="rows-above").add_class("turn")
        yield ActionButton("", action="screen.turn(1)", id="rows-below").add_class("turn")
        more = ActionButton(_(self.MORE), action="screen.more", id="more-rows")
        yield more.add_class("more-fields")

    def on_mount(self) -> None:
        """Name the pages."""
        super().on_mount()
        self._name_pages()

    def action_more(self) -> None:
        """Add the fields of one more row."""
        self._total += 1
        self._show_row(self._total - 1)

    def action_turn(self, pages: int) -> None:
        """Show the rows of the next page, or of the one before.

        Args:
            pages: 1 for the next, -1 for the one before.
        """
        first = self._first + pages * self._page_rows
        if 0 <= first < self._total:
            self._show_row(first)

    def action_page(self, pages: int) -> None:
        """Scroll the body; at its end, turn to the next page of rows, at its top to the last.

        Args:
            pages: How far; negative goes up.
        """
        body = self.query_one(Body)
        is_at_end = body.scroll_offset.y >= body.max_scroll_y if pages > 0 else not body.scroll_y
        if is_at_end:
            self.action_turn(1 if pages > 0 else -1)
        else:
            super().action_page(pages)

    def focus_field(self, field: FormField) -> None:
        """Put the focus into a field, on whichever page it is."""
        row = next((at for at, one in self._made.items() if field in one.children), None)
        if row is not None:
            self._show_page(row)
        super().focus_field(field)

    def new_values(self) -> dict[DataPath, Plain | Missing]:
        """Return the rows as typed, where any was changed."""
        if not self.has_typed:
            return {}
        before = self._rows_before
        rows: list[Plain | Missing] = [*self.rows, *(MISSING for _row in before[len(self.rows) :])]
        for index in self._made:
            rows[index] = self.typed_row(index, before[index])
        return {self.PATH: [one for one in rows if not isinstance(one, Missing)] or MISSING}

    def rebase(self, before: PlanData) -> Iterable[FieldMessage]:
        """Report that others changed the rows: they are not mixed with what is typed here."""
        if not same(value_at(before, self.PATH), value_at(self.context.data, self.PATH)):
            yield (
                "",
                _("Пока вы писали, этот список изменили. Записать ваш вместо него — ещё раз F2."),
            )

    def text_field(self, index: int, name: str, label: str, text: str, hint: str = "") -> FormField:
        """Return a field for a line of a row, filled with a text."""
        label = f"{label} {index + 1}"
        return FormField(
            self.key(index, name), label, LineInput(text), initial=shown(text), hint=hint
        )

    def line(self, index: int, name: str, before: Plain) -> str:
        """Return what was typed in a field of a row."""
        text = str(before.get(name, "")) if isinstance(before, dict) else str(before)
        return restored(self.typed(self.key(index, name)), text).strip()

    @property
    def _rows_before(self) -> list[Plain]:
        """The rows that there are, and an empty one for each that was added."""
        rows = self.rows[: self._total]
        return [*rows, *({} for _row in range(self._total - len(rows)))]

    def _row(self, index: int) -> Vertical:
        """Return the fields of a row, made where they were not yet."""
        if index not in self._made:
            fields = self.row_fields(index, self._rows_before[index])
            self._made[index] = Vertical(*map(self.add_field, fields), classes="row")
        return self._made[index]

    def _fields_of(self, index: int) -> list[FormField]:
        below = ".".join(map(str, (*self.PATH, index))) + "."
        return [field for key, field in self.fields.items() if key.startswith(below)]

    def _show_row(self, index: int) -> None:
        """Show the page that a row is on, and go to the row."""
        self._show_page(index)
        self.call_after_refresh(self._fields_of(index)[0].control.focus)

    def _show_page(self, index: int) -> None:
        self._first = index - index % self._page_rows
        page = range(self._first, min(self._first + self._page_rows, self._total))
        # In the order of the rows: those of this page may have been made after later ones.
        new = [self._row(at) for at in page if at not in self._made]
        self.query_one(".rows").mount(*new)
        for at, row in self._made.items():
            row.display = at in page
        self._name_pages()
        self.query_one(Body).scroll_home(animate=False)

    def _name_pages(self) -> None:
        for button, sign, first in (
            ("#rows-above", "↑", self._first - self._page_rows),
            ("#rows-below", "↓", self._first + self._page_rows),
        ):
            one = self.query_one(button, ActionButton)
            one.display = 0 <= first < self._total
            last = min(first + self._page_rows, self._total)
            text = _("Строки {first}–{last} из {total}")
            name = text.format(first=first + 1, last=last, total=self._total)
            one.label = f"{sign} {name}"

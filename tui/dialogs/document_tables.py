"""The dialogs for the tables of chapters, and for the lists of rows in the chapters with names."""

from collections.abc import Iterable, Iterator
from typing import Final

from textual.app import ComposeResult

from kvartal.history.diff.matching import same
from kvartal.schema.changes import MISSING, Missing, Plain, PlanData
from kvartal.schema.data_paths import value_at
from kvartal.schema.description import key_order
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath
from kvartal.tui.dialogs.rows import RowsDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.document_fields import (
    LABELS,
    LINE,
    DocumentText,
    is_long_text,
)
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.inputs import LineInput, restored
from kvartal.tui.forms.long_input import LongInput
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown


class TextRowsDialog(RowsDialog):
    """Change rows of texts at a path of the document."""

    MORE = N_("Ещё строка")

    def __init__(self, context: FormContext, path: DataPath, title: str) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            path: Of the list of rows.
            title: What the rows are called, as data.
        """
        self.PATH = path
        self._title = title
        super().__init__(context)

    def title_text(self) -> str:
        """Return the title of the frame."""
        return self._title

    def cell(self, index: int, name: str, label: str, text: str, *, is_long: bool) -> FormField:
        """Return the field for a cell of a row, filled with a text."""
        initial = shown(text, lines=is_long)
        is_wrapped = "\n" in initial or len(initial) > LINE
        control = LongInput(initial) if is_wrapped else LineInput(initial)
        return FormField(self.key(index, name), f"{label} {index + 1}", control, initial=initial)

    def typed_cell(self, index: int, name: str, text: str, *, is_long: bool) -> str:
        """Return what was typed in the field of a cell that held a text; unchanged, the text."""
        field = self.fields[self.key(index, name)]
        if not field.is_changed:
            return text
        typed = restored(field.typed, text, lines=is_long)
        if is_long:
            return typed.strip()
        return " ".join(line.strip() for line in typed.splitlines()).strip()


class NamedRowsDialog(TextRowsDialog):
    """Change the rows of a list whose fields the schema names: references, terms, facts."""

    def row_fields(self, index: int, row: Plain) -> Iterator[FormField]:
        """Yield a field for each that the schema knows."""
        known = row if isinstance(row, dict) else {}
        for key in self._keys:
            label = _(LABELS.get(key, key))
            yield self.cell(index, key, label, _text(known, key), is_long=self._is_long(key))

    def typed_row(self, index: int, before: Plain) -> Plain | Missing:
        """Return the row; MISSING where all of it was emptied."""
        known = before if isinstance(before, dict) else {}
        texts = {
            key: self.typed_cell(index, key, _text(known, key), is_long=self._is_long(key))
            for key in self._keys
        }
        return {key: text for key, text in texts.items() if text} or MISSING

    @property
    def _keys(self) -> tuple[str, ...]:
        return key_order((*self.PATH, 0))

    def _is_long(self, key: str) -> bool:
        return is_long_text((*self.PATH, 0, key))


class TableDialog(TextRowsDialog):
    """Change the headings and the rows of a table; one without a row left goes from its chapter."""

    def __init__(self, context: FormContext, path: DataPath, title: str) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            path: Of the block with the table.
            title: What the table is called, as data.
        """
        super().__init__(context, (*path, "table", "rows"), title)
        self._block: Final = path
        self._headings: Final = DocumentText(
            (*path, "table", "columns"), _("Заголовки столбцов"), is_list=True
        )
        self._names: Final = self._headings.text(context.data).splitlines()
        lengths = (len(row) for row in self.rows if isinstance(row, list))
        self._width: Final = max((len(self._names), *lengths))

    def compose_body(self) -> ComposeResult:
        """Yield the headings, the rows and the button."""
        yield self.add_field(self._headings.form_field(self.context.data))
        yield from super().compose_body()

    def row_fields(self, index: int, row: Plain) -> Iterator[FormField]:
        """Yield a field for each cell."""
        cells = row if isinstance(row, list) else []
        for column in range(self._width):
            is_named = column < len(self._names)
            label = self._names[column] if is_named else _("Столбец {n},").format(n=column + 1)
            text = str(cells[column]) if column < len(cells) else ""
            yield self.cell(index, str(column), label, text, is_long=True)

    def typed_row(self, index: int, before: Plain) -> Plain | Missing:
        """Return the row as it was before, where nothing in it was changed; MISSING if emptied."""
        cells = [str(one) for one in before] if isinstance(before, list) else []
        wide = [*cells, *([""] * (self._width - len(cells)))]
        typed = [
            self.typed_cell(index, str(column), text, is_long=True)
            for column, text in enumerate(wide)
        ]
        if typed == wide:
            return before if isinstance(before, list) else MISSING
        if not any(typed):
            return MISSING
        # A row that was shorter than the table stays so while nothing is typed beyond its end.
        length = max(len(cells) or self._width, *(at for at, text in enumerate(typed, 1) if text))
        return list[Plain](typed[:length])

    def new_values(self) -> dict[DataPath, Plain | Missing]:
        """Return rows and headings as typed, where any was changed."""
        values = super().new_values()
        if isinstance(values.get(self.PATH), Missing):
            return {self._block: MISSING}
        field = self.fields[self._headings.key]
        if field.is_changed:
            typed = self._headings.typed_value(field.typed, self.context.data)
            values[self._headings.path] = typed
        return values

    def rebase(self, before: PlanData) -> Iterable[FieldMessage]:
        """Report that others changed the table: it is not mixed with what is typed here."""
        path = self._headings.path
        messages = [*super().rebase(before)]
        if not messages and not same(value_at(before, path), value_at(self.context.data, path)):
            messages = [("", _("Пока вы писали, заголовки таблицы изменили. Записать ваши — F2."))]
        return messages


def _text(row: dict[str, Plain], key: str) -> str:
    return str(row.get(key, ""))

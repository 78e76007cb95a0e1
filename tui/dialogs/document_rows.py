"""The dialogs for lists of rows: the fields a programme adds, the columns of its table."""

from collections.abc import Iterable, Iterator
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical

from kvartal.history.diff.matching import same
from kvartal.schema.changes import MISSING, Missing, Plain, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath
from kvartal.tui.dialogs.document import DocumentForm
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.document_fields import DOCUMENT, value_at
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.inputs import ActionButton, ChoiceInput, LineInput, restored
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

COLUMNS: Final[DataPath] = (DOCUMENT, "plan", "table", "columns")
FIELDS: Final[DataPath] = ("fields",)

# Field types as the form offers them.
TYPES: Final = (
    ("line", N_("строка")),
    ("text", N_("текст")),
    ("number", N_("число")),
    ("date", N_("дата")),
    ("choice", N_("одно из значений")),
)


class RowsDialog(DocumentForm):
    """Change a list of rows of fields; an emptied row goes, a button adds one."""

    DEFAULT_CSS = """
    RowsDialog {
        & .rows { height: auto; }
        & .row { height: auto; }
        & #more-rows { margin: 0 0 1 24; }
    }
    """
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
        self._count = 0

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
        """Yield the rows and the button."""
        with Vertical(classes="rows"):
            for row in self.rows or [{}]:
                yield self._next_row(row)
        yield ActionButton(_(self.MORE), action="screen.more", id="more-rows")

    def action_more(self) -> None:
        """Add the fields of one more row."""
        row = self._next_row({})
        self.query_one(".rows").mount(row)
        first = next(one for key, one in self.fields.items() if self._is_of(key, self._count - 1))
        self.call_after_refresh(first.control.focus)

    def new_values(self) -> dict[DataPath, Plain | Missing]:
        """Return the rows as typed, where any was changed."""
        if not self.has_typed:
            return {}
        before = [*self.rows, *({} for _row in range(self._count))]
        rows = [self.typed_row(index, before[index]) for index in range(self._count)]
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

    def _next_row(self, row: Plain) -> Vertical:
        fields = [self.add_field(one) for one in self.row_fields(self._count, row)]
        self._count += 1
        return Vertical(*fields, classes="row")

    def _is_of(self, key: str, index: int) -> bool:
        return key.startswith(".".join(map(str, (*self.PATH, index))) + ".")


class FieldsDialog(RowsDialog):
    """Change the fields that the organisation adds to a measure."""

    PATH = FIELDS
    MORE = N_("Ещё поле")

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Дополнительные поля мероприятий")

    def row_fields(self, index: int, row: Plain) -> Iterator[FormField]:
        """Yield title, key, type and choices."""
        known = row if isinstance(row, dict) else {}
        hint = _("Как поле называется на экране и в отчётах. Пустые строки убирают поле.")
        yield self.text_field(index, "title", _("Название"), str(known.get("title", "")), hint)
        hint = _("Под каким ключом значения лежат в файле: буквы, цифры, «_» и «-».")
        key = self.text_field(index, "key", _("Ключ"), str(known.get("key", "")), hint)
        # The values of measures are stored under it.
        key.control.disabled = "key" in known
        yield key
        kind = str(known.get("type", ""))
        yield FormField(
            self.key(index, "type"),
            _("Вид {number}").format(number=index + 1),
            ChoiceInput([(value, _(label)) for value, label in TYPES], kind),
            initial=kind,
            hint=_("Обычно строка. Enter открывает список."),
        )
        choices = known.get("choices", [])
        text = "; ".join(map(str, choices)) if isinstance(choices, list) else ""
        hint = _("Если вид — одно из значений: какие, через точку с запятой.")
        yield self.text_field(index, "choices", _("Значения"), text, hint)

    def typed_row(self, index: int, before: Plain) -> Plain | Missing:
        """Return a declared field; MISSING where its title was emptied."""
        known = before if isinstance(before, dict) else {}
        title = self.line(index, "title", before)
        if not title and ("key" in known or not self.line(index, "key", before)):
            return MISSING
        row: dict[str, Plain] = {"key": self.line(index, "key", before), "title": title}
        if not self.fields[self.key(index, "choices")].is_changed:
            choices = known.get("choices", [])
        else:
            typed = self.typed(self.key(index, "choices")).split(";")
            choices = [one.strip() for one in typed if one.strip()]
        kind = self.typed(self.key(index, "type")) or ("choice" if choices else "")
        if kind:
            row["type"] = kind
        if choices:
            row["choices"] = choices
        return row


class ColumnsDialog(RowsDialog):
    """Change the columns of the table as the document prints it."""

    PATH = COLUMNS
    MORE = N_("Ещё столбец")

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Столбцы таблицы мероприятий")

    def row_fields(self, index: int, row: Plain) -> Iterator[FormField]:
        """Yield heading and field."""
        known = row if isinstance(row, dict) else {"heading": row} if row else {}
        hint = _("Как столбец озаглавлен. Пустой заголовок убирает столбец.")
        heading = str(known.get("heading", ""))
        yield self.text_field(index, "heading", _("Столбец"), heading, hint)
        hint = _(
            "Какое поле мероприятия в нём: number, actions, responsible… или ключ своего поля."
        )
        yield self.text_field(index, "field", _("Поле"), str(known.get("field", "")), hint)

    def typed_row(self, index: int, before: Plain) -> Plain | Missing:
        """Return a column: a plain heading where no field is named."""
        known: Plain = before if isinstance(before, dict) else {"heading": before or ""}
        heading, field = self.line(index, "heading", known), self.line(index, "field", known)
        if not heading:
            return MISSING
        return {"heading": heading, "field": field} if field else heading

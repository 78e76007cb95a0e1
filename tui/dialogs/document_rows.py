"""The dialogs for lists of rows: the fields a programme adds, the columns of its table."""

from collections.abc import Iterator
from typing import Final

from kvartal.schema.changes import MISSING, Missing, Plain
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath
from kvartal.tui.dialogs.rows import RowsDialog
from kvartal.tui.forms.document_fields import DOCUMENT
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import ChoiceInput
from kvartal.tui.i18n import _

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

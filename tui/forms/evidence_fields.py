"""The fields for documents given as evidence: title, number and date of each."""

from datetime import date

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.model import Document
from kvartal.tui.forms.date_field import DateField
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.i18n import _


class DocumentUntitled(KvartalError):
    """A document has a number or a date and no title."""

    template = N_("Назовите документ: есть номер или дата, а названия нет.")


class DocumentFields(Vertical):
    """One document; nothing typed is no document."""

    DEFAULT_CSS = """
    DocumentFields {
        height: auto;
        & > Horizontal { height: auto; }
        & FormField.-number { width: 42; margin-right: 1; }
        & FormField.-date { width: 1fr; & .field-label { width: 6; } }
    }
    """

    def __init__(self, index: int, year: int, today: date) -> None:
        """Take the place in the list.

        Args:
            index: From 0.
            year: The plan's year.
            today: What «сегодня» means.
        """
        super().__init__()
        label = _("Документ") if index == 0 else _("Документ {count}").format(count=index + 1)
        self.title_field = FormField(
            f"documents.{index}.title",
            label,
            LineInput(),
            hint=_("Название документа, например: Акт ввода."),
            check=self._check_title,
        )
        self.number_field = FormField(
            f"documents.{index}.number", _("Номер документа"), LineInput(), hint=_("Например: 12.")
        )
        self.date_field = DateField(
            f"documents.{index}.date", _("от"), year, today, None, required=False
        )

    def compose(self) -> ComposeResult:
        """Yield the title, and under it number and date."""
        yield self.title_field
        with Horizontal():
            yield self.number_field.add_class("-number")
            yield self.date_field.add_class("-date")

    @property
    def fields(self) -> tuple[FormField, ...]:
        """The fields."""
        return (self.title_field, self.number_field, self.date_field)

    def document(self) -> Document | None:
        """Return the document; None where nothing was typed.

        Raises:
            DocumentUntitled: There is a number or a date and no title.
            UnreadableDate, NoSuchDay: The date is none.
        """
        if not any(field.typed.strip() for field in self.fields):
            return None
        self._check_title(self.title_field.typed)
        return Document(
            self.title_field.typed.strip(),
            self.number_field.typed.strip() or None,
            self.date_field.value(),
        )

    def _check_title(self, typed: str) -> None:
        others = (self.number_field, self.date_field)
        if not typed.strip() and any(field.typed.strip() for field in others):
            raise DocumentUntitled

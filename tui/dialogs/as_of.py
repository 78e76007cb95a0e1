"""The dialog that asks for the date of the states shown: «по состоянию на»."""

from datetime import date

from textual.app import ComposeResult
from textual.widgets import OptionList

from kvartal.schema.errors import N_
from kvartal.schema.quarters import QUARTERS, last_day, roman
from kvartal.tui.forms.date_field import DateField
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.quick_list import QuickList
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day


class AsOfDialog(FormDialog[date]):
    """Ask for a date; the result is that date."""

    DEFAULT_CSS = """
    AsOfDialog {
        & .dialog-frame { max-width: 64; }
    }
    """

    ACCEPT = N_("Показать")

    _date_field: DateField

    def __init__(self, year: int, as_of: date, today: date) -> None:
        """Make the dialog.

        Args:
            year: The plan's year: that of a date typed without one.
            as_of: The date in force.
            today: What «сегодня» means.
        """
        super().__init__()
        self._year = year
        self._as_of = as_of
        self._today = today
        ends = [(_("Конец {roman} квартала"), roman(q), last_day(year, q)) for q in QUARTERS]
        self._quick = [
            (_("Сегодня"), today),
            *((text.format(roman=number), end) for text, number, end in ends),
        ]

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("По состоянию на")

    def compose_body(self) -> ComposeResult:
        """Yield the field and the quick choices."""
        field = DateField(
            "date", _("Дата"), self._year, self._as_of, value=self._as_of, today=self._today
        )
        self._date_field = field
        yield self.add_field(field)
        yield QuickList([(label, day(value)) for label, value in self._quick])

    def keys_text(self) -> str:
        """Return the keys that no button names."""
        return _("↓ — к списку, Enter — выбрать")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Accept a quick choice at once."""
        event.stop()
        self.dismiss(self._quick[event.option_index][1])

    def action_next_field(self) -> None:
        """Accept what was typed: there is no other field to go to."""
        self.action_accept()

    async def submit(self) -> date:
        """Return the date that was typed."""
        return self._date_field.required_value()

"""The dialog that asks for the date of the states shown: «по состоянию на»."""

from datetime import date

from textual.app import ComposeResult
from textual.widgets import OptionList

from kvartal.schema.errors import N_
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.forms.date_field import DateField
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.quick_list import QuickList, quarter_ends
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

    def __init__(self, period: ProgrammePeriod, as_of: date, today: date) -> None:
        """Make the dialog.

        Args:
            period: The days that the plan is for: a day typed without its year lies in it.
            as_of: The date in force.
            today: What «сегодня» means.
        """
        super().__init__()
        self._period = period
        self._as_of = as_of
        self._today = today
        self._quick = [(_("Сегодня"), today), *quarter_ends(period)]

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("По состоянию на")

    def compose_body(self) -> ComposeResult:
        """Yield the field and the quick choices."""
        field = DateField(
            "date", _("Дата"), self._period, self._as_of, value=self._as_of, today=self._today
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

    @property
    def has_typed(self) -> bool:
        """Whether leaving would lose something: a date is quickly typed again."""
        return False

    async def submit(self) -> date:
        """Return the date that was typed."""
        return self._date_field.required_value()

"""A short list of ready answers beneath a field."""

from collections.abc import Sequence
from datetime import date

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import short_quarter_name


def quarter_ends(period: ProgrammePeriod) -> list[tuple[str, date]]:
    """Return the last days of the quarters of a period with what they are called, in order."""
    label = _("Конец {roman} квартала") if period.year else _("Конец {roman} квартала {year}")
    return [
        (label.format(roman=short_quarter_name(quarter.number), year=quarter.year), quarter.last)
        for quarter in period.quarters
    ]


class QuickList(Vertical):
    """Ready answers, each a label and its value; Enter or a click takes one at once."""

    DEFAULT_CSS = """
    QuickList {
        height: auto;

        & .quick-label { margin: 1 0 0 2; color: $text-muted; }
        & OptionList, & OptionList:focus {
            height: auto;
            max-height: 12;
            border: none;
            margin-left: 2;
            background: $panel;
        }
        & OptionList:blur > .option-list--option-highlighted {
            color: $text;
            background: $panel;
            text-style: none;
        }
    }
    """

    def __init__(self, answers: Sequence[tuple[str, str]]) -> None:
        """List answers.

        Args:
            answers: Labels and values, fit to be shown.
        """
        super().__init__()
        width = max(len(label) for label, _value in answers)
        self._lines = [f"{label:<{width}}  {value}" for label, value in answers]

    def compose(self) -> ComposeResult:
        """Yield the words above the list, and the list."""
        yield Static(_("Или выберите:"), classes="quick-label", markup=False)
        yield OptionList(*(Option(Content(line)) for line in self._lines), compact=True)

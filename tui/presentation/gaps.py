"""Where evidence is thin, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from kvartal.history.diff.words import Words
from kvartal.schema.errors import N_
from kvartal.schema.fields import show_number
from kvartal.schema.gaps import Gap
from kvartal.schema.quarters import CalendarQuarter
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day

GAP_LABELS: Final[Mapping[str, str]] = {
    "record-without-evidence": N_("без подтверждения"),
    "file-used-twice": N_("файл на два срока"),
    "document-outside-window": N_("документ не того срока"),
    "indicator-near-target": N_("показатель на грани"),
    "responsible-missing": N_("нет ответственного"),
    "nothing-heard": N_("нет отметок за квартал"),
}
"""What each kind is called in a column of the table, at most 22 letters; by its code."""


def gap_text(gap: Gap) -> str:
    """Return its sentence with days, quarters and figures as users read them; it may hold data."""
    return _(gap.template).format(**{name: _shown(value) for name, value in gap.fields.items()})


def _shown(value: object) -> object:
    if isinstance(value, CalendarQuarter):
        return Words(_).period(str(value))
    if isinstance(value, date):
        return day(value)
    return show_number(value) if isinstance(value, int | float) else value

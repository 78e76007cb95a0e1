"""Numbers and dates as users read them."""

from datetime import date
from typing import Final

from kvartal.schema.day_text import DAY, day_text
from kvartal.schema.errors import N_, Phrase, part_text
from kvartal.schema.printed_number import printed_number
from kvartal.tui.i18n import RUSSIAN, _, current_language

_SHORT_QUARTERS: Final = (N_("I"), N_("II"), N_("III"), N_("IV"))


def number(value: float) -> str:
    """Return a number as documents print it, in the user's language."""
    return printed_number(value, _)


def day(value: date | None) -> str:
    """Return a date as the user reads it: ``27.09.2024``, ``2024-09-27``; empty for none."""
    return written(day_text(value)) if value else ""


def short_quarter_name(quarter: int) -> str:
    """Return a quarter, 1 to 4, as briefly as it can be said: «III», "Q3"."""
    return _(_SHORT_QUARTERS[quarter - 1])


def written(text: Phrase | str) -> str:
    """Return a day or a moment as the user's language writes it."""
    return part_text(text, _)


def short_day(value: date) -> str:
    """Return a date as briefly as it can be said: ``27.09.24``, ``2024-09-27``."""
    year = f"{value:%y}" if current_language() == RUSSIAN else f"{value:%Y}"
    return _(DAY).format(day=f"{value:%d}", month=f"{value:%m}", year=year)

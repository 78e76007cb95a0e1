"""Numbers and dates as users read them."""

from datetime import date
from typing import Final

from kvartal.schema.day_text import DAY, day_text
from kvartal.schema.errors import Phrase, part_text
from kvartal.schema.typed_text import LONG_NUMBER
from kvartal.tui.i18n import RUSSIAN, _, current_language

HARD_SPACE: Final = "\N{NO-BREAK SPACE}"


def number(value: float) -> str:
    r"""Return a number as documents print it: a long one with its thousands apart.

    >>> number(1250000.5)
    '1\xa0250\xa0000,5'
    """
    text = (f"{value:,}" if abs(value) >= LONG_NUMBER else f"{value}").removesuffix(".0")
    if current_language() != RUSSIAN:
        return text
    return text.replace(",", HARD_SPACE).replace(".", ",")


def day(value: date | None) -> str:
    """Return a date as the user reads it: ``27.09.2024``, ``2024-09-27``; empty for none."""
    return written(day_text(value)) if value else ""


def written(text: Phrase | str) -> str:
    """Return a day or a moment as the user's language writes it."""
    return part_text(text, _)


def short_day(value: date) -> str:
    """Return a date as briefly as it can be said: ``27.09.24``, ``2024-09-27``."""
    year = f"{value:%y}" if current_language() == RUSSIAN else f"{value:%Y}"
    return _(DAY).format(day=f"{value:%d}", month=f"{value:%m}", year=year)

"""Numbers and dates as users read them."""

from datetime import date
from typing import Final

from kvartal.tui.i18n import RUSSIAN, current_language

HARD_SPACE: Final = "\N{NO-BREAK SPACE}"


def number(value: float) -> str:
    r"""Return a number with its thousands apart and, in Russian, a decimal comma.

    >>> number(1250000.5)
    '1\xa0250\xa0000,5'
    """
    text = f"{value:,}".removesuffix(".0")
    if current_language() != RUSSIAN:
        return text
    return text.replace(",", HARD_SPACE).replace(".", ",")


def percent(value: float | None) -> str:
    """Return a percentage, 0–100, as a whole number; a dash where there is no figure.

    Never rounds up to 100: that would hide the one thing missed.
    """
    return "–" if value is None else f"{int(value)} %"


def day(value: date | None) -> str:
    """Return a date as the user reads it, ``27.09.2024``; empty for none."""
    return f"{value:%d.%m.%Y}" if value else ""

"""Days and moments inside a sentence, which writes them as its language does."""

from datetime import date, datetime
from typing import Final

from kvartal.schema.errors import N_, Phrase

DAY: Final = N_("{day}.{month}.{year}")
"""How a day is written: each language in its own order."""
_MOMENT: Final = N_("{day}.{month}.{year} {time}")


def day_text(value: date) -> Phrase:
    """Return a day, «27.09.2024»; of a moment, its day."""
    return Phrase(DAY, _parts(value))


def moment_phrase(value: datetime, time: str) -> Phrase:
    """Return a moment, «27.09.2024 14:05 +03:00».

    Args:
        value: The moment, of which the day is taken.
        time: Its time of day, as exact as it is shown, and its zone if that is shown.
    """
    return Phrase(_MOMENT, {**_parts(value), "time": time})


def second_text(value: datetime) -> Phrase:
    """Return a moment to the second."""
    return moment_phrase(value, f"{value:%H:%M:%S}")


def _parts(value: date) -> dict[str, str]:
    # Not %Y: on Linux that is «1» for the year 1.
    return {"day": f"{value:%d}", "month": f"{value:%m}", "year": f"{value.year:04}"}

"""Dates as users type them, on the command line and in forms."""

import re
from datetime import date, timedelta
from typing import Final

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.typed_text import normalised

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
# On a Russian keyboard the key of the full stop gives «ю», the numeric pad's gives a comma.
_DAY_FIRST: Final = re.compile(
    r"([0-9]{1,2})[.,/ю-]([0-9]{1,2})(?:[.,/ю-]([0-9]{4}|[0-9]{2}))?[.г]*"
)
_CENTURY: Final = 2000
_SHORT_YEAR: Final = 2
_DAYS_AGO: Final = {"сегодня": 0, "today": 0, "вчера": 1, "yesterday": 1, "позавчера": 2}


class UnreadableDate(KvartalError):
    """A typed text is not a date."""

    template = N_(
        "Дата «{text}» не понята: напишите, например, «27.09.{year}», «27.09», "
        "«{year}-09-27» или «сегодня»."
    )


class NoSuchDay(KvartalError):
    """A typed date is not in the calendar, such as ``31.04``."""

    template = N_("Дня «{text}» нет в календаре. Исправьте число или месяц.")


def typed_date(text: str, *, year: int, today: date, as_of: date | None = None) -> date:
    """Return the date that the user typed.

    Args:
        text: ``2024-09-27``, ``27.09.2024``, ``27.09.24``, ``27.09`` (with the plan's year),
            «сегодня», «вчера» or «позавчера».
        year: The plan's year.
        today: What «сегодня» means.
        as_of: The date on the screen: «вчера» is the day before it; None for today.

    Raises:
        UnreadableDate: The text is not a date.
        NoSuchDay: The calendar has no such day.
    """
    plain = re.sub(r"\s+", "", normalised(text)).casefold()
    if plain in _DAYS_AGO:
        ago = _DAYS_AGO[plain]
        return (as_of or today) - timedelta(days=ago) if ago else today
    parts = _parts(plain, year)
    if parts is None:
        raise UnreadableDate(text=text.strip(), year=year)
    try:
        return date(*parts)
    except ValueError:
        raise NoSuchDay(text=text.strip()) from None


def _parts(plain: str, year: int) -> tuple[int, int, int] | None:
    if match := _ISO.fullmatch(plain):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DAY_FIRST.fullmatch(plain):
        typed_year = match[3]
        if typed_year:
            year = int(typed_year) + (_CENTURY if len(typed_year) == _SHORT_YEAR else 0)
        return year, int(match[2]), int(match[1])
    return None

"""Dates as users type them, on the command line and in forms."""

import re
from datetime import date, timedelta
from typing import Final

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.grammar.words import MONTHS
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.typed_text import normalised

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
# On a Russian keyboard the key of the full stop gives «ю», the numeric pad's gives a comma.
_DAY_FIRST: Final = re.compile(
    r"([0-9]{1,2})[.,/ю-]([0-9]{1,2})(?:[.,/ю-]([0-9]{4}|[0-9]{2}))?[.г]*"
)
# A space at least before the word: «12dec» begins the number of a commit.
_MONTH_IN_WORDS: Final = re.compile(
    r"([0-9]{1,2})(?:-?(?:го|е|st|nd|rd|th))?(?:[ .-]| of )([a-zа-я]+)\.?"
    r"(?:(?:,? |-)([0-9]{4}|[0-9]{2}))?(?: ?г(?:ода|\.)?)?"
)
_MONTH_FIRST: Final = re.compile(r"([a-z]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?(?:,? ([0-9]{4}))?")
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


def typed_date(
    text: str, *, period: ProgrammePeriod, today: date, as_of: date | None = None
) -> date:
    """Return the date that the user typed.

    Args:
        text: ``2024-09-27``, ``27.09.2024``, ``27.09.24``, «27 сентября 2024 г.», ``27.09`` and
            «27 сентября» (of the plan's period), «сегодня», «вчера» or «позавчера».
        period: The days that the plan is for: a day without its year lies in it, where one does.
        today: What «сегодня» means.
        as_of: The date on the screen: «вчера» is the day before it; None for today.

    Raises:
        UnreadableDate: The text is not a date.
        NoSuchDay: The calendar has no such day.
    """
    spaced = " ".join(normalised(text).casefold().split())
    plain = spaced.replace(" ", "")
    if plain in _DAYS_AGO:
        ago = _DAYS_AGO[plain]
        from_day = as_of or today
        return from_day - min(timedelta(days=ago), from_day - date.min) if ago else today
    parts = _parts(plain) or _parts_in_words(spaced)
    if parts is None:
        raise UnreadableDate(text=text.strip(), year=period.due.year)
    year, month, day = parts
    days = [_day(one, month, day) for one in (period.years if year is None else (year,))]
    known = [one for one in days if one is not None]
    if not known:
        raise NoSuchDay(text=text.strip())
    return next((one for one in known if one in period), known[-1])


def _parts(plain: str) -> tuple[int | None, int, int] | None:
    """Return year, month and day as typed; None for the year where it is left out."""
    if match := _ISO.fullmatch(plain):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DAY_FIRST.fullmatch(plain):
        return _year(match[3]), int(match[2]), int(match[1])
    return None


def _parts_in_words(spaced: str) -> tuple[int | None, int, int] | None:
    """Return year, month and day of «1 апреля», «1-го апр. 2024 г.», "1st of April", "April 1"."""
    if match := _MONTH_IN_WORDS.fullmatch(spaced):
        day, word, year = match.groups()
    elif match := _MONTH_FIRST.fullmatch(spaced):
        word, day, year = match.groups()
    else:
        return None
    month = MONTHS.get(word)
    return None if month is None else (_year(year), month, int(day))


def _year(typed: str | None) -> int | None:
    """Return a typed year; None where it is left out."""
    if not typed:
        return None
    return int(typed) + (_CENTURY if len(typed) == _SHORT_YEAR else 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

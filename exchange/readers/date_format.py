"""Dates and times of spreadsheets: serial numbers of days, and the text that a format shows."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final

from kvartal.exchange.grid import CellValue, ValueKind
from kvartal.exchange.readers.format_tokens import (
    ELAPSED,
    LOCALE,
    TOKEN,
    FormattedValue,
    bare_section,
    general,
    literal_of,
    shortest,
)
from kvartal.schema.months import MONTH_NAMES

_GENITIVE: Final = (
    *("января", "февраля", "марта", "апреля", "мая", "июня", "июля"),
    *("августа", "сентября", "октября", "ноября", "декабря"),
)
_WEEKDAYS: Final = (
    *("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
)
_SHORT_WEEKDAYS: Final = ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс")
ENGLISH_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_ENGLISH_WEEKDAYS: Final = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
)

_ENGLISH: Final = frozenset({"409", "809", "C09", "1009"})
_GENITIVE_LOCALE: Final = "FC19"
_SYSTEM_LONG: Final = "[$-F800]"
"""What begins a format that is shown as the system writes long dates, whatever follows it."""
_LONG_DATE: Final = 'd mmmm yyyy "г."'
_SECONDS_A_DAY: Final = 86_400
_LAST_SERIAL: Final = 2_958_466
"""One day after 31.12.9999."""
_LEAP_BUG: Final = 60
"""Excel counts a 29.02.1900, which there was not: earlier days are one off."""


def moment(number: Decimal, *, since_1904: bool = False) -> datetime | None:
    """Return the moment that a serial number stands for; None where there is none."""
    if not 0 <= number < _LAST_SERIAL:
        return None
    days = int(number)
    seconds = round((number - days) * _SECONDS_A_DAY)
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - local
    if not since_1904 and days < _LEAP_BUG:
        days += 1
    try:
        return first + timedelta(days=days, seconds=seconds)
    except OverflowError:
        return None


def serial(text: str) -> str:
    """Return the serial number, from 1900, of a date written as 2026-07-01; empty for no date."""
    try:
        stamp = datetime.fromisoformat(text.strip().removesuffix("Z")).replace(tzinfo=None)
    except ValueError:
        return ""
    passed = stamp - datetime(1899, 12, 30)  # noqa: DTZ001 - local
    return str(passed.days + Decimal(passed.seconds) / _SECONDS_A_DAY)


def as_date(number: Decimal, section: str, *, since_1904: bool) -> FormattedValue:
    """Return what a person sees for a serial number of days, and the day or time that it is.

    Args:
        number: The serial number.
        section: The section of the format that shows it.
        since_1904: Whether the workbook counts days from 1904.
    """
    stamp = moment(number, since_1904=since_1904)
    if stamp is None:
        return FormattedValue(general(number), ValueKind.NUMBER, shortest(number))
    bare = bare_section(section)
    has_day = bool(re.search(r"[yYdD]", bare)) or bool(re.search("[mM]{3,}", bare))
    has_day = has_day or not re.search(r"[hHsS]", bare + section)
    is_long = section.upper().startswith(_SYSTEM_LONG)
    text = _date_text(number, stamp, _LONG_DATE if is_long else section)
    if not has_day:
        value: CellValue = stamp.time()
        return FormattedValue(text, ValueKind.TIME, value)
    value = stamp if stamp.time() != time() else stamp.date()
    return FormattedValue(text, ValueKind.DATE, value)


def _date_text(number: Decimal, stamp: datetime, section: str) -> str:
    locale = next((one[2].upper() for one in LOCALE.finditer(section) if one[2]), "")
    locale = locale.lstrip("0")[-4:]
    # «1 сентября», but «сентябрь 2026».
    if locale not in _ENGLISH and re.search(
        r"(?<!d)d{1,2}(?!d).*m{4}", bare_section(section).lower()
    ):
        locale = _GENITIVE_LOCALE
    tokens = list(TOKEN.finditer(section))
    twelve = any(match["half"] for match in tokens)
    parts: list[str] = []
    for index, match in enumerate(tokens):
        elapsed = ELAPSED.fullmatch(match[0])
        literal = literal_of(match)
        if elapsed:
            units = {"h": 3600, "m": 60, "s": 1}[elapsed[1][0].lower()]
            seconds = round(number * _SECONDS_A_DAY)
            parts.append(str(seconds // units).rjust(len(elapsed[1]), "0"))
        elif literal is not None:
            parts.append(literal)
        elif match["half"]:
            parts.append("AM" if stamp.hour < 12 else "PM")  # noqa: PLR2004 - noon
        elif match["date"]:
            code = match["date"].lower()
            minutes = code[0] == "m" and len(code) <= 2 and _beside_a_time(tokens, index)  # noqa: PLR2004
            parts.append(_date_part("n" * len(code) if minutes else code, stamp, locale, twelve))
        elif match["fraction"]:
            parts.append("")
        else:
            parts.append(match[0])
    return "".join(parts).strip()


def _beside_a_time(tokens: Sequence[re.Match[str]], index: int) -> bool:
    """Return whether an `m` stands after hours or before seconds: minutes then, not a month."""
    codes = [
        (place, (token["date"] or token["bracket"] or "").lower().lstrip("["))
        for place, token in enumerate(tokens)
        if token["date"] or ELAPSED.fullmatch(token[0])
    ]
    before = [code for place, code in codes if place < index]
    after = [code for place, code in codes if place > index]
    return bool(before and before[-1][0] == "h") or bool(after and after[0][0] == "s")


def _date_part(code: str, stamp: datetime, locale: str, twelve: bool) -> str:  # noqa: FBT001
    english = locale in _ENGLISH
    months = ENGLISH_MONTHS if english else MONTH_NAMES
    if locale == _GENITIVE_LOCALE:
        months = _GENITIVE
    hour = (stamp.hour - 1) % 12 + 1 if twelve else stamp.hour
    weekday = stamp.weekday()
    texts = {
        "y": f"{stamp.year % 100:02}",
        "yy": f"{stamp.year % 100:02}",
        "m": str(stamp.month),
        "mm": f"{stamp.month:02}",
        "mmm": months[stamp.month - 1][:3],
        "mmmm": months[stamp.month - 1],
        "mmmmm": months[stamp.month - 1][0],
        "d": str(stamp.day),
        "dd": f"{stamp.day:02}",
        "ddd": _ENGLISH_WEEKDAYS[weekday][:3] if english else _SHORT_WEEKDAYS[weekday],
        "dddd": _ENGLISH_WEEKDAYS[weekday] if english else _WEEKDAYS[weekday],
        "h": str(hour),
        "hh": f"{hour:02}",
        "n": str(stamp.minute),
        "nn": f"{stamp.minute:02}",
        "s": str(stamp.second),
        "ss": f"{stamp.second:02}",
    }
    if code[0] == "y" and len(code) > 2:  # noqa: PLR2004 - a year of four digits
        return f"{stamp.year:04}"
    return texts.get(code, f"{stamp:%d.%m.%Y}")

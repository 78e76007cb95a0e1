"""Number formats of spreadsheets: the text that a person sees for a stored number."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from kvartal.exchange.grid import CellValue, ValueKind

GENERAL: Final = "General"

BUILT_IN: Final[Mapping[int, str]] = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    # In Russian settings, whatever American form the standard names for them.
    14: "dd.mm.yyyy",
    15: "dd.mmm.yy",
    16: "dd.mmm",
    17: "mmm.yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "dd.mm.yyyy h:mm",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
"""Formats that a workbook refers to by number alone."""

MONTHS: Final = (
    *("январь", "февраль", "март", "апрель", "май", "июнь", "июль"),
    *("август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
_GENITIVE: Final = (
    *("января", "февраля", "марта", "апреля", "мая", "июня", "июля"),
    *("августа", "сентября", "октября", "ноября", "декабря"),
)
_WEEKDAYS: Final = (
    *("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
)
_SHORT_WEEKDAYS: Final = ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс")
_ENGLISH_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_ENGLISH_WEEKDAYS: Final = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
)

_TOKEN: Final = re.compile(
    r"""(?P<quoted>"[^"]*")
    |(?P<escaped>\\.)
    |(?P<space>_.)
    |(?P<fill>\*.)
    |(?P<bracket>\[[^\]]*\])
    |(?P<half>AM/PM|A/P)
    |(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+)
    |(?P<fraction>\.0+)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_DIGITS: Final = frozenset("0#?")
_ELAPSED: Final = re.compile(r"\[([hHmMsS]+)\]")
_LOCALE: Final = re.compile(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]")
_ENGLISH: Final = frozenset({"409", "809", "C09", "1009"})
_GENITIVE_LOCALE: Final = "FC19"
_LARGEST_EXPONENT: Final = 20
"""What is larger, or closer to zero, is shown as the file has it."""

_SECONDS_A_DAY: Final = 86_400
_LAST_SERIAL: Final = 2_958_466
"""One day after 31.12.9999."""
_LEAP_BUG: Final = 60
"""Excel counts a 29.02.1900, which there was not: earlier days are one off."""


@dataclass(frozen=True, slots=True)
class FormattedValue:
    """What a stored number is.

    Attributes:
        text: What a person sees.
        kind: A number, percentage, date or time.
        value: The typed value.
    """

    text: str
    kind: ValueKind
    value: CellValue | None


def formatted(stored: str, number_format: str, *, since_1904: bool = False) -> FormattedValue:
    """Return what a person sees for a number, and its typed value.

    Args:
        stored: The number as the file has it; what is no number is shown as it is.
        number_format: The format code of the cell.
        since_1904: Whether the workbook counts days from 1904.
    """
    try:
        number = Decimal(stored.strip())
    except InvalidOperation:
        return FormattedValue(stored, ValueKind.TEXT, None)
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        return FormattedValue(stored, ValueKind.NUMBER, None)
    section = _section(number_format, number)
    if is_date_format(section):
        return _as_date(number, section, since_1904=since_1904)
    kind = ValueKind.PERCENT if "%" in _bare(section) else ValueKind.NUMBER
    return FormattedValue(_as_number(number, section, number_format), kind, _shortest(number))


@lru_cache(maxsize=512)
def is_date_format(section: str) -> bool:
    """Return whether a format, or one section of it, shows a date or a time."""
    if section.strip().lower() == "general":
        return False
    return bool(re.search(r"[yYmMdDhHsS]", _bare(section))) or bool(_ELAPSED.search(section))


def _bare(section: str) -> str:
    """Return a section without its literal texts, colours, conditions and currencies."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General', "", section, flags=re.DOTALL)
    return bare.replace("AM/PM", "h").replace("A/P", "h")


def _section(number_format: str, number: Decimal) -> str:
    """Return the section of a format that is for a number: positive; negative; zero; text."""
    sections = re.findall(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;])+|(?<=;)(?=;|$)', number_format)
    if len(sections) > 2 and number == 0:  # noqa: PLR2004 - the third is for zero
        return str(sections[2])
    if len(sections) > 1 and number < 0:
        return str(sections[1])
    return str(sections[0]) if sections else GENERAL


def _as_number(number: Decimal, section: str, number_format: str) -> str:
    """Return a number in a section that shows no date, with a decimal point.

    Which separator a person sees depends on the machine; «1.10» may be the number of a measure.
    """
    if section.strip().lower() == "general" or section.strip() == "@":
        return general(number)
    if "General" in section:
        return _around(section.replace("General", "0"), general(number))
    bare = _bare(section)
    digits = re.search(r"[0#?](?:[0#?,. ]*[0#?])?", bare)
    if digits is None:
        return _literal(section)
    if "E+" in bare or "E-" in bare or "/" in bare:
        return general(number)
    value = number * 100 if "%" in bare else number
    whole, _, fraction = digits[0].partition(".")
    value = value.scaleb(-3 * (len(bare[digits.end() :]) - len(bare[digits.end() :].lstrip(","))))
    places = sum(char in "0#?" for char in fraction)
    required = len(fraction.rstrip("#?"))
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    separate = number_format.count(";") and number < 0
    sign = "-" if rounded < 0 and not separate else ""
    integer, _, decimals = f"{abs(rounded):f}".partition(".")
    while len(decimals) > required and decimals.endswith("0"):
        decimals = decimals[:-1]
    integer = integer.lstrip("0").rjust(whole.replace(",", "").count("0"), "0")
    if "," in whole:
        integer = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", "\u00a0", integer)
    shown = integer + ("." + decimals if decimals else "")
    return sign + _around(section, shown)


def _around(section: str, shown: str) -> str:
    """Return a number between the literal texts of its section."""
    parts: list[str] = []
    placed = False
    for match in _TOKEN.finditer(section):
        text = _literal_of(match)
        if text is not None:
            parts.append(text)
        elif match["fraction"] or match["other"] in _DIGITS:
            if not placed:
                parts.append(shown)
            placed = True
        elif match["other"] not in {",", "."}:
            parts.append(match[0])
    return "".join(parts).strip()


def _literal(section: str) -> str:
    return _around(section, "")


def _literal_of(match: re.Match[str]) -> str | None:
    """Return the text that a token stands for by itself; None for one that shows the value."""
    if match["quoted"]:
        return match["quoted"][1:-1]
    if match["escaped"]:
        return match["escaped"][1]
    if match["space"]:
        return " "
    if match["fill"]:
        return ""
    if match["bracket"]:
        currency = _LOCALE.match(match["bracket"])
        return currency[1] if currency else ""
    return None


def general(number: Decimal) -> str:
    """Return a number as a cell without a format shows it, with a decimal point."""
    shortest = _shortest(number)
    return f"{shortest:f}"


def _shortest(number: Decimal) -> Decimal:
    """Return a number without what a binary fraction adds: 0.1 for 0.1000000000000000055."""
    text = f"{float(number):.15g}"
    shortest = Decimal(text)
    return shortest.quantize(Decimal(1)) if shortest == shortest.to_integral() else shortest


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


def _as_date(number: Decimal, section: str, *, since_1904: bool) -> FormattedValue:
    stamp = moment(number, since_1904=since_1904)
    if stamp is None:
        return FormattedValue(general(number), ValueKind.NUMBER, _shortest(number))
    bare = _bare(section)
    has_day = bool(re.search(r"[yYdD]", bare)) or bool(re.search("[mM]{3,}", bare))
    has_day = has_day or not re.search(r"[hHsS]", bare + section)
    text = _date_text(number, stamp, section)
    if not has_day:
        value: CellValue = stamp.time()
        return FormattedValue(text, ValueKind.TIME, value)
    value = stamp if stamp.time() != time() else stamp.date()
    return FormattedValue(text, ValueKind.DATE, value)


def _date_text(number: Decimal, stamp: datetime, section: str) -> str:
    locale = next((one[2].upper() for one in _LOCALE.finditer(section) if one[2]), "")
    locale = locale.lstrip("0")[-4:]
    # «1 сентября», but «сентябрь 2026».
    if locale not in _ENGLISH and re.search(r"(?<!d)d{1,2}(?!d).*m{4}", _bare(section).lower()):
        locale = _GENITIVE_LOCALE
    tokens = list(_TOKEN.finditer(section))
    twelve = any(match["half"] for match in tokens)
    parts: list[str] = []
    for index, match in enumerate(tokens):
        elapsed = _ELAPSED.fullmatch(match[0])
        literal = _literal_of(match)
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
        if token["date"] or _ELAPSED.fullmatch(token[0])
    ]
    before = [code for place, code in codes if place < index]
    after = [code for place, code in codes if place > index]
    return bool(before and before[-1][0] == "h") or bool(after and after[0][0] == "s")


def _date_part(code: str, stamp: datetime, locale: str, twelve: bool) -> str:  # noqa: FBT001
    english = locale in _ENGLISH
    months = _ENGLISH_MONTHS if english else MONTHS
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

"""Number formats of spreadsheets: the text that a person sees for a stored number."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from kvartal.exchange.grid import ValueKind
from kvartal.exchange.readers.date_format import as_date
from kvartal.exchange.readers.format_tokens import (
    TOKEN,
    FormattedValue,
    bare_section,
    general,
    is_date_format,
    literal_of,
    shortest,
)

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

_DIGITS: Final = frozenset("0#?")
_LARGEST_EXPONENT: Final = 20
"""What is larger, or closer to zero, is shown as the file has it."""


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
        return as_date(number, section, since_1904=since_1904)
    kind = ValueKind.PERCENT if "%" in bare_section(section) else ValueKind.NUMBER
    return FormattedValue(_as_number(number, section, number_format), kind, shortest(number))


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
    bare = bare_section(section)
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
    for match in TOKEN.finditer(section):
        text = literal_of(match)
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

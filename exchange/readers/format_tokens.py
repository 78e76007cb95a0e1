"""The tokens of a number format of spreadsheets, and the value that a format shows."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from kvartal.exchange.grid import CellValue, ValueKind

TOKEN: Final = re.compile(
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
ELAPSED: Final = re.compile(r"\[([hHmMsS]+)\]")
LOCALE: Final = re.compile(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]")


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


@lru_cache(maxsize=512)
def is_date_format(section: str) -> bool:
    """Return whether a format, or one section of it, shows a date or a time."""
    if section.strip().lower() == "general":
        return False
    return bool(re.search(r"[yYmMdDhHsS]", bare_section(section))) or bool(ELAPSED.search(section))


def bare_section(section: str) -> str:
    """Return a section without its literal texts, colours, conditions and currencies."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General', "", section, flags=re.DOTALL)
    return bare.replace("AM/PM", "h").replace("A/P", "h")


def literal_of(match: re.Match[str]) -> str | None:
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
        currency = LOCALE.match(match["bracket"])
        return currency[1] if currency else ""
    return None


def general(number: Decimal) -> str:
    """Return a number as a cell without a format shows it, with a decimal point."""
    return f"{shortest(number):f}"


def shortest(number: Decimal) -> Decimal:
    """Return a number without what a binary fraction adds: 0.1 for 0.1000000000000000055."""
    text = f"{float(number):.15g}"
    short = Decimal(text)
    return short.quantize(Decimal(1)) if short == short.to_integral() else short

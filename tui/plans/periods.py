"""For which days a plan file is, found without reading it whole: to choose among several."""

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from kvartal.schema.period import ProgrammePeriod

_YEAR: Final = re.compile(rb"^year[ \t]*:[ \t]*[\"']?([0-9]{4})\b", re.MULTILINE)
# Its value in braces, or the indented lines below it.
_PERIOD: Final = re.compile(
    rb"^period[ \t]*:(?P<value>[ \t]*\{[^}]*\}|.*(?:\r?\n(?:[ \t].*|#.*|))*)", re.MULTILINE
)
_BOUND: Final = rb"\b%s[\"']?[ \t]*:[ \t]*[\"']?([0-9]{4}-[0-9]{2}-[0-9]{2})"
_NAMED: Final = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?")


def period_in_file(path: Path) -> ProgrammePeriod | None:
    """Return the days that a plan file is for; None where neither its text nor its name says.

    Args:
        path: The file. One that is no plan, or cannot be read, is no failure here.
    """
    with suppress(OSError, ValueError):
        period = _stated(path.read_bytes())
        if period is not None:
            return period
    named = _NAMED.fullmatch(path.stem)
    with suppress(ValueError):
        if named is not None:
            first, last = int(named[1]), int(named[2] or named[1])
            return ProgrammePeriod(date(first, 1, 1), date(last, 12, 31))
    return None


def _stated(text: bytes) -> ProgrammePeriod | None:
    """Return the period that the text of a plan states in the usual layout.

    Raises:
        ValueError: There is no such day.
    """
    year = _YEAR.search(text)
    if year is not None:
        return ProgrammePeriod.of_year(int(year[1]))
    period = _PERIOD.search(text)
    if period is None:
        return None
    start, due = (re.search(_BOUND % name, period["value"]) for name in (b"start", b"due"))
    if start is None or due is None:
        return None
    days = (date.fromisoformat(one[1].decode()) for one in (start, due))
    return ProgrammePeriod(*days)

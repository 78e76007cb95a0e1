"""Rows with a number and a work only: measures without a term, or titles of sections."""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto
from typing import Final

from kvartal.exchange.tables.headings import NUMBER, OF_TERM, WORK
from kvartal.exchange.tables.measures import number_text
from kvartal.exchange.tables.row_kinds import MeasureRow, PartRow, Row


class _Following(Enum):
    """How the numbers below a row go on with its own."""

    GOES_ON = auto()
    ENDS = auto()
    """Nothing below it is numbered as it is."""
    DIFFERS = auto()


_NO_NUMBER: Final = -1


def with_measures(rows: Sequence[Row]) -> list[Row]:
    """Return rows with those that are measures by their numbers in place of titles.

    «2 | Опрос» between the measures 1 and 3 is one of them, whose term is missing; before a
    measure 1 or 2.1 it is the title of a section.
    """
    rows = _with_dotted(_decided(rows))
    following = _following(rows)
    done: list[Row] = []
    last = 0
    has_such_titles = False
    for row, below in zip(rows, following, strict=True):
        number = _number(row)
        if isinstance(row, PartRow) and row.measure is not None:
            is_last = below is _Following.ENDS and not has_such_titles and last > 0
            is_next = is_last or below is _Following.GOES_ON
            is_first = below is _Following.GOES_ON and number == 1
            if is_first or (is_next and number == last + 1):
                done.append(row.measure)
                last = number
                continue
            has_such_titles = True
            last = _NO_NUMBER
        elif isinstance(row, MeasureRow) and row.text(NUMBER):
            last = number
        done.append(row)
    return done


def _decided(rows: Sequence[Row]) -> list[Row]:
    """Return rows with those that say more as measures, or as titles of what is numbered below.

    «1 | Дороги | 500» before 1.1 is a title, «I | Дороги | 500» before 1 as well, and «2 | Парки»
    before 1 where it leaves no room for a term.
    """
    done: list[Row] = []
    below = ""
    for row in reversed(rows):
        one = row
        if isinstance(row, PartRow) and row.measure is not None and _says_more(row.measure):
            is_kind = not row.number[0].isdecimal() and below[:1].isdecimal()
            is_restart = below == "1" and not OF_TERM & row.measure.cells.keys()
            is_title = is_kind or is_restart or below.startswith(f"{row.number}.")
            one = replace(row, measure=None) if is_title else row.measure
        if isinstance(one, PartRow):
            below = one.number
        elif isinstance(one, MeasureRow):
            below = number_text(one.text(NUMBER)) or below
        done.append(one)
    return done[::-1]


def _with_dotted(rows: Sequence[Row]) -> list[Row]:
    """Return rows with «1.2 | Опрос» after the measure 1.1 or before 1.3 as a measure.

    Before 1.2.1 it is the title of a section.
    """
    done: list[Row] = []
    last = ""
    for row, below in zip(rows, _below(rows), strict=True):
        one = row
        if isinstance(row, PartRow) and row.measure is not None and "." in row.number:
            is_counted = _next(last) == row.number or _next(row.number) == below
            is_title = f"{below}.".startswith(f"{row.number}.") or not is_counted
            one = replace(row, measure=None) if is_title else row.measure
        if isinstance(one, PartRow):
            last = ""
        elif isinstance(one, MeasureRow):
            last = number_text(one.text(NUMBER)) or last
        done.append(one)
    return done


def _below(rows: Sequence[Row]) -> list[str]:
    """Return the number of the measure that is the first one below each row, before any title."""
    found: list[str] = []
    below = ""
    for row in reversed(rows):
        found.append(below)
        if isinstance(row, MeasureRow):
            below = number_text(row.text(NUMBER)) or below
        elif isinstance(row, PartRow):
            is_counted = row.measure is not None and below == _next(row.number)
            below = row.number if below and is_counted else ""
    return found[::-1]


def _next(number: str) -> str:
    """Return the number after one: «1.3» after «1.2»; empty for none."""
    before, _, last = number.rpartition(".")
    return f"{before}.{int(last) + 1}" if last.isdecimal() and before else ""


def _says_more(row: MeasureRow) -> bool:
    """Return whether a row has more than a number and a work: sums, or who is responsible."""
    return any(row.text(name) for name in row.cells if name not in {NUMBER, *WORK})


def _following(rows: Sequence[Row]) -> list[_Following]:
    """Return how the numbers below each row go on with its own."""
    found: list[_Following] = []
    number, below = _NO_NUMBER, _Following.ENDS
    for row in reversed(rows):
        own = _number(row)
        if isinstance(row, PartRow) and row.measure is not None:
            if below is not _Following.ENDS or number != _NO_NUMBER:
                below = below if number == own + 1 else _Following.DIFFERS
            number = own
        elif isinstance(row, PartRow):
            number, below = _NO_NUMBER, _Following.ENDS
        elif isinstance(row, MeasureRow) and row.text(NUMBER):
            number, below = own, _Following.GOES_ON
        found.append(below)
    return found[::-1]


def _number(row: Row) -> int:
    text = row.number if isinstance(row, PartRow) else ""
    if isinstance(row, MeasureRow):
        text = number_text(row.text(NUMBER))
    return int(text) if text.isdecimal() else _NO_NUMBER

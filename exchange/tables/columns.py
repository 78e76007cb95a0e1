"""The columns of a table of measures: what each holds, by its heading in one or more rows."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kvartal.exchange.grid import Grid
from kvartal.exchange.tables.headings import (
    ENDS,
    IGNORED,
    OF_TERM,
    OF_YEAR,
    clear_meaning,
    meaning,
    plain_heading,
)
from kvartal.exchange.tables.money_columns import (
    FACT,
    MONEY,
    PLAN,
    money_names,
    names_kind_of_money,
)
from kvartal.exchange.tables.texts import clean

# A cell of a heading is no sentence.
_LONGEST: Final = 160
_NARROWER: Final = ("quarter.", "month.", "start", "due", "fact.")
"""What a line below a heading over several columns may say of its own."""
_BESIDE_MONEY: Final = re.compile(
    r"кбк|цср|вр|[гр]рбс|рз,? ?пр|код\b.*|кол(?:ичеств|-в)о.*|ед\w*\.? ?изм.*|цена.*|дол[яи]\b.*|%|"
    r"обоснование.*|примечани[ея]|документ.*|qty|quantity|unit.*|code|share"
)
"""What may stand in a column of its own below «Финансирование», and is no money."""
_PART: Final = re.compile(r"(?:в )?(?:том числе|т\. ?ч\.?)|including|of which")
_AMOUNT: Final = re.compile(r"объ?ем|размер|лимит|потребность|тыс|млн|amount|value|cost")
"""What says of a column below «Финансирование» that it has the money."""
_SOURCE: Final = re.compile(r"источник\w*(?: финансирования| средств)?|(?:funding )?source")
_DONE_ON: Final = re.compile(r"дата (?:исполнения|выполнения|реализации|завершения)")
"""When something was done, beside the mark that it was: alone, it is when it is due."""
_FACT: Final = re.compile(r"факт|actual")
_AMOUNTS: Final = ("budget.", "indicator.", "fact.", "percent", "result")
"""What a heading over quarters may count in them: they are no term then."""
_ONE_YEAR: Final = re.compile(r"(20\d{2})(?: ?(?:г\.?|год))?", re.IGNORECASE)
_STATED: Final = frozenset({"state", "percent"})
"""What is never taken, whatever number of columns says it: «Status» beside «RAG»."""
SECOND: Final = ".second"
"""The end of the field's name of a second column that says one of these."""


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column of a table of measures.

    Attributes:
        index: From 0.
        heading: As printed, in one line.
        field: What it holds: a field's name as `headings.meaning` returns it; empty where the
            heading is not known.
        whole: The heading with that of the column that it is a part of.
    """

    index: int
    heading: str
    field: str
    whole: str = ""


def columns_of(
    grid: Grid, row: int, count: int, wanted: Mapping[str, str]
) -> tuple[SourceColumn, ...]:
    """Return the columns of a table whose heading takes some rows, but for those left out.

    Args:
        grid: The table.
        row: The first row of the heading, from 0.
        count: How many rows it takes.
        wanted: The field of a column by its plain heading, where a user or the programme says so.
    """
    columns: list[SourceColumn] = []
    taken: set[str] = set()
    shown = [index for index in range(grid.columns) if index not in grid.hidden_columns]
    lines = {index: _heading_lines(grid, index, range(row, row + count)) for index in shown}
    # What a user says of a column goes before what the heading of another one suggests, and what a
    # heading says plainly before what it may mean.
    stated = {
        plain for texts in lines.values() if (plain := plain_heading(" ".join(texts))) in wanted
    }
    promised = {wanted[plain] for plain in stated}
    whole = _with_whole(lines)
    clear = {texts: _clear_field(texts) for texts in whole.values()}
    for index, texts in whole.items():
        heading = " ".join(lines[index])
        plain = plain_heading(heading)
        own = clear[texts]
        field = wanted.get(plain, _weak_field(texts, clear.values()) if own is None else own)
        first = grid.at(row, index)
        is_spread = (
            bool(columns)
            and first is not None
            and first.column < index
            and columns[-1].heading == heading
        )
        if field == IGNORED:
            continue
        if field in _STATED and field in taken and not is_spread:
            field += SECOND
        is_promised = field in promised and plain not in stated
        if (field in taken or is_promised) and not is_spread and field not in MONEY:
            field = _second_day(plain, columns) if field == "term" and not is_promised else ""
            field = "" if field in taken else field
        taken.add(field)
        columns.append(SourceColumn(index, heading, field, " ".join(texts)))
    return _with_money(columns, whole)


def _second_day(plain: str, before: Sequence[SourceColumn]) -> str:
    """Return the field of a second column of days: those of the marks to the left of it, if any."""
    is_of_marks = bool(before) and before[-1].field == "fact.result"
    return "fact.date" if is_of_marks and _DONE_ON.fullmatch(plain) else ""


def _with_money(
    columns: Sequence[SourceColumn], lines: Mapping[int, Sequence[str]]
) -> tuple[SourceColumn, ...]:
    """Return columns with the year and the source of those that hold money."""
    names: dict[int, str] = {}
    for field in MONEY:
        names |= money_names(
            field, {one.index: lines[one.index] for one in columns if one.field == field}
        )
    return tuple(replace(one, field=names.get(one.index, one.field)) for one in columns)


def _heading_lines(grid: Grid, index: int, rows: range) -> tuple[str, ...]:
    """Return the different texts of a column's heading, from the top."""
    cells = [cell for one in rows if (cell := grid.at(one, index))]
    return tuple(text for text in dict.fromkeys(clean(cell.text) for cell in cells) if text)


def _with_whole(lines: Mapping[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """Return the lines of each heading after those of the column that it is a part of.

    «Всего, тыс. руб.», and beside it «в том числе по кварталам»: these are roubles too.
    """
    found: dict[int, tuple[str, ...]] = {}
    above: tuple[str, ...] = ()
    for index, texts in lines.items():
        is_part = bool(texts) and _PART.match(plain_heading(texts[0])) is not None
        above = above if is_part else texts
        found[index] = (*above, *texts) if is_part else texts
    return found


def _clear_field(texts: Sequence[str]) -> str | None:
    """Return the field that the lines of a heading plainly name; None where they name none.

    Empty where they say plainly that it is a field of its own.
    """
    heading = " ".join(texts)
    narrower = _narrower(texts)
    is_short = len(plain_heading(heading)) <= _LONGEST
    if narrower is not None:
        return narrower
    is_of_money = any(meaning(line) == PLAN for line in texts[:-1])
    if is_of_money:
        # «2026 год, тыс. руб.», then the sources below it.
        return _of_money(texts[-1])
    found = clear_meaning(heading) if is_short else ""
    return found or None


def _of_money(label: str) -> str:
    """Return the field of a column below a heading of money: a contract's number is none."""
    plain = plain_heading(label)
    if _BESIDE_MONEY.fullmatch(plain):
        return ""
    if _SOURCE.fullmatch(plain):
        return "budget.source"
    own = meaning(label)
    if own in MONEY:
        return own
    return PLAN if _AMOUNT.match(plain) or names_kind_of_money(label) else ""


def _weak_field(texts: Sequence[str], clear: Collection[str | None]) -> str:
    """Return the field that a heading may mean, unless the heading of another column names it."""
    heading = " ".join(texts)
    field = meaning(heading) if len(plain_heading(heading)) <= _LONGEST else ""
    return "" if field in clear else field


def _narrower(texts: Sequence[str]) -> str | None:
    """Return what the lowest line of a heading in several lines says by itself; None for nothing.

    Args:
        texts: The lines: «Срок по кварталам», then «1» to «4» below it.
    """
    above, below = texts[:-1], texts[-1:]
    if not above or not below:
        return None
    year = _ONE_YEAR.fullmatch(below[0])
    if year is not None:
        return f"{OF_YEAR}{year[1]}" if meaning(above[-1]) == "term" else None
    found = meaning(below[0])
    if below[0] in {"1", "2", "3", "4"}:
        found = f"quarter.{below[0]}" if "квартал" in above[-1].casefold() else ""
    if not found.startswith(_NARROWER):
        return None
    if found in ENDS and any(_FACT.match(plain_heading(line)) for line in above):
        return "fact.date" if found == "due" else ""
    if found.startswith("fact."):
        return _of_fact(found, above)
    is_amount = any(meaning(line).startswith(_AMOUNTS) for line in above)
    return "" if is_amount and found.startswith(("quarter.", "month.")) else found


def _of_fact(found: str, above: Sequence[str]) -> str:
    """Return the field of a column «Факт» below other lines: of its money, its days or its mark."""
    if any(meaning(line) == PLAN for line in above):
        return FACT
    of_what = meaning(above[-1])
    if of_what.startswith("indicator."):
        return ""
    # «Дата окончания», then «План» and «Факт» below it.
    return found if of_what not in OF_TERM else "" if of_what == "start" else "fact.date"

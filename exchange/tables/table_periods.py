"""For which years each table of measures is: a document may hold the programmes of several."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from kvartal.exchange.grid import Grid, Paragraph, SourceDocument
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.header import last_dated_title
from kvartal.exchange.tables.layout import SourceTable
from kvartal.exchange.tables.programme_title import period_of_title
from kvartal.exchange.tables.row_kinds import MeasureRow
from kvartal.exchange.tables.row_terms import term_texts
from kvartal.exchange.tables.rows import rows
from kvartal.exchange.tables.texts import clean
from kvartal.schema.errors import N_
from kvartal.schema.period import ProgrammePeriod

_LONGEST_HEAD: Final = 60
"""How many rows of another table may say whose years the next one is for."""
_YEAR_ALONE: Final = re.compile(r"(?:на |for )?20\d{2}(?: ?(?:г\.?|год))?", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<!\d)20\d{2}(?!\d)")
_SINCE_YEAR: Final = re.compile(
    r"(?<!\w)(?:с|со|из|до|от|from|since|before)[ _]+20\d{2}", re.IGNORECASE
)
"""What the name of a sheet says of a year that is not its own: «Перенос с 2025»."""


def titled(document: SourceDocument, tables: Sequence[SourceTable]) -> tuple[SourceTable, ...]:
    """Return tables with the title of years that each stands under, and with these years.

    A table that goes on with the one above it stands under the same title. Where no title names
    years, a heading that is a year or the name of a sheet may.
    """
    found = {id(table.grid): table for table in tables}
    done: list[SourceTable] = []
    lines: list[str] = []
    title, period, heading, sheet = "", None, "", ""
    for part in document.parts:
        table = found.get(id(part))
        if isinstance(part, Paragraph) and part.outline:
            text = clean(part.text)
            heading = text if _YEAR_ALONE.fullmatch(text) else heading
        if isinstance(part, Paragraph) or table is None:
            lines += _lines(part, min(part.rows, _LONGEST_HEAD) if isinstance(part, Grid) else 0)
            continue
        lines += _lines(part, table.heading_row)
        above = last_dated_title(lines)
        if heading:
            title, period = heading, _period_of_year(heading)
        elif above:
            title, period = above, period_of_title(above)
        elif part.place.sheet != sheet:
            title, period = part.place.sheet, _period_of_year(part.place.sheet)
        sheet = part.place.sheet
        done.append(replace(table, title=title, period=period))
        lines, heading = [], ""
    outer = {id(one.grid) for one in done}
    return (*done, *(table for table in tables if id(table.grid) not in outer))


def chosen_period(
    tables: Sequence[SourceTable], title: ProgrammePeriod | None, plan: ProgrammePeriod | None
) -> ProgrammePeriod | None:
    """Return the days that a document is for; None where nothing tells.

    Args:
        tables: Its tables, as `titled` returns them.
        title: What its own title says.
        plan: The days of the programme that it goes into: a table for just them is the one that is
            meant, unless the document is for these and other years as a whole.
    """
    named = {table.period for table in tables if table.period is not None}
    if plan is not None and plan in named and not (title and _is_within(plan, title)):
        return plan
    # Sheets of several years, and nothing that says which of them is meant: the user does.
    return title or (named.pop() if len(named) == 1 else None)


def year_of_terms(tables: Sequence[SourceTable]) -> ProgrammePeriod | None:
    """Return the year that every term of a document names; None where one names another, or none.

    Args:
        tables: Its tables.
    """
    measures = (row for table in tables for row in rows(table) if isinstance(row, MeasureRow))
    texts = filter(None, (" ".join(term_texts(row)) for row in measures))
    named = [set(_YEAR.findall(text)) for text in texts]
    years = set().union(*named)
    # «март» among terms of 2027 may be of another year.
    return ProgrammePeriod.of_year(int(years.pop())) if len(years) == 1 and all(named) else None


def of_period(
    tables: Sequence[SourceTable], period: ProgrammePeriod
) -> tuple[tuple[SourceTable, ...], tuple[Remark, ...]]:
    """Return the tables of a programme, each with the days that its terms are for, and remarks.

    Args:
        tables: As `titled` returns them.
        period: The days of the programme.
    """
    own = [one for one in tables if one.period is None or _overlap(one.period, period)]
    others = [one for one in tables if one.period and not _overlap(one.period, period)]
    if not own:
        own, others = others, []
    template = N_(
        "Таблица «{title}» на другие годы, чем программа: не взята. Возьмите её отдельно, "
        "в программу этих лет."
    )
    remarks = [
        Remark("table-other-years", one.grid.place, template, {"title": one.title})
        for one in others
    ]
    narrower = (
        replace(one, period=one.period if one.period and _is_within(one.period, period) else None)
        for one in own
    )
    return tuple(narrower), tuple(remarks)


def _lines(part: Paragraph | Grid, rows: int) -> Iterator[str]:
    """Yield the lines of a paragraph, or of the first rows of a table or a sheet."""
    if isinstance(part, Paragraph):
        yield from filter(None, map(clean, part.text.splitlines()))
    elif not part.hidden:
        for row in range(rows):
            texts = dict.fromkeys(part.row_text(row))
            yield from filter(None, (clean(line) for text in texts for line in text.split("\n")))


def _period_of_year(name: str) -> ProgrammePeriod | None:
    years = set() if _SINCE_YEAR.search(name) else set(_YEAR.findall(name))
    return ProgrammePeriod.of_year(int(years.pop())) if len(years) == 1 else None


def _is_within(inner: ProgrammePeriod, outer: ProgrammePeriod) -> bool:
    return outer.start <= inner.start and inner.due <= outer.due


def _overlap(one: ProgrammePeriod, other: ProgrammePeriod) -> bool:
    return one.start <= other.due and other.start <= one.due

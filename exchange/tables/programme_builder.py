"""From the rows of all tables of measures to the programme: parts, measures, totals as a check."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice, repeat
from typing import Final

from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.budgets import is_of_money, settled
from kvartal.exchange.tables.headings import NUMBER, WORK
from kvartal.exchange.tables.layout import SourceTable
from kvartal.exchange.tables.measures import MeasureReader, number_text
from kvartal.exchange.tables.money_columns import (
    names_source,
)
from kvartal.exchange.tables.numbered_rows import with_measures
from kvartal.exchange.tables.numbered_titles import numbered_title
from kvartal.exchange.tables.parts import PartsBuilder
from kvartal.exchange.tables.programme import SourceMeasure, SourcePart
from kvartal.exchange.tables.row_kinds import MeasureRow, PartRow, Row, TotalRow
from kvartal.exchange.tables.rows import rows
from kvartal.exchange.tables.table_headings import PartTitles
from kvartal.exchange.tables.texts import cell_text, is_dash
from kvartal.exchange.tables.totals import Totals
from kvartal.schema.errors import N_

_LAST_NUMBER: Final = re.compile(r"(.*?)(\d+)")


@dataclass
class ProgrammeBuilder:
    """Goes through the rows of all tables in order.

    Attributes:
        tables: The tables of measures.
        reader: Reads the row of a measure.
        parts: The sections and channels so far.
        measures: The measures so far.
        titles: Titles of parts above the tables; none where the rows of these have others.
    """

    tables: Sequence[SourceTable]
    reader: MeasureReader
    titles: PartTitles = field(default_factory=PartTitles)
    parts: PartsBuilder = field(default_factory=PartsBuilder)
    measures: list[SourceMeasure] = field(default_factory=list)
    _is_in_total: bool = False
    _totals: Totals = field(init=False)
    _is_named_above: bool = False
    _counts: Counter[str] = field(default_factory=Counter)
    _numbers: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Compare the totals of the tables with the measures as they come."""
        self._totals = Totals(self.measures, self.reader.money, self.reader.remarks)

    def build(self, check: Callable[[], None]) -> None:
        """Read every row.

        Args:
            check: Called before each row; raises an error to stop the reading.
        """
        every = with_measures([*self._rows(check)])
        last = _last_content(every)
        for index, row in enumerate(every):
            check()
            if self._goes_on(row):
                continue
            if isinstance(row, PartRow):
                self.reader.remarks += row.remarks
            if isinstance(row, Remark):
                self.reader.remarks.append(row)
            elif isinstance(row, TotalRow):
                self._totals.take(row, self.parts.open_numbers)
            elif isinstance(row, PartRow) and (index > last or row.title.startswith("*")):
                self._leave(row)
            elif isinstance(row, PartRow):
                part = self.parts.open_row(row, _first_number(islice(every, index + 1, None)))
                if row.total is not None:
                    self._totals.take_of_part(row.total, part.number)
            else:
                self._measure(row)
            self._is_in_total = _begins_total(row)
        self._settle()
        self._totals.finish()

    def _rows(self, check: Callable[[], None]) -> Iterator[Row]:
        """Yield the rows of all tables, with the titles above them."""
        of_tables: list[list[Row]] = []
        for table in self.tables:
            of_tables.append([])
            for one in rows(table):
                check()
                of_tables[-1].append(one)
        has_parts = any(isinstance(row, PartRow) for one in of_tables for row in one)
        if has_parts and not self.titles.are_numbered:
            self.titles = PartTitles()
        above = chain(self.titles.above, repeat(()))
        for titles, of_table in zip(above, of_tables, strict=False):
            yield from titles
            yield from of_table

    def _goes_on(self, row: Row) -> bool:
        """Return whether a row only goes on with the total or the measure above it: it is taken."""
        if self._is_in_total and isinstance(row, MeasureRow) and _is_of_source(row):
            self._totals.skip(TotalRow(row.cells, _shown(row), row.place))
            return True
        if isinstance(row, MeasureRow) and is_of_money(row):
            return self._adds_money(row)
        self._settle()
        return False

    def _adds_money(self, row: MeasureRow) -> bool:
        """Add the money of a row that has nothing else to what stands above it."""
        if self._is_in_total:
            self._totals.skip(TotalRow(row.cells, _shown(row), row.place))
            return True
        above = self._above(self.parts.current)
        if above is None:
            return False
        budget = (*above.budget, *self.reader.budget(row))
        self.measures[-1] = replace(above, budget=budget)
        return True

    def _settle(self) -> None:
        """Compare and drop what only sums up the sources of the last measure."""
        if self.measures:
            self.measures[-1], remarks = settled(self.measures[-1])
            self.reader.remarks += remarks

    def _leave(self, row: PartRow) -> None:
        """Name a text below the last measure: it has no number and begins no part."""
        template = N_("Текст «{text}» стоит под мероприятиями: не взят.")
        text = row.title if row.total is None else row.total.text
        self.reader.remarks.append(Remark("text-left-out", row.place, template, {"text": text}))

    def _measure(self, row: MeasureRow) -> None:
        self._open_named(row)
        if not row.is_from_above(NUMBER):
            self.parts.close_for(number_text(row.text(NUMBER)))
        part = self.parts.current
        above = self._above(part)
        if above is not None:
            added = self.reader.is_step_of(row, above)
            if added:
                self.measures[-1] = replace(above, actions=(*above.actions, *added))
                return
        measure = self.reader.read(row, above, part)
        if measure is None:
            return
        self.parts.measure_follows(measure.number)
        if not measure.number:
            measure = replace(measure, number=self._free_number(part), is_number_given=True)
            template = N_("Номера нет: присвоен {number}.")
            fields = {"number": measure.number}
            self.reader.remarks.append(Remark("number-given", row.place, template, fields))
        self._check_number(measure, above)
        self.measures.append(measure)
        self._counts[measure.part] += 1
        self._numbers.add((measure.part, measure.number))

    def _above(self, part: SourcePart | None) -> SourceMeasure | None:
        last = self.measures[-1] if self.measures else None
        number = part.number if part else ""
        return last if last is not None and last.part == number else None

    def _open_named(self, row: MeasureRow) -> None:
        """Open the parts that the columns of a row name.

        A section that only the first of its rows names goes on: an empty cell names no other one, a
        dash says that there is none.
        """
        if not row.columns & {"section.title", "channel.title"}:
            return
        titles = [row.text(name) for name in ("section.title", "channel.title")]
        section = self.parts.open_section
        is_none = is_dash(cell_text(row.cells.get("section.title")))
        has_column = "section.title" in row.columns
        goes_on = has_column and not titles[0] and not is_none and not row.is_copy
        if goes_on and section is not None:
            self._name_above(row, section)
            if not titles[1]:
                return
            titles[0] = section.title
        self._is_named_above = goes_on
        split = [
            numbered_title(title, is_sure=True) or ("", title, "") for title in titles if title
        ]
        steps = number_text(row.text(NUMBER)).split(".")
        given = [row.text(name) for name in ("section.number", "channel.number")]
        hinted = [
            given[level]
            or number
            or (".".join(steps[: level + 1]) if len(steps) > level + 1 else "")
            for level, (number, _title, _word) in enumerate(split)
        ]
        named = [title for _number, title, _word in split]
        self.parts.open_named(named, hinted, row.place)

    def _name_above(self, row: MeasureRow, section: SourcePart) -> None:
        """Say, once for the rows in a row, that they are of the section named above them."""
        if not any(row.text(name) for name in row.cells if name != "actions"):
            return  # A step of the measure above it.
        if not self._is_named_above:
            template = N_(
                "Раздел в строке не назван: мероприятие взято в «{title}», как строка выше."
            )
            fields = {"title": section.title}
            self.reader.remarks.append(Remark("section-above", row.place, template, fields))
        self._is_named_above = True

    def _free_number(self, part: SourcePart | None) -> str:
        own = part.number if part else ""
        count = self._counts[own] + 1
        while (own, (number := f"{own}.{count}" if part else str(count))) in self._numbers:
            count += 1
        return number

    def _check_number(self, measure: SourceMeasure, above: SourceMeasure | None) -> None:
        if above is None or above.number == measure.number:
            return
        here, there = _LAST_NUMBER.fullmatch(measure.number), _LAST_NUMBER.fullmatch(above.number)
        if here is None or there is None or here[1] != there[1]:
            return
        if int(here[2]) != int(there[2]) + 1:
            template = N_("Номер {number} после {before}: пропуск в нумерации.")
            fields = {"number": measure.number, "before": above.number}
            self.reader.remarks.append(Remark("number-gap", measure.place, template, fields))


def _begins_total(row: Row) -> bool:
    """Return whether a row has sums, or leads on to their parts: «в том числе»."""
    if isinstance(row, Remark):
        return row.code == "total-skipped"
    return isinstance(row, TotalRow) or (isinstance(row, PartRow) and row.total is not None)


def _is_of_source(row: MeasureRow) -> bool:
    """Return whether a row below a total has nothing but a source in place of a work, and money."""
    stated = {name for name in row.cells if row.text(name) and not row.is_from_above(name)}
    work = stated & WORK
    rest = stated - work
    is_money = bool(rest) and all(name.startswith("budget.") for name in rest)
    return is_money and bool(work) and all(names_source(row.text(name)) for name in work)


def _shown(row: MeasureRow) -> str:
    return " | ".join(filter(None, (row.text(name) for name in row.cells)))


def _last_content(rows: Sequence[Row]) -> int:
    """Return the position of the last row that the table goes on with; their number for none.

    Numbered lines below the measures are titles of empty parts, but not below «Примечания:».
    """
    last = max((at for at, row in enumerate(rows) if isinstance(row, MeasureRow)), default=-1)
    for at, row in enumerate(rows[last + 1 :], last + 1):
        if isinstance(row, Remark) and row.code == "text-left-out":
            break
        last = at if _is_content(row) else last
    return last if last >= 0 else len(rows)


def _is_content(row: Row) -> bool:
    """Return whether a row without a measure shows that the table goes on."""
    is_part = isinstance(row, PartRow) and bool(row.number)
    is_empty = isinstance(row, Remark) and row.code == "empty-mark"
    return is_part or is_empty


def _first_number(following: Iterable[Row]) -> str:
    for row in following:
        if isinstance(row, MeasureRow):
            return number_text(row.text(NUMBER))
    return ""

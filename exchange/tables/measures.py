"""From a row of the table to a measure: its texts, steps and fact."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kvartal.exchange.grid import Grid
from kvartal.exchange.measure_mark import MARK_PREFIX
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.budgets import row_budget, unrounded
from kvartal.exchange.tables.columns import SECOND
from kvartal.exchange.tables.corrected_text import corrections
from kvartal.exchange.tables.headings import NUMBER, OF_YEAR, WORK
from kvartal.exchange.tables.printed_table import EXTRA
from kvartal.exchange.tables.programme import SourceFact, SourceMeasure, SourcePart
from kvartal.exchange.tables.row_kinds import MeasureRow
from kvartal.exchange.tables.row_terms import MARKS, row_term, says_term, term_with_start
from kvartal.exchange.tables.rows import CELL_ERROR
from kvartal.exchange.tables.texts import (
    cell_text,
    error_text,
    is_dash,
    line_texts,
    paragraph_texts,
    steps,
    torn_word,
)
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_
from kvartal.schema.period import ProgrammePeriod

LONGEST_NUMBER: Final = 40
"""How long a printed number is at most, as the schema has it."""

_INITIALS: Final = r"[А-ЯЁA-Z]\. ?(?:[А-ЯЁA-Z]\. ?)?"
_SURNAME: Final = r"[А-ЯЁA-Z][а-яёa-z]+(?:-[А-ЯЁA-Z][а-яёa-z]+)?"
_PERSON: Final = re.compile(rf"(?:{_SURNAME} {_INITIALS}|{_INITIALS}{_SURNAME}) ?[,;]?")
_ONLY_NUMBER: Final = re.compile(r"(?:[IVXLC]+\.|[А-ЯЁA-Z]\.)?[\d.]*\d")
_TEXTS: Final = ("proposal", "result", "notes")


@dataclass
class MeasureReader:
    """Reads the rows of a table one after the other: a row may go on with the one above it.

    Attributes:
        period: The days that the programme is for; terms without a year need it.
        keys: The key of the declared field of each column that no field fits, by heading.
        money: By what money in a column is multiplied, by field.
        remarks: What is to be said.
    """

    period: ProgrammePeriod
    keys: Mapping[str, str]
    money: Mapping[str, int]
    remarks: list[Remark] = field(default_factory=list)

    def read(
        self, row: MeasureRow, above: SourceMeasure | None, part: SourcePart | None
    ) -> SourceMeasure | None:
        """Return the measure of a row; None where it says nothing of its own, or goes on.

        Args:
            row: The row.
            above: The measure of the row above, in the same part; None for the first one.
            part: The section or channel that it stands in.
        """
        number = self._number(row)
        # A number that was only given, since the column is empty, is none to go on with.
        is_numbered = above is not None and NUMBER in row.columns and not above.is_number_given
        has_none = not number and not row.is_number_covered
        continues = is_numbered and (has_none or row.is_from_above(NUMBER))
        proposal, actions = self._text(row, "proposal"), steps(row.cells.get("actions"))
        actions = self._without_dashes(row, actions)
        shares = (
            above is not None
            and bool(above.actions)
            and (row.is_from_above("actions") or (continues and bool(proposal) and not actions))
        )
        if above is not None and shares:
            actions = above.actions
        says_work = not row.is_copy or bool(WORK & row.columns)
        if says_work and not proposal and not actions:
            self._leave(row)
            return None
        if above is not None and continues:
            number = above.number
        self._check(row, actions)
        self._name_left_out(row)
        return SourceMeasure(
            number=number,
            part=part.number if part else "",
            in_channel=False,
            term=row_term(row, row.period or self.period, self.remarks),
            place=row.place,
            proposal=proposal,
            actions=actions,
            shares_actions=shares,
            has_term=says_term(row),
            result=self._text(row, "result"),
            responsible=self._people(row),
            notes=self._text(row, "notes"),
            budget=self.budget(row),
            extra=self._extra(row),
            fact=SourceFact(
                *(row.text("fact.result"), row.text("fact.date")),
                *(_stated(row, "state"), _stated(row, "percent")),
            ),
            mark=next((name for name in row.bookmarks if name.startswith(MARK_PREFIX)), ""),
            printed={name: cell_text(cell) for name, cell in row.cells.items()}
            if row.is_copy
            else {},
        )

    def _leave(self, row: MeasureRow) -> None:
        """Name a row that says nothing of what is to be done."""
        cells = (*row.cells.values(), *row.others.values(), *row.nameless)
        shown = " | ".join(filter(None, map(cell_text, cells)))
        template = N_("Строка «{text}»: нет ни предложения, ни мероприятия. Не взята.")
        self.remarks.append(Remark("row-without-work", row.place, template, {"text": shown}))
        self._check(row, ())

    def _number(self, row: MeasureRow) -> str:
        number = number_text(row.text(NUMBER))
        if len(number) <= LONGEST_NUMBER:
            return number
        template = N_("Номер «{text}» длиннее, чем номер бывает: не взят.")
        place = row.cells[NUMBER].place
        self.remarks.append(Remark("number-unclear", place, template, {"text": number}))
        return ""

    def is_step_of(self, row: MeasureRow, above: SourceMeasure) -> tuple[str, ...]:
        """Return the steps that a row adds to the measure above it; none for one of its own."""
        own = {name for name in row.cells if row.text(name) and not row.is_from_above(name)}
        is_step = own == {"actions"} and not row.text(NUMBER) and bool(above.actions)
        return steps(row.cells.get("actions")) if is_step else ()

    def _text(self, row: MeasureRow, name: str) -> str:
        cell = row.cells.get(name)
        text = "\n".join(paragraph_texts(cell))
        if is_dash(text):
            template = N_("В столбце стоит «{text}»: поле пусто.")
            place = cell.place if cell is not None else row.place
            self.remarks.append(Remark("cell-dash", place, template, {"text": text}))
            return ""
        return text

    def _without_dashes(self, row: MeasureRow, actions: tuple[str, ...]) -> tuple[str, ...]:
        """Return actions without those that say nothing: in a copy, any beside others is kept."""
        stated = tuple(one for one in actions if not is_dash(one))
        if not stated or len(stated) == len(actions):
            return stated
        if row.is_copy:
            return actions
        text = next(filter(is_dash, actions))
        template = N_("Среди мероприятий стоит «{text}»: не взято.")
        self.remarks.append(Remark("cell-dash", row.place, template, {"text": text}))
        return stated

    def _people(self, row: MeasureRow) -> tuple[str, ...]:
        cell = row.cells.get("responsible")
        lines = line_texts(cell)
        # A line may only be broken to fit its column: names alone are people each.
        each = lines if all(map(_PERSON.fullmatch, lines)) else paragraph_texts(cell)
        people = tuple(one for one in each if not is_dash(one))
        if cell is not None and not people:
            self._text(row, "responsible")
        return tuple(one.rstrip(",;") for one in people)

    def _check(self, row: MeasureRow, actions: tuple[str, ...]) -> None:
        for text in (*(row.text(name) for name in _TEXTS), *actions):
            torn = torn_word(text)
            if torn:
                template = N_("«{text}»: похоже на перенос слова. Оставлено как есть, проверьте.")
                self.remarks.append(Remark("word-torn", row.place, template, {"text": torn}))
        for name, cell in (*row.cells.items(), *row.others.items()):
            if cell.row == row.row:
                self.remarks += corrections(cell, is_term=name in {"term", "due"})

    def _name_left_out(self, row: MeasureRow) -> None:
        """Name every cell that nothing of the measure tells."""
        left = [one for one in row.nameless if one.row == row.row]
        has_term = bool(row.text("term"))
        has_start = term_with_start(row, row.period or self.period) is not None
        for name, cell in row.cells.items():
            is_second = has_term and not has_start and name in {"start", "due"}
            is_mark = name.startswith(("quarter.", "month.", OF_YEAR))
            is_odd = is_mark and (has_term or cell_text(cell).casefold() not in MARKS)
            if (is_second or is_odd) and not row.is_from_above(name):
                left.append(cell)
        for cell in dict.fromkeys(left):
            text = cell_text(cell)
            if text and not is_dash(text):
                template = N_("«{text}» не взято: полю этого столбца в мероприятии нет места.")
                self.remarks.append(Remark("cell-left-out", cell.place, template, {"text": text}))
        for cell in dict.fromkeys((*row.cells.values(), *row.others.values())):
            if cell.row == row.row and (error := error_text(cell)):
                self.remarks.append(Remark("cell-error", cell.place, CELL_ERROR, {"text": error}))
            if cell.grids and cell.row == row.row:
                template = N_("В ячейке стоит таблица, её строки в поле не взяты: «{text}».")
                text = "; ".join(_rows_of(grid) for grid in cell.grids)
                self.remarks.append(Remark("table-nested", cell.place, template, {"text": text}))

    def budget(self, row: MeasureRow) -> tuple[dict[str, Plain], ...]:
        """Return the money of a row, one for each year and source that its columns name."""
        return row_budget(row, self.money, self.remarks)

    def _extra(self, row: MeasureRow) -> dict[str, Plain]:
        values: dict[str, Plain] = {}
        for heading, cell in row.others.items():
            text = "\n".join(paragraph_texts(cell))
            # A line to sign on says nothing.
            if text.strip("_ \n") and not is_dash(text):
                values[self.keys[heading]] = text
        for name, cell in row.cells.items():
            text = unrounded(cell, "\n".join(paragraph_texts(cell)))
            if name.startswith(EXTRA) and text and not is_dash(text):
                values[name.removeprefix(EXTRA)] = text
        return values


def _rows_of(grid: Grid) -> str:
    """Return the texts of a nested table, row by row."""
    rows = (filter(None, map(cell_text, grid.row(row))) for row in range(grid.rows))
    return "; ".join(filter(None, map(" | ".join, rows)))


def _stated(row: MeasureRow, name: str) -> tuple[str, ...]:
    """Return what a row says in a field that may have a second column."""
    return tuple(filter(None, (row.text(name), row.text(name + SECOND))))


def number_text(text: str) -> str:
    """Return a printed number without the full stop that only ends it."""
    bare = text.removesuffix(".")
    return bare if _ONLY_NUMBER.fullmatch(bare) else text

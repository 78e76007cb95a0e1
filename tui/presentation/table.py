"""The rows of the two tables, as plain values: what each cell says and in which tone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from rich.cells import cell_len

from kvartal.schema.errors import N_
from kvartal.schema.model import Measure
from kvartal.schema.quarters import QUARTERS, roman, roman_runs
from kvartal.schema.states import CheckpointState, MeasureState, Status
from kvartal.schema.summaries import OpenCheckpoint
from kvartal.tui.i18n import _
from kvartal.tui.marks import Marks
from kvartal.tui.presentation.cells import Cell, CellLine
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.labels import Signs, short_state
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.view import View

NO_MARKS: Final = Marks()

LONGEST_CELL: Final = 400
"""No terminal shows more of a cell: a text of 10 kB is not measured letter by letter."""

ROOMY: Final = 100
"""From this width on, columns are a little wider and states are worded at more length."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; the width is in cells."""

    title: str
    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        key: What it is about; unique in a table.
        measure: Id of the measure.
        quarter: The checkpoint it is about; None for the measure as a whole.
        cells: One for each column.
    """

    key: str
    measure: str
    quarter: int | None
    cells: tuple[CellLine, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole table: its columns and rows."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def sheet(view: View, width: int, signs: Signs, marks: Marks = NO_MARKS) -> Sheet:
    """Return the table of a view.

    Args:
        view: What is shown.
        width: Of the table, in cells.
        signs: How states are drawn.
        marks: The marked rows.
    """
    if view.urgent:
        columns = _urgent_columns(view, width)
        return Sheet(columns, _distinct(_urgent_rows(view.open_checkpoints, signs, marks)))
    columns = _columns(view, width)
    return Sheet(columns, _distinct(_rows(view.shown, signs, marks, roomy=width >= ROOMY)))


def actions_text(measure: Measure, signs: Signs) -> str:
    """Return the «Мероприятие» cell of a measure; a shared one names the measure it belongs to."""
    if measure.actions_from:
        return _("{sign} как в {id}: {proposal}").format(
            sign=signs.shared,
            id=_one_line(measure.actions_from),
            proposal=_one_line(measure.proposal),
        )
    return _one_line("; ".join(measure.actions))


def short_term(status: Status, signs: Signs) -> str:
    """Return the term in force in a few letters: quarters, else the last day, else its text."""
    term = status.term
    if term.quarters:
        text = roman_runs(term.quarters)
    elif term.due:
        text = f"{term.due:%d.%m}"
    else:
        text = _one_line(term.text)
    return f"{signs.moved} {text}" if status.postponed else text


def _distinct(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows with unique keys, also where a file gives an id twice."""
    by_key: dict[str, Row] = {}
    for row in rows:
        key = row.key
        while key in by_key:
            key += "'"
        by_key[key] = row if key == row.key else replace(row, key=key)
    return tuple(by_key.values())


def _columns(view: View, width: int) -> tuple[Column, ...]:
    roomy = width >= ROOMY
    number = _number_width(view)
    term, state = (10, 20) if roomy else (8, 15)
    # One column for Textual, which draws it four times as fast; four for the reader.
    year = sum(_quarter_width(quarter, roomy=roomy) for quarter in QUARTERS)
    heads = [f"{roman(q):<{_quarter_width(q, roomy=roomy)}}" for q in QUARTERS]
    return (
        Column("  №", number),
        Column(_("Мероприятие"), max(10, width - number - term - year - 1 - state)),
        Column(_(" Срок"), term),
        Column(" " + "".join(heads), year + 1),
        Column(_("Состояние"), state),
    )


def _urgent_columns(view: View, width: int) -> tuple[Column, ...]:
    number = _number_width(view)
    return (
        Column("  №", number),
        Column(_("Мероприятие"), max(10, width - number - 10 - 12 - 22)),
        Column(_(" Квартал"), 10),
        Column(_("Срок"), 12),
        Column(_("Положение"), 22),
    )


def _quarter_width(quarter: int, *, roomy: bool) -> int:
    return max(3, len(roman(quarter)) + (2 if roomy else 1))


def _number_width(view: View) -> int:
    longest = max((cell_len(_one_line(m.id)) for m in view.overview.plan.measures), default=0)
    return min(max(longest, 6), 14) + 3


def _rows(statuses: Iterable[Status], signs: Signs, marks: Marks, *, roomy: bool) -> Iterator[Row]:
    above = ""
    for status in statuses:
        measure = status.measure
        # A continuation shows only its suffix, where the row that it continues is directly above.
        follows = measure.is_continuation and above == measure.number
        above = measure.number
        number = Cell(_number(measure, suffix_only=follows), "muted" if follows else "")
        state = Cell(short_state(status, shortest=not roomy), status.state.value)
        cells: tuple[CellLine, ...] = (
            (_mark(marks.covers(measure.id, None), signs), number),
            (Cell(actions_text(measure, signs), _text_tone(status)),),
            (Cell(f" {short_term(status, signs)}", "muted"),),
            (Cell(" "), *(_quarter(status, one, signs, roomy=roomy) for one in QUARTERS)),
            (state,),
        )
        yield Row(measure.id, measure.id, None, cells)


def _urgent_rows(
    open_checkpoints: Iterable[OpenCheckpoint], signs: Signs, marks: Marks
) -> Iterator[Row]:
    for one in open_checkpoints:
        measure, checkpoint = one.status.measure, one.checkpoint
        if checkpoint.state is CheckpointState.OVERDUE:
            text = _(OVERDUE).format(days=checkpoint.days_overdue)
        else:
            text = _(LEFT).format(days=(checkpoint.due - one.status.as_of).days)
        tone = checkpoint.state.value
        sign = signs.states[checkpoint.state]
        is_marked = marks.covers(measure.id, checkpoint.quarter)
        cells: tuple[CellLine, ...] = (
            (_mark(is_marked, signs), Cell(_one_line(measure.id))),
            (Cell(actions_text(measure, signs)),),
            (Cell(f" {roman(checkpoint.quarter):<4}{sign}", tone),),
            (Cell(day(checkpoint.due), "muted"),),
            (Cell(text, tone),),
        )
        yield Row(f"{measure.id}@{checkpoint.quarter}", measure.id, checkpoint.quarter, cells)


OVERDUE: Final = N_("просрочено на {days} дн.")
LEFT: Final = N_("осталось {days} дн.")


def _mark(marked: bool, signs: Signs) -> Cell:  # noqa: FBT001 - a private helper
    return Cell(f"{signs.mark} " if marked else "  ", "mark")


def _number(measure: Measure, *, suffix_only: bool) -> str:
    if suffix_only and measure.id.startswith(measure.number):
        return "  " + _one_line(measure.id.removeprefix(measure.number))
    return _one_line(measure.id)


def _text_tone(status: Status) -> str:
    closed = {MeasureState.DONE, MeasureState.DONE_LATE, MeasureState.CANCELLED}
    return "muted" if status.state in closed else ""


def _quarter(status: Status, quarter: int, signs: Signs, *, roomy: bool) -> Cell:
    checkpoint = status.checkpoint(quarter)
    sign = signs.states[checkpoint.state] if checkpoint else signs.not_in_term
    tone = checkpoint.state.value if checkpoint else "none"
    return Cell(f"{sign:<{_quarter_width(quarter, roomy=roomy)}}", tone)


def _one_line(text: str) -> str:
    return shown(text[:LONGEST_CELL])

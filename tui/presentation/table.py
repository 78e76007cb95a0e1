"""The rows of the two tables, as plain values: what each cell says and in which tone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from rich.cells import cell_len

from kvartal.schema.errors import N_
from kvartal.schema.measure import Measure
from kvartal.schema.model import Plan
from kvartal.schema.quarters import quarter_holding
from kvartal.schema.states import CheckpointState, MeasureState, Status
from kvartal.schema.summaries import OpenCheckpoint
from kvartal.tui.i18n import _
from kvartal.tui.marks import CheckpointKey, Marks, checkpoint_key
from kvartal.tui.presentation.cell_width import in_cells
from kvartal.tui.presentation.cells import Cell, CellLine
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.labels import Signs, short_state
from kvartal.tui.presentation.measure_numbers import number_text, one_line, other_number
from kvartal.tui.presentation.period_layout import PeriodLayout, coarse_layouts, layouts
from kvartal.tui.presentation.periods import TableTerms, columns_of
from kvartal.tui.view import View, printed_day

NO_MARKS: Final = Marks()

ROOMY: Final = 100
"""From this width on, columns are a little wider and states are worded at more length."""

ENOUGH: Final = 26
"""With less room for the text of a measure, the period columns become narrower."""
LEAST: Final = 20
"""With less even so, the column of the term goes."""
_LONGEST_TERM: Final = 14
_LONGEST_NUMBER: Final = 14


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
        checkpoint: The checkpoint it is about; None for the measure as a whole.
        cells: One for each column.
    """

    key: str
    measure: str
    checkpoint: CheckpointKey | None
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
    number = _number_width(view.overview.plan)
    if view.urgent:
        columns = _urgent_columns(number, width)
        return Sheet(columns, _distinct(_urgent_rows(view, signs, marks)))
    layout = _layout(view, number, width, signs)
    return Sheet(layout.columns, _distinct(_rows(view, signs, marks, layout)))


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns of the table of measures.

    Attributes:
        columns: All of them.
        terms: The term of each measure, by its id.
        periods: How the period column is drawn: one for Textual, which draws it four times as fast
            as one a period; several for the reader.
        has_term: Whether there is room for the term in words; its days are in the period column.
        roomy: Whether states are worded at more length.
    """

    columns: tuple[Column, ...]
    terms: Mapping[str, str]
    periods: PeriodLayout
    has_term: bool
    roomy: bool


def _layout(view: View, number: int, width: int, signs: Signs) -> _Layout:
    """Return the roomiest layout that leaves enough for the text."""
    overview, roomy = view.overview, width >= ROOMY
    short = TableTerms(overview.plan)
    terms = {one.measure.id: short_term(one, short, signs) for one in overview.statuses}
    dated = (terms[one.measure.id] for one in overview.statuses if not one.term.is_open)
    # The same for every filter, so that nothing jumps; words are cut.
    longest = max(map(cell_len, dated), default=0) + 2
    least = 10 if roomy else 8
    term = max(least, min(longest, _LONGEST_TERM))
    state = 20 if roomy else 15
    columns = columns_of(overview.plan, monthly=overview.is_monthly, latest=overview.latest_day)
    rest = width - number - state
    for periods in layouts(columns, roomy=roomy):
        if rest - term - periods.width >= ENOUGH:
            break
    for coarse in coarse_layouts(columns):
        if rest - least - periods.width >= LEAST:
            break
        periods = coarse
    term = max(least, min(term, rest - periods.width - LEAST))
    has_term = rest - term - periods.width >= LEAST
    text = rest - periods.width - (term if has_term else 0)
    return _Layout(
        (
            Column("  " + _("№"), number),
            Column(_("Мероприятие"), max(10, text)),
            *([Column(_(" Срок"), term)] if has_term else []),
            Column(periods.heading, periods.width),
            Column(_("Состояние"), state),
        ),
        terms,
        periods,
        has_term,
        roomy,
    )


def actions_text(measure: Measure, plan: Plan, signs: Signs) -> str:
    """Return the «Мероприятие» cell of a measure; a shared one names the measure it belongs to."""
    if measure.actions_from:
        return _("{sign} как в {id}: {proposal}").format(
            sign=signs.shared,
            id=other_number(plan, measure.actions_from),
            proposal=one_line(measure.title),
        )
    return one_line("; ".join(measure.actions) or measure.title)


def short_term(status: Status, terms: TableTerms, signs: Signs) -> str:
    """Return the term in force in a few letters: quarters, else the last day, else its text."""
    term = status.term
    if term.quarters:
        text = terms.quarters(term.quarters)
        if len(text) > _LONGEST_TERM - 2:
            text = _("кварталов: {count}").format(count=len(term.quarters))
    elif len(term.points) > 1:
        text = f"{terms.day(term.points[0])}–{terms.day(term.points[-1])}"
        if len(text) > _LONGEST_TERM - 2:
            text = _("сроков: {count}").format(count=len(term.points))
    elif term.last_day:
        text = terms.day(term.last_day)
    elif term.start:
        text = _("с {date}").format(date=terms.day(term.start))
    else:
        text = one_line(term.text)
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


def _urgent_columns(number: int, width: int) -> tuple[Column, ...]:
    return (
        Column("  " + _("№"), number),
        Column(_("Мероприятие"), max(10, width - number - 10 - 12 - 22)),
        Column(_(" Квартал"), 10),
        Column(_("Срок"), 12),
        Column(_("Положение"), 22),
    )


def _number_width(plan: Plan) -> int:
    longest = max((cell_len(number_text(one)) for one in plan.measures), default=0)
    return min(max(longest, 6), _LONGEST_NUMBER) + 3


def _number(measure: Measure) -> str:
    """Return a number as it fits in its column, with a space before the next one."""
    return in_cells(number_text(measure), _LONGEST_NUMBER).rstrip()


def _rows(view: View, signs: Signs, marks: Marks, layout: _Layout) -> Iterator[Row]:
    plan = view.overview.plan
    above = None
    for status in view.shown:
        measure = status.measure
        # A continuation shows only its suffix, where the row that it continues is directly above.
        printed = (measure.number, measure.place)
        follows = measure.id in plan.continuing and above == printed
        above = printed
        number = _number(measure)
        if follows:
            number = "  " + (number.removeprefix(one_line(measure.number)) or "\N{DITTO MARK}")
        term = Cell(f" {layout.terms[measure.id]}", "muted")
        cells: tuple[CellLine, ...] = (
            (
                _mark(marks.covers(measure.id, None), signs),
                Cell(number, "muted" if follows else ""),
            ),
            (Cell(actions_text(measure, plan, signs), _text_tone(status)),),
            *([(term,)] if layout.has_term else []),
            layout.periods.cells(status, signs),
            (Cell(short_state(status, shortest=not layout.roomy), status.state.value),),
        )
        yield Row(measure.id, measure.id, None, cells)


def _urgent_rows(view: View, signs: Signs, marks: Marks) -> Iterator[Row]:
    plan = view.overview.plan
    terms = TableTerms(plan)
    room = 4 if plan.year else 7
    for one in view.open_checkpoints:
        measure, checkpoint = one.status.measure, one.checkpoint
        key = checkpoint_key(checkpoint.day) if checkpoint else None
        state = checkpoint.state if checkpoint else CheckpointState.OVERDUE
        days = one.days_overdue or (one.due - one.status.as_of).days
        quarter = terms.quarters((quarter_holding(printed_day(one) or one.due),))
        cells: tuple[CellLine, ...] = (
            (_mark(marks.covers(measure.id, key), signs), Cell(_number(measure))),
            (Cell(actions_text(measure, plan, signs)),),
            (Cell(f" {quarter:<{room}}{signs.states[state]}", state.value),),
            (Cell(day(one.due), "muted"),),
            (Cell(_urgency(one).format(days=days), state.value),),
        )
        name = "" if key is None else str(key)
        yield Row(f"{measure.id}@{name}", measure.id, key, cells)
    yield from _gap_rows(view, signs, marks)


def _gap_rows(view: View, signs: Signs, marks: Marks) -> Iterator[Row]:
    """Yield where evidence is thin: nothing is owed, but somebody will ask."""
    from kvartal.tui.presentation.gaps import GAP_LABELS

    plan = view.overview.plan
    terms = TableTerms(plan)
    for gap in view.gaps:
        measure, key = plan.measure(gap.measure), gap.quarter or gap.point
        quarter = gap.quarter or (quarter_holding(gap.point) if gap.point else None)
        cells: tuple[CellLine, ...] = (
            (_mark(marks.covers(measure.id, key), signs), Cell(_number(measure))),
            (Cell(actions_text(measure, plan, signs)),),
            (Cell(f" {terms.quarters((quarter,))}" if quarter else ""),),
            (Cell(day(gap.point), "muted"),),
            (Cell(_(GAP_LABELS[gap.code]), "accent"),),
        )
        yield Row(f"{measure.id}@{gap.code}", measure.id, key, cells)


def _urgency(one: OpenCheckpoint) -> str:
    if one.checkpoint is None:
        return _(UNFINISHED)
    return _(OVERDUE) if one.checkpoint.state is CheckpointState.OVERDUE else _(LEFT)


OVERDUE: Final = N_("просрочено на {days} дн.")
UNFINISHED: Final = N_("не завершено {days} дн.")
LEFT: Final = N_("осталось {days} дн.")


def _mark(marked: bool, signs: Signs) -> Cell:  # noqa: FBT001 - a private helper
    return Cell(f"{signs.mark} " if marked else "  ", "mark")


def _text_tone(status: Status) -> str:
    closed = {MeasureState.DONE, MeasureState.DONE_LATE, MeasureState.CANCELLED}
    return "muted" if status.state in closed else ""

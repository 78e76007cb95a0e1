"""The agenda of a meeting: what is overdue, by who is responsible."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kvartal.exchange.reports.blocks import (
    Block,
    ColumnKind,
    FigureBlock,
    Heading,
    Report,
    ReportCell,
    ReportColumn,
    ReportRow,
    ReportStyle,
    ReportTable,
    StateMark,
    TextBlock,
)
from kvartal.exchange.reports.cover import cover_names
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.schema.changes import Json
from kvartal.schema.errors import N_, Translate
from kvartal.schema.model import Plan
from kvartal.schema.summaries import OpenCheckpoint, overdue


def overdue_report(plan: Plan, as_of: date, translate: Translate) -> Report:
    """Return what is overdue as of a date, by responsible, the longest overdue first.

    Args:
        plan: The programme.
        as_of: The day of the meeting.
        translate: Turns Russian texts into the programme's language.
    """
    words = ReportWords(plan, translate)
    late = overdue(plan, as_of)
    heading = words.say(N_("Просроченные мероприятия на {date}"), date=words.day(as_of))
    blocks: list[Block] = [Heading(heading), TextBlock(plan.header("title"))]
    if late:
        measures = len({one.measure_id for one in late})
        blocks.append(
            FigureBlock(
                (
                    (words.say(N_("Просрочено контрольных точек")), str(len(late))),
                    (words.say(N_("Мероприятий")), str(measures)),
                    (words.say(N_("Дольше всего, дней")), str(late[0].days_overdue)),
                )
            )
        )
    else:
        blocks.append(TextBlock(words.say(N_("Просроченного нет."))))
    by_responsible = _by_responsible(late, words)
    for index, (name, theirs) in enumerate(by_responsible, 1):
        blocks += [Heading(f"{index}. {name}", 2), _table(name, theirs, words)]
    return Report(
        kind="overdue",
        title=heading,
        language=plan.language,
        organization=plan.header("organization"),
        years=plan.years_text,
        as_of=as_of,
        blocks=tuple(blocks),
        names=cover_names(words),
        data=overdue_data(late, plan),
        joined=overdue_table(
            words.say(N_("Просрочено")),
            [one for _name, theirs in by_responsible for one in theirs],
            words,
        ),
    )


def _by_responsible(
    late: Sequence[OpenCheckpoint], words: ReportWords
) -> list[tuple[str, list[OpenCheckpoint]]]:
    nobody = words.say(N_("Ответственный не назначен"))
    found: dict[str, list[OpenCheckpoint]] = {}
    for one in late:
        found.setdefault(one.status.measure.responsible_line or nobody, []).append(one)
    return sorted(found.items(), key=lambda pair: (pair[0] == nobody, -pair[1][0].days_overdue))


def _table(name: str, late: Sequence[OpenCheckpoint], words: ReportWords) -> ReportTable:
    columns = (
        ReportColumn(words.say(N_("№")), "number", 0.7),
        ReportColumn(words.say(N_("Мероприятие")), "actions", 4),
        ReportColumn(words.say(N_("Контрольная точка")), width=1.5),
        ReportColumn(words.say(N_("Срок")), width=1.2, kind=ColumnKind.DATE),
        ReportColumn(
            words.say(N_("Просрочено, дней")),
            width=1.2,
            kind=ColumnKind.NUMBER,
            marks=(StateMark(ReportStyle.OVERDUE),),
        ),
        ReportColumn(words.say(N_("Ожидаемый результат")), "result", 3),
    )
    return ReportTable(name, columns, tuple(_row(one, words) for one in late))


def overdue_table(name: str, late: Sequence[OpenCheckpoint], words: ReportWords) -> ReportTable:
    """Return what is overdue as one table, which says in each row whose it is.

    Args:
        name: What the table is called.
        late: What is overdue.
        words: The words.
    """
    table = _table(name, late, words)
    heading = words.say(N_("Ответственный исполнитель"))
    rows = (
        replace(
            row, cells=(*row.cells, ReportCell(tuple(map(str, one.status.measure.responsible))))
        )
        for row, one in zip(table.rows, late, strict=True)
    )
    columns = (*table.columns, ReportColumn(heading, "responsible", 2))
    return replace(table, columns=columns, rows=tuple(rows))


def overdue_data(late: Sequence[OpenCheckpoint], plan: Plan) -> list[Json]:
    """Return what is overdue as data for programs."""
    return [_row_data(one, plan) for one in late]


def _row(one: OpenCheckpoint, words: ReportWords) -> ReportRow:
    measure = one.status.measure
    checkpoint = (
        words.say(N_("Завершение")) if one.checkpoint is None else words.checkpoint(one.checkpoint)
    )
    return ReportRow(
        (
            ReportCell((measure.number,)),
            ReportCell(words.work(measure)),
            ReportCell((checkpoint,)),
            ReportCell((words.day(one.due),), one.due),
            ReportCell((str(one.days_overdue),), one.days_overdue, ReportStyle.OVERDUE),
            ReportCell(tuple(measure.result.split("\n")) if measure.result else ()),
        ),
        measure.id,
    )


def _row_data(one: OpenCheckpoint, plan: Plan) -> Json:
    quarter = one.checkpoint.quarter if one.checkpoint is not None else None
    point = one.checkpoint.point if one.checkpoint is not None else None
    return {
        "id": one.measure_id,
        "quarter": None if quarter is None else quarter.stored(plan.year),
        "point": None if point is None else point.isoformat(),
        "due": one.due.isoformat(),
        "days_overdue": one.days_overdue,
        "responsible": one.status.measure.responsible_line or None,
    }

"""What a person should hear of a programme today: what burns, what is due soon, what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

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
    TextBlock,
)
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.schema.changes import Json
from kvartal.schema.errors import N_, Translate
from kvartal.schema.gaps import Gap, gaps
from kvartal.schema.measure import Measure
from kvartal.schema.model import Plan
from kvartal.schema.search import fold
from kvartal.schema.states import CheckpointState, statuses
from kvartal.schema.summaries import OpenCheckpoint, overdue

SOON: Final = 14
"""Days that are near."""
LATER: Final = 30
"""Days that are to be planned for."""

_OPEN: Final = frozenset({CheckpointState.UPCOMING, CheckpointState.DUE})


def digest_report(plan: Plan, as_of: date, translate: Translate, responsible: str = "") -> Report:
    """Return the digest of a programme for a day.

    Args:
        plan: The programme.
        as_of: The day.
        translate: Turns Russian texts into the programme's language.
        responsible: Part of the name or post of whose work it is about; empty for everybody's.
    """
    words = ReportWords(plan, translate)
    late = [one for one in overdue(plan, as_of) if _is_of(one.status.measure, responsible)]
    coming = [one for one in _coming(plan, as_of) if _is_of(one.status.measure, responsible)]
    soon = [one for one in coming if one.due - as_of <= timedelta(SOON)]
    later = [one for one in coming if one not in soon]
    measures = {measure.id: measure for measure in plan.measures}
    missing = [one for one in gaps(plan, as_of) if _is_of(measures.get(one.measure), responsible)]
    heading = words.say(N_("Сводка на {date}"), date=words.day(as_of))
    blocks: list[Block] = [
        Heading(f"{heading}: {responsible}" if responsible else heading),
        TextBlock(plan.header("title")),
        FigureBlock(
            (
                (words.say(N_("Просрочено")), str(len(late))),
                (words.say(N_("Срок в ближайшие 14 дней")), str(len(soon))),
                (words.say(N_("Срок в ближайшие 30 дней")), str(len(coming))),
                (words.say(N_("Слабые места в подтверждениях")), str(len(missing))),
            )
        ),
        *_deadlines(N_("Просрочено"), late, as_of, words),
        *_deadlines(N_("Срок в ближайшие 14 дней"), soon, as_of, words),
        *_deadlines(N_("Затем, до 30 дней"), later, as_of, words),
        *_missing(missing, measures, words),
    ]
    if not any(_is_of(measure, responsible) for measure in plan.measures) and responsible:
        # A misspelt name is not told that nothing is urgent.
        text = words.say(
            N_("Ответственного «{name}» в этой программе нет: проверьте имя."), name=responsible
        )
        blocks.append(TextBlock(text))
    elif not (late or coming or missing):
        blocks.append(TextBlock(words.say(N_("Ничего срочного."))))
    return Report(
        kind="digest",
        title=heading,
        language=plan.language,
        organization=plan.header("organization"),
        years=plan.years_text,
        as_of=as_of,
        blocks=tuple(blocks),
        data={
            "overdue": [_deadline_data(one, plan, as_of) for one in late],
            "due_14": [_deadline_data(one, plan, as_of) for one in soon],
            "due_30": [_deadline_data(one, plan, as_of) for one in coming],
            "missing": [_gap_data(one, words) for one in missing],
        },
    )


def _is_of(measure: Measure | None, responsible: str) -> bool:
    if not responsible:
        return True
    return measure is not None and fold(responsible) in fold(measure.responsible_line)


def _coming(plan: Plan, as_of: date) -> list[OpenCheckpoint]:
    """Return what has its last day within `LATER` days, nearest first."""
    found = [
        OpenCheckpoint(status, checkpoint)
        for status in statuses(plan, as_of)
        for checkpoint in status.checkpoints
        if checkpoint.state in _OPEN and timedelta(0) <= checkpoint.due - as_of <= timedelta(LATER)
    ]
    return sorted(found, key=lambda one: (one.due, one.measure_id))


def _deadlines(
    title: str, found: Sequence[OpenCheckpoint], as_of: date, words: ReportWords
) -> Iterator[Block]:
    if not found:
        return
    yield Heading(words.say(title), 2)
    days = N_("Состояние") if found[0].due < as_of else N_("Осталось")
    columns = (
        ReportColumn(words.say(N_("№")), "number", 0.7),
        ReportColumn(words.say(N_("Мероприятие")), "actions", 4),
        ReportColumn(words.say(N_("Срок")), width=1.2, kind=ColumnKind.DATE),
        ReportColumn(words.say(days), width=1.6),
        ReportColumn(words.say(N_("Ответственный исполнитель")), "responsible", 2),
    )
    yield ReportTable(
        words.say(title), columns, tuple(_deadline_row(one, as_of, words) for one in found)
    )


def _deadline_row(one: OpenCheckpoint, as_of: date, words: ReportWords) -> ReportRow:
    measure, days = one.status.measure, (one.due - as_of).days
    style = ReportStyle.OVERDUE if days < 0 else ReportStyle.DUE
    return ReportRow(
        (
            ReportCell((measure.number,)),
            ReportCell(words.work(measure)),
            ReportCell((words.day(one.due),), one.due),
            ReportCell((_left(days, words),), days, style),
            ReportCell(tuple(map(str, measure.responsible))),
        ),
        measure.id,
    )


def _left(days: int, words: ReportWords) -> str:
    if days < 0:
        return words.days_late(-days)
    return words.say(N_("{days} дн."), days=days)


def _missing(
    found: Sequence[Gap], measures: Mapping[str, Measure], words: ReportWords
) -> Iterator[Block]:
    if not found:
        return
    title = words.say(N_("Слабые места в подтверждениях"))
    yield Heading(title, 2)
    columns = (
        ReportColumn(words.say(N_("№")), "number", 0.7),
        ReportColumn(words.say(N_("Мероприятие")), "actions", 4),
        ReportColumn(words.say(N_("Что не так")), width=5),
    )
    rows = tuple(_gap_row(one, measures[one.measure], words) for one in found)
    yield ReportTable(title, columns, rows)


def _gap_row(gap: Gap, measure: Measure, words: ReportWords) -> ReportRow:
    cells = ((measure.number,), words.work(measure), (words.gap(gap),))
    return ReportRow(tuple(map(ReportCell, cells)), gap.measure)


def _deadline_data(one: OpenCheckpoint, plan: Plan, as_of: date) -> Json:
    checkpoint = one.checkpoint
    quarter = checkpoint.quarter if checkpoint is not None else None
    point = checkpoint.point if checkpoint is not None else None
    return {
        "id": one.measure_id,
        "quarter": None if quarter is None else quarter.stored(plan.year),
        "point": None if point is None else point.isoformat(),
        "due": one.due.isoformat(),
        "days": (one.due - as_of).days,
        "responsible": one.status.measure.responsible_line or None,
    }


def _gap_data(gap: Gap, words: ReportWords) -> Json:
    return {"id": gap.measure, "code": gap.code, "message": words.gap(gap)}

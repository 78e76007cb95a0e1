"""The report for a quarter, a half-year, a year or up to a date: what was due and what was done."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvartal.exchange.reports.blocks import (
    Block,
    ChartBlock,
    ColumnKind,
    FigureBlock,
    Heading,
    Json,
    Report,
    ReportCell,
    ReportColumn,
    ReportRow,
    ReportStyle,
    ReportTable,
    TextBlock,
)
from kvartal.exchange.reports.report_period import ReportPeriod
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.history.audit.last_mark import LastMark
from kvartal.history.diff.words import SHORT_HASH
from kvartal.schema.errors import N_, Translate
from kvartal.schema.indicator_periods import period_days
from kvartal.schema.measure import Indicator, IndicatorValue, Record
from kvartal.schema.model import Plan
from kvartal.schema.states import Checkpoint, CheckpointState, Status, statuses
from kvartal.schema.summaries import PERCENT

_RECORDED: Final = frozenset({CheckpointState.RECORDED, CheckpointState.RECORDED_LATE})
_LATE: Final = frozenset({CheckpointState.RECORDED_LATE, CheckpointState.OVERDUE})


@dataclass(frozen=True, slots=True)
class _Due:
    """Something that was due in the period: a checkpoint, or a term that ended unfinished."""

    status: Status
    checkpoint: Checkpoint | None

    @property
    def is_late(self) -> bool:
        return self.checkpoint is None or self.checkpoint.state in _LATE

    @property
    def is_overdue(self) -> bool:
        return self.checkpoint is None or self.checkpoint.state is CheckpointState.OVERDUE

    @property
    def is_on_time(self) -> bool:
        return self.checkpoint is not None and self.checkpoint.state is CheckpointState.RECORDED


def period_report(
    plan: Plan,
    period: ReportPeriod,
    as_of: date,
    translate: Translate,
    mark: LastMark | None = None,
) -> Report:
    """Return the report for a period, as of a date.

    Args:
        plan: The programme.
        period: What it is for.
        as_of: Facts dated later are not known.
        translate: Turns Russian texts into the programme's language.
        mark: Up to where the history was verified; None where it was not.
    """
    words = ReportWords(plan, translate)
    known = statuses(plan, as_of)
    due = [*_due(known, period)]
    heading = words.say(N_("Отчёт об исполнении {period}"), period=period.text(words))
    blocks: list[Block] = [
        Heading(heading),
        TextBlock(plan.header("title")),
        TextBlock(words.say(N_("По состоянию на {date}."), date=words.day(as_of))),
        FigureBlock(_figures(due, words)),
        _by_part(due, words),
        _detail(due, words),
        *_indicators(known, period, words),
        *_decisions(plan, period, as_of, words),
    ]
    if mark is not None:
        blocks.append(TextBlock(_verified(mark, words)))
    return Report(
        kind="report",
        title=heading,
        language=plan.language,
        organization=plan.header("organization"),
        years=plan.years_text,
        as_of=as_of,
        blocks=tuple(blocks),
        data={**_data(due, words, period, as_of), "verified": _mark_data(mark)},
    )


def _verified(mark: LastMark, words: ReportWords) -> str:
    commit = mark.commit[:SHORT_HASH]
    text = words.say(
        N_("История проверена до изменения {commit} (метка {name}). Отпечаток: {anchor}."),
        commit=commit,
        name=mark.name,
        anchor=mark.anchor,
    )
    later = words.say(N_("Внесённое позже ещё не проверено."))
    return text if mark.is_newest else f"{text} {later}"


def _mark_data(mark: LastMark | None) -> Json:
    return (
        None if mark is None else {"mark": mark.name, "commit": mark.commit, "anchor": mark.anchor}
    )


def _due(known: Iterable[Status], period: ReportPeriod) -> Iterator[_Due]:
    for status in known:
        for checkpoint in status.checkpoints:
            if checkpoint.due in period:
                yield _Due(status, checkpoint)
        if status.is_unfinished and status.due is not None and status.due in period:
            yield _Due(status, None)


def _discipline(due: Sequence[_Due]) -> float | None:
    on_time, late = sum(one.is_on_time for one in due), sum(one.is_late for one in due)
    if not due:
        return None
    return PERCENT * on_time / (on_time + late) if on_time + late else float(PERCENT)


def _figures(due: Sequence[_Due], words: ReportWords) -> tuple[tuple[str, str], ...]:
    recorded = sum(one.checkpoint is not None and one.checkpoint.state in _RECORDED for one in due)
    return (
        (words.say(N_("Контрольных точек")), str(len(due))),
        (words.say(N_("Исполнено")), str(recorded)),
        (words.say(N_("Просрочено")), str(sum(one.is_overdue for one in due))),
        (words.say(N_("Исполнительская дисциплина")), words.percent(_discipline(due))),
    )


def _by_part(due: Sequence[_Due], words: ReportWords) -> ReportTable:
    """Return the summary by section and channel, and in all."""
    plan = words.plan
    number = ColumnKind.NUMBER
    columns = (
        ReportColumn(words.say(N_("Раздел, канал")), width=4),
        ReportColumn(words.say(N_("Контрольных точек")), kind=number),
        ReportColumn(words.say(N_("В срок")), kind=number),
        ReportColumn(words.say(N_("С опозданием")), kind=number),
        ReportColumn(words.say(N_("Просрочено")), kind=number),
        ReportColumn(words.say(N_("Дисциплина")), kind=ColumnKind.PERCENT),
    )
    rows: list[ReportRow] = []
    for section in plan.all_sections.values():
        inside = [one for one in due if section in plan.sections_over(one.status.measure)]
        title = f"{section.number}. {section.title}"
        rows += [_counted(title, inside, words, ReportStyle.SECTION)] if inside else []
        for channel in section.channels:
            here = [one for one in due if one.status.measure.channel == channel.number]
            title = f"{channel.number}. {channel.title}"
            rows += [_counted(title, here, words, ReportStyle.CHANNEL)] if here else []
    rows.append(_counted(words.say(N_("Всего")), due, words, ReportStyle.TOTAL))
    return ReportTable(
        words.say(N_("Сводка")), columns, tuple(rows), words.say(N_("Сводка по разделам и каналам"))
    )


def _counted(title: str, due: Sequence[_Due], words: ReportWords, style: ReportStyle) -> ReportRow:
    on_time = sum(one.is_on_time for one in due)
    overdue = sum(one.is_overdue for one in due)
    late = sum(one.is_late for one in due) - overdue
    figure = _discipline(due)
    counts = [ReportCell((str(n),), n, style) for n in (len(due), on_time, late, overdue)]
    share = ReportCell((words.percent(figure),), figure, style)
    return ReportRow((ReportCell((title,), style=style), *counts, share))


def _detail(due: Sequence[_Due], words: ReportWords) -> ReportTable:
    """Return what was due, one row each, with the fact, its evidence and the reason for delay."""
    columns = (
        ReportColumn(words.say(N_("№")), "number", 0.7),
        ReportColumn(words.say(N_("Мероприятие")), "actions", 3),
        ReportColumn(words.say(N_("Контрольная точка")), width=1.4),
        ReportColumn(words.say(N_("Срок")), width=1.1, kind=ColumnKind.DATE),
        ReportColumn(words.say(N_("Факт")), width=1.1, kind=ColumnKind.DATE),
        ReportColumn(words.say(N_("Результат и подтверждение")), width=3),
        ReportColumn(words.say(N_("Состояние")), width=1.4),
        ReportColumn(words.say(N_("Причина")), width=1.6),
        ReportColumn(words.say(N_("Ответственный исполнитель")), "responsible", 1.6),
    )
    rows = tuple(_detail_row(one, words) for one in due)
    return ReportTable(
        words.say(N_("Исполнение")), columns, rows, words.say(N_("Исполнение мероприятий"))
    )


def _detail_row(one: _Due, words: ReportWords) -> ReportRow:
    measure, checkpoint = one.status.measure, one.checkpoint
    record = _record(one)
    last_day = checkpoint.due if checkpoint is not None else one.status.due
    fact = checkpoint.recorded_on if checkpoint is not None else None
    proof = words.evidence(record.evidence) if record is not None else ()
    result = (record.result,) if record is not None and record.result else ()
    reason = (record.reason,) if record is not None and record.reason else ()
    if checkpoint is None:
        state, style = words.say(N_("Не завершено к сроку")), ReportStyle.OVERDUE
        name = words.say(N_("Завершение"))
    else:
        state, style = words.checkpoint_state(checkpoint), words.style(checkpoint)
        name = words.checkpoint(checkpoint)
    return ReportRow(
        (
            ReportCell((measure.number,)),
            ReportCell(words.work(measure)),
            ReportCell((name,)),
            ReportCell((words.day(last_day),), last_day),
            ReportCell((words.day(fact),) if fact else (), fact),
            ReportCell((*result, *proof)),
            ReportCell((state,), style=style),
            ReportCell(reason),
            ReportCell(tuple(map(str, measure.responsible))),
        ),
        measure.id,
    )


def _record(one: _Due) -> Record | None:
    """Return the first record of a checkpoint; of a completion that closed it, that record."""
    if one.checkpoint is None:
        return None
    day = one.checkpoint.day
    own = [record for record in one.status.records if day.is_recorded_by(record)]
    complete = [record for record in one.status.records if record.complete]
    found = own or (complete if one.checkpoint.recorded_on is not None else [])
    return min(found, key=lambda record: record.date, default=None)


def _indicators(
    known: Iterable[Status], period: ReportPeriod, words: ReportWords
) -> Iterator[Block]:
    found = [
        (status, indicator, values)
        for status in known
        for indicator in status.measure.indicators
        if (values := _values(status, indicator, period))
    ]
    if not found:
        return
    yield Heading(words.say(N_("Показатели")), 2)
    columns = (
        ReportColumn(words.say(N_("№")), "number", 0.7),
        ReportColumn(words.say(N_("Показатель")), width=3),
        ReportColumn(words.say(N_("Период"))),
        ReportColumn(words.say(N_("План")), kind=ColumnKind.NUMBER),
        ReportColumn(words.say(N_("Факт")), kind=ColumnKind.NUMBER),
        ReportColumn(words.say(N_("Выполнен"))),
    )
    rows = tuple(
        _value_row(status, indicator, value, words)
        for status, indicator, values in found
        for value in values
    )
    yield ReportTable(words.say(N_("Показатели")), columns, rows)
    for _status, indicator, values in found:
        number = words.words.number
        points = tuple(
            (words.words.period(one.period), one.value, number(one.value)) for one in values
        )
        title = f"{indicator.name}, {indicator.unit}"
        caption = "; ".join(f"{name}: {text}" for name, _value, text in points)
        yield ChartBlock(title, points, indicator.target, number(indicator.target), caption)


def _values(
    status: Status, indicator: Indicator, period: ReportPeriod
) -> tuple[IndicatorValue, ...]:
    found = [
        value
        for record in status.records
        for value in record.values
        if status.measure.indicator(value.indicator) == indicator
        and period_days(value.period)[1] in period
    ]
    return tuple(sorted(found, key=lambda one: period_days(one.period)))


def _value_row(
    status: Status, indicator: Indicator, value: IndicatorValue, words: ReportWords
) -> ReportRow:
    is_met = indicator.is_met(value.value)
    number = words.words.number
    return ReportRow(
        (
            ReportCell((status.measure.number,)),
            ReportCell((f"{indicator.name}, {indicator.unit}",)),
            ReportCell((words.words.period(value.period),)),
            ReportCell((number(indicator.target),), indicator.target),
            ReportCell((number(value.value),), value.value),
            ReportCell(
                (words.say(N_("да") if is_met else N_("нет")),),
                style=ReportStyle.DONE if is_met else ReportStyle.OVERDUE,
            ),
        ),
        status.measure.id,
    )


def _decisions(
    plan: Plan, period: ReportPeriod, as_of: date, words: ReportWords
) -> Iterator[Block]:
    """Yield the postponements and cancellations of the period with their basis."""
    rows: list[tuple[date, ReportRow]] = []
    for measure in plan.measures:
        old = measure.term.text
        for moved in measure.postponements:
            what = words.say(N_("срок перенесён: {old} → {new}"), old=old, new=moved.to.text)
            old = moved.to.text
            if moved.date in period and moved.date <= as_of:
                row = _decision_row(
                    measure.number, moved.date, what, moved.reason, moved.basis, words
                )
                rows.append((moved.date, ReportRow(row, measure.id)))
        cancelled = measure.cancelled
        if cancelled is not None and cancelled.date in period and cancelled.date <= as_of:
            what = words.say(N_("снято с плана"))
            row = _decision_row(
                measure.number, cancelled.date, what, cancelled.reason, cancelled.basis, words
            )
            rows.append((cancelled.date, ReportRow(row, measure.id)))
    if not rows:
        return
    columns = (
        ReportColumn(words.say(N_("№")), "number", 0.7),
        ReportColumn(words.say(N_("Дата")), kind=ColumnKind.DATE),
        ReportColumn(words.say(N_("Решение")), width=3),
        ReportColumn(words.say(N_("Причина")), width=2.5),
        ReportColumn(words.say(N_("Основание")), width=2.5),
    )
    name = words.say(N_("Переносы и снятия"))
    ordered = tuple(row for _day, row in sorted(rows, key=lambda pair: pair[0]))
    yield ReportTable(name, columns, ordered, words.say(N_("Переносы сроков и снятия с плана")))


def _decision_row(  # noqa: PLR0913, PLR0917 - the facts of a decision
    number: str, day: date, what: str, reason: str, basis: str | None, words: ReportWords
) -> tuple[ReportCell, ...]:
    return (
        ReportCell((number,)),
        ReportCell((words.day(day),), day),
        ReportCell((what,)),
        ReportCell(tuple(reason.split("\n"))),
        ReportCell((basis,) if basis else ()),
    )


def _data(
    due: Sequence[_Due], words: ReportWords, period: ReportPeriod, as_of: date
) -> dict[str, Json]:
    rows: list[Json] = [_data_row(one, words) for one in due]
    return {
        "period": {"start": period.first.isoformat(), "due": period.last.isoformat()},
        "as_of": as_of.isoformat(),
        "checkpoints": len(due),
        "on_time": sum(one.is_on_time for one in due),
        "late": sum(one.is_late and not one.is_overdue for one in due),
        "overdue": sum(one.is_overdue for one in due),
        "discipline": _discipline(due),
        "rows": rows,
    }


def _data_row(one: _Due, words: ReportWords) -> Json:
    checkpoint, plan = one.checkpoint, words.plan
    quarter = checkpoint.quarter if checkpoint is not None else None
    point = checkpoint.point if checkpoint is not None else None
    last_day = checkpoint.due if checkpoint is not None else one.status.due
    fact = checkpoint.recorded_on if checkpoint is not None else None
    record = _record(one)
    proof: list[Json] = list(words.evidence(record.evidence)) if record is not None else []
    return {
        "id": one.status.measure.id,
        "quarter": None if quarter is None else quarter.stored(plan.year),
        "point": None if point is None else point.isoformat(),
        "due": None if last_day is None else last_day.isoformat(),
        "date": None if fact is None else fact.isoformat(),
        "state": "unfinished" if checkpoint is None else checkpoint.state.value,
        "result": record.result if record is not None else None,
        "reason": record.reason if record is not None else None,
        "evidence": proof,
        "responsible": one.status.measure.responsible_line or None,
    }

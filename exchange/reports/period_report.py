"""The report for a quarter, a half-year, a year or up to a date: what was due and what was done."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
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
from kvartal.exchange.reports.cover import cover_names
from kvartal.exchange.reports.decision_blocks import decision_blocks, decisions
from kvartal.exchange.reports.indicator_blocks import indicator_blocks, indicator_facts
from kvartal.exchange.reports.overdue_report import overdue_data, overdue_table
from kvartal.exchange.reports.period_data import (
    counts_data,
    decisions_data,
    due_data,
    indicators_data,
    parts_data,
)
from kvartal.exchange.reports.period_facts import (
    DueCounts,
    DueFact,
    PartCounts,
    counted,
    counted_parts,
    due_in,
)
from kvartal.exchange.reports.report_period import ReportPeriod
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.history.audit.last_mark import LastMark
from kvartal.history.diff.words import SHORT_HASH
from kvartal.schema.changes import Json
from kvartal.schema.errors import N_, Translate
from kvartal.schema.model import Plan
from kvartal.schema.states import statuses
from kvartal.schema.summaries import OpenCheckpoint, overdue_among, share_text

_EMPTY_WIDTH: Final = 0.1


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
    due = [*due_in(known, period)]
    counts, parts = counted(due), tuple(counted_parts(plan, due))
    earlier = [one for one in overdue_among(known) if one.due < period.first]
    indicators, decided = indicator_facts(known, period), decisions(plan, period, as_of)
    heading = words.say(N_("Отчёт об исполнении {period}"), period=period.text(words))
    blocks: list[Block] = [
        Heading(heading),
        TextBlock(plan.header("title")),
        TextBlock(words.say(N_("По состоянию на {date}."), date=words.day(as_of))),
        FigureBlock(_figures(counts, words)),
        _by_part(parts, counts, words),
        _detail(due, words) if due else TextBlock(words.say(N_("Сроков в этот период нет."))),
        *_earlier(earlier, words),
        *indicator_blocks(indicators, words),
        *decision_blocks(decided, words),
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
        names=cover_names(words),
        data={
            "period": {"start": period.first.isoformat(), "due": period.last.isoformat()},
            "as_of": as_of.isoformat(),
            **counts_data(counts),
            "parts": parts_data(parts),
            "rows": due_data(due, words),
            "earlier": overdue_data(earlier, plan),
            "indicators": indicators_data(indicators),
            "decisions": decisions_data(decided),
            "verified": _mark_data(mark),
        },
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


def _figures(found: DueCounts, words: ReportWords) -> tuple[tuple[str, str], ...]:
    counts = (
        (N_("Контрольных точек"), found.due, True),
        (N_("Исполнено"), found.recorded, True),
        (N_("Просрочено"), found.overdue, True),
        (N_("Предстоит"), found.upcoming, bool(found.upcoming)),
        (N_("Снято с плана"), found.cancelled, bool(found.cancelled)),
    )
    shown = ((words.say(text), str(count)) for text, count, is_shown in counts if is_shown)
    discipline = share_text(found.discipline)
    return (*shown, (words.say(N_("Исполнительская дисциплина")), discipline))


def _by_part(parts: Sequence[PartCounts], whole: DueCounts, words: ReportWords) -> ReportTable:
    """Return the summary by section and channel, and in all.

    What is ahead and what was taken off the plan is counted where there is any: the counts of a row
    add up.
    """
    number = ColumnKind.NUMBER
    more = [
        *([N_("Предстоит")] if whole.upcoming else []),
        *([N_("Снято с плана")] if whole.cancelled else []),
    ]
    name, caption = _part_names(words)
    columns = (
        ReportColumn(name, width=4),
        ReportColumn(words.say(N_("Контрольных точек")), kind=number),
        ReportColumn(words.say(N_("В срок")), kind=number),
        ReportColumn(words.say(N_("С опозданием")), kind=number),
        ReportColumn(words.say(N_("Просрочено")), kind=number),
        *(ReportColumn(words.say(text), kind=number) for text in more),
        ReportColumn(words.say(N_("Дисциплина")), kind=ColumnKind.PERCENT),
    )

    def row(title: str, found: DueCounts, style: ReportStyle) -> ReportRow:
        figures = [found.due, found.on_time, found.late, found.overdue]
        figures += [found.upcoming] if whole.upcoming else []
        figures += [found.cancelled] if whole.cancelled else []
        return _counted(title, figures, found.discipline, style)

    rows = [
        row(
            f"{part.number}. {part.title}",
            part.counts,
            ReportStyle.CHANNEL if part.is_channel else ReportStyle.SECTION,
        )
        for part in parts
    ]
    rows.append(row(words.say(N_("Всего")), whole, ReportStyle.TOTAL))
    return ReportTable(words.say(N_("Сводка")), columns, tuple(rows), caption)


def _part_names(words: ReportWords) -> tuple[str, str]:
    """Return what the parts of a programme are called, and what its summary is."""
    plan = words.plan
    if not plan.sections:
        return words.say(N_("Программа")), words.say(N_("Сводка"))
    if plan.levels:
        levels = ", ".join(plan.levels)
        return levels, words.say(N_("Сводка: {levels}"), levels=levels)
    if plan.channels:
        return words.say(N_("Раздел, канал")), words.say(N_("Сводка по разделам и каналам"))
    return words.say(N_("Раздел")), words.say(N_("Сводка по разделам"))


def _counted(
    title: str,
    figures: Sequence[int],
    discipline: float | None,
    style: ReportStyle,
) -> ReportRow:
    counts = [ReportCell((str(n),), n, style) for n in figures]
    # The value is the figure as it is printed: a workbook would round it up.
    value = None if discipline is None else int(discipline)
    share = ReportCell((share_text(discipline),), value, style)
    return ReportRow((ReportCell((title,), style=style), *counts, share))


def _detail(due: Sequence[DueFact], words: ReportWords) -> ReportTable:
    """Return what was due, one row each, with the fact, its evidence and the reason for delay."""
    columns = (
        ReportColumn(words.say(N_("№")), "number", 0.7),
        ReportColumn(words.say(N_("Мероприятие")), "actions", 3),
        ReportColumn(words.say(N_("Контрольная точка")), width=1.4),
        ReportColumn(words.say(N_("Срок")), width=1.1, kind=ColumnKind.DATE),
        ReportColumn(words.say(N_("Факт")), width=1.1, kind=ColumnKind.DATE),
        ReportColumn(words.say(N_("Результат и подтверждение")), width=3),
        ReportColumn(words.say(N_("Состояние")), width=1.4, marks=words.state_marks()),
        ReportColumn(words.say(N_("Причина")), width=1.6),
        ReportColumn(words.say(N_("Ответственный исполнитель")), "responsible", 1.6),
    )
    rows = tuple(_detail_row(one, words) for one in due)
    name, caption = words.say(N_("Исполнение")), words.say(N_("Исполнение мероприятий"))
    return ReportTable(name, _with_room(columns, rows), rows, caption)


def _with_room(
    columns: Sequence[ReportColumn], rows: Sequence[ReportRow]
) -> tuple[ReportColumn, ...]:
    """Return columns of which one without a text takes no room from others.

    Such as reasons where nothing was late.
    """
    used = {at for row in rows for at, cell in enumerate(row.cells) if cell.lines}
    return tuple(
        one if at in used else replace(one, width=_EMPTY_WIDTH) for at, one in enumerate(columns)
    )


def _earlier(late: Sequence[OpenCheckpoint], words: ReportWords) -> Iterator[ReportTable]:
    """Yield what was due before the period and is not done: no count of the period has it."""
    if late:
        name = words.say(N_("Просрочено с прежних периодов"))
        table = overdue_table(name, late, words)
        yield replace(table, columns=_with_room(table.columns, table.rows), caption=name)


def _detail_row(one: DueFact, words: ReportWords) -> ReportRow:
    measure, checkpoint, record = one.measure, one.checkpoint, one.record
    last_day, fact = one.last_day, one.done_on
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

"""The report for a quarter, a half-year, a year or up to a date: what was due and what was done."""

from collections.abc import Sequence
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
from kvartal.exchange.reports.decision_blocks import decision_blocks
from kvartal.exchange.reports.indicator_blocks import indicator_blocks
from kvartal.exchange.reports.period_facts import DueCounts, DueFact, counted, due_in
from kvartal.exchange.reports.report_period import ReportPeriod
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.history.audit.last_mark import LastMark
from kvartal.history.diff.words import SHORT_HASH
from kvartal.schema.changes import Json
from kvartal.schema.errors import N_, Translate
from kvartal.schema.model import Plan
from kvartal.schema.states import statuses

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
    counts = counted(due)
    heading = words.say(N_("Отчёт об исполнении {period}"), period=period.text(words))
    blocks: list[Block] = [
        Heading(heading),
        TextBlock(plan.header("title")),
        TextBlock(words.say(N_("По состоянию на {date}."), date=words.day(as_of))),
        FigureBlock(_figures(counts, words)),
        _by_part(due, words),
        _detail(due, words),
        *indicator_blocks(known, period, words),
        *decision_blocks(plan, period, as_of, words),
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
        data={**_data(due, counts, words, period, as_of), "verified": _mark_data(mark)},
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
    discipline = words.percent(found.discipline)
    return (*shown, (words.say(N_("Исполнительская дисциплина")), discipline))


def _by_part(due: Sequence[DueFact], words: ReportWords) -> ReportTable:
    """Return the summary by section and channel, and in all.

    What is ahead and what was taken off the plan is counted where there is any: the counts of a row
    add up.
    """
    plan = words.plan
    number = ColumnKind.NUMBER
    whole = counted(due)
    more = [
        *([N_("Предстоит")] if whole.upcoming else []),
        *([N_("Снято с плана")] if whole.cancelled else []),
    ]
    parts, caption = _part_names(words)
    columns = (
        ReportColumn(parts, width=4),
        ReportColumn(words.say(N_("Контрольных точек")), kind=number),
        ReportColumn(words.say(N_("В срок")), kind=number),
        ReportColumn(words.say(N_("С опозданием")), kind=number),
        ReportColumn(words.say(N_("Просрочено")), kind=number),
        *(ReportColumn(words.say(text), kind=number) for text in more),
        ReportColumn(words.say(N_("Дисциплина")), kind=ColumnKind.PERCENT),
    )

    def row(title: str, of: Sequence[DueFact], style: ReportStyle) -> ReportRow:
        found = counted(of)
        figures = [found.due, found.on_time, found.late, found.overdue]
        figures += [found.upcoming] if whole.upcoming else []
        figures += [found.cancelled] if whole.cancelled else []
        return _counted(title, figures, found.discipline, words, style)

    rows: list[ReportRow] = []
    for section in plan.all_sections.values():
        inside = [one for one in due if section in plan.sections_over(one.measure)]
        title = f"{section.number}. {section.title}"
        rows += [row(title, inside, ReportStyle.SECTION)] if inside else []
        for channel in section.channels:
            here = [one for one in due if one.measure.channel == channel.number]
            title = f"{channel.number}. {channel.title}"
            rows += [row(title, here, ReportStyle.CHANNEL)] if here else []
    rows.append(row(words.say(N_("Всего")), due, ReportStyle.TOTAL))
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
    words: ReportWords,
    style: ReportStyle,
) -> ReportRow:
    counts = [ReportCell((str(n),), n, style) for n in figures]
    # The value is the figure as it is printed: a workbook would round it up.
    value = None if discipline is None else int(discipline)
    share = ReportCell((words.percent(discipline),), value, style)
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
    # A column without a text, such as reasons where nothing was late, takes no room from others.
    used = {at for row in rows for at, cell in enumerate(row.cells) if cell.lines}
    wide = (
        one if at in used else replace(one, width=_EMPTY_WIDTH) for at, one in enumerate(columns)
    )
    return ReportTable(
        words.say(N_("Исполнение")), tuple(wide), rows, words.say(N_("Исполнение мероприятий"))
    )


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


def _data(
    due: Sequence[DueFact], found: DueCounts, words: ReportWords, period: ReportPeriod, as_of: date
) -> dict[str, Json]:
    rows: list[Json] = [_data_row(one, words) for one in due]
    return {
        "period": {"start": period.first.isoformat(), "due": period.last.isoformat()},
        "as_of": as_of.isoformat(),
        "checkpoints": found.due,
        "on_time": found.on_time,
        "late": found.late,
        "overdue": found.overdue,
        "discipline": found.discipline,
        "rows": rows,
    }


def _data_row(one: DueFact, words: ReportWords) -> Json:
    checkpoint, plan = one.checkpoint, words.plan
    quarter = checkpoint.quarter if checkpoint is not None else None
    point = checkpoint.point if checkpoint is not None else None
    last_day, fact, record = one.last_day, one.done_on, one.record
    proof: list[Json] = list(words.evidence(record.evidence)) if record is not None else []
    return {
        "id": one.measure.id,
        "quarter": None if quarter is None else quarter.stored(plan.year),
        "point": None if point is None else point.isoformat(),
        "due": None if last_day is None else last_day.isoformat(),
        "date": None if fact is None else fact.isoformat(),
        "state": "unfinished" if checkpoint is None else checkpoint.state.value,
        "result": record.result if record is not None else None,
        "reason": record.reason if record is not None else None,
        "evidence": proof,
        "responsible": one.measure.responsible_line or None,
    }

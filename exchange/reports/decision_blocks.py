"""What was decided in a period: terms that were moved, measures that were taken off the plan."""

from collections.abc import Iterator
from datetime import date

from kvartal.exchange.reports.blocks import (
    Block,
    ColumnKind,
    ReportCell,
    ReportColumn,
    ReportRow,
    ReportTable,
)
from kvartal.exchange.reports.report_period import ReportPeriod
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.schema.errors import N_
from kvartal.schema.model import Plan


def decision_blocks(
    plan: Plan, period: ReportPeriod, as_of: date, words: ReportWords
) -> Iterator[Block]:
    """Yield the postponements and cancellations of a period with their basis.

    Args:
        plan: The programme.
        period: The decisions of which days.
        as_of: Later ones are not known.
        words: The words.
    """
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

"""What was decided in a period: terms that were moved, measures that were taken off the plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

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
from kvartal.schema.calendar import WorkingCalendar
from kvartal.schema.checkpoints import checkpoint_days
from kvartal.schema.errors import N_
from kvartal.schema.measure import Measure, Record, Term
from kvartal.schema.model import Plan


@dataclass(frozen=True, slots=True)
class Decision:
    """A term that was moved, or a measure that was taken off the plan.

    Attributes:
        measure: The measure.
        day: When it was decided.
        old: The term before, where one was moved; empty for a measure taken off.
        new: The term after.
        reason: Why.
        basis: On the basis of what.
    """

    measure: Measure
    day: date
    reason: str
    basis: str | None
    old: str = ""
    new: str = ""


def decisions(plan: Plan, period: ReportPeriod, as_of: date) -> tuple[Decision, ...]:
    """Return the postponements and cancellations that concern a period, in the order of their days.

    They are of its days, or take something out of it that was due then: decided after a quarter has
    ended, that would be in the report of no quarter, and nobody would see that it was missed.

    Args:
        plan: The programme.
        period: Which days.
        as_of: Later ones are not known.
    """
    found: list[Decision] = []
    for measure in plan.measures:
        known = [one for one in measure.records if one.date <= as_of]
        leaving = partial(_leaves, calendar=plan.calendar, known=known, period=period)
        before = measure.term
        for moved in measure.postponements:
            texts = (before.text, moved.to.text)
            if moved.date in period or leaving(before, moved.to):
                found.append(Decision(measure, moved.date, moved.reason, moved.basis, *texts))
            before = moved.to
        off = measure.cancelled
        if off is not None and (off.date in period or leaving(before, None)):
            found.append(Decision(measure, off.date, off.reason, off.basis))
    return tuple(sorted((one for one in found if one.day <= as_of), key=lambda one: one.day))


def _leaves(
    before: Term,
    after: Term | None,
    *,
    calendar: WorkingCalendar,
    known: Sequence[Record],
    period: ReportPeriod,
) -> bool:
    """Return whether something is no longer due in a period that was not done."""
    kept = () if after is None else checkpoint_days(after, calendar)
    days = {day.due for day in kept}
    return any(
        day.due in period and day.due not in days and not any(map(day.is_recorded_by, known))
        for day in checkpoint_days(before, calendar)
    )


def decision_blocks(found: Sequence[Decision], words: ReportWords) -> Iterator[Block]:
    """Yield decisions with their basis, where there are any.

    Args:
        found: The decisions.
        words: The words.
    """
    if not found:
        return
    columns = (
        ReportColumn(words.say(N_("№")), "number", 0.7),
        ReportColumn(words.say(N_("Мероприятие")), "actions", 3),
        ReportColumn(words.say(N_("Дата")), kind=ColumnKind.DATE),
        ReportColumn(words.say(N_("Решение")), width=3),
        ReportColumn(words.say(N_("Причина")), width=2.5),
        ReportColumn(words.say(N_("Основание")), width=2.5),
    )
    name = words.say(N_("Переносы и снятия"))
    rows = tuple(_decision_row(one, words) for one in found)
    yield ReportTable(name, columns, rows, words.say(N_("Переносы сроков и снятия с плана")))


def _decision_row(one: Decision, words: ReportWords) -> ReportRow:
    what = words.say(N_("снято с плана"))
    if one.new:
        what = words.say(N_("срок перенесён: {old} → {new}"), old=one.old, new=one.new)
    return ReportRow(
        (
            ReportCell((one.measure.number,)),
            ReportCell(words.work(one.measure)),
            ReportCell((words.day(one.day),), one.day),
            ReportCell((what,)),
            ReportCell(tuple(one.reason.split("\n"))),
            ReportCell((one.basis,) if one.basis else ()),
        ),
        one.measure.id,
    )

"""What was decided in a period: terms that were moved, measures that were taken off the plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from kvartal.schema.measure import Measure
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
    """Return the postponements and cancellations of a period, in the order of their days.

    Args:
        plan: The programme.
        period: The decisions of which days.
        as_of: Later ones are not known.
    """
    found: list[Decision] = []
    for measure in plan.measures:
        old = measure.term.text
        for moved in measure.postponements:
            new = moved.to.text
            found.append(Decision(measure, moved.date, moved.reason, moved.basis, old, new))
            old = new
        off = measure.cancelled
        if off is not None:
            found.append(Decision(measure, off.date, off.reason, off.basis))
    known = (one for one in found if one.day in period and one.day <= as_of)
    return tuple(sorted(known, key=lambda one: one.day))


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
            ReportCell((words.day(one.day),), one.day),
            ReportCell((what,)),
            ReportCell(tuple(one.reason.split("\n"))),
            ReportCell((one.basis,) if one.basis else ()),
        ),
        one.measure.id,
    )

"""Indicators against their targets: a table of the values of a period, and a chart for each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kvartal.exchange.reports.blocks import (
    Block,
    ChartBlock,
    ColumnKind,
    Heading,
    ReportCell,
    ReportColumn,
    ReportRow,
    ReportStyle,
    ReportTable,
    StateMark,
)
from kvartal.exchange.reports.report_period import ReportPeriod
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.schema.errors import N_
from kvartal.schema.indicator_periods import period_days, period_end
from kvartal.schema.measure import Indicator, IndicatorValue
from kvartal.schema.states import Status


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """The values of an indicator in a period.

    Attributes:
        status: Of its measure.
        indicator: The indicator.
        values: Its values, in the order of their periods; empty where one is due and none is there.
    """

    status: Status
    indicator: Indicator
    values: tuple[IndicatorValue, ...]


def indicator_facts(known: Iterable[Status], period: ReportPeriod) -> tuple[IndicatorFacts, ...]:
    """Return the indicators that have values in a period, or should have.

    Args:
        known: The states of the measures.
        period: The values of which periods.
    """
    return tuple(
        IndicatorFacts(status, indicator, values)
        for status in known
        for indicator in status.measure.indicators
        if (values := _values(status, indicator, period)) or _is_wanted(status, indicator, period)
    )


def _is_wanted(status: Status, indicator: Indicator, period: ReportPeriod) -> bool:
    """Return whether an indicator should have a value by now: one of its own periods has ended.

    No value is expected for a period after the measure was completed.
    """
    until = status.completed_on or status.due
    is_in_force = (
        status.cancelled is None
        and (status.start is None or status.start <= period.last)
        and (until is None or until >= period.first)
    )
    last = min(period.last, status.as_of)
    return is_in_force and period_end(indicator.period, period.first) <= last


def indicator_blocks(found: Sequence[IndicatorFacts], words: ReportWords) -> Iterator[Block]:
    """Yield a table of indicators with their values, and a chart for each.

    Args:
        found: The indicators.
        words: The words.
    """
    if not found:
        return
    yield Heading(words.say(N_("Показатели")), 2)
    columns = (
        ReportColumn(words.say(N_("№")), "number", 0.7),
        ReportColumn(words.say(N_("Показатель")), width=3),
        ReportColumn(words.say(N_("Период"))),
        ReportColumn(words.say(N_("План")), kind=ColumnKind.NUMBER),
        ReportColumn(words.say(N_("Факт")), kind=ColumnKind.NUMBER),
        ReportColumn(words.say(N_("Выполнен")), marks=_met_marks(words)),
    )
    rows = tuple(
        _row(one.status, one.indicator, value, words)
        for one in found
        for value in one.values or (None,)
    )
    yield ReportTable(words.say(N_("Показатели")), columns, rows)
    for facts in (one for one in found if one.values):
        indicator, number = facts.indicator, words.words.number
        points = tuple(
            (words.words.period(one.period), one.value, number(one.value)) for one in facts.values
        )
        title = f"{indicator.name}, {indicator.unit}"
        target = number(indicator.target)
        values = "; ".join(f"{name}: {text}" for name, _value, text in points)
        caption = words.say(N_("План: {target}. Факт: {facts}."), target=target, facts=values)
        line = words.say(N_("План: {target}"), target=target)
        yield ChartBlock(title, points, indicator.target, line, caption)


def _met_marks(words: ReportWords) -> tuple[StateMark, ...]:
    return (
        StateMark(ReportStyle.DONE, words.say(N_("да"))),
        StateMark(ReportStyle.OVERDUE, words.say(N_("нет"))),
    )


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


def _row(
    status: Status, indicator: Indicator, value: IndicatorValue | None, words: ReportWords
) -> ReportRow:
    """Return a row of an indicator with one of its values, or with none."""
    number = words.words.number
    cells = (
        ReportCell((status.measure.number,)),
        ReportCell((f"{indicator.name}, {indicator.unit}",)),
        ReportCell((words.words.period(value.period),) if value else ()),
        ReportCell((number(indicator.target),), indicator.target),
    )
    if value is None:
        missing = ReportCell((words.say(N_("нет данных")),))
        return ReportRow((*cells, missing, ReportCell()), status.measure.id)
    is_met = indicator.is_met(value.value)
    met = ReportCell(
        (words.say(N_("да") if is_met else N_("нет")),),
        style=ReportStyle.DONE if is_met else ReportStyle.OVERDUE,
    )
    fact = ReportCell((number(value.value),), value.value)
    return ReportRow((*cells, fact, met), status.measure.id)

"""Where evidence is thin: nothing that is wrong, but what a reviewer will ask about.

Each kind has a code and a severity, which a programme may change under ``audit.evidence``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from kvartal.schema.checkpoints import CheckpointDay, checkpoint_days
from kvartal.schema.errors import N_, Translate, filled, untranslated
from kvartal.schema.indicator_periods import period_days
from kvartal.schema.measure import Direction, Indicator, Measure, Record
from kvartal.schema.model import Plan
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.states import CLOSED, Status, statuses

SILENCE: Final = timedelta(days=92)
"""After how long without a record a running measure is asked about: a quarter at its longest."""

NEAR: Final = 0.05
"""How near to its target an indicator's value is thin: a share of the target."""


_AFTER_THE_FACT: Final = N_("Документ «{document}» от {date}: он позже даты исполнения, {fact}.")


class GapSeverity(StrEnum):
    """How much a gap matters."""

    OFF = "off"
    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Gap:
    """One place where evidence is thin.

    Attributes:
        code: Its kind.
        severity: How much it matters in this programme.
        measure: Id of the measure.
        template: The sentence, in Russian, with named fields.
        fields: Values for the fields of the sentence.
        quarter: The checkpoint, where it is the end of a quarter.
        point: The checkpoint, where it is a day.
    """

    code: str
    severity: GapSeverity
    measure: str
    template: str
    fields: Mapping[str, object] = field(default_factory=dict)
    quarter: CalendarQuarter | None = None
    point: date | None = None

    def message(self, translate: Translate = untranslated) -> str:
        """Return the sentence in the language of ``translate``."""
        return filled(self.template, self.fields, translate)


@dataclass(frozen=True, slots=True)
class _Found:
    measure: str
    fields: Mapping[str, object] = field(default_factory=dict)
    record: Record | None = None
    template: str = ""


@dataclass(frozen=True, slots=True)
class GapRule:
    """A kind of thin evidence.

    Attributes:
        code: Its name.
        severity: How much it matters unless the programme says otherwise.
        template: Its sentence.
        find: Yields what there is of it.
    """

    code: str
    severity: GapSeverity
    template: str
    find: Callable[[Plan, tuple[Status, ...]], Iterator[_Found]]


def gaps(plan: Plan, as_of: date) -> tuple[Gap, ...]:
    """Return where the evidence of a programme is thin as of a date, rule by rule.

    Args:
        plan: The programme.
        as_of: Facts dated later are not looked at.
    """
    known = statuses(plan, as_of)
    found = []
    for rule in GAP_RULES:
        severity = GapSeverity(plan.audit.evidence.get(rule.code, rule.severity))
        if severity is GapSeverity.OFF:
            continue
        for one in rule.find(plan, known):
            quarter = one.record.quarter if one.record else None
            point = one.record.point if one.record else None
            template = one.template or rule.template
            found.append(
                Gap(rule.code, severity, one.measure, template, one.fields, quarter, point)
            )
    return tuple(found)


def _without_evidence(_plan: Plan, known: tuple[Status, ...]) -> Iterator[_Found]:
    for measure, record in _records(known):
        if not record.evidence:
            yield _Found(measure.id, {"checkpoint": _checkpoint(record)}, record)


def _used_twice(_plan: Plan, known: tuple[Status, ...]) -> Iterator[_Found]:
    """Yield each later record with a file whose content another record was given already."""
    first: dict[str, tuple[str, Record]] = {}
    for measure, record in _records(known):
        for file in record.evidence.files:
            there = first.setdefault(file.sha256, (measure.id, record))
            if there[1] is record:
                continue
            fields = {
                "file": file.path.rpartition("/")[2],
                "checkpoint": _checkpoint(record),
                "other": there[0],
                "before": _checkpoint(there[1]),
            }
            yield _Found(measure.id, fields, record)


def _outside_window(plan: Plan, known: tuple[Status, ...]) -> Iterator[_Found]:
    """Yield documents dated before what they prove could begin, or after the date of fact."""
    for measure, record in _records(known):
        begins = _begins(plan, measure, record)
        for document in record.evidence.documents:
            if document.date is None:
                continue
            fields: dict[str, object] = {"document": document.title, "date": document.date}
            if document.date > record.date:
                fields["fact"] = record.date
                yield _Found(measure.id, fields, record, _AFTER_THE_FACT)
            elif begins is not None and document.date < begins:
                fields["checkpoint"] = _checkpoint(record)
                yield _Found(measure.id, fields, record)


def _near_target(_plan: Plan, known: tuple[Status, ...]) -> Iterator[_Found]:
    """Yield the last value of each indicator where it is met by little."""
    for status in known:
        for indicator in status.measure.indicators:
            values = [
                (last, value, record)
                for record in status.records
                for value in record.values
                if status.measure.indicator(value.indicator) == indicator
                if (last := _last_day_of(value.period)) is not None
            ]
            if not values:
                continue
            _, value, record = max(values, key=lambda one: one[0])
            if _is_near(indicator, value.value):
                fields = {
                    "indicator": indicator.name,
                    "value": value.value,
                    "target": indicator.target,
                    "unit": indicator.unit,
                }
                yield _Found(status.measure.id, fields, record)


def _last_day_of(period: str) -> date | None:
    """Return the last day of a value's period; None where a faulty file has no such one."""
    try:
        return period_days(period)[1]
    except ValueError:
        return None


def _is_near(indicator: Indicator, value: float) -> bool:
    if indicator.direction is Direction.EQUAL or not indicator.is_met(value):
        return False
    return abs(value - indicator.target) < NEAR * abs(indicator.target)


def _responsible_missing(_plan: Plan, known: tuple[Status, ...]) -> Iterator[_Found]:
    for status in known:
        if not status.measure.responsible and status.state not in CLOSED:
            yield _Found(status.measure.id)


def _nothing_heard(plan: Plan, known: tuple[Status, ...]) -> Iterator[_Found]:
    """Yield running measures without a record for a quarter; what is overdue is known already."""
    for status in known:
        if status.state in CLOSED or status.overdue_checkpoints or status.is_unfinished:
            continue
        begins = status.start or plan.period.start
        last = max([begins, *(record.date for record in status.records)])
        if status.as_of - last > SILENCE and status.as_of <= plan.period.due:
            yield _Found(status.measure.id, {"date": last})


def _records(known: tuple[Status, ...]) -> Iterator[tuple[Measure, Record]]:
    for status in known:
        for record in status.records:
            yield status.measure, record


def _begins(plan: Plan, measure: Measure, record: Record) -> date | None:
    """Return the first day of what a record is for: its quarter, or since the point before."""
    if record.quarter is not None:
        return record.quarter.first
    terms = (measure.term, *(one.to for one in measure.postponements))
    days: list[CheckpointDay] = [
        day for term in terms for day in checkpoint_days(term, plan.calendar)
    ]
    before = [day.printed for day in days if record.point and day.printed < record.point]
    if before:
        return max(before)
    starts = [term.first_day for term in terms if term.first_day is not None]
    return min(starts, default=None)


def _checkpoint(record: Record) -> CalendarQuarter | date | None:
    return record.quarter if record.quarter is not None else record.point


GAP_RULES: Final = (
    GapRule(
        "record-without-evidence",
        GapSeverity.WARNING,
        N_("Отметка за {checkpoint} ничем не подтверждена."),
        _without_evidence,
    ),
    GapRule(
        "file-used-twice",
        GapSeverity.WARNING,
        N_("Файл «{file}» подтверждает и {checkpoint}, и {before} ({other})."),
        _used_twice,
    ),
    GapRule(
        "document-outside-window",
        GapSeverity.WARNING,
        N_("Документ «{document}» от {date}: время контрольной точки {checkpoint} началось позже."),
        _outside_window,
    ),
    GapRule(
        "indicator-near-target",
        GapSeverity.NOTE,
        N_("Показатель «{indicator}»: {value} {unit} при плане {target}, запас мал."),
        _near_target,
    ),
    GapRule(
        "responsible-missing",
        GapSeverity.NOTE,
        N_("Ответственный исполнитель не назначен."),
        _responsible_missing,
    ),
    GapRule(
        "nothing-heard",
        GapSeverity.WARNING,
        N_("С {date} ни одной отметки: мероприятие идёт, а что сделано, не видно."),
        _nothing_heard,
    ),
)

"""The report for a period as data for programs: the same facts and figures as its tables show."""

from collections.abc import Sequence

from kvartal.exchange.reports.decision_blocks import Decision
from kvartal.exchange.reports.indicator_blocks import IndicatorFacts
from kvartal.exchange.reports.period_facts import DueCounts, DueFact, PartCounts
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.schema.changes import Json


def counts_data(found: DueCounts) -> dict[str, Json]:
    """Return counts; what is ahead and what was taken off the plan too, so that they add up."""
    return {
        "checkpoints": found.due,
        "on_time": found.on_time,
        "late": found.late,
        "overdue": found.overdue,
        "upcoming": found.upcoming,
        "cancelled": found.cancelled,
        "discipline": found.discipline,
    }


def parts_data(parts: Sequence[PartCounts]) -> list[Json]:
    """Return the counts of sections and channels."""
    return [
        {
            "kind": "channel" if part.is_channel else "section",
            "number": part.number,
            "title": part.title,
            **counts_data(part.counts),
        }
        for part in parts
    ]


def indicators_data(found: Sequence[IndicatorFacts]) -> list[Json]:
    """Return indicators with their targets and values."""
    return [
        {
            "id": one.status.measure.id,
            "name": one.indicator.name,
            "unit": one.indicator.unit,
            "direction": one.indicator.direction.value,
            "target": one.indicator.target,
            "values": [
                {
                    "period": value.period,
                    "value": value.value,
                    "met": one.indicator.is_met(value.value),
                }
                for value in one.values
            ],
        }
        for one in found
    ]


def decisions_data(found: Sequence[Decision]) -> list[Json]:
    """Return postponements and cancellations; the latter have no terms."""
    return [
        {
            "id": one.measure.id,
            "kind": "postpone" if one.new else "cancel",
            "date": one.day.isoformat(),
            "old": one.old or None,
            "new": one.new or None,
            "reason": one.reason,
            "basis": one.basis,
        }
        for one in found
    ]


def due_data(due: Sequence[DueFact], words: ReportWords) -> list[Json]:
    """Return what was due, one row each."""
    return [_due_row(one, words) for one in due]


def _due_row(one: DueFact, words: ReportWords) -> Json:
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

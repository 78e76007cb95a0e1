"""Measures and checkpoints as ``--json`` prints them: the keys are a contract with other programs.

What is absent is null, a list is a list even if it is empty, a date is ISO 8601.
"""

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from kvartal.schema.model import Evidence, Indicator, Measure, Plan, Record, Term
from kvartal.schema.states import Status
from kvartal.schema.summaries import OpenCheckpoint
from kvartal.schema.terms import term_due, term_quarters, term_start

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


def measure_row(status: Status, plan: Plan) -> dict[str, Json]:
    """Return a measure as ``kvartal list --json`` prints it."""
    measure = status.measure
    section = plan.section_of.get(measure.channel)
    channel = plan.channels.get(measure.channel)
    return {
        "id": measure.id,
        "number": measure.number,
        "section": section.number if section else None,
        "channel": measure.channel,
        "segment": channel.segment.value if channel and channel.segment else None,
        "proposal": measure.proposal,
        "actions": list(measure.actions),
        "term": _term(status.term, plan.year),
        "result": measure.result,
        "state": status.state.value,
        "due": _day(status.due),
        "responsible": measure.responsible,
        "checkpoints": [
            {
                "quarter": checkpoint.quarter,
                "due": _day(checkpoint.due),
                "state": checkpoint.state.value,
            }
            for checkpoint in status.checkpoints
        ],
    }


def measure_details(status: Status, plan: Plan) -> dict[str, Json]:
    """Return a measure as ``kvartal show --json`` prints it: with all of its facts.

    The facts are those in the file, also those dated after the date of ``--as-of``.
    """
    measure = status.measure
    return {
        **measure_row(status, plan),
        "as_of": _day(status.as_of),
        "days_overdue": status.days_overdue,
        "completed_on": _day(status.completed_on),
        "original_term": _term(measure.term, plan.year),
        "actions_from": measure.actions_from,
        "notes": measure.notes,
        "budget": _budget(measure),
        "indicator": _indicator(measure.indicator),
        "same_work": list(measure.same_work),
        "postponements": [
            {
                "date": _day(postponement.date),
                "to": _term(postponement.to, plan.year),
                "reason": postponement.reason,
                "basis": postponement.basis,
            }
            for postponement in measure.postponements
        ],
        "records": [_record(record, measure.indicator) for record in measure.records],
        "cancelled": _cancelled(measure),
    }


def overdue_row(overdue: OpenCheckpoint) -> Mapping[str, Json]:
    """Return an overdue checkpoint as ``kvartal overdue --json`` prints it."""
    return {
        "id": overdue.measure_id,
        "quarter": overdue.checkpoint.quarter,
        "due": _day(overdue.checkpoint.due),
        "days_overdue": overdue.checkpoint.days_overdue,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _term(term: Term, year: int) -> dict[str, Json]:
    """Return a term with the days and the quarters that its text means."""
    return {
        "text": term.text,
        "start": _day(term_start(term, year)),
        "due": _day(term_due(term, year)),
        "quarters": list(term_quarters(term)),
    }


def _budget(measure: Measure) -> Json:
    budget = measure.budget
    return {"plan": budget.plan, "fact": budget.fact} if budget else None


def _indicator(indicator: Indicator | None) -> Json:
    if indicator is None:
        return None
    return {
        "name": indicator.name,
        "unit": indicator.unit,
        "direction": indicator.direction.value,
        "target": indicator.target,
        "period": indicator.period.value,
    }


def _cancelled(measure: Measure) -> Json:
    cancelled = measure.cancelled
    if cancelled is None:
        return None
    return {"date": _day(cancelled.date), "reason": cancelled.reason, "basis": cancelled.basis}


def _record(record: Record, indicator: Indicator | None) -> Json:
    return {
        "quarter": record.quarter,
        "date": _day(record.date),
        "complete": record.complete,
        "result": record.result,
        "values": [
            {
                "period": actual.period,
                "value": actual.value,
                "met": indicator.is_met(actual.value) if indicator else None,
            }
            for actual in record.values
        ],
        "evidence": _evidence(record.evidence),
    }


def _evidence(evidence: Evidence) -> Json:
    return {
        "documents": [
            {"title": document.title, "number": document.number, "date": _day(document.date)}
            for document in evidence.documents
        ],
        "files": [
            {
                "path": file.path,
                "size": file.size,
                "sha256": file.sha256,
                **({"original_name": file.original_name} if file.original_name else {}),
            }
            for file in evidence.files
        ],
        "links": list(evidence.links),
    }

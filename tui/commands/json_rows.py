"""Measures and checkpoints as ``--json`` prints them: the keys are a contract with other programs.

What is absent is null, a list is a list even if it is empty, a date is ISO 8601.
"""

from datetime import date
from pathlib import Path

from kvartal.schema.changes import Json
from kvartal.schema.measure import Budget, Evidence, Indicator, Measure, Record, Term
from kvartal.schema.model import Plan
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.states import Status
from kvartal.schema.summaries import OpenCheckpoint
from kvartal.tui.plans.names import path_in_repository


def programme_keys(plan: Plan, path: Path) -> dict[str, Json]:
    """Return which programme a row is of.

    Args:
        plan: The programme.
        path: Its file.
    """
    return {
        "organization": plan.header("organization") or None,
        "year": plan.year,
        "plan": path_in_repository(path),
    }


def measure_row(status: Status, plan: Plan) -> dict[str, Json]:
    """Return a measure as ``kvartal list --json`` prints it, but for the programme's keys."""
    measure = status.measure
    section = plan.section_of(measure)
    channel = plan.channels.get(measure.channel or "")
    return {
        "id": measure.id,
        "number": measure.number,
        "section": section.number if section else None,
        "channel": measure.channel,
        "segment": channel.segment.value if channel and channel.segment else None,
        "proposal": measure.proposal or None,
        "actions": list(measure.actions),
        "term": _term(status.term, plan.year),
        "result": measure.result or None,
        "state": status.state.value,
        "due": _day(status.due),
        "responsible": measure.responsible_line or None,
        "extra": dict(measure.extra),
        "checkpoints": [
            {
                "quarter": _quarter(checkpoint.quarter, plan.year),
                "point": _day(checkpoint.point),
                "due": _day(checkpoint.due),
                "state": checkpoint.state.value,
            }
            for checkpoint in status.checkpoints
        ],
    }


def measure_details(status: Status, plan: Plan) -> dict[str, Json]:
    """Return a measure as ``kvartal show --json`` prints it, but for the programme's keys.

    All of its facts are in it: those in the file, also those dated after the date of ``--as-of``.
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
        "responsible": _responsible(measure),
        "budget": _one_or_several([_budget(one) for one in measure.budget]),
        "indicator": _one_or_several([_indicator(one) for one in measure.indicators]),
        "carried_from": _origin(measure),
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
        "records": [_record(record, measure, plan) for record in measure.records],
        "cancelled": _cancelled(measure),
    }


def overdue_row(overdue: OpenCheckpoint, plan: Plan) -> dict[str, Json]:
    """Return an overdue checkpoint, or an unfinished term, as ``overdue --json`` prints it."""
    checkpoint = overdue.checkpoint
    return {
        "id": overdue.measure_id,
        "quarter": _quarter(checkpoint.quarter, plan.year) if checkpoint else None,
        "point": _day(checkpoint.point) if checkpoint else None,
        "due": _day(overdue.due),
        "days_overdue": overdue.days_overdue,
        "responsible": overdue.status.measure.responsible_line or None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _quarter(quarter: CalendarQuarter | None, year: int | None) -> Json:
    return None if quarter is None else quarter.stored(year)


def _term(term: Term, year: int | None) -> dict[str, Json]:
    """Return a term with the days and the quarters that its text names."""
    return {
        "text": term.text,
        "start": _day(term.first_day),
        "due": _day(term.last_day),
        "quarters": [_quarter(quarter, year) for quarter in term.quarters],
        "points": [_day(point) for point in term.points],
    }


def _one_or_several(values: list[Json]) -> Json:
    """Return what a plan may hold one or several of: nothing, the one, or all in a list."""
    return values[0] if len(values) == 1 else values or None


def _responsible(measure: Measure) -> Json:
    return [{"name": one.name, "role": one.role} for one in measure.responsible]


def _budget(budget: Budget) -> Json:
    named = {"source": budget.source, "year": budget.year}
    return {
        "plan": budget.plan,
        "fact": budget.fact,
        **{key: value for key, value in named.items() if value is not None},
    }


def _indicator(indicator: Indicator) -> Json:
    return {
        "name": indicator.name,
        "unit": indicator.unit,
        "direction": indicator.direction.value,
        "target": indicator.target,
        "period": indicator.period.value,
    }


def _origin(measure: Measure) -> Json:
    origin = measure.carried_from
    return None if origin is None else {"plan": origin.plan, "id": origin.id}


def _cancelled(measure: Measure) -> Json:
    cancelled = measure.cancelled
    if cancelled is None:
        return None
    return {"date": _day(cancelled.date), "reason": cancelled.reason, "basis": cancelled.basis}


def _record(record: Record, measure: Measure, plan: Plan) -> Json:
    return {
        "quarter": _quarter(record.quarter, plan.year),
        "point": _day(record.point),
        "date": _day(record.date),
        "complete": record.complete,
        "result": record.result,
        "reason": record.reason,
        "values": [
            {
                "indicator": value.indicator,
                "period": value.period,
                "value": value.value,
                "met": indicator.is_met(value.value) if indicator else None,
            }
            for value in record.values
            for indicator in (measure.indicator(value.indicator),)
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

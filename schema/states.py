"""States: functions of the facts and a date, never stored.

Everything here takes ``as_of`` and considers only facts dated up to it, so the state of a
programme can be computed for any day. The rules are those of the design, section 4.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kvartal.schema.model import Cancellation, Measure, Plan, Record, Term
from kvartal.schema.quarters import first_day
from kvartal.schema.terms import checkpoint_days, term_due, term_start


class CheckpointState(StrEnum):
    """State of one checkpoint as of a date."""

    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"
    RECORDED = "recorded"
    RECORDED_LATE = "recorded_late"
    CANCELLED = "cancelled"


class MeasureState(StrEnum):
    """State of one measure as of a date."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    OVERDUE = "overdue"
    DONE = "done"
    DONE_LATE = "done_late"
    CANCELLED = "cancelled"


CLOSED = frozenset({MeasureState.DONE, MeasureState.DONE_LATE, MeasureState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end of one quarter of a measure's term.

    Attributes:
        quarter: 1 to 4.
        due: Its last day; overdue from the day after.
        state: As of the requested date.
        recorded_on: Date of fact of its first record, or of the completion that closed it.
        days_overdue: Days since the last day, for an overdue checkpoint, else 0.
    """

    quarter: int
    due: date
    state: CheckpointState
    recorded_on: date | None = None
    days_overdue: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that follows from the facts of one measure and a date.

    Attributes:
        measure: The measure.
        as_of: The requested date.
        state: State of the measure.
        term: The term in force on that date.
        start: First day of that term, where it names one.
        due: Last day of that term; None for an open term.
        checkpoints: In order of quarter.
        records: The records known on that date, in the order of the file.
        completed_on: Date of the completion, where the measure is done.
        cancelled: The cancellation in force, if any.
        days_overdue: Days since the first missed checkpoint, for an overdue measure, else 0.
        postponed: How many postponements are in force.
    """

    measure: Measure
    as_of: date
    state: MeasureState
    term: Term
    start: date | None
    due: date | None
    checkpoints: tuple[Checkpoint, ...]
    records: tuple[Record, ...]
    completed_on: date | None
    cancelled: Cancellation | None
    days_overdue: int
    postponed: int

    @property
    def overdue_checkpoints(self) -> tuple[Checkpoint, ...]:
        """The checkpoints that are overdue, in order of quarter."""
        return tuple(c for c in self.checkpoints if c.state is CheckpointState.OVERDUE)

    def checkpoint(self, quarter: int) -> Checkpoint | None:
        """Return the checkpoint of a quarter; None if the term has none in it."""
        return next((c for c in self.checkpoints if c.quarter == quarter), None)


def term_in_force(measure: Measure, as_of: date) -> Term:
    """Return the term in force on a date: that of the last postponement, else the original."""
    term = measure.term
    for postponement in measure.postponements:
        if postponement.date <= as_of:
            term = postponement.to
    return term


def current_term(measure: Measure) -> Term:
    """Return the term after all postponements, whatever their dates."""
    return measure.postponements[-1].to if measure.postponements else measure.term


def status(measure: Measure, year: int, as_of: date) -> Status:
    """Return the state of a measure and of its checkpoints as of a date.

    Args:
        measure: The measure.
        year: The plan's year.
        as_of: The requested date; later facts are ignored.
    """
    term = term_in_force(measure, as_of)
    records = tuple(record for record in measure.records if record.date <= as_of)
    cancelled = measure.cancelled
    if cancelled is not None and cancelled.date > as_of:
        cancelled = None
    completed_on = min((record.date for record in records if record.complete), default=None)
    facts = _Facts(records, completed_on, cancelled, year, as_of)
    checkpoints = tuple(
        _checkpoint(quarter, due, facts) for quarter, due in checkpoint_days(term, year)
    )
    due = term_due(term, year)
    state = _measure_state(due, checkpoints, facts)
    return Status(
        measure=measure,
        as_of=as_of,
        state=state,
        term=term,
        start=term_start(term, year),
        due=due,
        checkpoints=checkpoints,
        records=records,
        completed_on=completed_on,
        cancelled=cancelled,
        days_overdue=_days_overdue(due, checkpoints, facts) if state is MeasureState.OVERDUE else 0,
        postponed=sum(postponement.date <= as_of for postponement in measure.postponements),
    )


def statuses(plan: Plan, as_of: date) -> tuple[Status, ...]:
    """Return the status of every measure, in printed order."""
    return tuple(status(measure, plan.year, as_of) for measure in plan.measures)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known about one measure on a date."""

    records: tuple[Record, ...]
    completed_on: date | None
    cancelled: Cancellation | None
    year: int
    as_of: date


def _checkpoint(quarter: int, due: date, facts: _Facts) -> Checkpoint:
    """Return a checkpoint: its own record decides, then a completion, then a cancellation."""
    recorded = min((r.date for r in facts.records if r.quarter == quarter), default=None)
    if recorded is None and facts.completed_on is not None and facts.completed_on <= due:
        recorded = facts.completed_on
    if recorded is not None:
        late = recorded > due
        state = CheckpointState.RECORDED_LATE if late else CheckpointState.RECORDED
        return Checkpoint(quarter, due, state, recorded)
    if facts.cancelled is not None:
        return Checkpoint(quarter, due, CheckpointState.CANCELLED)
    if facts.as_of > due:
        days = (facts.as_of - due).days
        return Checkpoint(quarter, due, CheckpointState.OVERDUE, None, days)
    begun = facts.as_of >= first_day(facts.year, quarter)
    return Checkpoint(quarter, due, CheckpointState.DUE if begun else CheckpointState.UPCOMING)


def _measure_state(
    due: date | None, checkpoints: tuple[Checkpoint, ...], facts: _Facts
) -> MeasureState:
    if facts.completed_on is not None:
        late = due is not None and facts.completed_on > due
        return MeasureState.DONE_LATE if late else MeasureState.DONE
    if facts.cancelled is not None:
        return MeasureState.CANCELLED
    missed = any(c.state is CheckpointState.OVERDUE for c in checkpoints)
    if missed or (due is not None and facts.as_of > due):
        return MeasureState.OVERDUE
    return MeasureState.IN_PROGRESS if facts.records else MeasureState.PLANNED


def _days_overdue(due: date | None, checkpoints: tuple[Checkpoint, ...], facts: _Facts) -> int:
    missed = [c.days_overdue for c in checkpoints]
    ended = [(facts.as_of - due).days] if due is not None else []
    return max(0, *missed, *ended)

"""States: functions of the facts and a date, never stored.

Everything here takes ``as_of`` and considers only facts dated up to it, so the state of a
programme can be computed for any day. The rules are those of the design, section 4.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kvartal.schema.calendar import WorkingCalendar
from kvartal.schema.checkpoints import CheckpointDay, checkpoint_days, last_day
from kvartal.schema.measure import Cancellation, Measure, Record, Term
from kvartal.schema.model import Plan
from kvartal.schema.quarters import CalendarQuarter, quarter_holding


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
    """One checkpoint of a measure's term, with its state.

    Attributes:
        day: What the term says of it.
        state: As of the requested date.
        recorded_on: Date of fact of its first record, or of the completion that closed it.
        days_overdue: Days since the last day, for an overdue checkpoint, else 0.
    """

    day: CheckpointDay
    state: CheckpointState
    recorded_on: date | None = None
    days_overdue: int = 0

    @property
    def quarter(self) -> CalendarQuarter | None:
        """The quarter that it is the end of; None where the term names a day."""
        return self.day.quarter

    @property
    def point(self) -> date | None:
        """The day that the term names; None where it names a quarter."""
        return self.day.point

    @property
    def due(self) -> date:
        """Its last day; overdue from the day after."""
        return self.day.due

    @property
    def calendar_quarter(self) -> CalendarQuarter:
        """The quarter that its day falls in."""
        return quarter_holding(self.day.printed)


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
        checkpoints: In order of their days.
        records: The records known on that date, in the order of the file.
        completed_on: Date of the completion, where the measure is done.
        cancelled: The cancellation in force, if any.
        days_overdue: Days since the first missed checkpoint, for an overdue measure, else 0.
        postponed: How many postponements are in force.
        is_unfinished: Whether the term has ended without completion while no checkpoint of it is
            overdue: what was recorded did not finish the measure.
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
    is_unfinished: bool

    @property
    def overdue_checkpoints(self) -> tuple[Checkpoint, ...]:
        """The checkpoints that are overdue, in order."""
        return tuple(c for c in self.checkpoints if c.state is CheckpointState.OVERDUE)

    def checkpoints_in(self, quarter: CalendarQuarter) -> tuple[Checkpoint, ...]:
        """Return the checkpoints whose day falls in a quarter, in order."""
        return tuple(c for c in self.checkpoints if c.calendar_quarter == quarter)


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


def status(measure: Measure, calendar: WorkingCalendar, as_of: date) -> Status:
    """Return the state of a measure and of its checkpoints as of a date.

    Args:
        measure: The measure.
        calendar: The working calendar of the programme.
        as_of: The requested date; later facts are ignored.
    """
    term = term_in_force(measure, as_of)
    records = tuple(record for record in measure.records if record.date <= as_of)
    cancelled = measure.cancelled
    if cancelled is not None and cancelled.date > as_of:
        cancelled = None
    completed_on = min((record.date for record in records if record.complete), default=None)
    facts = _Facts(records, completed_on, cancelled, as_of)
    checkpoints = tuple(_checkpoint(day, facts) for day in checkpoint_days(term, calendar))
    due = last_day(term, calendar)
    state = _measure_state(due, checkpoints, facts)
    is_overdue = state is MeasureState.OVERDUE
    missed = any(c.state is CheckpointState.OVERDUE for c in checkpoints)
    return Status(
        measure=measure,
        as_of=as_of,
        state=state,
        term=term,
        start=term.first_day,
        due=due,
        checkpoints=checkpoints,
        records=records,
        completed_on=completed_on,
        cancelled=cancelled,
        days_overdue=_days_overdue(due, checkpoints, facts) if is_overdue else 0,
        postponed=sum(postponement.date <= as_of for postponement in measure.postponements),
        is_unfinished=is_overdue and not missed,
    )


def statuses(plan: Plan, as_of: date) -> tuple[Status, ...]:
    """Return the status of every measure, in printed order."""
    return tuple(status(measure, plan.calendar, as_of) for measure in plan.measures)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known about one measure on a date."""

    records: tuple[Record, ...]
    completed_on: date | None
    cancelled: Cancellation | None
    as_of: date


def _checkpoint(day: CheckpointDay, facts: _Facts) -> Checkpoint:
    """Return a checkpoint: its own record decides, then a completion, then a cancellation."""
    recorded = min((r.date for r in facts.records if day.is_recorded_by(r)), default=None)
    if recorded is None and facts.completed_on is not None and facts.completed_on <= day.due:
        recorded = facts.completed_on
    if recorded is not None:
        late = recorded > day.due
        state = CheckpointState.RECORDED_LATE if late else CheckpointState.RECORDED
        return Checkpoint(day, state, recorded)
    if facts.cancelled is not None:
        return Checkpoint(day, CheckpointState.CANCELLED)
    if facts.as_of > day.due:
        return Checkpoint(day, CheckpointState.OVERDUE, None, (facts.as_of - day.due).days)
    begun = facts.as_of >= day.begins
    return Checkpoint(day, CheckpointState.DUE if begun else CheckpointState.UPCOMING)


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

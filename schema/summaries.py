"""Summaries: performance discipline and progress, for any set of measures as of a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kvartal.schema.model import Plan
from kvartal.schema.quarters import CalendarQuarter, quarter_holding
from kvartal.schema.states import Checkpoint, CheckpointState, MeasureState, Status, statuses

_LATE = frozenset({CheckpointState.RECORDED_LATE, CheckpointState.OVERDUE})
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a set of measures has come.

    Attributes:
        measures: How many measures there are.
        done: How many of them are done, late or not.
        checkpoints: How many checkpoints they have.
        recorded: How many checkpoints have their record, late or not.
        overdue: How many checkpoints are overdue.
        discipline: Performance discipline, percent 0–100; None for no measures.
    """

    measures: int
    done: int
    checkpoints: int
    recorded: int
    overdue: int
    discipline: float | None


@dataclass(frozen=True, slots=True)
class OpenCheckpoint:
    """What a measure still owes: a checkpoint without a record, or a term that it did not finish.

    Attributes:
        status: Of the measure.
        checkpoint: The checkpoint; None for a term that ended without completion.
    """

    status: Status
    checkpoint: Checkpoint | None

    @property
    def measure_id(self) -> str:
        """Id of the measure."""
        return self.status.measure.id

    @property
    def due(self) -> date:
        """The last day."""
        if self.checkpoint is not None:
            return self.checkpoint.due
        return self.status.due or self.status.as_of

    @property
    def days_overdue(self) -> int:
        """Days since the last day; 0 where it is not overdue."""
        return max(0, (self.status.as_of - self.due).days)


def discipline(found: Iterable[Status], quarter: CalendarQuarter | None = None) -> float | None:
    """Return performance discipline («исполнительская дисциплина»), percent 0–100.

    On time / (on time + late or overdue), over checkpoints and unfinished terms. Nothing due yet
    gives 100; no measures give no figure.

    Args:
        found: The measures to count.
        quarter: Count only what falls in this quarter.
    """
    measures = list(found)
    if not measures:
        return None
    states = [c.state for c in _checkpoints(measures, quarter)]
    on_time = sum(state is CheckpointState.RECORDED for state in states)
    late = sum(state in _LATE for state in states) + len(_unfinished(measures, quarter))
    return share_on_time(on_time, late)


def share_on_time(on_time: int, late: int) -> float:
    """Return performance discipline, percent 0–100; 100 where nothing was due.

    Args:
        on_time: How much was done in time.
        late: How much was done late, or is overdue.
    """
    return PERCENT * on_time / (on_time + late) if on_time + late else float(PERCENT)


def share_text(share: float | None) -> str:
    """Return a percentage, 0–100, as a whole number; a dash where there is no figure.

    Never rounds up to 100: that would hide the one thing missed.
    """
    return "–" if share is None else f"{int(share)} %"


def progress(found: Iterable[Status], quarter: CalendarQuarter | None = None) -> Progress:
    """Return how far a set of measures has come.

    Args:
        found: The measures to count.
        quarter: Count only what falls in this quarter, and only the measures that have something
            there.
    """
    measures = [s for s in found if quarter is None or s.checkpoints_in(quarter)]
    states = [c.state for c in _checkpoints(measures, quarter)]
    missed = sum(state is CheckpointState.OVERDUE for state in states)
    return Progress(
        measures=len(measures),
        done=sum(s.state in {MeasureState.DONE, MeasureState.DONE_LATE} for s in measures),
        checkpoints=len(states),
        recorded=sum(
            state in {CheckpointState.RECORDED, CheckpointState.RECORDED_LATE} for state in states
        ),
        overdue=missed + len(_unfinished(measures, quarter)),
        discipline=discipline(measures, quarter),
    )


def in_section(plan: Plan, found: Iterable[Status], section: str) -> tuple[Status, ...]:
    """Return the measures of a section and of all that is below it, by its number."""
    return tuple(
        s for s in found if section in {one.number for one in plan.sections_over(s.measure)}
    )


def in_channel(found: Iterable[Status], channel: str) -> tuple[Status, ...]:
    """Return the measures of a channel, by its number."""
    return tuple(s for s in found if s.measure.channel == channel)


def overdue(plan: Plan, as_of: date) -> tuple[OpenCheckpoint, ...]:
    """Return every overdue checkpoint, most urgent (longest overdue) first."""
    return overdue_among(statuses(plan, as_of))


def overdue_among(found: Iterable[Status]) -> tuple[OpenCheckpoint, ...]:
    """Return what these measures are late with, longest overdue first.

    A term that ended without completion is one entry, dated its last day, where no checkpoint of it
    is overdue already.
    """
    measures = list(found)
    missed = [OpenCheckpoint(s, c) for s in measures for c in s.overdue_checkpoints]
    missed += [OpenCheckpoint(s, None) for s in measures if s.is_unfinished]
    return tuple(sorted(missed, key=lambda one: -one.days_overdue))


def due_among(found: Iterable[Status]) -> tuple[OpenCheckpoint, ...]:
    """Return the checkpoints due in the current quarter, nearest last day first."""
    waiting = [
        OpenCheckpoint(s, c) for s in found for c in s.checkpoints if c.state is CheckpointState.DUE
    ]
    return tuple(sorted(waiting, key=lambda one: one.due))


def running_quarter(plan: Plan, as_of: date) -> tuple[CalendarQuarter, int] | None:
    """Return the quarter that ends next and the days left until then, by the working calendar.

    None outside the plan's period; its last quarter may end after it, on a working day.
    """
    period, calendar = plan.period, plan.calendar
    if not period.start <= as_of <= max(period.due, calendar.last_day(period.due)):
        return None
    ends = ((one, (calendar.last_day(one.last) - as_of).days) for one in period.quarters)
    return next(((quarter, left) for quarter, left in ends if left >= 0), None)


def _checkpoints(found: Iterable[Status], quarter: CalendarQuarter | None) -> list[Checkpoint]:
    return [
        c for s in found for c in s.checkpoints if quarter is None or c.calendar_quarter == quarter
    ]


def _unfinished(found: Iterable[Status], quarter: CalendarQuarter | None) -> list[Status]:
    return [
        s
        for s in found
        if s.is_unfinished
        and (quarter is None or (s.due is not None and quarter_holding(s.due) == quarter))
    ]

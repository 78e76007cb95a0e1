"""Summaries: performance discipline and progress, for any set of measures as of a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kvartal.schema.model import Plan
from kvartal.schema.quarters import last_day, quarter_of
from kvartal.schema.states import Checkpoint, CheckpointState, MeasureState, Status, statuses

_LATE = frozenset({CheckpointState.RECORDED_LATE, CheckpointState.OVERDUE})
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a set of measures has come.

    Attributes:
        measures: How many measures there are.
        done: How many of them are done, late or not.
        overdue_measures: How many are overdue.
        checkpoints: How many checkpoints they have.
        recorded: How many checkpoints have their record, late or not.
        overdue: How many checkpoints are overdue.
        discipline: Performance discipline, percent 0–100; None for no measures.
    """

    measures: int
    done: int
    overdue_measures: int
    checkpoints: int
    recorded: int
    overdue: int
    discipline: float | None


@dataclass(frozen=True, slots=True)
class OpenCheckpoint:
    """A checkpoint without a record yet, with the measure it belongs to."""

    status: Status
    checkpoint: Checkpoint

    @property
    def measure_id(self) -> str:
        """Id of the measure."""
        return self.status.measure.id


def discipline(found: Iterable[Status], quarter: int | None = None) -> float | None:
    """Return performance discipline («исполнительская дисциплина»), percent 0–100.

    On time / (on time + late or overdue), over checkpoints. Nothing due yet gives 100; no
    measures give no figure.

    Args:
        found: The measures to count.
        quarter: Count only the checkpoints of this quarter.
    """
    measures = list(found)
    if not measures:
        return None
    states = [c.state for c in _checkpoints(measures, quarter)]
    on_time = sum(state is CheckpointState.RECORDED for state in states)
    late = sum(state in _LATE for state in states)
    return PERCENT * on_time / (on_time + late) if on_time + late else float(PERCENT)


def progress(found: Iterable[Status], quarter: int | None = None) -> Progress:
    """Return how far a set of measures has come.

    Args:
        found: The measures to count.
        quarter: Count only the checkpoints of this quarter, and only the measures that have one.
    """
    measures = [s for s in found if quarter is None or s.checkpoint(quarter) is not None]
    states = [c.state for c in _checkpoints(measures, quarter)]
    return Progress(
        measures=len(measures),
        done=sum(s.state in {MeasureState.DONE, MeasureState.DONE_LATE} for s in measures),
        overdue_measures=sum(s.state is MeasureState.OVERDUE for s in measures),
        checkpoints=len(states),
        recorded=sum(
            state in {CheckpointState.RECORDED, CheckpointState.RECORDED_LATE} for state in states
        ),
        overdue=sum(state is CheckpointState.OVERDUE for state in states),
        discipline=discipline(measures, quarter),
    )


def in_section(plan: Plan, found: Iterable[Status], section: str) -> tuple[Status, ...]:
    """Return the measures of a section, by its number."""
    channels = plan.section_of
    return tuple(
        s
        for s in found
        if s.measure.channel in channels and channels[s.measure.channel].number == section
    )


def in_channel(found: Iterable[Status], channel: str) -> tuple[Status, ...]:
    """Return the measures of a channel, by its number."""
    return tuple(s for s in found if s.measure.channel == channel)


def overdue(plan: Plan, as_of: date) -> tuple[OpenCheckpoint, ...]:
    """Return every overdue checkpoint, most urgent (longest overdue) first."""
    return overdue_among(statuses(plan, as_of))


def overdue_among(found: Iterable[Status]) -> tuple[OpenCheckpoint, ...]:
    """Return the overdue checkpoints of these measures, longest overdue first."""
    missed = [OpenCheckpoint(s, c) for s in found for c in s.overdue_checkpoints]
    return tuple(sorted(missed, key=lambda one: -one.checkpoint.days_overdue))


def due_among(found: Iterable[Status]) -> tuple[OpenCheckpoint, ...]:
    """Return the checkpoints due in the current quarter, nearest last day first."""
    waiting = [
        OpenCheckpoint(s, c) for s in found for c in s.checkpoints if c.state is CheckpointState.DUE
    ]
    return tuple(sorted(waiting, key=lambda one: one.checkpoint.due))


def days_to_quarter_end(year: int, as_of: date) -> int | None:
    """Return the days left in the current quarter; None outside the plan's year."""
    if as_of.year != year:
        return None
    return (last_day(year, quarter_of(as_of)) - as_of).days


def _checkpoints(found: Iterable[Status], quarter: int | None) -> list[Checkpoint]:
    return [c for s in found for c in s.checkpoints if quarter is None or c.quarter == quarter]

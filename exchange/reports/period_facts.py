"""What was due in a period and what came of it: the facts that a report is written from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvartal.exchange.reports.report_period import ReportPeriod
from kvartal.schema.measure import Measure, Record
from kvartal.schema.model import Plan
from kvartal.schema.states import Checkpoint, CheckpointState, Status
from kvartal.schema.summaries import share_on_time

_LATE: Final = frozenset({CheckpointState.RECORDED_LATE, CheckpointState.OVERDUE})
_RECORDED: Final = frozenset({CheckpointState.RECORDED, CheckpointState.RECORDED_LATE})


@dataclass(frozen=True, slots=True)
class DueFact:
    """Something that was due: a checkpoint, or a term that ended unfinished.

    Attributes:
        status: Of its measure.
        checkpoint: The checkpoint; None for the term.
    """

    status: Status
    checkpoint: Checkpoint | None

    @property
    def measure(self) -> Measure:
        """Its measure."""
        return self.status.measure

    @property
    def is_late(self) -> bool:
        """Whether it was done late, or is overdue."""
        return self.checkpoint is None or self.checkpoint.state in _LATE

    @property
    def is_overdue(self) -> bool:
        """Whether it is overdue."""
        return self.checkpoint is None or self.checkpoint.state is CheckpointState.OVERDUE

    @property
    def is_on_time(self) -> bool:
        """Whether it was done in time."""
        return self.checkpoint is not None and self.checkpoint.state is CheckpointState.RECORDED

    @property
    def is_cancelled(self) -> bool:
        """Whether it was taken off the plan."""
        return self.checkpoint is not None and self.checkpoint.state is CheckpointState.CANCELLED

    @property
    def is_recorded(self) -> bool:
        """Whether it was done, late or not."""
        return self.checkpoint is not None and self.checkpoint.state in _RECORDED

    @property
    def last_day(self) -> date | None:
        """Its last day."""
        return self.status.due if self.checkpoint is None else self.checkpoint.due

    @property
    def done_on(self) -> date | None:
        """The day on which it was done; None where it was not."""
        return None if self.checkpoint is None else self.checkpoint.recorded_on

    @property
    def record(self) -> Record | None:
        """The first record of a checkpoint; of a completion that closed it, that record."""
        if self.checkpoint is None:
            return None
        day = self.checkpoint.day
        own = [record for record in self.status.records if day.is_recorded_by(record)]
        complete = [record for record in self.status.records if record.complete]
        found = own or (complete if self.checkpoint.recorded_on is not None else [])
        return min(found, key=lambda record: record.date, default=None)


@dataclass(frozen=True, slots=True)
class DueCounts:
    """How much was due, and how much of it was done how.

    Attributes:
        due: How many checkpoints and unfinished terms.
        on_time: How many of them were done in time.
        late: How many were done late.
        overdue: How many are overdue.
        cancelled: How many were taken off the plan.
        recorded: How many were done, late or not.
        discipline: Performance discipline, percent 0–100; None where nothing was due.
    """

    due: int
    on_time: int
    late: int
    overdue: int
    cancelled: int
    recorded: int
    discipline: float | None

    @property
    def upcoming(self) -> int:
        """How many have their last day still ahead."""
        return self.due - self.on_time - self.late - self.overdue - self.cancelled


def due_in(known: Iterable[Status], period: ReportPeriod) -> Iterator[DueFact]:
    """Yield what was due in a period, in the order of the programme."""
    for status in known:
        for checkpoint in status.checkpoints:
            if checkpoint.due in period:
                yield DueFact(status, checkpoint)
        if status.is_unfinished and status.due is not None and status.due in period:
            yield DueFact(status, None)


def counted(due: Sequence[DueFact]) -> DueCounts:
    """Return how much there is of each."""
    on_time, overdue = sum(one.is_on_time for one in due), sum(one.is_overdue for one in due)
    late = sum(one.is_late for one in due)
    return DueCounts(
        due=len(due),
        on_time=on_time,
        late=late - overdue,
        overdue=overdue,
        cancelled=sum(one.is_cancelled for one in due),
        recorded=sum(one.is_recorded for one in due),
        discipline=share_on_time(on_time, late) if due else None,
    )


@dataclass(frozen=True, slots=True)
class PartCounts:
    """How much was due in a section or channel.

    Attributes:
        number: Its number.
        title: Its title.
        counts: How much.
        is_channel: Whether it is a channel.
    """

    number: str
    title: str
    counts: DueCounts
    is_channel: bool = False


def counted_parts(plan: Plan, due: Sequence[DueFact]) -> Iterator[PartCounts]:
    """Yield how much was due in each section and channel, of those where something was."""
    for section in plan.all_sections.values():
        inside = [one for one in due if section in plan.sections_over(one.measure)]
        if inside:
            yield PartCounts(section.number, section.title, counted(inside))
        for channel in section.channels:
            here = [one for one in due if one.measure.channel == channel.number]
            if here:
                yield PartCounts(channel.number, channel.title, counted(here), is_channel=True)

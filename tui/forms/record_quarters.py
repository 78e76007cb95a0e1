"""Which quarters a record can be for, the state of each, and which one is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from kvartal.schema.model import Measure, Record
from kvartal.schema.quarters import QUARTERS, quarter_of, roman
from kvartal.schema.states import Checkpoint, CheckpointState, Status, status
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.labels import CHECKPOINT_STATES, UNICODE_SIGNS, Signs, state_label

_PROPOSED = (CheckpointState.OVERDUE, CheckpointState.DUE, CheckpointState.UPCOMING)


@dataclass(frozen=True, slots=True)
class RecordTargets:
    """The measures that a record is for, in their states on a date.

    Attributes:
        year: The plan's year.
        statuses: The measures with their states.
        signs: The signs that the terminal can draw.
    """

    year: int
    statuses: tuple[Status, ...]
    signs: Signs = UNICODE_SIGNS

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures."""
        return tuple(one.measure for one in self.statuses)

    @property
    def only(self) -> Status | None:
        """The measure with its state, where there is but one."""
        return self.statuses[0] if len(self.statuses) == 1 else None

    def quarters(self) -> tuple[int, ...]:
        """Return the quarters that any measure has a checkpoint in; all if none has one."""
        quarters = {point.quarter for one in self.statuses for point in one.checkpoints}
        return tuple(sorted(quarters)) or QUARTERS

    def checkpoints(self, quarter: int) -> list[Checkpoint]:
        """Return the checkpoints of the measures in a quarter."""
        checkpoints = (one.checkpoint(quarter) for one in self.statuses)
        return [point for point in checkpoints if point is not None]

    def proposed(self, as_of: date) -> int:
        """Return the quarter most likely meant: the earliest overdue, else due, else open one."""
        for state in _PROPOSED:
            for quarter in self.quarters():
                if any(point.state is state for point in self.checkpoints(quarter)):
                    return quarter
        if not any(one.checkpoints for one in self.statuses) and as_of.year == self.year:
            return quarter_of(as_of)
        return self.quarters()[-1]

    def describe(self, quarter: int) -> str:
        """Return a quarter with its last day and state, for the list of choices."""
        checkpoints = self.checkpoints(quarter)
        if not checkpoints:
            return _("{roman:<3}  без срока").format(roman=roman(quarter))
        due = min(point.due for point in checkpoints)
        if self.only is not None:
            state = self._state(checkpoints[0])
        else:
            state = _states(checkpoints, len(self.statuses))
        return _("{roman:<3}  до {due}  {told}").format(
            roman=roman(quarter), due=day(due), told=state
        )

    def timeliness(self, quarter: int, on: date) -> str:
        """Return whether a record of a quarter on a day is in time; empty without a last day."""
        checkpoints = self.checkpoints(quarter)
        if not checkpoints:
            return ""
        late = (on - min(point.due for point in checkpoints)).days
        return _("С опозданием на {days} дн.").format(days=late) if late > 0 else _("В срок.")

    def completes(self, quarter: int) -> bool:
        """Return whether a record of this quarter is the last one that every measure lacks."""
        return not self.is_completed and all(
            one.checkpoints and one.checkpoints[-1].quarter == quarter for one in self.statuses
        )

    @property
    def is_completed(self) -> bool:
        """Whether any measure has been completed, on whatever date."""
        return any(record.complete for one in self.statuses for record in one.measure.records)

    def state_after(self, record: Record) -> str:
        """Return in words the state that a record leads to; empty for several measures."""
        if self.only is None:
            return ""
        measure = self.only.measure
        after = replace(measure, records=(*measure.records, record))
        return state_label(status(after, self.year, max(record.date, self.only.as_of)))

    def _state(self, point: Checkpoint) -> str:
        sign = self.signs.states[point.state]
        if point.state is CheckpointState.OVERDUE:
            return _("{sign} просрочено на {days} дн.").format(sign=sign, days=point.days_overdue)
        state = f"{sign} {_(CHECKPOINT_STATES[point.state])}"
        return f"{state}, {day(point.recorded_on)}" if point.recorded_on else state


def _states(checkpoints: Sequence[Checkpoint], measures: int) -> str:
    """Return how many of several measures have a checkpoint, and how many are overdue."""
    overdue = sum(point.state is CheckpointState.OVERDUE for point in checkpoints)
    parts = []
    if len(checkpoints) < measures:
        parts.append(_("у {some} из {all}").format(some=len(checkpoints), all=measures))
    if overdue:
        parts.append(_("просрочено: {count}").format(count=overdue))
    return ", ".join(parts)

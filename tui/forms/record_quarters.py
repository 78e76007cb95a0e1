"""Which quarters a record can be for, how they stand, and which one is meant first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from kvartal.schema.model import Measure, Record
from kvartal.schema.quarters import QUARTERS, quarter_of, roman
from kvartal.schema.states import Checkpoint, CheckpointState, Status, status
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.labels import CHECKPOINT_STATES, UNICODE_SIGNS, Signs, state_label

_FIRST = (CheckpointState.OVERDUE, CheckpointState.DUE, CheckpointState.UPCOMING)


@dataclass(frozen=True, slots=True)
class Selected:
    """The measures that a record is for, as they stand on a date.

    Attributes:
        year: The plan's year.
        found: How each of them stands.
        signs: The signs that the terminal can draw.
    """

    year: int
    found: tuple[Status, ...]
    signs: Signs = UNICODE_SIGNS

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures."""
        return tuple(one.measure for one in self.found)

    @property
    def only(self) -> Status | None:
        """How the measure stands, where there is but one."""
        return self.found[0] if len(self.found) == 1 else None

    def quarters(self) -> tuple[int, ...]:
        """Return the quarters that any of them has a checkpoint in; all where none has one."""
        own = {point.quarter for one in self.found for point in one.checkpoints}
        return tuple(sorted(own)) or QUARTERS

    def points(self, quarter: int) -> list[Checkpoint]:
        """Return their checkpoints of a quarter."""
        found = (one.checkpoint(quarter) for one in self.found)
        return [point for point in found if point is not None]

    def first_choice(self, as_of: date) -> int:
        """Return the quarter most likely meant: the earliest overdue, else due, else open one."""
        for state in _FIRST:
            for quarter in self.quarters():
                if any(point.state is state for point in self.points(quarter)):
                    return quarter
        if not any(one.checkpoints for one in self.found) and as_of.year == self.year:
            return quarter_of(as_of)
        return self.quarters()[-1]

    def describe(self, quarter: int) -> str:
        """Return a quarter with its last day and how it stands."""
        points = self.points(quarter)
        if not points:
            return _("{roman:<3}  без срока").format(roman=roman(quarter))
        due = min(point.due for point in points)
        told = self._stands(points[0]) if len(self.found) == 1 else _stand(points, len(self.found))
        return _("{roman:<3}  до {due}  {told}").format(
            roman=roman(quarter), due=day(due), told=told
        )

    def timeliness(self, quarter: int, on: date) -> str:
        """Return whether a record of a quarter on a day is in time; empty without a last day."""
        points = self.points(quarter)
        if not points:
            return ""
        late = (on - min(point.due for point in points)).days
        return _("С опозданием на {days} дн.").format(days=late) if late > 0 else _("В срок.")

    def completes(self, quarter: int) -> bool:
        """Tell whether a record of this quarter is the last one that each of them waits for."""
        return not self.is_completed and all(
            one.checkpoints and one.checkpoints[-1].quarter == quarter for one in self.found
        )

    @property
    def is_completed(self) -> bool:
        """Whether any of them has been completed, on whatever date."""
        return any(record.complete for one in self.found for record in one.measure.records)

    def state_after(self, record: Record) -> str:
        """Return the state in words that a record brings; empty for several measures."""
        if self.only is None:
            return ""
        measure = self.only.measure
        after = replace(measure, records=(*measure.records, record))
        return state_label(status(after, self.year, max(record.date, self.only.as_of)))

    def _stands(self, point: Checkpoint) -> str:
        sign = self.signs.states[point.state]
        if point.state is CheckpointState.OVERDUE:
            return _("{sign} просрочено на {days} дн.").format(sign=sign, days=point.days_overdue)
        told = f"{sign} {_(CHECKPOINT_STATES[point.state])}"
        return f"{told}, {day(point.recorded_on)}" if point.recorded_on else told


def _stand(points: Sequence[Checkpoint], measures: int) -> str:
    overdue = sum(point.state is CheckpointState.OVERDUE for point in points)
    told = []
    if len(points) < measures:
        told.append(_("у {some} из {all}").format(some=len(points), all=measures))
    if overdue:
        told.append(_("просрочено: {count}").format(count=overdue))
    return ", ".join(told)

"""The marked rows of the table: measures as a whole, or single checkpoints of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from kvartal.schema.checkpoints import CheckpointDay
from kvartal.schema.quarters import CalendarQuarter

CheckpointKey: TypeAlias = CalendarQuarter | date
"""What a record names for a checkpoint: the quarter that it is the end of, else the day."""

MarkedRow: TypeAlias = tuple[str, CheckpointKey | None]
"""Id of a measure, and its checkpoint; None for the measure as a whole."""


def checkpoint_key(day: CheckpointDay) -> CheckpointKey:
    """Return what a record names for a checkpoint."""
    return day.printed if day.quarter is None else day.quarter


@dataclass(frozen=True, slots=True)
class Marks:
    """The rows that the next action is about, instead of the one under the cursor."""

    rows: frozenset[MarkedRow] = frozenset()

    def __bool__(self) -> bool:
        """Return whether anything is marked."""
        return bool(self.rows)

    @property
    def measures(self) -> frozenset[str]:
        """Ids of the measures that any mark is about."""
        return frozenset(measure for measure, _checkpoint in self.rows)

    @property
    def checkpoints(self) -> tuple[CheckpointKey, ...]:
        """The marked checkpoints, each once, in the order of their days."""
        keys = {checkpoint for _measure, checkpoint in self.rows if checkpoint is not None}
        return tuple(sorted(keys, key=_last_day))

    def covers(self, measure: str, checkpoint: CheckpointKey | None) -> bool:
        """Return whether a row is shown as marked: it, its measure, or a checkpoint of it."""
        return bool(self._about(measure, checkpoint))

    def toggled(self, measure: str, checkpoint: CheckpointKey | None) -> "Marks":
        """Return the marks with a row marked; without whatever marks it, if anything does."""
        about = self._about(measure, checkpoint)
        return Marks(self.rows - about if about else self.rows | {(measure, checkpoint)})

    def kept(self, measures: Collection[str]) -> "Marks":
        """Return the marks of measures that are still in the programme."""
        return Marks(frozenset(row for row in self.rows if row[0] in measures))

    def _about(self, measure: str, checkpoint: CheckpointKey | None) -> frozenset[MarkedRow]:
        return frozenset(
            (marked, its_own)
            for marked, its_own in self.rows
            if marked == measure and (None in {checkpoint, its_own} or checkpoint == its_own)
        )


def _last_day(checkpoint: CheckpointKey) -> date:
    return checkpoint.last if isinstance(checkpoint, CalendarQuarter) else checkpoint

"""The marked rows of the table: measures as a whole, or single checkpoints of them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

MarkedRow: TypeAlias = tuple[str, int | None]
"""Id of a measure, and the quarter of its checkpoint; None for the measure as a whole."""


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
        return frozenset(measure for measure, _quarter in self.rows)

    @property
    def quarters(self) -> tuple[int, ...]:
        """The quarters of the marked checkpoints, in order."""
        return tuple(sorted({quarter for _measure, quarter in self.rows if quarter is not None}))

    def covers(self, measure: str, quarter: int | None) -> bool:
        """Return whether a row is shown as marked: it, its measure, or a checkpoint of it."""
        return bool(self._about(measure, quarter))

    def toggled(self, measure: str, quarter: int | None) -> "Marks":
        """Return the marks with a row marked; without whatever marks it, if anything does."""
        about = self._about(measure, quarter)
        return Marks(self.rows - about if about else self.rows | {(measure, quarter)})

    def kept(self, measures: Collection[str]) -> "Marks":
        """Return the marks of measures that are still in the programme."""
        return Marks(frozenset(row for row in self.rows if row[0] in measures))

    def _about(self, measure: str, quarter: int | None) -> frozenset[MarkedRow]:
        return frozenset(
            (marked, its_quarter)
            for marked, its_quarter in self.rows
            if marked == measure and (None in {quarter, its_quarter} or quarter == its_quarter)
        )

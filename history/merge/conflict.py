"""What a merge leaves to decide, and its result."""

from dataclasses import dataclass

from kvartal.history.merge.disputed_numbers import DisputedNumber
from kvartal.history.merge.paths import MEASURE_DEPTH
from kvartal.history.merge.threeway import Sides
from kvartal.schema.changes import Edit, Plain, PlanData
from kvartal.schema.problems import DataPath, Problem


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that both sides changed, for the user to choose.

    Attributes:
        measure: Id of the measure; empty for a field outside the measures.
        where: Path from the root of the merged data; empty for all of it.
        value: The value in the merged data until somebody chooses.
        sides: The value before, ours and theirs.
        problem: The rule that both sides break together; None where they changed one field.
        rollback: The edit that rolls back the other side's change if this value is kept; only of a
            broken rule.
        dispute: The number that is to be chosen, where what names the part follows the choice.
    """

    measure: str
    where: DataPath
    value: Plain
    sides: Sides
    problem: Problem | None = None
    rollback: Edit | None = None
    dispute: DisputedNumber | None = None

    @property
    def path(self) -> DataPath:
        """The path inside the measure, as an edit has it."""
        return self.where[MEASURE_DEPTH:] if self.measure else self.where


@dataclass(frozen=True, slots=True)
class Merged:
    """The result of a merge.

    Attributes:
        data: The merged programme. It has our value in the place of a conflict, or theirs where we
            have none: it must not be saved while there are conflicts.
        edits: What turns our version into it.
        conflicts: What the user has to decide, in the order of the data.
        notes: What else the user should know, such as that a measure was renumbered.
        sides: The merged versions, with ids that mean one measure in all of them.
        doubts: What breaks a rule unless the choice of a conflict settles it as well.
        as_in_2026_11: Whether a choice is carried out as the program did until then.
    """

    data: PlanData
    edits: tuple[Edit, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[Problem, ...]
    sides: Sides
    doubts: tuple[Problem, ...] = ()
    as_in_2026_11: bool = False

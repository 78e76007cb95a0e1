"""A merged plan file: its versions, what is left to choose, and its bytes once that is chosen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kvartal.history.merge.conflict import Conflict, Merged
from kvartal.history.merge.driver import MergeInput, resolve_files
from kvartal.history.sync.divergence import Side, programme_name
from kvartal.schema.problems import Problem


@dataclass(frozen=True, slots=True)
class MergedPlan:
    """A merged plan file.

    Attributes:
        name: Its file name; of a plan in another folder, its path from the root.
        files: Its three versions, with evidence under its new names.
        merged: The merge by fields; None where only one side changed the plan.
        content: The merged bytes; None while there are conflicts.
        is_elsewhere: Whether it lies in another folder than the one that is synced.
    """

    name: str
    files: MergeInput
    merged: Merged | None
    content: bytes | None
    is_elsewhere: bool = False

    @property
    def programme(self) -> str:
        """What it is called beside others."""
        return programme_name(self.name, is_elsewhere=self.is_elsewhere)

    @property
    def is_changed(self) -> bool:
        """Whether a side changed it."""
        return len({self.files.base, self.files.ours, self.files.theirs}) > 1

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The conflicts between both sides."""
        return self.merged.conflicts if self.merged else ()

    def displaced(self, sides: Sequence[Side]) -> Iterator[Problem]:
        """Yield the other numbers of new parts whose own went to the parts that were chosen."""
        for conflict, side in zip(self.conflicts, sides, strict=False):
            number = conflict.sides.ours if side is Side.OURS else conflict.sides.theirs
            if self.merged is not None and conflict.dispute and isinstance(number, str):
                moved = conflict.dispute.displaced(self.merged.data, number)
                yield from () if moved is None else (moved.note,)

    def resolved(self, sides: Sequence[Side]) -> bytes:
        """Return the merged bytes with a side chosen for each conflict.

        Raises:
            SpliceFailed, UnwritableValue: They cannot be written.
        """
        if self.merged is None or self.content is not None:
            return self.content or b""
        values = [
            conflict.sides.ours if side is Side.OURS else conflict.sides.theirs
            for conflict, side in zip(self.conflicts, sides, strict=True)
        ]
        return resolve_files(self.files, self.merged, values)

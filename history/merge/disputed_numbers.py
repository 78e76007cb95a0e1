"""A section or channel that both sides renumbered, each in its own way: one conflict, its number.

For the merge it has one number in every version, so that it is one part with its measures below it:
ours, or the one before, where a side gave ours or theirs to another part. Which number it gets is
for the user to choose, and what names the part follows the choice.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from kvartal.history.diff.parts import PART_LISTS, part_versions
from kvartal.history.merge.threeway import Sides, Value
from kvartal.schema.changes import PlanData
from kvartal.schema.problems import DataPath

PartKey = tuple[str, str]
"""A part: the field in which a measure names it, and its number."""

_FIELDS: Final = tuple(PART_LISTS.values())


@dataclass(frozen=True, slots=True)
class DisputedNumber:
    """The number of a part in three versions.

    Attributes:
        field: In which a measure names the part.
        base: The number before, which no other part has.
        ours: Ours.
        theirs: Theirs.
        is_free: Whether no version has another part with our number or theirs.
        given: Our number or theirs where the other side gave it to a part, with that part's before.
    """

    field: str
    base: str
    ours: str
    theirs: str
    is_free: bool = True
    given: tuple[tuple[str, str], ...] = ()

    @property
    def shared(self) -> str:
        """The number that the part has in all merged versions."""
        return self.ours if self.is_free else self.base

    @property
    def sides(self) -> Sides:
        """The three numbers."""
        return Sides(self.base, self.ours, self.theirs)

    def place(self, data: PlanData) -> DataPath | None:
        """Return where the number stands in the merged programme; None where it does not."""
        found = [
            part.path
            for part in part_versions(data)
            if (PART_LISTS[part.kind], part.number) == (self.field, self.shared)
        ]
        return (*found[0], "number") if len(found) == 1 else None

    def followers(self, data: PlanData) -> Iterator[DataPath]:
        """Yield where measures of the merged programme name the part."""
        rows = data.get("measures")
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            if isinstance(row, dict) and row.get(self.field) == self.shared:
                yield "measures", index, self.field

    def settled(self, data: PlanData, number: str) -> PlanData:
        """Return a programme in which the part has a number, and its measures name that.

        A part that the other side gave this number to keeps the one that it had before.
        """
        before = dict(self.given).get(number)
        if before is not None and not self.is_free:
            data = renumber(data, {(self.field, number): before})
        names = {self.shared, self.ours, self.theirs} if self.is_free else {self.shared}
        return renumber(data, {(self.field, one): number for one in names})

    def as_written(self, where: DataPath, sides: Sides) -> Sides:
        """Return the versions of a value of a measure, as they named the part themselves.

        Args:
            where: Path of the value from the root.
            sides: Its versions, which name the part by our number.
        """
        if where[:1] != ("measures",) or not self.is_free:
            return sides
        base, theirs = (
            self._named(where, value, number)
            for value, number in ((sides.base, self.base), (sides.theirs, self.theirs))
        )
        return Sides(base, sides.ours, theirs)

    def _named(self, where: DataPath, value: Value, number: str) -> Value:
        if where[2:] == (self.field,) and value == self.shared:
            return number
        is_row = len(where) == 2 and isinstance(value, dict)  # noqa: PLR2004 - list and index
        if is_row and isinstance(value, dict) and value.get(self.field) == self.shared:
            return {**value, self.field: number}
        return value


def renumber(data: PlanData, numbers: Mapping[PartKey, str]) -> PlanData:
    """Return a programme in which parts have other numbers, and measures name those."""
    if not numbers:
        return data
    copy: Any = deepcopy(data)
    for part in part_versions(copy):
        new = numbers.get((PART_LISTS[part.kind], part.number))
        if new is not None:
            part.row["number"] = new
    rows = copy.get("measures")
    for row in rows if isinstance(rows, list) else ():
        for field in _FIELDS if isinstance(row, dict) else ():
            new = numbers.get((field, str(row.get(field))))
            if new is not None:
                row[field] = new
    renumbered: PlanData = copy
    return renumbered

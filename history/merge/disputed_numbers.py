"""A section or channel whose number is for the user to choose: one conflict.

Both sides renumbered it, each in its own way; or one did, and the other gave that number to another
part. For the merge it has one number in every version, so that it is one part with its measures
below it: ours, or the one before, where a side gave ours or theirs to another part. What names the
part follows the choice, and a new part with the chosen number gets the next free one.
"""

import re
from collections.abc import Container, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from kvartal.history.diff.parts import PART_LISTS, part_versions
from kvartal.history.merge.threeway import Sides, Value
from kvartal.schema.changes import PlanData
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath, Problem

_LAST_DIGITS: Final = re.compile(r"([0-9]+)$")
_TAKEN: Final = N_(
    "Номер {number} дан и новой части программы: если выбрать его, она получит следующий."
)
_GIVEN: Final = N_(
    "Номер {number} дан и другой части программы: если выбрать его, у той останется прежний, {old}."
)
_MOVED: Final = N_("«{title}»: номер {old} отдан другому, теперь {new}.")

PartKey = tuple[str, str]
"""A part: the field in which a measure names it, and its number."""

_FIELDS: Final = tuple(PART_LISTS.values())


@dataclass(frozen=True, slots=True)
class MovedNumber:
    """The other number of a new part, whose own went to the part that the user gave it to.

    Attributes:
        title: Title of the new part.
        old: Its own number.
        new: The one that it gets.
    """

    title: str
    old: str
    new: str

    @property
    def note(self) -> Problem:
        """What to report of it."""
        fields = {"title": self.title, "old": self.old, "new": self.new}
        return Problem("merge-part-renumbered", _MOVED, fields=fields)


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
        newcomers: Our number or theirs where the other side has a new part of that number.
    """

    field: str
    base: str
    ours: str
    theirs: str
    is_free: bool = True
    given: tuple[tuple[str, str], ...] = ()
    newcomers: tuple[str, ...] = ()

    @property
    def shared(self) -> str:
        """The number that the part has in all merged versions."""
        return self.ours if self.is_free else self.base

    @property
    def sides(self) -> Sides:
        """The three numbers."""
        return Sides(self.base, self.ours, self.theirs)

    @property
    def reason(self) -> Problem | None:
        """Why there is something to choose where only one side renumbered; None where both did."""
        if self.base not in {self.ours, self.theirs}:
            return None
        if self.given:
            ((number, old),) = self.given
            return Problem("merge-number-taken", _GIVEN, fields={"number": number, "old": old})
        fields = {"number": ", ".join(self.newcomers)}
        return Problem("merge-number-taken", _TAKEN, fields=fields)

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

        A part that the other side gave this number to keeps the one that it had before; a new one
        makes way.
        """
        if self.is_free:
            names = {self.shared, self.ours, self.theirs}
            return renumber(data, {(self.field, one): number for one in names})
        moved = self.displaced(data, number)
        before = dict(self.given).get(number) if moved is None else moved.new
        if before is not None:
            data = renumber(data, {(self.field, number): before})
        return renumber(data, {(self.field, self.shared): number})

    def displaced(self, data: PlanData, number: str) -> "MovedNumber | None":
        """Return how a new part makes way for this one; None where none has its number.

        Args:
            data: The merged programme.
            number: The number that this part gets.
        """
        there = [part for part in part_versions(data) if PART_LISTS[part.kind] == self.field]
        newcomer = next((part for part in there if part.number == number), None)
        if number not in self.newcomers or newcomer is None:
            return None
        used = {part.number for part in there} | {self.base, self.ours, self.theirs}
        return MovedNumber(newcomer.title, number, next_number(number, used))

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
        return sides.of(base, sides.ours, theirs)

    def _named(self, where: DataPath, value: Value, number: str) -> Value:
        if where[2:] == (self.field,) and value == self.shared:
            return number
        if isinstance(value, dict) and value.get(self.field) == self.shared:
            return {**value, self.field: number}
        return value


def next_number(number: str, used: Container[str]) -> str:
    """Return the next number of the same form that is not used: «1.10» after «1.9»."""
    last = _LAST_DIGITS.search(number)
    stem = f"{number}-" if last is None else number[: last.start()]
    found = 1 if last is None else int(last[1])
    while f"{stem}{found}" in used:
        found += 1
    return f"{stem}{found}"


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

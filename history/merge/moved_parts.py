"""Sections and channels that one side renumbered or moved, before the versions are merged.

What the other side did there meanwhile follows: measures that it added or moved in get the new
number, and what it called the part, or put into it, is found in the part's new place. So a channel
with another number is still the same channel. Where both sides gave it a number of their own, that
is the one thing to choose (:mod:`.disputed_numbers`).
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from kvartal.history.diff.parts import (
    PART_LISTS,
    PartVersion,
    has_whole_parts,
    is_below_same,
    paired_parts,
    part_versions,
)
from kvartal.history.merge.disputed_numbers import DisputedNumber, PartKey, renumber
from kvartal.history.merge.threeway import MergedValue, Sides, merge_values
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.problems import DataPath

PartConflict: TypeAlias = tuple[DataPath, Sides, DisputedNumber | None]
"""A conflict: its path in the merged data, its versions, and the number that is to be chosen."""


@dataclass(frozen=True, slots=True)
class ReconciledParts:
    """Three versions in which a section or channel has one number and one place, if it can.

    Attributes:
        sides: The versions.
        disputed: The numbers for the user to choose.
    """

    sides: Sides
    disputed: tuple[DisputedNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class MergedParts:
    """The merge of versions in which a section or channel is one part.

    Attributes:
        sides: The versions.
        outcome: Their merge.
        disputed: The numbers for the user to choose.
    """

    sides: Sides
    outcome: MergedValue
    disputed: tuple[DisputedNumber, ...] = ()

    @property
    def data(self) -> PlanData:
        """The merged programme."""
        return self.outcome.value if isinstance(self.outcome.value, dict) else {}

    def conflicts(self) -> Iterator[PartConflict]:
        """Yield the conflicts: where each is, its versions, and the number that it is about."""
        for where, sides in self.outcome.conflicts():
            yield where, self._as_written(where, sides), None
        for one in self.disputed:
            place = one.place(self.data)
            if place is not None:
                yield place, one.sides, one

    def _as_written(self, where: DataPath, sides: Sides) -> Sides:
        for one in self.disputed:
            sides = one.as_written(where, sides)
        return sides


def merge_parts(sides: Sides, *, as_in_2026_11: bool = False) -> MergedParts:
    """Merge versions of a programme in which ids mean one measure.

    Args:
        sides: The three versions.
        as_in_2026_11: As for `reconcile_parts`, and whether items are paired as until then.
    """
    sides = replace(sides, as_in_2026_11=as_in_2026_11)
    parts = reconcile_parts(sides, as_in_2026_11=as_in_2026_11)
    merged = MergedParts(parts.sides, merge_values(parts.sides), parts.disputed)
    if all(one.place(merged.data) is not None for one in parts.disputed):
        return merged
    # A part is not there for its number to be chosen: what the sides changed says more.
    parts = reconcile_parts(sides, with_disputed=False)
    return MergedParts(parts.sides, merge_values(parts.sides))


def reconcile_parts(
    sides: Sides, *, with_disputed: bool = True, as_in_2026_11: bool = False
) -> ReconciledParts:
    """Return versions in which a section or channel has one number and one place, if it can.

    What both sides moved in different ways is left for the merge to report.

    Args:
        sides: The three versions.
        with_disputed: Whether a part that both sides renumbered differently is one part; if not,
            the merge reports what it finds.
        as_in_2026_11: Whether a number that each side gave to another part is not chosen, as it was
            until then.
    """
    versions = [one for one in (sides.base, sides.ours, sides.theirs) if isinstance(one, dict)]
    if sides.base in (sides.ours, sides.theirs):
        return ReconciledParts(sides)  # Nothing to merge.
    if len(versions) != 3 or not all(map(has_whole_parts, versions)):  # noqa: PLR2004 - all of them
        return ReconciledParts(sides)
    base, ours, theirs = versions
    disputed = tuple(_disputed(base, ours, theirs)) if with_disputed else ()
    if as_in_2026_11:
        disputed = tuple(one for one in disputed if one.reason is None or not one.given)
    base = renumber(base, {(one.field, one.base): one.shared for one in disputed})
    ours = renumber(ours, {(one.field, one.ours): one.shared for one in disputed})
    theirs = renumber(theirs, {(one.field, one.theirs): one.shared for one in disputed})
    base, ours, theirs = _with_numbers(base, ours, theirs)
    return ReconciledParts(sides.of(*_placed(base, ours, theirs)), disputed)


def _disputed(base: PlanData, ours: PlanData, theirs: PlanData) -> Iterator[DisputedNumber]:
    """Yield the parts that both sides renumbered, or one to a number that the other gave away.

    Given away it is to a new part or to another one that was there.
    """
    by_ours, by_theirs = _renumbered(base, ours), _renumbered(base, theirs)
    new = _new_numbers(base, ours) | _new_numbers(base, theirs)
    in_base, in_ours, in_theirs = (
        {(PART_LISTS[part.kind], part.number) for part in part_versions(version)}
        for version in (base, ours, theirs)
    )
    from_ours = {(key[0], new): key[1] for key, new in by_ours.items()}
    from_theirs = {(key[0], new): key[1] for key, new in by_theirs.items()}
    for key in sorted(by_ours.keys() & by_theirs.keys()):
        (field, number), mine, other = key, by_ours[key], by_theirs[key]
        is_taken = (field, mine) in in_base | in_theirs or (field, other) in in_base | in_ours
        if mine != other:
            before = {mine: from_theirs.get((field, mine)), other: from_ours.get((field, other))}
            given = tuple((new, old) for new, old in before.items() if old is not None)
            newcomers = tuple(one for one in (mine, other) if (field, one) in new)
            yield DisputedNumber(field, number, mine, other, not is_taken, given, newcomers)
    by_one = by_ours.keys() ^ by_theirs.keys()
    for key in sorted(by_one):
        (field, number), is_ours = key, key in by_ours
        mine, there = (by_ours[key], in_theirs) if is_ours else (by_theirs[key], in_ours)
        numbers = (mine, number) if is_ours else (number, mine)
        earlier = (from_theirs if is_ours else from_ours).get((field, mine))
        if (field, mine) in new & there and key in there:
            yield DisputedNumber(field, number, *numbers, is_free=False, newcomers=(mine,))
        elif earlier is not None and number < earlier and (field, earlier) in by_one:
            # Each side gave one number to another part: the choice for one is that for both.
            given = ((mine, earlier),)
            yield DisputedNumber(field, number, *numbers, is_free=False, given=given)


def _new_numbers(old: PlanData, new: PlanData) -> set[PartKey]:
    """Return the parts that only the newer version has."""
    before, after = list(part_versions(old)), list(part_versions(new))
    paired = {part.path for part in paired_parts(before, after).values()}
    return {(PART_LISTS[part.kind], part.number) for part in after if part.path not in paired}


def _with_numbers(base: PlanData, ours: PlanData, theirs: PlanData) -> tuple[PlanData, ...]:
    by_ours, by_theirs = _renumbered(base, ours), _renumbered(base, theirs)
    for_theirs = {key: new for key, new in by_ours.items() if key not in by_theirs}
    for_ours = {key: new for key, new in by_theirs.items() if key not in by_ours}
    agreed = {key: new for key, new in by_ours.items() if by_theirs.get(key) == new}
    for numbers, version in ((for_theirs, theirs), (for_ours, ours)):
        taken = {(PART_LISTS[part.kind], part.number) for part in part_versions(version)}
        for key, new in list(numbers.items()):
            if (key[0], new) in taken:
                del numbers[key]
    return (
        renumber(base, {**for_theirs, **for_ours, **agreed}),
        renumber(ours, for_ours),
        renumber(theirs, for_theirs),
    )


def _renumbered(old: PlanData, new: PlanData) -> dict[PartKey, str]:
    """Return the new numbers of parts, where no other part has the old one now."""
    before, after = list(part_versions(old)), list(part_versions(new))
    pairs = paired_parts(before, after)
    left = {(part.kind, part.number) for part in after}
    return {
        (PART_LISTS[part.kind], part.number): pairs[part.path].number
        for part in before
        if part.path in pairs
        and pairs[part.path].number != part.number
        and (part.kind, part.number) not in left
    }


def _placed(base: PlanData, ours: PlanData, theirs: PlanData) -> tuple[PlanData, ...]:
    """Return the versions with the parts that one side moved moved in the others too."""
    by_ours, by_theirs = _moves(base, ours), _moves(base, theirs)
    for key in by_ours.keys() | by_theirs.keys():
        if key in by_ours and key in by_theirs:
            continue
        part = by_ours.get(key) or by_theirs[key]
        mover = ours if key in by_ours else theirs
        other = theirs if key in by_ours else ours
        moved = [_move(version, key, part, mover) for version in (base, other)]
        if moved[0] is None or moved[1] is None:
            continue
        base = moved[0]
        ours, theirs = (ours, moved[1]) if key in by_ours else (moved[1], theirs)
    return base, ours, theirs


_Key = tuple[str, str]
"""A part: the list that it stands in, and its number."""


def _moves(old: PlanData, new: PlanData) -> dict[_Key, PartVersion]:
    """Return the parts that stand in another section now, as they are in the newer version."""
    before, after = list(part_versions(old)), list(part_versions(new))
    pairs = paired_parts(before, after)
    return {
        (part.kind, pairs[part.path].number): pairs[part.path]
        for part in before
        if part.path in pairs and not is_below_same(part, pairs[part.path], pairs)
    }


def _move(data: PlanData, key: _Key, to: PartVersion, mover: PlanData) -> PlanData | None:
    """Return a version with a part where the mover has it; None where that cannot be."""
    above = _number_above(mover, to.path)
    copy: Any = deepcopy(data)
    found = [part for part in part_versions(copy) if (part.kind, part.number) == key]
    if len(found) != 1:
        return None
    row = found[0].row
    target: Any = copy
    if above is not None:
        below = {id(part.row) for part in part_versions({"sections": [row]})}
        targets = [
            part.row
            for part in part_versions(copy)
            if part.kind == "sections" and part.number == above and id(part.row) not in below
        ]
        if len(targets) != 1:
            return None
        target = targets[0]
    siblings = _list_at(copy, found[0].path[:-1])
    siblings[:] = [one for one in siblings if one is not row]
    there = target.setdefault(to.kind, [])
    index = to.path[-1]
    there.insert(index if isinstance(index, int) else len(there), row)
    _without_empty_lists(copy)
    moved: PlanData = copy
    return moved


def _list_at(data: Any, path: DataPath) -> list[Plain]:  # noqa: ANN401 - any part of a plan
    for step in path:
        data = data[step]
    found: list[Plain] = data
    return found


def _number_above(data: PlanData, path: DataPath) -> str | None:
    """Return the number of the section that a path leads into; None at the top."""
    return next((part.number for part in part_versions(data) if part.path == path[:-2]), None)


def _without_empty_lists(data: PlanData) -> None:
    for row in _rows_with_lists(data):
        for kind in PART_LISTS:
            if row.get(kind) == []:
                del row[kind]


def _rows_with_lists(data: PlanData) -> Iterator[dict[str, Plain]]:
    yield data
    for part in list(part_versions(data)):
        yield part.row

"""The three-way merge of plain values, by key and by item.

What only one side changed is taken; what both changed in the same way is taken once; what they
changed in two ways is a clash, and both values are kept beside the result.

A list of texts (paragraphs, goals, columns) has no names to tell its items by. What each side
changed lies between items that it left alone, so the changes are told apart by their place in the
old list.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from kvartal.history.diff.matching import aligned, same
from kvartal.history.merge.matching import (
    ANY,
    Item,
    Rank,
    Shape,
    arranged,
    has_items,
    identified,
    kind_of,
    rank_of,
)
from kvartal.schema.changes import MISSING, Missing, Plain
from kvartal.schema.problems import DataPath

Value: TypeAlias = Plain | Missing

# What is one value though it has fields: half of one term with half of another says what nobody
# said, and neither does the hash of one file with the name of another.
ONE_VALUE: Final[frozenset[Shape]] = frozenset(
    {
        ("measures", ANY, "term"),
        ("measures", ANY, "postponements", ANY, "to"),
        ("measures", ANY, "records", ANY, "evidence", "files", ANY),
    }
)

# What is nothing but its fields: without any of them it is not there, and not removed as a whole.
_EMPTIABLE: Final[frozenset[Shape]] = frozenset(
    {
        ("measures", ANY, "budget"),
        ("measures", ANY, "records", ANY, "evidence"),
    }
)


_CHAPTERS: Final[Shape] = ("document",)
_STEPS: Final[Shape] = ("measures", ANY, "actions")


@dataclass(frozen=True, slots=True)
class Sides:
    """One value in three versions; MISSING where there is none."""

    base: Value
    ours: Value
    theirs: Value

    @property
    def kept(self) -> Value:
        """The value that stands in for a clash: ours, or theirs where we have none."""
        return self.theirs if isinstance(self.ours, Missing) else self.ours

    def at(self, part: str | int) -> "Sides":
        """Return the versions of a field, or of an item where all versions count alike."""
        return Sides(_at(self.base, part), _at(self.ours, part), _at(self.theirs, part))


@dataclass(frozen=True, slots=True)
class MergedValue:
    """A merged value and how it came about.

    Attributes:
        value: What the merge gives; for a clash, what stands in for it.
        sides: What it was made from.
        is_clash: Whether the sides changed it in two ways.
        parts: The outcomes of its fields or items, where it was merged by them.
    """

    value: Value
    sides: Sides
    is_clash: bool = False
    parts: Mapping[str | int, "MergedValue"] = field(default_factory=dict)

    def clashes(self, path: DataPath = ()) -> Iterator[tuple[DataPath, Sides]]:
        """Yield the clashes in this value with their paths from the root of the merged data."""
        if self.is_clash:
            yield path, self.sides
        for part, outcome in self.parts.items():
            yield from outcome.clashes((*path, part))

    def sides_at(self, path: DataPath) -> tuple[Sides, ...]:
        """Return what each value on the way to a path was made from, as far as that is known."""
        outcome: MergedValue | None = self
        found = [self.sides]
        for part in path:
            outcome = outcome.parts.get(part) if outcome else None
            if outcome is None and isinstance(part, int) and not _count_alike(found[-1]):
                break
            found.append(outcome.sides if outcome else found[-1].at(part))
        return tuple(found)


def merge_values(sides: Sides, shape: Shape = ()) -> MergedValue:
    """Merge three versions of a value.

    Args:
        sides: The versions.
        shape: Where the value stands in a programme.
    """
    base, ours, theirs = sides.base, sides.ours, sides.theirs
    if same(ours, theirs) or same(base, theirs):
        return MergedValue(ours, sides)
    if same(base, ours):
        return MergedValue(theirs, sides)
    if shape not in ONE_VALUE:
        is_emptied = shape in _EMPTIABLE and isinstance(base, dict)
        if _are(sides, dict) and (is_emptied or _stand(sides)):
            return _merge_mappings(sides, shape)
        # A side that takes the last item away leaves no list: the other's items are none of it.
        if _are(sides, list) and (isinstance(base, list) or _stand(sides)):
            versions = (base, ours, theirs)
            if has_items(shape, *map(_list, versions)):
                return _merge_lists(sides, shape)
            texts = merged_items(*map(_list, versions)) if _has_texts(shape, sides) else None
            if texts:
                return MergedValue(list(texts), sides)
    return MergedValue(sides.kept, sides, is_clash=True)


def _has_texts(shape: Shape, sides: Sides) -> bool:
    """Tell whether a list is one of texts that may each be changed by another side.

    Steps are told by their numbers: where there are more or fewer of them they are one value.
    """
    if shape != _STEPS:
        return shape[:1] == _CHAPTERS
    return len({len(_list(one)) for one in (sides.base, sides.ours, sides.theirs)}) == 1


def _are(sides: Sides, kind: type) -> bool:
    """Tell whether the versions are of a kind, as far as there are any."""
    return all(isinstance(one, Missing | kind) for one in (sides.base, sides.ours, sides.theirs))


def _stand(sides: Sides) -> bool:
    """Tell whether both sides hold something."""
    return not isinstance(sides.ours, Missing) and not isinstance(sides.theirs, Missing)


def _merge_mappings(sides: Sides, shape: Shape) -> MergedValue:
    ours, theirs = _mapping(sides.ours), _mapping(sides.theirs)
    parts: dict[str | int, MergedValue] = {}
    value: dict[str, Plain] = {}
    for key in dict.fromkeys((*ours, *theirs)):
        outcome = merge_values(sides.at(key), (*shape, key))
        parts[key] = outcome
        if not isinstance(outcome.value, Missing):
            value[key] = outcome.value
    return MergedValue(value or MISSING, sides, parts=parts)


def _merge_lists(sides: Sides, shape: Shape) -> MergedValue:
    base, ours, theirs = (_list(one) for one in (sides.base, sides.ours, sides.theirs))
    kind = kind_of(shape)
    outcomes: dict[Item, MergedValue] = {}
    for item in identified(base, ours, theirs, kind):
        versions = Sides(_item(base, item.base), _item(ours, item.ours), _item(theirs, item.theirs))
        outcomes[item] = merge_values(versions, (*shape, ANY))
    staying = {
        item: outcome.value
        for item, outcome in outcomes.items()
        if not isinstance(outcome.value, Missing)
    }

    def rank(item: Item) -> Rank:
        return rank_of(staying[item], kind)

    order = arranged(staying, rank)
    value = [staying[item] for item in order]
    parts: dict[str | int, MergedValue] = {at: outcomes[item] for at, item in enumerate(order)}
    return MergedValue(value or MISSING, sides, parts=parts)


def _mapping(value: Value) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}


def _list(value: Value) -> list[Plain]:
    return value if isinstance(value, list) else []


def _item(items: list[Plain], index: int | None) -> Value:
    return MISSING if index is None else items[index]


def _at(value: Value, part: str | int) -> Value:
    if isinstance(value, dict) and isinstance(part, str):
        return value.get(part, MISSING)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return MISSING


def _count_alike(sides: Sides) -> bool:
    """Tell whether an index means the same thing in every version of a list that has any."""
    lists = [one for one in (sides.base, sides.ours, sides.theirs) if isinstance(one, list)]
    return len({len(one) for one in lists}) == 1


@dataclass(frozen=True, slots=True)
class _Hunk:
    """What a side made of the items from ``start`` to before ``end`` of the old list."""

    start: int
    end: int
    items: tuple[Plain, ...]

    def clashes(self, other: "_Hunk") -> bool:
        """Tell whether nobody can say how both changes go together."""
        if self.start == other.start and self.end == other.end:
            return not same(list(self.items), list(other.items))
        if max(self.start, other.start) < min(self.end, other.end):
            return True
        is_inside = self.start == self.end or other.start == other.end
        touches = self.end == other.start or other.end == self.start
        # Beside an item that became several nobody knows to which of them a new one belongs.
        return is_inside and touches and not (self.keeps_count() or other.keeps_count())

    def keeps_count(self) -> bool:
        """Tell whether items gave way to as many others."""
        return self.start < self.end and self.end - self.start == len(self.items)


def merged_items(
    base: Sequence[Plain], ours: Sequence[Plain], theirs: Sequence[Plain]
) -> list[Plain] | None:
    """Return the list with the changes of both sides; None where they changed the same items.

    Args:
        base: The items before.
        ours: Our items.
        theirs: Theirs.
    """
    mine, others = list(_hunks(base, ours)), list(_hunks(base, theirs))
    if any(one.clashes(other) for one in mine for other in others):
        return None
    hunks = sorted([*mine, *(one for one in others if one not in mine)], key=_place)
    found: list[Plain] = []
    done = 0
    for hunk in hunks:
        found += [*base[done : hunk.start], *hunk.items]
        done = hunk.end
    found += base[done:]
    # What both sides moved, or added in two places, would stand twice.
    is_doubled = any(
        found.count(item) > max(ours.count(item), theirs.count(item)) for item in found
    )
    return None if is_doubled else found


def _place(hunk: _Hunk) -> tuple[int, int]:
    return hunk.start, hunk.end


def _hunks(old: Sequence[Plain], new: Sequence[Plain]) -> Iterator[_Hunk]:
    done = place = 0
    equal = [(i, j) for i, j in aligned(list(old), list(new)) if same(old[i], new[j])]
    for index, other in [*equal, (len(old), len(new))]:
        if (done, place) != (index, other):
            yield _Hunk(done, index, tuple(new[place:other]))
        done, place = index + 1, other + 1

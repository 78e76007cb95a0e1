"""The three-way merge of plain values, by key and by item.

What only one side changed is taken; what both changed in the same way is taken once; what they
changed in two ways is a clash, and both values are kept beside the result.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from kvartal.history.diff.matching import same
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
from kvartal.history.merge.textlists import merged_items
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

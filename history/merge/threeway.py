"""The three-way merge of plain values, by key and by item.

What only one side changed is taken; what both changed in the same way is taken once; what they
changed in two ways is a conflict, and both values are kept beside the result.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from kvartal.history.diff.matching import aligned, same
from kvartal.history.merge.in_place import are_in_place
from kvartal.history.merge.matching import (
    ANY,
    Item,
    Rank,
    Shape,
    has_items,
    item_kind,
    match_items,
    merged_order,
    rank_of,
)
from kvartal.history.merge.text_lists import merge_texts
from kvartal.schema.changes import MISSING, Missing, Plain
from kvartal.schema.data_paths import step
from kvartal.schema.problems import DataPath

Value: TypeAlias = Plain | Missing

# Mappings that are merged as one value: half of one term with half of another is a term that nobody
# set, and the hash of one file does not go with the name of another.
ONE_VALUE: Final[frozenset[Shape]] = frozenset(
    {
        ("measures", ANY, "term"),
        ("measures", ANY, "postponements", ANY, "to"),
        ("measures", ANY, "records", ANY, "evidence", "files", ANY),
    }
)

# Mappings that disappear with their last field: that is no removal of the whole.
_EMPTIABLE: Final[frozenset[Shape]] = frozenset(
    {
        ("measures", ANY, "budget"),
        ("measures", ANY, "extra"),
        ("measures", ANY, "records", ANY, "evidence"),
    }
)


# What a plan states as one thing or as a list of things: whoever has several turns the one into a
# list. A line is a thing by its name.
ONE_OR_SEVERAL: Final[frozenset[Shape]] = frozenset(
    ("measures", ANY, key) for key in ("responsible", "budget", "indicator")
)

_CHAPTERS: Final[Shape] = ("document",)
_STEPS: Final[Shape] = ("measures", ANY, "actions")


@dataclass(frozen=True, slots=True)
class Sides:
    """One value in three versions; MISSING where there is none.

    Attributes:
        base: What both sides started from.
        ours: Our version.
        theirs: Theirs.
        as_in_2026_11: Whether items are paired as the program did until then.
    """

    base: Value
    ours: Value
    theirs: Value
    as_in_2026_11: bool = field(default=False, kw_only=True)

    @property
    def kept(self) -> Value:
        """The value in the place of a conflict: ours, or theirs where we have none."""
        return self.theirs if isinstance(self.ours, Missing) else self.ours

    def at(self, part: str | int) -> "Sides":
        """Return the versions of a field, or of an item of lists with the same items."""
        return self.of(step(self.base, part), step(self.ours, part), step(self.theirs, part))

    def of(self, base: Value, ours: Value, theirs: Value) -> "Sides":
        """Return three versions of something in this value, to be merged as it is."""
        return Sides(base, ours, theirs, as_in_2026_11=self.as_in_2026_11)


@dataclass(frozen=True, slots=True)
class MergedValue:
    """A merged value and how it came about.

    Attributes:
        value: The merged value; of a conflict, the value in its place.
        sides: What it was merged from.
        is_conflict: Whether the sides changed it in two ways.
        parts: Its merged fields or items, where it was merged by them.
    """

    value: Value
    sides: Sides
    is_conflict: bool = False
    parts: Mapping[str | int, "MergedValue"] = field(default_factory=dict)

    def conflicts(self, path: DataPath = ()) -> Iterator[tuple[DataPath, Sides]]:
        """Yield the conflicts in this value with their paths from the root of the merged data."""
        if self.is_conflict:
            yield path, self.sides
        for part, outcome in self.parts.items():
            yield from outcome.conflicts((*path, part))

    def sides_at(self, path: DataPath) -> tuple[Sides, ...]:
        """Return what each value on the way to a path was merged from, as far as that is known."""
        outcome: MergedValue | None = self
        trail = [self.sides]
        for depth, part in enumerate(path):
            outcome = _by_items(outcome, path[:depth]) if outcome else None
            outcome = outcome.parts.get(part) if outcome else None
            if outcome is None and isinstance(part, int) and not _have_same_length(trail[-1]):
                break
            trail.append(outcome.sides if outcome else trail[-1].at(part))
        return tuple(trail)


def merge_values(sides: Sides, shape: Shape = ()) -> MergedValue:
    """Merge three versions of a value.

    Args:
        sides: The versions.
        shape: Where the value is in a programme.
    """
    base, ours, theirs = sides.base, sides.ours, sides.theirs
    if same(ours, theirs) or same(base, theirs):
        return MergedValue(ours, sides)
    if same(base, ours):
        return MergedValue(theirs, sides)
    merged = None if shape in ONE_VALUE else _merge_parts(sides, shape)
    return merged or MergedValue(sides.kept, sides, is_conflict=True)


def _merge_parts(sides: Sides, shape: Shape) -> MergedValue | None:
    """Merge a value by its fields or items; None where it cannot be taken apart."""
    if shape in ONE_OR_SEVERAL and _are_of_both_forms(sides):
        return _merge_forms(sides, shape)
    if _are(sides, dict) and (shape in _EMPTIABLE or _exist_on_both(sides)):
        return _merge_mappings(sides, shape)
    # A side that removed the last item has no list: that is no removal of the other's items.
    if _are(sides, list):
        versions = [_list(one) for one in (sides.base, sides.ours, sides.theirs)]
        if has_items(shape, *versions):
            return _merge_lists(sides, shape)
        texts = merge_texts(*versions) if _has_texts(shape, sides) else None
        if texts:
            return MergedValue(list(texts), sides)
        if are_in_place(shape, versions):
            return _merge_in_place(sides, shape)
    return None


def _has_texts(shape: Shape, sides: Sides) -> bool:
    """Return whether a list is one of texts that are merged one by one.

    Steps are identified by number: where a side has more or fewer of them, they are one value.
    """
    if shape != _STEPS:
        return shape[:1] == _CHAPTERS
    return len({len(_list(one)) for one in (sides.base, sides.ours, sides.theirs)}) == 1


def _are(sides: Sides, kind: type) -> bool:
    """Return whether all versions that have the value have it of one type."""
    return all(isinstance(one, Missing | kind) for one in (sides.base, sides.ours, sides.theirs))


def _exist_on_both(sides: Sides) -> bool:
    """Return whether both sides have the value."""
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
    kind = item_kind(shape)
    outcomes: dict[Item, MergedValue] = {}
    for item in match_items(base, ours, theirs, kind, as_in_2026_11=sides.as_in_2026_11):
        found = _item(base, item.base), _item(ours, item.ours), _item(theirs, item.theirs)
        versions = sides.of(*found)
        outcomes[item] = merge_values(versions, (*shape, ANY))
    staying = {
        item: outcome.value
        for item, outcome in outcomes.items()
        if not isinstance(outcome.value, Missing)
    }

    def rank(item: Item) -> Rank:
        return rank_of(staying[item], kind)

    order = merged_order(staying, rank)
    value = [staying[item] for item in order]
    parts: dict[str | int, MergedValue] = {at: outcomes[item] for at, item in enumerate(order)}
    return MergedValue(value or MISSING, sides, parts=parts)


def _by_items(outcome: MergedValue, path: DataPath) -> MergedValue:
    """Return an outcome with its items, where it is a list that only one side changed."""
    shape = tuple(ANY if isinstance(part, int) else part for part in path)
    versions = [
        _list(one) for one in (outcome.sides.base, outcome.sides.ours, outcome.sides.theirs)
    ]
    if outcome.parts or not isinstance(outcome.value, list) or not has_items(shape, *versions):
        return outcome
    listed = _merge_lists(outcome.sides, shape)
    return listed if same(listed.value, outcome.value) else outcome


def _merge_in_place(sides: Sides, shape: Shape) -> MergedValue:
    """Merge lists in which a place is the same item in every version."""
    parts: dict[str | int, MergedValue] = {
        at: merge_values(sides.at(at), (*shape, ANY)) for at in range(len(_list(sides.base)))
    }
    values = [one.value for one in parts.values()]
    return MergedValue([one for one in values if not isinstance(one, Missing)], sides, parts=parts)


def _merge_forms(sides: Sides, shape: Shape) -> MergedValue | None:
    """Merge versions of which some state one thing, and others several; None as above."""
    base, ours, theirs = sides.base, sides.ours, sides.theirs
    listed = sides.of(*map(_as_list, (base, ours, theirs)))
    is_edited_alone = isinstance(ours, list) != isinstance(theirs, list)
    if isinstance(ours, dict | str) and isinstance(theirs, dict | str):
        return None
    is_everywhere = not any(isinstance(one, Missing) for one in (base, ours, theirs))
    if not (is_edited_alone and is_everywhere) or isinstance(base, list):
        return _in_own_form(merge_values(listed, shape), sides)
    # The one thing of the base is the one that the side with one thing has, whatever it became.
    several = _list(ours if isinstance(ours, list) else theirs)
    pairs = aligned(_list(listed.base), several, blocks=not sides.as_in_2026_11)
    if not pairs:
        return None
    (_, at) = pairs[0]
    old, mine, other = _list(listed.base)[0], _list(listed.ours), _list(listed.theirs)
    one = sides.of(old, mine[at if mine is several else 0], other[at if other is several else 0])
    outcome = merge_values(one, (*shape, ANY))
    value = [*several[:at], *_list(_as_list(outcome.value)), *several[at + 1 :]]
    return MergedValue(value, listed, parts={at: outcome})


def _in_own_form(outcome: MergedValue, sides: Sides) -> MergedValue:
    """Return a merged list as the one thing that it is, where that is how a side states it."""
    for one in (sides.ours, sides.theirs):
        if isinstance(one, dict | str) and same(_as_list(one), outcome.value):
            return outcome if any(outcome.conflicts()) else MergedValue(one, sides)
    return outcome


def _are_of_both_forms(sides: Sides) -> bool:
    versions = (sides.base, sides.ours, sides.theirs)
    forms = {isinstance(one, list) for one in versions if not isinstance(one, Missing)}
    return forms == {True, False}


def _as_list(value: Value) -> Value:
    if isinstance(value, list | Missing):
        return value
    return [value if isinstance(value, dict) else {"name": value}]


def _mapping(value: Value) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}


def _list(value: Value) -> list[Plain]:
    return value if isinstance(value, list) else []


def _item(items: list[Plain], index: int | None) -> Value:
    return MISSING if index is None else items[index]


def _have_same_length(sides: Sides) -> bool:
    """Return whether an index means the same item in every version of a list."""
    lists = [one for one in (sides.base, sides.ours, sides.theirs) if isinstance(one, list)]
    return len({len(one) for one in lists}) == 1

"""Which items of three versions of a list are the same thing, and the order of the merged list.

A three-way merge of lists comes down to these two questions. The answers do not depend on which
side is ours, so that two clones that merge each other's work arrive at the same programme.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Final, TypeAlias

from kvartal.history.diff.matching import NAMES, aligned, same
from kvartal.schema.changes import Plain

Shape: TypeAlias = tuple[str, ...]
"""The path from the root to a value, with ``*`` for any index: ``("measures", "*", "records")``."""

Rank: TypeAlias = tuple[str, ...]
"""What items are ordered by where the order of their lists does not decide."""

FindPairs: TypeAlias = Callable[[list[Plain], list[Plain]], tuple[tuple[int, int], ...]]
"""What returns the indexes of items of two lists that are the same thing."""

ANY: Final = "*"

_MOST_ORDERED: Final = 1000
"""In a longer list items are not compared each with each."""


@dataclass(frozen=True, slots=True)
class ItemKind:
    """How the items of a list are identified.

    Attributes:
        key: The field that names an item uniquely within its list; empty where there is none.
        alike: Fields of which a single equal one makes two items the same thing.
        order: Fields by which items are ordered that both sides added in one place.
    """

    key: str = ""
    alike: tuple[str, ...] = NAMES
    order: tuple[str, ...] = ()


UNORDERED: Final = frozenset({"links", "same_work", "days_off", "workdays"})
"""Lists of texts that are merged item by item: each text is a reference by itself."""

_RECORD: Final = ("measures", ANY, "records", ANY)
_OTHER: Final = ItemKind()
_MEASURES: Final = ItemKind("id", (), ("id",))

KINDS: Final[Mapping[Shape, ItemKind]] = {
    ("measures",): _MEASURES,
    _RECORD[:-1]: ItemKind("", ("quarter", "point", "date"), ("date", "quarter", "point")),
    ("measures", ANY, "postponements"): ItemKind("", ("date", "to"), ("date",)),
    (*_RECORD, "values"): ItemKind("period", ("period",), ("indicator", "period")),
    (*_RECORD, "evidence", "documents"): ItemKind("", ("title", "number"), ("date", "title")),
    (*_RECORD, "evidence", "files"): ItemKind("path", ("sha256",), ("path",)),
    ("measures", ANY, "responsible"): ItemKind("name", ("role",)),
    ("measures", ANY, "budget"): ItemKind("", ("source", "year")),
    ("measures", ANY, "indicator"): ItemKind("name", ("unit",)),
    ("fields",): ItemKind("key", ("title",)),
}
_PARTS: Final = ItemKind("number", ("title",), ("number",))
"""Sections and channels, at any depth."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in up to three lists: its index in each; None where it is missing."""

    base: int | None
    ours: int | None
    theirs: int | None


def item_kind(shape: Shape) -> ItemKind:
    """Return how the items of the list at a path are identified."""
    if shape[:1] == ("sections",) and shape[-1] in {"sections", "channels"}:
        return _PARTS
    return KINDS.get(shape, _OTHER)


def has_items(shape: Shape, *versions: list[Plain]) -> bool:
    """Return whether a list is merged item by item: one of mappings, or one in `UNORDERED`.

    Other lists of texts or numbers are not: steps, paragraphs, quarters. Nor are the blocks of a
    chapter: a paragraph has nothing but its text, so what became of it shows by its place alone.
    """
    if shape[-1:] == ("blocks",):
        return False
    if shape == ("measures",) and not all(has_unique_keys(version, "id") for version in versions):
        return False
    items = [item for version in versions for item in version]
    return all(isinstance(item, dict) for item in items) or shape[-1] in UNORDERED


def has_unique_keys(items: Sequence[Plain], key: str) -> bool:
    """Return whether every item of a list has a key, each with a different text."""
    names = [item.get(key) for item in items if isinstance(item, dict)]
    texts = {name for name in names if isinstance(name, str) and name}
    return len(texts) == len(items)


def match_items(
    base: list[Plain],
    ours: list[Plain],
    theirs: list[Plain],
    kind: ItemKind,
    *,
    as_in_2026_11: bool = False,
) -> list[Item]:
    """Return the things in three lists: those of the base first, then what the sides added.

    Args:
        base: The list that both sides started from.
        ours: Our list.
        theirs: Theirs.
        kind: How the items are identified.
        as_in_2026_11: Whether they are paired as the program did until then.
    """
    pairs = partial(aligned, blocks=not as_in_2026_11)
    to_ours, to_theirs = _matched(base, ours, kind, pairs), _matched(base, theirs, kind, pairs)
    items = [Item(at, to_ours.get(at), to_theirs.get(at)) for at in range(len(base))]
    # An item that both sides rewrote beyond recognition is still one thing, the same in both.
    in_ours = _replacements(base, ours, to_ours, pairs)
    in_theirs = _replacements(base, theirs, to_theirs, pairs)
    for at in in_ours.keys() & in_theirs.keys() if kind is not _MEASURES else ():
        mine, other = in_ours[at], in_theirs[at]
        if _derive_from(base[at], ours[mine], theirs[other]):
            items[at] = Item(at, mine, other)
            to_ours[at], to_theirs[at] = mine, other
    added_ours = sorted(set(range(len(ours))) - set(to_ours.values()))
    added_theirs = sorted(set(range(len(theirs))) - set(to_theirs.values()))
    for one in added_ours:
        equal = next((at for at in added_theirs if _are_equal(ours[one], theirs[at], kind)), None)
        items.append(Item(None, one, equal))
        if equal is not None:
            added_theirs.remove(equal)
    return [*items, *(Item(None, None, at) for at in added_theirs)]


def merged_order(items: Iterable[Item], rank: Callable[[Item], Rank]) -> list[Item]:
    """Return the items of a merged list in their order.

    Each side's own order is kept. What both sides added in one place is ordered by rank; where both
    moved the same items, the order with the lower ranks wins.

    Args:
        items: The items that are not deleted.
        rank: Returns what an item is ordered by.
    """
    by_ours = sorted((one for one in items if one.ours is not None), key=lambda one: one.ours or 0)
    by_theirs = sorted(
        (one for one in items if one.theirs is not None), key=lambda one: one.theirs or 0
    )
    added_ours, added_theirs = _added_after(by_ours), _added_after(by_theirs)
    result: list[Item] = []
    for shared in (None, *_shared_order(by_ours, by_theirs, rank)):
        result += [shared] if shared else []
        result += _interleaved(added_ours.get(shared, []), added_theirs.get(shared, []), rank)
    return result


def rank_of(value: Plain, kind: ItemKind) -> Rank:
    """Return what an item is ordered by: its fields of order, then its whole content."""
    row = value if isinstance(value, dict) else {}
    return (*(_padded(str(row.get(name, ""))) for name in kind.order), canonical(value))


def canonical(value: Plain) -> str:
    """Return a text that is the same for equal values, whatever the order of their keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _padded(text: str) -> str:
    """Return a text that sorts 1.1.10 after 1.1.9."""
    return re.sub(r"[0-9]+", lambda digits: digits[0].zfill(9), text)


def _matched(
    old: list[Plain], new: list[Plain], kind: ItemKind, find_pairs: FindPairs
) -> dict[int, int]:
    """Return the indexes of the same things, old to new."""
    pairs: dict[int, int] = {}
    if kind.key and has_unique_keys(old, kind.key) and has_unique_keys(new, kind.key):
        positions = {_key(item, kind): at for at, item in enumerate(new)}
        pairs = {
            at: positions[_key(item, kind)]
            for at, item in enumerate(old)
            if _key(item, kind) in positions
        }
        if kind is _MEASURES:
            return pairs  # Ids are unique, and changed ids were reconciled before.
    rest_old = [at for at in range(len(old)) if at not in pairs]
    rest_new = sorted(set(range(len(new))) - set(pairs.values()))
    for one, other in find_pairs([old[at] for at in rest_old], [new[at] for at in rest_new]):
        if _is_alike(old[rest_old[one]], new[rest_new[other]], kind):
            pairs[rest_old[one]] = rest_new[other]
    # Items that only moved.
    for at in rest_old:
        free = (position for position in rest_new if position not in pairs.values())
        moved = next((position for position in free if same(old[at], new[position])), None)
        if at not in pairs and moved is not None:
            pairs[at] = moved
    return pairs


def _key(item: Plain, kind: ItemKind) -> str:
    return str(item.get(kind.key)) if isinstance(item, dict) else ""


def _is_alike(one: Plain, other: Plain, kind: ItemKind) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        shared = (name for name in kind.alike if name in one and name in other)
        return any(same(one[name], other[name]) for name in shared) or _mostly_same(one, other)
    return same(one, other)


def _mostly_same(one: Mapping[str, Plain], other: Mapping[str, Plain]) -> bool:
    """Return whether two items agree in most of their fields, or in all but one."""
    agreed = sum(name in other and same(one[name], other[name]) for name in one)
    different = len(one.keys() | other.keys()) - agreed
    return agreed > different or (agreed > 0 and different == 1)


def _replacements(
    old: list[Plain], new: list[Plain], pairs: Mapping[int, int], find_pairs: FindPairs
) -> dict[int, int]:
    """Return, by old index, the new items in the positions of old ones that have no pair."""
    rest_old = [at for at in range(len(old)) if at not in pairs]
    rest_new = sorted(set(range(len(new))) - set(pairs.values()))
    found = find_pairs([old[at] for at in rest_old], [new[at] for at in rest_new])
    if len(rest_old) == len(rest_new):
        found = tuple((at, at) for at in range(len(rest_old)))
    return {rest_old[one]: rest_new[other] for one, other in found}


def _derive_from(old: Plain, *new: Plain) -> bool:
    """Return whether each new item shares a field with the old one; texts always do."""
    if not isinstance(old, dict):
        return True
    rows = [one for one in new if isinstance(one, dict)]
    return all(any(same(old[key], row[key]) for key in old.keys() & row.keys()) for row in rows)


def _are_equal(one: Plain, other: Plain, kind: ItemKind) -> bool:
    """Return whether two items, one added by each side, are the same thing."""
    named = bool(kind.key and _key(one, kind)) and _key(one, kind) == _key(other, kind)
    return named or same(one, other)


def _added_after(side: Sequence[Item]) -> dict[Item | None, list[Item]]:
    """Return the items that only one side has, by the shared item before them."""
    added: dict[Item | None, list[Item]] = {}
    after: Item | None = None
    for item in side:
        if item.ours is not None and item.theirs is not None:
            after = item
        else:
            added.setdefault(after, []).append(item)
    return added


def _shared_order(
    by_ours: Sequence[Item], by_theirs: Sequence[Item], rank: Callable[[Item], Rank]
) -> list[Item]:
    """Return the items that both sides have, in their order in the merged list."""
    ours = [item for item in by_ours if item.theirs is not None]
    theirs = [item for item in by_theirs if item.ours is not None]
    if ours == theirs:
        return ours
    keeps_ours, keeps_theirs = _keeps_order(ours), _keeps_order(theirs)
    if keeps_ours != keeps_theirs:
        return theirs if keeps_ours else ours
    both = _moved_by_both(ours, theirs)
    return both or min(ours, theirs, key=lambda order: [rank(item) for item in order])


def _moved_by_both(ours: Sequence[Item], theirs: Sequence[Item]) -> list[Item]:
    """Return the order with the moves of both sides; empty where they contradict each other.

    Of two items the one comes first that came first before, unless a side swapped the two.
    """
    if len(ours) > _MOST_ORDERED or any(item.base is None for item in ours):
        return []
    base = {item: item.base or 0 for item in ours}
    mine = {item: at for at, item in enumerate(ours)}
    other = {item: at for at, item in enumerate(theirs)}
    after = dict.fromkeys(ours, 0)
    for one, two in combinations(sorted(ours, key=lambda item: base[item]), 2):
        is_swapped = mine[one] > mine[two] or other[one] > other[two]
        after[one if is_swapped else two] += 1
    order = sorted(ours, key=lambda item: after[item])
    # Where the swaps contradict each other, two items come after equally many others.
    return order if len(set(after.values())) == len(order) else []


def _keeps_order(items: Sequence[Item]) -> bool:
    positions = [item.base for item in items if item.base is not None]
    return positions == sorted(positions)


def _interleaved(ours: list[Item], theirs: list[Item], rank: Callable[[Item], Rank]) -> list[Item]:
    """Return two runs as one, the lower rank first; each run keeps its own order."""
    one, other, result = list(ours), list(theirs), []
    while one and other:
        result.append((one if rank(one[0]) < rank(other[0]) else other).pop(0))
    return [*result, *one, *other]

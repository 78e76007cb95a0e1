"""Which items of three versions of a list are the same thing, and in what order they end up.

The questions a three-way merge of lists comes down to. Every answer is the same whichever side is
called ours, so that two clones that merge each other's work arrive at one programme.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeAlias

from kvartal.history.diff.matching import NAMES, aligned, same
from kvartal.schema.changes import Plain

Shape: TypeAlias = tuple[str, ...]
"""The way from the root to a value, with ``*`` for any index: ``("measures", "*", "records")``."""

ANY: Final = "*"


_MOST_ORDERED: Final = 1000
"""So many things are compared each with each."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How the items of a list are told apart.

    Attributes:
        key: The field that names an item within its list; empty where none does.
        alike: Fields of which one that agrees makes two items the same thing.
        order: Fields by which items that two sides put in at one place are ordered.
    """

    key: str = ""
    alike: tuple[str, ...] = NAMES
    order: tuple[str, ...] = ()


UNORDERED: Final = frozenset({"links", "same_work"})
"""Lists of texts in which each stands for itself."""

_RECORD: Final = ("measures", ANY, "records", ANY)
_OTHER: Final = Kind()
_MEASURES: Final = Kind("id", (), ("id",))

KINDS: Final[Mapping[Shape, Kind]] = {
    ("measures",): _MEASURES,
    _RECORD[:-1]: Kind("", ("quarter", "date"), ("date", "quarter")),
    ("measures", ANY, "postponements"): Kind("", ("date", "to"), ("date",)),
    (*_RECORD, "values"): Kind("period", (), ("period",)),
    (*_RECORD, "evidence", "documents"): Kind("", ("title", "number"), ("date", "title")),
    (*_RECORD, "evidence", "files"): Kind("path", ("sha256",), ("path",)),
    (*_RECORD, "evidence", "links"): _OTHER,
    ("sections",): Kind("number", ("title",), ("number",)),
    ("sections", ANY, "channels"): Kind("number", ("title",), ("number",)),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of up to three lists, by its index in each; None where it is not."""

    base: int | None
    ours: int | None
    theirs: int | None


Rank: TypeAlias = tuple[str, ...]
"""What items are ordered by where their lists do not order them."""


def kind_of(shape: Shape) -> Kind:
    """Return how the items of the list at a place are told apart."""
    return KINDS.get(shape, _OTHER)


def has_items(shape: Shape, *versions: list[Plain]) -> bool:
    """Tell whether a list is merged item by item: one of mappings, of links, of measures.

    Any other list of texts or numbers is not: steps, paragraphs, quarters.
    """
    if shape == ("measures",) and not all(has_keys(version, "id") for version in versions):
        return False
    items = [item for version in versions for item in version]
    return all(isinstance(item, dict) for item in items) or shape[-1] in UNORDERED


def has_keys(items: Sequence[Plain], key: str) -> bool:
    """Tell whether every item of a list has its own value of a key."""
    names = [item.get(key) for item in items if isinstance(item, dict)]
    texts = {name for name in names if isinstance(name, str) and name}
    return len(texts) == len(items)


def identified(base: list[Plain], ours: list[Plain], theirs: list[Plain], kind: Kind) -> list[Item]:
    """Return the things of three lists: those of the base first, then what the sides added."""
    to_ours, to_theirs = _matched(base, ours, kind), _matched(base, theirs, kind)
    items = [Item(at, to_ours.get(at), to_theirs.get(at)) for at in range(len(base))]
    # What each side rewrote so that no name of it is left is one thing still: the same one.
    gone = [at for at in range(len(base)) if at not in to_ours and at not in to_theirs]
    twice = gone if kind is not _MEASURES else []
    in_ours, in_theirs = _in_place_of(base, ours, to_ours), _in_place_of(base, theirs, to_theirs)
    for at in twice:
        mine, other = in_ours.get(at), in_theirs.get(at)
        if mine is not None and other is not None and _succeed(base[at], ours[mine], theirs[other]):
            items[at] = Item(at, mine, other)
            to_ours[at], to_theirs[at] = mine, other
    added_ours = sorted(set(range(len(ours))) - set(to_ours.values()))
    added_theirs = sorted(set(range(len(theirs))) - set(to_theirs.values()))
    for one in added_ours:
        twin = next((at for at in added_theirs if _is_twin(ours[one], theirs[at], kind)), None)
        items.append(Item(None, one, twin))
        if twin is not None:
            added_theirs.remove(twin)
    return [*items, *(Item(None, None, at) for at in added_theirs)]


def arranged(items: Iterable[Item], rank: Callable[[Item], Rank]) -> list[Item]:
    """Return the things that are to stay in the order in which they are to stand.

    A side's own order is kept. Where both sides put something in at one place, it is ordered by
    rank; where both moved the same things, the order of the lower ranks wins.

    Args:
        items: What is to stay.
        rank: What a thing is ordered by.
    """
    by_ours = sorted((one for one in items if one.ours is not None), key=lambda one: one.ours or 0)
    by_theirs = sorted(
        (one for one in items if one.theirs is not None), key=lambda one: one.theirs or 0
    )
    gaps_ours, gaps_theirs = _gaps(by_ours), _gaps(by_theirs)
    result: list[Item] = []
    for fixed in (None, *_fixed(by_ours, by_theirs, rank)):
        result += [fixed] if fixed else []
        result += _interleaved(gaps_ours.get(fixed, []), gaps_theirs.get(fixed, []), rank)
    return result


def rank_of(value: Plain, kind: Kind) -> Rank:
    """Return what an item is ordered by: its fields of order, then all that it says."""
    row = value if isinstance(value, dict) else {}
    return (*(_padded(str(row.get(name, ""))) for name in kind.order), canonical(value))


def canonical(value: Plain) -> str:
    """Return a text that is the same for the same value, however its keys are ordered."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _padded(text: str) -> str:
    """Return a text that sorts 1.1.10 after 1.1.9."""
    return re.sub(r"[0-9]+", lambda found: found[0].zfill(9), text)


def _matched(old: list[Plain], new: list[Plain], kind: Kind) -> dict[int, int]:
    """Return the indexes of the same things, old to new."""
    pairs: dict[int, int] = {}
    if kind.key and has_keys(old, kind.key) and has_keys(new, kind.key):
        places = {_key(item, kind): at for at, item in enumerate(new)}
        pairs = {
            at: places[_key(item, kind)]
            for at, item in enumerate(old)
            if _key(item, kind) in places
        }
        if kind is _MEASURES:
            return pairs  # An id is given once: what else changed its id was followed before.
    rest_old = [at for at in range(len(old)) if at not in pairs]
    rest_new = sorted(set(range(len(new))) - set(pairs.values()))
    for one, other in aligned([old[at] for at in rest_old], [new[at] for at in rest_new]):
        if _is_alike(old[rest_old[one]], new[rest_new[other]], kind):
            pairs[rest_old[one]] = rest_new[other]
    # What only changed its place.
    for at in rest_old:
        free = (place for place in rest_new if place not in pairs.values())
        moved = next((place for place in free if same(old[at], new[place])), None)
        if at not in pairs and moved is not None:
            pairs[at] = moved
    return pairs


def _key(item: Plain, kind: Kind) -> str:
    return str(item.get(kind.key)) if isinstance(item, dict) else ""


def _is_alike(one: Plain, other: Plain, kind: Kind) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        shared = (name for name in kind.alike if name in one and name in other)
        return any(same(one[name], other[name]) for name in shared) or nearly(one, other)
    return same(one, other)


def nearly(one: Mapping[str, Plain], other: Mapping[str, Plain]) -> bool:
    """Tell whether most of what two items say is the same, or all but one field of it.

    Args:
        one: An item.
        other: Another.
    """
    agreed = sum(name in other and same(one[name], other[name]) for name in one)
    otherwise = len(one.keys() | other.keys()) - agreed
    return agreed > otherwise or (agreed > 0 and otherwise == 1)


def _in_place_of(old: list[Plain], new: list[Plain], pairs: Mapping[int, int]) -> dict[int, int]:
    """Return what stands in place of what is gone, by the old index."""
    rest_old = [at for at in range(len(old)) if at not in pairs]
    rest_new = sorted(set(range(len(new))) - set(pairs.values()))
    found = aligned([old[at] for at in rest_old], [new[at] for at in rest_new])
    if len(rest_old) == len(rest_new):
        found = tuple((at, at) for at in range(len(rest_old)))
    return {rest_old[one]: rest_new[other] for one, other in found}


def _succeed(old: Plain, *new: Plain) -> bool:
    """Tell whether each of two items is what somebody made of an old one."""
    rows = [one if isinstance(one, dict) else {"": one} for one in (old, *new)]
    if not isinstance(old, dict):
        return True
    return all(any(same(rows[0][k], row[k]) for k in rows[0] if k in row) for row in rows[1:])


def _is_twin(one: Plain, other: Plain, kind: Kind) -> bool:
    """Tell whether two items, each added by a side, are one thing."""
    named = bool(kind.key and _key(one, kind)) and _key(one, kind) == _key(other, kind)
    return named or same(one, other)


def _gaps(side: Sequence[Item]) -> dict[Item | None, list[Item]]:
    """Return what only one side has, by the thing of both sides that it comes after."""
    gaps: dict[Item | None, list[Item]] = {}
    after: Item | None = None
    for item in side:
        if item.ours is not None and item.theirs is not None:
            after = item
        else:
            gaps.setdefault(after, []).append(item)
    return gaps


def _fixed(
    by_ours: Sequence[Item], by_theirs: Sequence[Item], rank: Callable[[Item], Rank]
) -> list[Item]:
    """Return the things of both sides in the order in which they are to stand."""
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
    """Return the order in which what each side moved is moved; empty where there is none.

    Of two things one stands first: as they stood, or as the side wants it that turned them round.
    """
    if len(ours) > _MOST_ORDERED or any(item.base is None for item in ours):
        return []
    base = {item: item.base or 0 for item in ours}
    mine = {item: at for at, item in enumerate(ours)}
    other = {item: at for at, item in enumerate(theirs)}
    after = dict.fromkeys(ours, 0)
    for one, two in combinations(sorted(ours, key=lambda item: base[item]), 2):
        is_turned = mine[one] > mine[two] or other[one] > other[two]
        after[one if is_turned else two] += 1
    order = sorted(ours, key=lambda item: after[item])
    # Where the turns contradict each other, two things stand after equally many.
    return order if len(set(after.values())) == len(order) else []


def _keeps_order(items: Sequence[Item]) -> bool:
    places = [item.base for item in items if item.base is not None]
    return places == sorted(places)


def _interleaved(ours: list[Item], theirs: list[Item], rank: Callable[[Item], Rank]) -> list[Item]:
    """Return two runs as one, the lower rank first; each run keeps its own order."""
    one, other, result = list(ours), list(theirs), []
    while one and other:
        result.append((one if rank(one[0]) < rank(other[0]) else other).pop(0))
    return [*result, *one, *other]

"""What of a collection stays, and what new comes after which of it."""

from collections.abc import Sequence
from typing import Final

from kvartal.history.diff.matching import aligned, increasing
from kvartal.history.yaml_text.nodes import Node, ScalarNode
from kvartal.schema.changes import Plain
from kvartal.schema.description import key_order
from kvartal.schema.problems import DataPath

FRONT: Final = -1
"""Stands for "before the first" where a number tells what something new comes after."""

Pair = tuple[ScalarNode, Node]


def places_of_new(
    kept: Sequence[Pair], new: dict[str, Plain], path: DataPath
) -> dict[int, list[str]]:
    """Return the keys to add, by what they come after, each group in canonical order.

    A new key comes after the last of the keys that precede it in the order of the schema.

    Args:
        kept: The pairs that stay, in the order of the text.
        new: The mapping wanted.
        path: The path to it.

    Returns:
        Keys by the number of the kept pair they come after, or FRONT.
    """
    order = {key: place for place, key in enumerate(key_order(path))}
    ranks = [order.get(str(key.value), len(order)) for key, _ in kept]
    names = {str(key.value) for key, _ in kept}
    places: dict[int, list[str]] = {}
    for name in sorted(new.keys() - names, key=lambda key: (order.get(key, len(order)), key)):
        rank = order.get(name, len(order))
        before = [place for place, other in enumerate(ranks) if other <= rank]
        places.setdefault(before[-1] if before else FRONT, []).append(name)
    return places


def paired(old: list[Plain], new: list[Plain]) -> list[tuple[int, int]]:
    """Return pairs of indexes of items, both rising: what stays or gives way to another in place.

    Items with ids are paired by them alone.
    """
    ids = {_id(item): place for place, item in enumerate(new)}
    if None in ids or not ids:
        return _filled([*aligned(old, new), (len(old), len(new))])[:-1]
    both = [(index, ids[_id(item)]) for index, item in enumerate(old) if _id(item) in ids]
    return [both[each] for each in increasing([place for _, place in both])]


def runs_of_new(pairs: Sequence[tuple[int, int]], length: int) -> dict[int, list[int]]:
    """Return the indexes of new items, by the index of the old item they come after, or FRONT.

    Args:
        pairs: What stays, as index before and index after.
        length: How many items there are to be.
    """
    runs: dict[int, list[int]] = {}
    stays = {place: index for index, place in pairs}
    after = FRONT
    for place in range(length):
        if place in stays:
            after = stays[place]
        else:
            runs.setdefault(after, []).append(place)
    return runs


def _filled(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs, with what lies between two of them paired by place."""
    filled: list[tuple[int, int]] = []
    index = place = 0
    for pair in pairs:
        filled += zip(range(index, pair[0]), range(place, pair[1]), strict=False)
        filled.append(pair)
        index, place = pair[0] + 1, pair[1] + 1
    return filled


def _id(item: Plain) -> str | None:
    name = item.get("id") if isinstance(item, dict) else None
    return name if isinstance(name, str) else None

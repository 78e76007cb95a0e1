"""Which items of two lists are the same thing: the part of a difference that has to guess.

Pure functions over plain data; :mod:`kvartal.history.diff.diff` turns their answers into edits.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from operator import eq
from typing import Final, TypeVar

from kvartal.schema.changes import Missing, Plain

T = TypeVar("T")

# The keys that identify an item, the first one present counts: of a measure, a section, a file, an
# indicator's value, a record, a field, an indicator or who is responsible, money, a document, a
# postponement.
NAMES: Final = (
    *("id", "number", "path", "period", "quarter", "point", "key", "name", "source"),
    *("title", "date"),
)

# The keys that say what a block of a chapter is; two of one kind may be the same block.
_BLOCKS: Final = frozenset({"paragraph", "list", "table"})

# What a pair of items weighs: equal ones more than all others together; and for others a base, more
# for an identical name, and up to as much again for the share of equal fields.
_EQUAL: Final = 10_000
_EQUAL_IN_2026_11: Final = 10
_NAMESAKES: Final = 4
_ALIKE: Final = 4
_POSSIBLE: Final = 1
# Above this many pairs, items are matched by position: nobody reads a rewrite of hundreds of items
# item by item.
_WEIGHED_PAIRS: Final = 40_000


def same(one: Plain | Missing, other: Plain | Missing) -> bool:
    """Return whether two values are the same fact: 1 and 1.0 are, 1 and true are not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def common_ends(
    old: Sequence[T],
    new: Sequence[T],
    equal: Callable[[T, T], bool] = eq,
    *,
    spare: int = 0,
) -> tuple[int, int]:
    """Return how many items two sequences share at the beginning, and how many at the end.

    The two runs never overlap in either sequence. Serves the words of two texts as well as the
    items of two lists: what lies between the runs is where the two differ.

    Args:
        old: One sequence.
        new: The other.
        equal: Tells whether two items are equal.
        spare: How many items of the shorter sequence must be left between the runs at least.
    """
    most = min(len(old), len(new)) - spare
    head = 0
    while head < most and equal(old[head], new[head]):
        head += 1
    tail = 0
    while tail < most - head and equal(old[-1 - tail], new[-1 - tail]):
        tail += 1
    return head, tail


def aligned(
    old: list[Plain], new: list[Plain], *, blocks: bool = True
) -> tuple[tuple[int, int], ...]:
    """Return pairs of indexes of items that are the same thing, both ascending.

    Equal items are paired first; then those with the same name or with most fields equal; texts in
    the same position are paired too, and blocks of one kind in a chapter.

    Args:
        old: The items of one version.
        new: Those of the other.
        blocks: Whether a block of a chapter that changed is the same one; it was not until 2026-11.
    """
    head, tail = common_ends(old, new, same)
    weight = _weight if blocks else _weight_in_2026_11
    middle = _middle(old[head : len(old) - tail], new[head : len(new) - tail], weight)
    return (
        *((index, index) for index in range(head)),
        *((head + one, head + other) for one, other in middle),
        *((len(old) - rest, len(new) - rest) for rest in range(tail, 0, -1)),
    )


def increasing(places: list[int]) -> tuple[int, ...]:
    """Return the indexes of a longest ascending run of ``places``: the items that need not move."""
    ends: list[int] = []
    runs: list[tuple[int, ...]] = []
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        run = (*(runs[length - 1] if length else ()), index)
        ends[length : length + 1] = [place]
        runs[length : length + 1] = [run]
    return runs[-1] if runs else ()


def _middle(
    old: list[Plain], new: list[Plain], weight: Callable[[Plain, Plain], float]
) -> list[tuple[int, int]]:
    """Return the pairs with the greatest total weight, by dynamic programming over the tails."""
    if len(old) * len(new) > _WEIGHED_PAIRS:
        return [(index, index) for index in range(min(len(old), len(new)))]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    weights = [[weight(one, other) for other in new] for one in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = weights[i][j] and weights[i][j] + best[i + 1][j + 1]
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if weights[i][j] and best[i][j] == weights[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _weight(one: Plain, other: Plain) -> float:
    """Return how likely two items are the same thing; 0 where they are not."""
    if same(one, other):
        return _EQUAL
    found = _weight_in_2026_11(one, other)
    if not found and isinstance(one, dict) and isinstance(other, dict):
        return _weight_of_blocks(one, other)
    return found


def _weight_in_2026_11(one: Plain, other: Plain) -> float:
    """Return the same as it was until then.

    Blocks of one kind were not paired, and three items that resemble each other outweighed two that
    are equal.
    """
    if same(one, other):
        return _EQUAL_IN_2026_11
    if isinstance(one, dict) and isinstance(other, dict):
        shared = sum(key in other and same(one[key], other[key]) for key in one)
        if not shared:
            return 0
        name = next((key for key in NAMES if key in one and key in other), None)
        namesakes = name is not None and same(one[name], other[name])
        return _POSSIBLE + _ALIKE * shared / len(one | other) + _NAMESAKES * namesakes
    return _POSSIBLE if type(one) is type(other) else 0


def _weight_of_blocks(one: dict[str, Plain], other: dict[str, Plain]) -> float:
    """Return how likely two blocks that differ are the same: more with equal columns."""
    if len(one) != 1 or one.keys() != other.keys() or not one.keys() <= _BLOCKS:
        return 0
    (before,), (after,) = one.values(), other.values()
    if not isinstance(before, dict) or not isinstance(after, dict):
        return _POSSIBLE
    shared = sum(key in after and same(before[key], after[key]) for key in before)
    return _POSSIBLE + _ALIKE * shared / max(len(before | after), 1)

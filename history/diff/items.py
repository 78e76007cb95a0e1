"""The items of two versions of a list in pairs, and values taken as mappings or lists."""

from collections.abc import Iterator
from typing import TypeAlias

from kvartal.history.diff.diff import Row
from kvartal.history.diff.matching import aligned, same
from kvartal.schema.changes import Missing, Plain

Pairs: TypeAlias = Iterator[tuple[Plain | None, Plain | None]]


def pairs(old: Plain | None, new: Plain | None) -> Pairs:
    """Yield the items of two lists in pairs, in order; None where one list lacks the item."""
    before, after = as_list(old), as_list(new)
    done_old = done_new = 0
    for at_old, at_new in (*aligned(before, after), (len(before), len(after))):
        yield from ((item, None) for item in before[done_old:at_old])
        yield from ((None, item) for item in after[done_new:at_new])
        if at_old < len(before):  # The last of the pairs is the end of both.
            yield before[at_old], after[at_new]
        done_old, done_new = at_old + 1, at_new + 1


def item_pairs(before: Row | None, after: Row | None, key: str) -> tuple[tuple[Row, Row], ...]:
    """Return the items of a measure's list that differ, as (before, after).

    The side of an added or removed item that has no item is an empty mapping.
    """
    found = pairs((before or {}).get(key), (after or {}).get(key))
    return tuple((as_row(old), as_row(new)) for old, new in found if not alike(old, new))


def alike(one: Plain | None, other: Plain | None) -> bool:
    """Return whether both values are there and are the same."""
    return one is not None and other is not None and same(one, other)


def as_row(value: Plain | Missing | None) -> Row:
    """Return a value if it is a mapping; an empty mapping otherwise."""
    return value if isinstance(value, dict) else {}


def as_list(value: Plain | Missing | None) -> list[Plain]:
    """Return a value if it is a list; an empty list otherwise."""
    return value if isinstance(value, list) else []

"""The three-way merge of a list of texts: the paragraphs, goals and columns of the document.

Such items have no names. What each side changed lies between items that it left alone, so the
changes of the two sides are told apart by where in the old list they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kvartal.history.diff.matching import aligned, same
from kvartal.schema.changes import Plain


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

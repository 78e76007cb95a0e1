"""The three-way merge of a list of texts: paragraphs, goals, columns.

Its items have no names. What each side changed lies between items that it left alone, so the
changes are identified by their position in the old list.
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

    def conflicts_with(self, other: "_Hunk") -> bool:
        """Return whether the changes of two sides cannot be combined."""
        if self.start == other.start and self.end == other.end:
            return not same(list(self.items), list(other.items))
        if max(self.start, other.start) < min(self.end, other.end):
            return True
        is_inside = self.start == self.end or other.start == other.end
        touches = self.end == other.start or other.end == self.start
        # Next to an item that became several, the position of an inserted one is unclear.
        return is_inside and touches and not (self.keeps_count() or other.keeps_count())

    def keeps_count(self) -> bool:
        """Return whether items were replaced by the same number of others."""
        return self.end - self.start == len(self.items)


def merge_texts(
    base: Sequence[Plain], ours: Sequence[Plain], theirs: Sequence[Plain]
) -> list[Plain] | None:
    """Return a list of texts with the changes of both sides; None where these conflict."""
    mine, others = list(_hunks(base, ours)), list(_hunks(base, theirs))
    if any(one.conflicts_with(other) for one in mine for other in others):
        return None
    hunks = [*mine, *(hunk for hunk in others if hunk not in mine)]
    merged: list[Plain] = []
    done = 0
    for hunk in sorted(hunks, key=lambda hunk: (hunk.start, hunk.end)):
        merged += [*base[done : hunk.start], *hunk.items]
        done = hunk.end
    merged += base[done:]
    # A text that both sides moved, or added in two places, would be there twice.
    is_doubled = any(
        merged.count(item) > max(ours.count(item), theirs.count(item)) for item in merged
    )
    return None if is_doubled else merged


def _hunks(old: Sequence[Plain], new: Sequence[Plain]) -> Iterator[_Hunk]:
    done = place = 0
    equal = [(i, j) for i, j in aligned(list(old), list(new)) if same(old[i], new[j])]
    for index, other in [*equal, (len(old), len(new))]:
        if (done, place) != (index, other):
            yield _Hunk(done, index, tuple(new[place:other]))
        done, place = index + 1, other + 1

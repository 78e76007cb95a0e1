"""Which measure of a plan a row of a document is: by its mark, its number, its text, its place."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from kvartal.exchange.measure_mark import mark_of
from kvartal.exchange.tables.measures import number_text
from kvartal.exchange.tables.programme import SourceMeasure
from kvartal.schema.changes import Plain
from kvartal.schema.search import fold

LIKENESS: Final = 0.6
"""How much of two texts must be alike for them to be one text that was edited, 0 to 1."""


@dataclass(frozen=True, slots=True)
class _Identity:
    """What a row is known by, in a document or in a plan.

    Attributes:
        mark: The mark of our own export; empty for none.
        place: Number of its channel or section; empty for none.
        number: As printed.
        text: Its proposal and actions, folded.
    """

    mark: str
    place: str
    number: str
    text: str


Key = tuple[str, ...]
# The ways to identify a row, most reliable first, and whether its text must be similar too: after
# renumbering, an old number may belong to a different measure.
_IDENTITIES: Final[tuple[tuple[Callable[[_Identity], Key], bool], ...]] = (
    (lambda one: (one.mark,) if one.mark else (), False),
    (lambda one: (one.place, one.number, one.text), False),
    (lambda one: (one.place, one.number), True),
    (lambda one: (one.place, one.text), False),
    (lambda one: (one.place, one.number), False),
)


def matched(
    measures: Sequence[SourceMeasure],
    rows: Sequence[Mapping[str, Plain]],
    check: Callable[[], None],
) -> tuple[int | None, ...]:
    """Return for each measure of a document the index of the row of the plan that it is.

    Args:
        measures: Of the document.
        rows: Plain data of the plan's measures, whose shared actions are filled in.
        check: Called before each text is compared; raises an error to stop.
    """
    # A flat document, such as a table of another program, says nothing of places.
    is_flat = all(not measure.part for measure in measures)
    theirs = [_of_measure(measure) for measure in measures]
    ours = [_of_row(row, is_flat=is_flat) for row in rows]
    found: dict[int, int] = {}
    free = dict.fromkeys(range(len(rows)))
    for key_of, must_be_alike in _IDENTITIES:
        by_key: dict[Key, dict[int, None]] = defaultdict(dict)
        for at in free:
            by_key[key_of(ours[at])][at] = None
        for index, one in enumerate(theirs):
            key = key_of(one)
            if index in found or not key:
                continue
            left = by_key.get(key, {})
            for at in left:
                check()
                if not must_be_alike or _are_alike(one, ours[at]):
                    found[index] = at
                    del free[at], left[at]
                    break
    found.update(_by_position(theirs, ours, found, free, check))
    return tuple(found.get(index) for index in range(len(measures)))


def _of_measure(measure: SourceMeasure) -> _Identity:
    text = _text(measure.proposal, measure.actions)
    return _Identity(measure.mark, measure.part, measure.number, text)


def _of_row(row: Mapping[str, Plain], *, is_flat: bool) -> _Identity:
    place = "" if is_flat else str(row.get("channel") or row.get("section") or "")
    actions = row.get("actions", [])
    text = _text(str(row.get("proposal", "")), actions if isinstance(actions, list) else [])
    return _Identity(mark_of(str(row.get("id"))), place, number_text(str(row.get("number"))), text)


def _text(proposal: str, actions: Sequence[Plain]) -> str:
    return fold(" ".join((proposal, *map(str, actions))))


def _are_alike(one: _Identity, other: _Identity) -> bool:
    compared = SequenceMatcher(None, one.text, other.text)
    # The bounds are worked out in a moment, the likeness of two long texts is not.
    bounds = (compared.real_quick_ratio, compared.quick_ratio, compared.ratio)
    return all(bound() >= LIKENESS for bound in bounds)


def _by_position(
    theirs: Sequence[_Identity],
    ours: Sequence[_Identity],
    found: Mapping[int, int],
    free: Mapping[int, None],
    check: Callable[[], None],
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of what is left over in a part, in order, where the texts are alike."""
    left, new = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for at in free:
        left[ours[at].place].append(at)
    for index, one in enumerate(theirs):
        if index not in found:
            new[one.place].append(index)
    for place, indexes in new.items():
        if len(left[place]) != len(indexes):
            continue
        for at, index in zip(left[place], indexes, strict=True):
            check()
            if _are_alike(theirs[index], ours[at]):
                yield index, at

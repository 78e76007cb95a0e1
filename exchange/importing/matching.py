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
    measures: Sequence[SourceMeasure], rows: Sequence[Mapping[str, Plain]]
) -> tuple[int | None, ...]:
    """Return for each measure of a document the index of the row of the plan that it is.

    Args:
        measures: Of the document.
        rows: Plain data of the plan's measures, whose shared actions are filled in.
    """
    # A flat document, such as a table of another program, says nothing of places.
    is_flat = all(not measure.part for measure in measures)
    theirs = [_of_measure(measure) for measure in measures]
    ours = [_of_row(row, is_flat=is_flat) for row in rows]
    found: dict[int, int] = {}
    free = dict.fromkeys(range(len(rows)))
    for key_of, must_be_alike in _IDENTITIES:
        by_key: dict[Key, list[int]] = defaultdict(list)
        for at in free:
            by_key[key_of(ours[at])].append(at)
        for index, one in enumerate(theirs):
            key = key_of(one)
            if index in found or not key:
                continue
            for at in by_key.get(key, ()):
                if at in free and (not must_be_alike or _are_alike(one, ours[at])):
                    found[index] = at
                    del free[at]
                    break
    found.update(_by_position(theirs, ours, found, free))
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
    return SequenceMatcher(None, one.text, other.text).ratio() >= LIKENESS


def _by_position(
    theirs: Sequence[_Identity],
    ours: Sequence[_Identity],
    found: Mapping[int, int],
    free: Mapping[int, None],
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of what is left over in a part, in order, where the texts are alike."""
    for place in dict.fromkeys(one.place for one in theirs):
        left = [at for at in free if ours[at].place == place]
        new = [at for at, one in enumerate(theirs) if at not in found and one.place == place]
        if len(left) != len(new):
            continue
        for at, index in zip(left, new, strict=True):
            if _are_alike(theirs[index], ours[at]):
                yield index, at

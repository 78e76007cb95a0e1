"""Which measure of a plan a row of a document is: by its mark, its number, its text, its place."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from kvartal.exchange.tables.programme import SourceMeasure
from kvartal.schema.changes import Plain
from kvartal.schema.search import fold

LIKENESS: Final = 0.6
"""How much of two texts must be alike for them to be one text that was edited, 0 to 1."""

MARK_PREFIX: Final = "kvartal_"
"""What the bookmarks of our own exports begin with; the rest is the id in hexadecimal UTF-8."""


def matched(
    measures: Sequence[SourceMeasure], rows: Sequence[Mapping[str, Plain]]
) -> tuple[int | None, ...]:
    """Return for each measure of a document the index of the row of the plan that it is.

    Args:
        measures: Of the document.
        rows: Plain data of the plan's measures, whose shared actions are filled in.
    """
    found: dict[int, int] = {}
    free = dict.fromkeys(range(len(rows)))
    for same in (_same_mark, _same_text_and_number, _same_number, _same_text):
        for index, measure in enumerate(measures):
            if index in found:
                continue
            at = next((at for at in free if same(measure, rows[at])), None)
            if at is not None:
                found[index] = at
                del free[at]
    found.update(_by_place(measures, rows, found, free))
    return tuple(found.get(index) for index in range(len(measures)))


def mark_of(measure: str) -> str:
    """Return the mark that an export leaves at a measure, fit for the name of a bookmark."""
    return MARK_PREFIX + measure.encode().hex()


def _same_mark(measure: SourceMeasure, row: Mapping[str, Plain]) -> bool:
    return bool(measure.mark) and measure.mark == mark_of(str(row.get("id")))


def _same_number(measure: SourceMeasure, row: Mapping[str, Plain]) -> bool:
    return _is_in_place(measure, row) and measure.number == row.get("number")


def _same_text(measure: SourceMeasure, row: Mapping[str, Plain]) -> bool:
    return _is_in_place(measure, row) and _text(measure.proposal, measure.actions) == _row_text(row)


def _same_text_and_number(measure: SourceMeasure, row: Mapping[str, Plain]) -> bool:
    return _same_number(measure, row) and _same_text(measure, row)


def _is_in_place(measure: SourceMeasure, row: Mapping[str, Plain]) -> bool:
    return measure.part == _row_place(row)


def _row_text(row: Mapping[str, Plain]) -> str:
    actions = row.get("actions", [])
    return _text(str(row.get("proposal", "")), actions if isinstance(actions, list) else [])


def _text(proposal: str, actions: Sequence[Plain]) -> str:
    return fold(" ".join((proposal, *map(str, actions))))


def _by_place(
    measures: Sequence[SourceMeasure],
    rows: Sequence[Mapping[str, Plain]],
    found: Mapping[int, int],
    free: Mapping[int, None],
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of what is left over in a part, in order, where the texts are alike."""
    for part in dict.fromkeys(measure.part for measure in measures):
        ours = [at for at in free if _row_place(rows[at]) == part]
        theirs = [at for at, one in enumerate(measures) if at not in found and one.part == part]
        if len(ours) != len(theirs):
            continue
        for at, index in zip(ours, theirs, strict=True):
            measure = measures[index]
            text = _text(measure.proposal, measure.actions)
            if SequenceMatcher(None, text, _row_text(rows[at])).ratio() >= LIKENESS:
                yield index, at


def _row_place(row: Mapping[str, Plain]) -> str:
    return str(row.get("channel") or row.get("section") or "")

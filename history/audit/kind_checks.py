"""Checks that a correction, a move, a copy or a change of the structure is nothing else.

Yields `trailers-disagree`.

These kinds are told from the two versions and not from single edits: whether a row is a copy, or a
measure followed its channel to a new number, no edit says by itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from kvartal.history.audit.findings import TRAILERS, Finding
from kvartal.history.diff.diff import MEASURES, Row
from kvartal.history.diff.groups import outer_field_name
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.parts import later_numbers
from kvartal.history.diff.words import Words, lowered
from kvartal.history.messages.kind_subjects import copied_from
from kvartal.schema.changes import ChangeKind, Edit, Missing, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.fields import show

_KIND: Final = N_("Вид изменения «{kind}» не подходит: на деле изменено другое ({real}).")

_MOVED: Final = frozenset({"channel", "section", "number"})
_PLACES: Final = frozenset({"channel", "section"})
_RECORDS: Final = "records"
_OF_STRUCTURE: Final = frozenset({"sections", "document", "levels", "fields", "calendar", "audit"})


def kind_finding(kind: ChangeKind | None, edit: Edit, words: Words) -> Finding:
    """Return that a change holds an edit which a change of its kind does not make."""
    fields = {"kind": kind, "real": _name_of(edit, words)}
    return Finding(TRAILERS, _KIND, fields=fields, measure=edit.measure)


def wrong_whole(
    kind: ChangeKind | None,
    before: PlanData,
    after: PlanData,
    edits: Sequence[Edit],
    words: Words,
) -> Iterator[Finding]:
    """Yield the first edit that does not fit one of these kinds.

    Args:
        kind: What the message says.
        before: The plan as it was; of the measures, those that changed are enough.
        after: The plan in the commit.
        edits: What really changed.
        words: The language of the finding.
    """
    make = None if kind is None else _FITS.get(kind)
    if make is None:
        return
    fits = make(before, after)
    wrong = next((edit for edit in edits if not fits(edit)), None)
    if wrong is not None:
        yield kind_finding(kind, wrong, words)


_Fits = Callable[[Edit], bool]


def _corrects(before: PlanData, after: PlanData) -> _Fits:
    """A correction is of one measure, and leaves it as many records as it had."""
    old, new = _rows(before), _rows(after)

    def fits(edit: Edit) -> bool:
        counts = (len(as_list(rows.get(edit.measure, {}).get(_RECORDS))) for rows in (old, new))
        is_same_number = len(set(counts)) == 1
        return bool(edit.measure) and edit.path[:1] == (_RECORDS,) and is_same_number

    return fits


def _moves(before: PlanData, after: PlanData) -> _Fits:
    """A move leaves everything of a measure but its place, its number, and where it is printed."""
    old, new = _rows(before), _rows(after)
    moved = {
        name
        for name in old.keys() & new.keys()
        if any(old[name].get(key) != new[name].get(key) for key in _MOVED)
    }

    def fits(edit: Edit) -> bool:
        if edit.measure not in moved:
            return False
        return not edit.path or edit.path[0] in _MOVED

    return fits


def _copies(before: PlanData, after: PlanData) -> _Fits:
    """A copy is a new measure with the words of one that was there, and nothing done."""
    new = _rows(after)

    def fits(edit: Edit) -> bool:
        if not edit.measure or edit.path or not isinstance(edit.old, Missing):
            return False
        row = new.get(edit.measure, {})
        return copied_from(row, before) is not None and not _NOT_IN_A_COPY & row.keys()

    return fits


def _restructures(before: PlanData, after: PlanData) -> _Fits:
    """Nothing of a measure changes but the number of the section or channel that it follows."""
    numbers = later_numbers(before, after)

    def fits(edit: Edit) -> bool:
        if not edit.measure:
            return edit.path[0] in _OF_STRUCTURE
        if len(edit.path) != 1 or edit.path[0] not in _PLACES:
            return False
        return numbers.get((str(edit.path[0]), str(edit.old))) == edit.new

    return fits


_NOT_IN_A_COPY: Final = frozenset({_RECORDS, "postponements", "cancelled", "carried_from"})
_FITS: Final[Mapping[ChangeKind, Callable[[PlanData, PlanData], _Fits]]] = {
    ChangeKind.CORRECT: _corrects,
    ChangeKind.MOVE: _moves,
    ChangeKind.COPY: _copies,
    ChangeKind.STRUCTURE: _restructures,
}


def _rows(data: PlanData) -> dict[str, Row]:
    return {show(as_row(row).get("id", "")): as_row(row) for row in as_list(data.get(MEASURES))}


def _name_of(edit: Edit, words: Words) -> str:
    """Return what an edit changes, in words: «1.1.2, примечания»."""
    if not edit.measure:
        return outer_field_name(edit.path, words)
    if not edit.path:
        return edit.measure
    return f"{edit.measure}, {lowered(words.label(*edit.path))}"

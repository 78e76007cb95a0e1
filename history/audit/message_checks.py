"""What comparing messages does not show, and so is checked by itself.

The kind that a message names: a record adds records and nothing else. Of a term a message tells the
printed text, and the program makes its reading (quarters, dates) from that text; so a text with
another reading was not put there by the program. Of restored values it tells where they come from;
so they have to be there.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from kvartal.history.audit.facts import as_text
from kvartal.history.audit.findings import MESSAGE, TRAILERS, Finding
from kvartal.history.diff.diff import MEASURES, Row
from kvartal.history.diff.groups import outside_name
from kvartal.history.diff.lines import as_list, as_row
from kvartal.history.diff.words import Words, lowered
from kvartal.schema.changes import ChangeKind, Edit, Missing, Plain, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.terms import TermOutsideYear, read_text
from kvartal.schema.writing import plain_term

_KIND: Final = N_("Вид изменения «{kind}» не подходит: на деле изменено другое ({real}).")
_READ_BY_THE_PROGRAM: Final = frozenset({ChangeKind.SET, ChangeKind.POSTPONE, ChangeKind.ADD})
_WRITTEN_ELSEWHERE: Final = frozenset({ChangeKind.EDIT, ChangeKind.IMPORT})

_READING: Final = N_(
    "Срок «{text}» записан с другими кварталами или датами, чем сказано в нём самом."
)
_NOT_THERE: Final = N_("Восстановлено не то, что было в изменении {commit}.")
_SHORT: Final = 10


def misfit(
    kind: ChangeKind, edits: Sequence[Edit], is_known: Callable[[Edit], bool]
) -> Edit | None:
    """Return what a change of its kind does not do; None where the kind fits.

    Args:
        kind: What the message says.
        edits: What really changed.
        is_known: Tells whether an item that is put in was in the plan before: restoring sets a
            measure to what it was.
    """
    fits = _FITS.get(kind)
    if fits is None:
        return None
    return next((edit for edit in edits if not fits(edit, is_known)), None)


def disagreement(kind: ChangeKind, edit: Edit, words: Words) -> Finding:
    """Return that a change did what its kind does not do."""
    return Finding(
        TRAILERS,
        _KIND,
        fields={"kind": kind.value, "real": _name_of(edit, words)},
        measure=edit.measure,
    )


def _name_of(edit: Edit, words: Words) -> str:
    """Return what an edit changes, in words: «1.1.2, примечания»."""
    if not edit.measure:
        return outside_name(edit.path, words)
    if not edit.path:
        return edit.measure
    return f"{edit.measure}, {lowered(words.label(*edit.path))}"


def _adds_to(key: str) -> Callable[[Edit, Callable[[Edit], bool]], bool]:
    def fits(edit: Edit, _is_known: Callable[[Edit], bool]) -> bool:
        return edit.path[:1] == (key,) and len(edit.path) == 2 and _is_new(edit)  # noqa: PLR2004

    return fits


def _cancels(edit: Edit, _is_known: Callable[[Edit], bool]) -> bool:
    return edit.path == ("cancelled",) and _is_new(edit)


def _adds(edit: Edit, _is_known: Callable[[Edit], bool]) -> bool:
    return bool(edit.measure) and not edit.path and _is_new(edit)


def _removes(edit: Edit, _is_known: Callable[[Edit], bool]) -> bool:
    return bool(edit.measure) and not edit.path and isinstance(edit.new, Missing)


def _sets(edit: Edit, is_known: Callable[[Edit], bool]) -> bool:
    if not edit.measure or not edit.path:
        return False
    is_item = edit.path[0] in {"records", "postponements", "cancelled"} and len(edit.path) <= 2  # noqa: PLR2004
    return not (is_item and _is_new(edit)) or is_known(edit)


def _is_new(edit: Edit) -> bool:
    return isinstance(edit.old, Missing)


_FITS: Final = {
    ChangeKind.RECORD: _adds_to("records"),
    ChangeKind.POSTPONE: _adds_to("postponements"),
    ChangeKind.CANCEL: _cancels,
    ChangeKind.ADD: _adds,
    ChangeKind.REMOVE: _removes,
    ChangeKind.SET: _sets,
}


def misread_terms(
    kind: ChangeKind | None, before: PlanData, after: PlanData, year: int
) -> Iterator[Finding]:
    """Yield the terms that a change brings and whose reading is not that of their text.

    A person who writes a term by hand may give a reading to a text that names no date.

    Args:
        kind: What was done.
        before: The plan before it, or the measures it touched.
        after: The same after it.
        year: The plan's year.
    """
    if kind not in _READ_BY_THE_PROGRAM | _WRITTEN_ELSEWHERE:
        return
    old, new = _rows(before), _rows(after)
    for name, row in new.items():
        known = [as_text(term) for term in _terms(old.get(name, {}))]
        for term in _terms(row):
            is_free = kind in _WRITTEN_ELSEWHERE
            if as_text(term) not in known and not _is_read_right(term, year, is_free=is_free):
                yield Finding(MESSAGE, _READING, fields={"text": show(term.get("text", ""))})


def not_restored(edits: Sequence[Edit], then: PlanData, commit: str) -> Finding | None:
    """Return that values which are said to be restored were not there.

    Args:
        edits: The change.
        then: The plan that they are said to come from.
        commit: Hash of the commit that holds it.
    """
    # Under no id stands what is no measure.
    rows = {**_rows(then), "": {key: value for key, value in then.items() if key != MEASURES}}
    for edit in edits:
        known = Counter(_leaves(rows.get(edit.measure, {}), ()))
        names = tuple(part for part in edit.path if isinstance(part, str))
        new = Counter(_leaves(edit.new, names)) if isinstance(edit.new, _PLAIN) else Counter()
        if new - known:
            return Finding(TRAILERS, _NOT_THERE, fields={"commit": commit[:_SHORT]})
    return None


_PLAIN: Final = (str, int, float, bool, list, dict)


def _rows(data: PlanData) -> Mapping[str, Row]:
    return {show(as_row(row).get("id", "")): as_row(row) for row in as_list(data.get(MEASURES))}


def _terms(row: Row) -> Iterator[Row]:
    postponed = (as_row(one).get("to") for one in as_list(row.get("postponements")))
    yield from (as_row(term) for term in (row.get("term"), *postponed) if as_row(term))


def _is_read_right(term: Row, year: int, *, is_free: bool) -> bool:
    text = term.get("text")
    if not isinstance(text, str):
        return False
    try:
        read = read_text(text, year)
    except TermOutsideYear:
        return is_free
    return as_text(plain_term(read)) == as_text(term) or (is_free and read.is_open)


def _leaves(value: Plain, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the values in a value with their names, whichever item of a list they are of."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path)
    else:
        yield path, as_text(value)

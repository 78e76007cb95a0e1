"""The difference of two versions of a programme, by measure and field.

``apply_edits(old, difference(old, new)) == new`` for any two plans, including those a manual edit
left malformed: a part without the usual structure is reported as one replaced value. Measures are
matched by id, keys by name, list items by their content, so that a record inserted at the front is
one insertion and not a rewrite of all that follow.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias, TypeGuard

from kvartal.history.diff.matching import aligned, increasing, same
from kvartal.schema.changes import MISSING, Edit, Missing, Plain, PlanData
from kvartal.schema.problems import DataPath

Row: TypeAlias = dict[str, Plain]
Pairs: TypeAlias = Callable[[list[Plain], list[Plain]], tuple[tuple[int, int], ...]]
"""Returns which items of two lists are the same thing, as indexes."""

MEASURES: Final = "measures"
POSITION: Final = "position"
"""Field name that reports the move of a measure: its position in the table, from 1."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one measure, before and after, as the log prints it.

    Attributes:
        id: Id of the measure; empty for a field outside the measures.
        field: Name of the field in dotted form, ``records.0.date``.
        old: Value before; None where there was none.
        new: Value after; None where there is none.
    """

    id: str
    field: str
    old: Plain | None
    new: Plain | None

    def as_json(self) -> dict[str, Plain | None]:
        """Return the change as the log's JSON holds it."""
        return {"id": self.id or None, "field": self.field, "old": self.old, "new": self.new}


def difference(old: PlanData, new: PlanData, *, as_in_2026_11: bool = False) -> tuple[Edit, ...]:
    """Return the edits that turn ``old`` into ``new``, in the order in which they apply.

    Fields outside the measures (document, sections, year) come first, as edits with an empty
    measure and a path from the root.

    Args:
        old: A programme as plain data; an empty mapping for one that did not exist.
        new: The same programme later.
        as_in_2026_11: Whether to match as was done until then: a measure that went to another
            section or channel was not the one that moved, of those that changed places, nor a
            block of a chapter that changed the same one.
    """
    pairs: Pairs = partial(aligned, blocks=False) if as_in_2026_11 else aligned
    outside = _mapping_edits("", (), without_measures(old), without_measures(new), pairs)
    return (*outside, *_measures_edits(old, new, by_place=not as_in_2026_11))


def field_changes(edits: Iterable[Edit]) -> tuple[FieldChange, ...]:
    """Return edits as rows of the log, one per field.

    A measure that was added or removed gives a row for each of its fields; one that only moved
    gives its position in the table, from 1.
    """
    edits = tuple(edits)
    moves = _moves(edits)
    rows: list[FieldChange] = []
    for edit in edits:
        if edit.measure in moves and not edit.path:
            if isinstance(edit.new, Missing):
                rows.append(FieldChange(edit.measure, POSITION, *moves[edit.measure]))
        elif edit.path:
            rows.append(
                FieldChange(edit.measure, edit.field, _or_none(edit.old), _or_none(edit.new))
            )
        else:
            rows.extend(_whole_measure(edit))
    return tuple(rows)


def without_measures(data: PlanData) -> Row:
    """Return everything outside the measures."""
    return {key: value for key, value in data.items() if key != MEASURES}


def _whole_measure(edit: Edit) -> Iterator[FieldChange]:
    before = edit.old if isinstance(edit.old, dict) else {}
    after = edit.new if isinstance(edit.new, dict) else {}
    for key in dict.fromkeys((*before, *after)):
        if key not in before or key not in after or not same(before[key], after[key]):
            yield FieldChange(edit.measure, key, before.get(key), after.get(key))


def _moves(edits: tuple[Edit, ...]) -> dict[str, tuple[int, int]]:
    """Return the old and new positions, from 1, of measures removed and inserted unchanged."""
    removed: dict[str, tuple[int, Plain]] = {}
    moves: dict[str, tuple[int, int]] = {}
    for edit in edits:
        if edit.path or edit.position is None:
            continue
        if isinstance(edit.new, Missing) and not isinstance(edit.old, Missing):
            # A removal's position does not count the measures removed before it.
            removed[edit.measure] = (edit.position + len(removed) + 1, edit.old)
        elif edit.measure in removed and removed[edit.measure][1] == edit.new:
            moves[edit.measure] = (removed[edit.measure][0], edit.position + 1)
    return moves


def _or_none(value: Plain | Missing) -> Plain | None:
    return None if isinstance(value, Missing) else value


def _measures_edits(old: PlanData, new: PlanData, *, by_place: bool) -> Iterator[Edit]:
    before: Plain | Missing = old.get(MEASURES, MISSING)
    after: Plain | Missing = new.get(MEASURES, MISSING)
    old_rows, new_rows = _rows(before), _rows(after)
    if old_rows is None or new_rows is None or (isinstance(before, Missing) and after == []):
        yield from _value_edits("", (MEASURES,), before, after, aligned)
        return
    yield from _row_edits(old_rows, new_rows, by_place=by_place)
    if isinstance(after, Missing) and not isinstance(before, Missing):
        yield Edit("", (MEASURES,), [], MISSING)


def _rows(value: Plain | Missing) -> dict[str, Row] | None:
    """Return measures by id; None where an id is missing or repeated."""
    if isinstance(value, Missing):
        return {}
    if not isinstance(value, list):
        return None
    rows: dict[str, Row] = {}
    for row in value:
        name = row.get("id") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(name, str) or not name or name in rows:
            return None
        rows[name] = row
    return rows


def _row_edits(old: Mapping[str, Row], new: Mapping[str, Row], *, by_place: bool) -> Iterator[Edit]:
    """Yield removals first, then insertions front to back, then what changed inside measures."""
    positions = {name: position for position, name in enumerate(new)}
    both = [name for name in old if name in new], [name for name in new if name in old]
    if by_place and both[0] != both[1]:
        moved = {name for name in both[0] if _place(old[name]) != _place(new[name])}
        staying = _staying_but(moved, *both)
    else:
        staying = _staying(*both)
    kept = 0
    for name, row in old.items():
        if name in staying:
            kept += 1
        else:
            yield Edit(name, (), row, MISSING, kept)
    for name, row in new.items():
        if name not in staying:
            yield Edit(name, (), MISSING, old.get(name, row), positions[name])
    for name, row in new.items():
        if name in old:
            yield from _mapping_edits(name, (), old[name], row, aligned)


def _place(row: Row) -> tuple[Plain | None, ...]:
    return row.get("channel"), row.get("section")


def _staying_but(moved: set[str], old: list[str], new: list[str]) -> set[str]:
    """Return which names need not move where those that changed their place are to move first."""
    rest = [[name for name in names if name not in moved] for names in (old, new)]
    staying = _staying(*rest)
    if rest[0] == rest[1]:
        for name in old:
            more = {*staying, name}
            if [one for one in old if one in more] == [one for one in new if one in more]:
                staying = more
    return staying


def _staying(old: list[str], new: list[str]) -> set[str]:
    """Return which names need not move to turn one order of them into the other.

    Of two that changed places either could be said to have moved. The choice does not depend on
    which order came first, so that an undo moves the measure that the change had moved.
    """
    one, other = sorted((old, new))
    positions = {name: position for position, name in enumerate(other)}
    return {one[index] for index in increasing([positions[name] for name in one])}


def _value_edits(
    measure: str, path: DataPath, old: Plain | Missing, new: Plain | Missing, pairs: Pairs
) -> Iterator[Edit]:
    if same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and old and new:
        yield from _mapping_edits(measure, path, old, new, pairs)
    elif isinstance(old, list) and isinstance(new, list) and not _are_one_value(old, new):
        yield from _list_edits(measure, path, old, new, pairs)
    elif isinstance(old, Missing) and _is_list_of_mappings(new):
        yield from _list_edits(measure, path, [], new, pairs)
    elif isinstance(new, Missing) and _is_list_of_mappings(old):
        yield from _list_edits(measure, path, old, [], pairs)
    else:
        yield Edit(measure, path, old, new)


def _are_one_value(old: list[Plain], new: list[Plain]) -> bool:
    """Return whether a list is a single value to a reader, as the quarters of a term are."""
    return not old or not new or all(isinstance(item, int | float) for item in (*old, *new))


def _is_list_of_mappings(value: Plain | Missing) -> TypeGuard[list[Plain]]:
    """Return whether a value is a list whose items are reported one by one, such as records."""
    return isinstance(value, list) and value != [] and all(isinstance(one, dict) for one in value)


def _mapping_edits(
    measure: str, path: DataPath, old: Row, new: Row, pairs: Pairs
) -> Iterator[Edit]:
    """Yield additions and changes first, so that the mapping is never empty in between."""
    for key, value in new.items():
        yield from _value_edits(measure, (*path, key), old.get(key, MISSING), value, pairs)
    for key, value in old.items():
        if key not in new:
            yield from _value_edits(measure, (*path, key), value, MISSING, pairs)


def _list_edits(
    measure: str, path: DataPath, old: list[Plain], new: list[Plain], pairs: Pairs
) -> Iterator[Edit]:
    """Yield edits front to back, insertions first, so that the list is never empty in between."""
    done_old = done_new = 0
    for at_old, at_new in (*pairs(old, new), (len(old), len(new))):
        for index in range(done_new, at_new):
            yield Edit(measure, (*path, index), MISSING, new[index])
        for item in old[done_old:at_old]:
            yield Edit(measure, (*path, at_new), item, MISSING)
        if at_old < len(old) and at_new < len(new):
            yield from _value_edits(measure, (*path, at_new), old[at_old], new[at_new], pairs)
        done_old, done_new = at_old + 1, at_new + 1

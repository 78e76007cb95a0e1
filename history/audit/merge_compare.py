"""Compares a merge with what merging its parents by measure and field gives.

What the two sides agree on, or one of them alone changed, is the merge's own doing; where both
changed one field, either value is a person's choice. Everything else was added, or left out, in the
guise of a merge. The order of records is not compared.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from kvartal.history.audit.facts import canonical_text
from kvartal.history.diff.diff import MEASURES, Row
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.matching import same
from kvartal.history.merge.conflict import Conflict, Merged
from kvartal.history.merge.measure_places import is_place
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.merge.needed_parts import is_removal, measures_in_doubt
from kvartal.history.merge.renumbering import reconcile_ids
from kvartal.history.merge.threeway import Sides, Value, merge_values
from kvartal.history.store.evidence import evidence_references, with_renamed_files
from kvartal.history.store.filenames import is_numbered
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.evidence_paths import same_file_key

_MAX_CONFLICTS: Final = 8
"""Up to how many conflicts of one measure every combination is tried."""

# Lists to which each side adds: a person who joins them writes the items in any order.
_JOINED_LISTS: Final = frozenset(
    {"measures", "records", "postponements", "values", "documents", "files", "links"}
)

_ONE_OR_SEVERAL: Final = frozenset({"budget", "indicator", "responsible"})
"""Fields that hold one thing or a list: a list of one means the same, and was merged so."""


@dataclass(frozen=True, slots=True)
class MergeDifference:
    """What a merge made of one measure, and what merging gives.

    Attributes:
        measure: Its id; empty for what belongs to the programme as a whole.
        expected: A programme with nothing but that, as merging gives it.
        actual: The same as the merge commit has it.
    """

    measure: str
    expected: PlanData
    actual: PlanData


def merge_differences(
    base: PlanData, sides: Sequence[PlanData], actual: PlanData
) -> tuple[MergeDifference, ...]:
    """Return where a merge is not what merging gives.

    Args:
        base: The version that the sides started from.
        sides: The versions that were merged; at least two.
        actual: What the merge commit holds.
    """
    if len(sides) == 2:  # noqa: PLR2004 - the usual merge, and quicker
        outcome = merge_values(reconcile_ids(base, sides[0], sides[1]).sides)
        if isinstance(outcome.value, dict) and _text(outcome.value) == _text(actual):
            return ()
        merged = explaining_merge(base, sides[0], sides[1], actual)
    else:
        merged = _merge_all(base, sides)
    return tuple(_differences(merged, sides, actual))


def renamed_files(
    base: PlanData, sides: Sequence[PlanData], actual: PlanData
) -> Iterator[MergeDifference]:
    """Yield the measures in which a merge calls a file as no side did, and had no need to.

    Of two files of one name one gets a new path: from a sync with a number, from a person any.

    Args:
        base: The version that the sides started from.
        sides: The versions that were merged.
        actual: What the merge commit holds.
    """
    known = {one for data in (base, *sides) for one in evidence_references(data)}
    contents: dict[str, set[str]] = {}
    for path, sha256 in known:
        contents.setdefault(same_file_key(path), set()).add(sha256)
    for measure, rows in _by_id(actual).items():
        paths: dict[str, str] = {}
        for path, sha256 in {*evidence_references({MEASURES: [*rows]})} - known:
            old_paths = sorted(old for old, content in known if content == sha256)
            is_free = any(len(contents[same_file_key(old)]) > 1 for old in old_paths)
            if (
                old_paths
                and not is_free
                and not any(is_numbered(path, of=old) for old in old_paths)
            ):
                paths[path] = old_paths[0]
        if paths:
            found: PlanData = {MEASURES: [*rows]}
            yield MergeDifference(measure, with_renamed_files(found, paths), found)


def explaining_merge(base: PlanData, ours: PlanData, theirs: PlanData, actual: PlanData) -> Merged:
    """Return what merging two versions gives, or gave until 2026-11 where only that explains more.

    Args:
        base: The version that the sides started from.
        ours: One side.
        theirs: The other.
        actual: What the merge commit holds.
    """
    merged = merge(base, ours, theirs)
    if not explains(merged, (ours, theirs), actual):
        earlier = merge(base, ours, theirs, as_in_2026_11=True)
        if explains(earlier, (ours, theirs), actual):
            return earlier
    return merged


def explains(merged: Merged, sides: Sequence[PlanData], actual: PlanData) -> bool:
    """Tell whether a merge and its choices give what a merge commit holds.

    The arguments are those of `merge_differences`.
    """
    return not any(_differences(merged, sides, actual))


def common_ancestor(base: PlanData, one: PlanData, other: PlanData) -> PlanData:
    """Return one ancestor made of two, for branches that have merged each other before."""
    merged = merge(base, one, other)
    return resolve(merged, [conflict.sides.base for conflict in merged.conflicts])


def _merge_all(base: PlanData, sides: Sequence[PlanData]) -> Merged:
    merged = merge(base, sides[0], sides[1])
    for side in sides[2:]:
        merged = merge(base, merged.data, side)
    return merged


def _differences(
    merged: Merged, sides: Sequence[PlanData], actual: PlanData
) -> Iterator[MergeDifference]:
    outside = _text(_outside(actual))
    if _text(_outside(merged.data)) != outside and not any(
        _text(_outside(settled_data)) == outside for settled_data in _resolutions(merged, "")
    ):
        yield MergeDifference("", _outside(merged.data), _outside(actual))
    expected_rows, actual_rows = _by_id(merged.data), _by_id(actual)
    rows_of_sides = [_by_id(side) for side in sides]
    # Where an id is given twice, the measure that merging would renumber is not lost.
    duplicates = {
        _text_without_id(row) for rows in actual_rows.values() if len(rows) > 1 for row in rows
    }
    for measure in dict.fromkeys((*expected_rows, *actual_rows)):
        expected, rows = expected_rows.get(measure, []), actual_rows.get(measure, [])
        if _texts(rows) == _texts(expected):
            continue
        if expected and not rows and duplicates >= set(map(_text_without_id, expected)):
            continue
        if len(rows) > 1:
            # A duplicate id is a finding elsewhere: here each measure has to come from a side.
            known = {
                text
                for side in (expected_rows, *rows_of_sides)
                for text in _texts(side.get(measure, []))
            }
            is_explained = set(_texts(rows)) <= known
        else:
            is_explained = any(
                _texts(rows) == _texts(_by_id(settled_data).get(measure, []))
                for settled_data in _resolutions(merged, measure)
            )
        if not is_explained:
            yield MergeDifference(measure, {MEASURES: [*expected]}, {MEASURES: [*rows]})


def chosen_sides(merged: Merged, actual: PlanData) -> list[tuple[int, ...]]:
    """Return, for each conflict of two sides, which of them (0, 1) the outcome may have chosen.

    Args:
        merged: The merge.
        actual: The outcome. A conflict that it settles in no such way has no side.
    """
    return [
        tuple(sorted({combination[at] for combination in combinations}))
        for conflict in merged.conflicts
        for at, combinations in (_fitting_choices(merged, conflict, actual),)
    ]


def _fitting_choices(
    merged: Merged, conflict: Conflict, actual: PlanData
) -> tuple[int, list[tuple[int, ...]]]:
    """Return the place of a conflict among those of its measure, and how all may be settled."""
    measure, target = conflict.measure, _part(actual, conflict.measure)
    conflicts = _conflicts_of(merged, measure)
    of_measure = replace(merged, conflicts=conflicts)
    combinations = (
        product((0, 1), repeat=len(conflicts))
        if len(conflicts) <= _MAX_CONFLICTS
        else ((side,) * len(conflicts) for side in (0, 1))
    )
    fitting = []
    for combination in combinations:
        values = [
            other.sides.theirs if side else other.sides.ours
            for side, other in zip(combination, conflicts, strict=True)
        ]
        if _part(resolve(of_measure, values), measure) == target:
            fitting.append(combination)
    return conflicts.index(conflict), fitting


def _part(data: PlanData, measure: str) -> list[str]:
    """Return a measure, or what is outside of all of them, as text."""
    return _texts(_by_id(data).get(measure, [])) if measure else [_text(_outside(data))]


def _conflicts_of(merged: Merged, measure: str) -> tuple[Conflict, ...]:
    """Return the conflicts that a measure depends on, or what is outside of all of them.

    Those are its own, the numbers that it may name, all measures as one value, and what rolls back
    a change of it or keeps a part by it.
    """
    doubtful = frozenset[str]() if measure else _keeping_parts(merged)
    return tuple(
        one
        for one in merged.conflicts
        if one.measure == measure
        or one.dispute
        or one.where == (MEASURES,)
        or (not measure and one.rollback is not None and one.rollback.path[0] != MEASURES)
        or (one.measure in doubtful and (not one.path or is_place(one.path)))
    )


def _keeping_parts(merged: Merged) -> frozenset[str]:
    """Return the measures by which a section or channel may stay that one side removed."""
    removed = [one.where for one in merged.conflicts if is_removal(one.where, one.sides)]
    return measures_in_doubt(merged.data, merged.sides, removed)


def _resolutions(merged: Merged, measure: str) -> Iterator[PlanData]:
    """Yield the merged programme with the conflicts of one measure settled in each way."""
    conflicts = _conflicts_of(merged, measure)
    if not conflicts:
        return
    of_measure = replace(merged, conflicts=conflicts)
    choices = [_choices(conflict) for conflict in conflicts]
    combinations: Iterable[Sequence[Value]] = product(*choices)
    if len(conflicts) > _MAX_CONFLICTS:
        combinations = zip(*(choice[:2] for choice in choices), strict=True)
    for chosen in combinations:
        yield resolve(of_measure, chosen)


def _choices(conflict: Conflict) -> tuple[Value, ...]:
    """Return what a conflict may be settled by: a side, or what git's text merge makes of both."""
    sides = conflict.sides
    joined = _item_by_item(sides)
    return (sides.ours, sides.theirs, *(() if joined is None else (joined,)))


def _item_by_item(sides: Sides) -> Plain | None:
    """Return steps of which each side changed other ones; None where that is not so.

    Such steps, and the fields of one term, are one value to us and separate lines to git.
    """
    base, ours, theirs = sides.base, sides.ours, sides.theirs
    if isinstance(base, dict) and isinstance(ours, dict) and isinstance(theirs, dict):
        keys = list(base)
        if list(ours) != keys or list(theirs) != keys:
            return None
        items = [_either(base[key], ours[key], theirs[key]) for key in keys]
        whole: Plain = {
            key: item for key, item in zip(keys, items, strict=True) if item is not None
        }
        return None if None in items else whole
    if isinstance(base, list) and isinstance(ours, list) and isinstance(theirs, list):
        if not len(base) == len(ours) == len(theirs):
            return None
        merged = [_either(*three) for three in zip(base, ours, theirs, strict=True)]
        steps: Plain = [item for item in merged if item is not None]
        return None if None in merged else steps
    return None


def _either(base: Plain, ours: Plain, theirs: Plain) -> Plain | None:
    """Return an item as the one side that changed it has it; None where both did."""
    if same(ours, theirs) or same(theirs, base):
        return ours
    return theirs if same(ours, base) else None


def _outside(data: PlanData) -> Row:
    return {key: value for key, value in data.items() if key != MEASURES}


def _by_id(data: PlanData) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in map(as_row, as_list(data.get(MEASURES))):
        found.setdefault(str(row.get("id", "")), []).append(row)
    return found


def _texts(rows: Sequence[Row]) -> list[str]:
    return [_text(row) for row in rows]


def _text_without_id(row: Row) -> str:
    """Return a measure without what it is called by, as a text."""
    return _text({key: value for key, value in row.items() if key not in {"id", "number"}})


def _text(value: Plain) -> str:
    """Return a value as a text that is the same whatever the order of joined lists."""
    return canonical_text(_sorted(value))


def _sorted(value: Plain, key: str = "") -> Plain:
    if isinstance(value, dict):
        # Where both sides used a file name, one file has a new path; evidence is checked apart.
        kept = {name: item for name, item in value.items() if key != "files" or name != "path"}
        return {name: _sorted(item, name) for name, item in kept.items()}
    if isinstance(value, list) and len(value) == 1 and key in _ONE_OR_SEVERAL:
        match value[0]:
            case {"name": name, **rest} if not rest:  # A line says it as well.
                return name
        return _sorted(value[0])
    if isinstance(value, list):
        items = [_sorted(item, key) for item in value]
        return sorted(items, key=canonical_text) if key in _JOINED_LISTS else items
    return value

"""What a merge itself changed: what merging by field does not explain, and every choice.

A value that came in by another commit is that commit's change and is not listed again. Listed are
what the merge made of a field besides, a choice where both sides had changed one field, and a value
of a side that was dropped: so the newest entry of a log that touches a field has what the field is.

That also depends on the order of the log: where one side set a field and the other set it and took
that back, the newest entry about it may be the taking back. Such fields are `open` until the
entries below the merge are known (`kvartal.history.log.merge_lookahead`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from kvartal.history.diff.diff import MEASURES, difference
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.matching import aligned, same
from kvartal.history.diff.words import Words
from kvartal.history.log.choice_text import choice_text
from kvartal.history.log.entry import Choice
from kvartal.history.merge.moved_parts import PartConflict, merge_parts
from kvartal.history.merge.paths import MEASURE_DEPTH, measure_of
from kvartal.history.merge.renumbering import reconcile_ids
from kvartal.history.merge.threeway import Sides, Value
from kvartal.history.store.evidence import with_renamed_files
from kvartal.history.store.merged_paths import merged_paths
from kvartal.schema.changes import MISSING, Edit, Missing, Plain, PlanData
from kvartal.schema.problems import DataPath

FieldName: TypeAlias = tuple[str, tuple[str, ...]]
"""A measure's id, empty outside the measures, and the names on the way to a field of it."""

"""How long the path from the root to a measure is."""


@dataclass(frozen=True, slots=True)
class MergeChanges:
    """What a merge changed.

    Attributes:
        before: The programme as the entries below the merge leave it, where that is not its own.
        after: The programme as the merge has it.
        choices: The fields that both sides had changed in two ways, and what was chosen.
        own: The fields that merging does not explain and nobody had to choose.
        open: Fields that one side has otherwise than the merge, with the value of the merge: the
            newest entry below it about such a field decides whether the merge changed it.
    """

    before: PlanData
    after: PlanData
    choices: tuple[Choice, ...] = ()
    own: frozenset[FieldName] = frozenset()
    open: Mapping[FieldName, Value] = field(default_factory=dict)

    def is_own(self, edit: Edit) -> bool:
        """Return whether an edit is one that neither merging nor a choice explains."""
        return _name_of(edit) in self.own


def merge_changes(
    base: PlanData,
    sides: Sequence[PlanData],
    made: PlanData,
    words: Words,
    measure: str | None = None,
) -> MergeChanges:
    """Return what a merge changed.

    Args:
        base: The version that its sides started from.
        sides: The versions that were merged, the first parent's first.
        made: What the merge commit holds.
        words: The language.
        measure: Id of the only measure that matters; all, if not given.
    """
    new_paths = merged_paths(sides, base, made)
    followed = [with_renamed_files(*each) for each in zip(sides, new_paths, strict=True)]
    merged, conflicts = followed[0], list[PartConflict]()
    for side in followed[1:]:
        parts = merge_parts(reconcile_ids(base, merged, side).sides)
        merged, conflicts = parts.data, list(parts.conflicts())
    before: Value = merged
    choices: list[Choice] = []
    places: list[tuple[DataPath, Sides]] = []
    # From the last to the first: an item that is left out moves those behind it.
    for path, versions, dispute in reversed(conflicts):
        where, chosen = counterpart(merged, made, path)
        for follower in dispute.followers(merged) if dispute else ():
            before = with_part(before, follower, chosen)
        rejected = [one for one in (versions.ours, versions.theirs) if not same(one, chosen)]
        choices.append(
            Choice(measure_of(merged, path), where, versions.base, chosen, tuple(rejected))
        )
        places.append((path, versions))
        if same(chosen, versions.kept) and rejected:
            before = with_part(before, path, rejected[-1])
    before = _without_new_ids(as_row(None if isinstance(before, Missing) else before), sides)
    before = as_row(_in_order(before, made))
    before = _in_table_order(before, made, sides)
    # That a file has a new path is the merge's own doing.
    before = with_renamed_files(before, {one[old]: old for one in new_paths for old in one})
    changed = {_name_of(edit) for edit in difference(before, made)}
    chosen_names = {(one.measure, names_of(one.path)) for one in choices}
    own = {name for name in changed if not any(overlap(name, one) for one in chosen_names)}
    # A measure that only has another place in the table has been removed and added as it was.
    moved = {(name, ()) for name in {*_ids(before)} & {*_ids(made)}}
    settled_here = changed - moved
    names = dict.fromkeys(name for side in sides for name in _leaf_names(difference(side, made)))
    open_fields = {
        name: value_of(made, name)
        for name in names
        if measure in {None, name[0]} and not any(overlap(name, other) for other in settled_here)
    }
    shown_choices = (
        replace(choice, text=choice_text(choice, path, sides, as_row(plain(merged)), words))
        for choice, (path, sides) in zip(reversed(choices), reversed(places), strict=True)
    )
    return MergeChanges(before, made, tuple(shown_choices), frozenset(own), open_fields)


def value_of(data: PlanData, name: FieldName) -> Value:
    """Return the value of a field; MISSING where there is none."""
    measure, path = name
    value: Value = data
    if measure:
        rows = (as_row(row) for row in as_list(data.get(MEASURES)))
        value = next((row for row in rows if row.get("id") == measure), MISSING)
    return value_inside(value, path)


def value_inside(value: Value, path: Sequence[str]) -> Value:
    """Return the value at a path of names; MISSING where there is none."""
    for part in path:
        value = value.get(part, MISSING) if isinstance(value, dict) else MISSING
    return value


def _without_new_ids(data: PlanData, sides: Sequence[PlanData]) -> PlanData:
    """Return a programme without the measures that merging gave ids which no side has."""
    known = {name for side in sides for name in _ids(side)}
    if known.issuperset(_ids(data)):
        return data
    rows = as_list(data.get(MEASURES))
    return {**data, MEASURES: [row for row in rows if str(as_row(row).get("id")) in known]}


def _in_table_order(data: PlanData, made: PlanData, sides: Sequence[PlanData]) -> PlanData:
    """Return a programme with its measures in the order of another that both sides agree with."""
    names, order = _ids(data), _ids(made)
    if set(names) != set(order) or len(set(order)) < len(order) or names == order:
        return data
    for side in sides:
        ids = _ids(side)
        known, common = set(ids), set(order) & set(ids)
        if [name for name in order if name in known] != [name for name in ids if name in common]:
            return data
    rows = dict(zip(names, as_list(data.get(MEASURES)), strict=True))
    return {**data, MEASURES: [rows[name] for name in order]}


def _ids(data: PlanData) -> list[str]:
    """Return the ids of the measures; of a faulty version, whatever stands in their place."""
    return [str(as_row(row).get("id", "")) for row in as_list(data.get(MEASURES))]


def _in_order(value: Plain, model: Plain) -> Plain:
    """Return a value whose lists are in the order of another's where they hold the same items."""
    if isinstance(value, dict) and isinstance(model, dict):
        return {
            key: _in_order(item, model[key]) if key in model else item
            for key, item in value.items()
        }
    if not isinstance(value, list) or not isinstance(model, list) or same(value, model):
        return value
    rest = list(value)
    for item in model:
        at = next((at for at, one in enumerate(rest) if same(one, item)), None)
        if at is None:
            break
        del rest[at]
    if not rest and len(value) == len(model):
        return model
    items = list(value)
    for one, other in aligned(value, model):
        items[one] = _in_order(value[one], model[other])
    return items


def counterpart(merged: Plain, made: Plain, path: DataPath) -> tuple[DataPath, Value]:
    """Return where a value of the merged programme is in the merge commit, and what it is there.

    The path is the one inside its measure, if it is in one.
    """
    value: Value = made
    where: list[str | int] = []
    for part, inner in zip(path, (*path[1:], None), strict=True):
        if isinstance(part, str):
            merged = as_row(merged).get(part, "")
            value = value_inside(value, (part,))
            where.append(part)
        else:
            items = as_list(merged)
            others = value if isinstance(value, list) else []
            at = _same_item(items, others, part, inner)
            merged, value = items[part], MISSING if at is None else others[at]
            where.append(part if at is None else at)
    is_in_measure = len(path) >= MEASURE_DEPTH and path[0] == MEASURES
    return tuple(where[MEASURE_DEPTH:] if is_in_measure else where), value


def _same_item(
    items: list[Plain], others: list[Plain], at: int, disputed: str | int | None
) -> int | None:
    """Return which of other items is the same thing as one of a list; None if none is.

    Args:
        items: The list.
        others: The other items, perhaps in another order.
        at: The position of the item.
        disputed: The field in which the two may differ; None for none.
    """
    name = as_row(items[at]).get("id")
    if name is not None:
        return next((i for i, one in enumerate(others) if as_row(one).get("id") == name), None)
    wanted = _without(items[at], disputed)
    if sum(same(_without(one, disputed), wanted) for one in items) == 1:
        found = [i for i, one in enumerate(others) if same(_without(one, disputed), wanted)]
        if len(found) == 1:
            return found[0]
    return dict(aligned(items, others)).get(at)


def _without(item: Plain, field_name: str | int | None) -> Plain:
    if not isinstance(item, dict):
        return item
    return {key: value for key, value in item.items() if key != field_name}


def with_part(value: Value, path: Sequence[str | int], new: Value) -> Value:
    """Return a value in which the one at a path is replaced; MISSING leaves it out."""
    if not path:
        return new
    part, *rest = path
    if isinstance(value, list) and isinstance(part, int):
        inner = with_part(value[part], rest, new) if part < len(value) else MISSING
        return [
            *value[:part],
            *(() if isinstance(inner, Missing) else (inner,)),
            *value[part + 1 :],
        ]
    row = value if isinstance(value, dict) else {}
    inner = with_part(row.get(str(part), MISSING), rest, new)
    if isinstance(inner, Missing):
        return {key: item for key, item in row.items() if key != part} or MISSING
    return {**row, str(part): inner}


def plain(value: Value) -> Plain:
    """Return a value; an empty mapping for MISSING."""
    return {} if isinstance(value, Missing) else value


def _leaf_names(edits: Iterable[Edit]) -> Iterator[FieldName]:
    """Yield the plain fields that edits change; not those in the items of lists."""
    for edit in edits:
        path = names_of(edit.path)
        if path == edit.path:
            for value in (edit.old, edit.new):
                yield from ((edit.measure, (*path, *rest)) for rest in _leaves(value))


def _leaves(value: Value) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from ((key, *rest) for rest in _leaves(item))
    elif not any(isinstance(item, dict | list) for item in as_list(plain(value))):
        yield ()


def _name_of(edit: Edit) -> FieldName:
    return edit.measure, names_of(edit.path)


def names_of(path: DataPath) -> tuple[str, ...]:
    """Return the names on a path before the first position in a list."""
    names: list[str] = []
    for part in path:
        if not isinstance(part, str):
            break
        names.append(part)
    return tuple(names)


def overlap(one: FieldName, other: FieldName) -> bool:
    """Return whether two fields are one, or one is a part of the other."""
    length = min(len(one[1]), len(other[1]))
    return one[0] == other[0] and one[1][:length] == other[1][:length]

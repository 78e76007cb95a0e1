"""What a merge changed that only the entries below it show: see `MergeChanges.open`.

A merge with open fields is held back until the newest entry about each of them is there; that is
within the branches that it joined, and nothing is read twice.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from kvartal.history.diff.diff import MEASURES
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.matching import same
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.merge_changes import (
    FieldName,
    MergeChanges,
    names_of,
    overlap,
    plain,
    value_inside,
    with_part,
)
from kvartal.history.merge.threeway import Value
from kvartal.schema.changes import Missing, PlanData

Complete: TypeAlias = Callable[[CommitEntry, MergeChanges], CommitEntry]
"""Returns the entry of a merge with what it changed."""


def settled(
    entries: Iterable[tuple[CommitEntry, MergeChanges | None]], complete: Complete
) -> Iterator[CommitEntry]:
    """Yield entries in their order; a merge with open fields once it is known what it changed.

    Args:
        entries: All entries, newest first, also those without changes, which tell what is merged in
            what; with those of merges, what is known of their changes.
        complete: Called for a merge that turns out to have changed an open field.
    """
    held: list[_Held] = []
    waiting: list[int] = []
    start = 0
    for entry, changes in entries:
        for merge in (held[at] for at in waiting):
            if entry.commit in merge.ancestors:
                merge.ancestors.update(entry.parents)
        one = _Held(entry, changes)
        if changes is not None:
            one.passed = dict.fromkeys(changes.open, len(held) + 1)
            one.ancestors.update(entry.parents)
            waiting.append(len(held))
        held.append(one)
        # The older ones first: what they change is what a newer merge is compared with.
        for at in reversed(waiting):
            _settle(held, at, complete)
        waiting = [at for at in waiting if held[at].passed]
        stop = waiting[0] if waiting else len(held)
        yield from (one.entry for one in held[start:stop])
        start = stop
        if not waiting:
            held, start = [], 0
    yield from (one.entry for one in held[start:])


@dataclass(slots=True)
class _Held:
    """An entry that is held back.

    Attributes:
        entry: The entry.
        changes: What its merge changed.
        passed: Its open fields, with the position of the first entry not yet looked at for it.
        ancestors: Commits that are merged in it, as far as they are known.
    """

    entry: CommitEntry
    changes: MergeChanges | None
    passed: dict[FieldName, int] = field(default_factory=dict)
    ancestors: set[str] = field(default_factory=set)


def _settle(held: Sequence[_Held], at: int, complete: Complete) -> None:
    """Look for the newest entry about each open field of a merge among those below it."""
    merge = held[at]
    if merge.changes is None:
        return
    before = merge.changes.before
    for name, passed in tuple(merge.passed.items()):
        for position in range(passed, len(held)):
            below = held[position]
            merge.passed[name] = position + 1
            if below.entry.commit not in merge.ancestors:
                continue
            if any(overlap(name, other) for other in below.passed):
                merge.passed[name] = position
                break  # It is not known yet whether that merge is about the field.
            last = _value_left_by(below.entry, name)
            if last is None and below.entry.is_readable:
                continue
            del merge.passed[name]
            if last is not None and not _is_as_left(name, last, merge.changes.open[name]):
                before = _with_value(before, name, last)
            break
    if before is not merge.changes.before:
        merge.changes = replace(merge.changes, before=before)
        merge.entry = complete(merge.entry, merge.changes)


def _is_as_left(name: FieldName, last: Value, value: Value) -> bool:
    """Return whether a merge has a field as an entry below it left it.

    A measure only has to be there, or gone, as it was: each of its fields has a name of its own.
    """
    if not name[1]:
        return isinstance(last, Missing) == isinstance(value, Missing)
    return same(last, value)


def _value_left_by(entry: CommitEntry, name: FieldName) -> Value | None:
    """Return the value that an entry gave a field; None where it is not about the field."""
    value: Value | None = None
    measure, path = name
    for edit in entry.edits or ():
        above = names_of(edit.path)
        if edit.measure == measure and above == edit.path and path[: len(above)] == above:
            value = value_inside(edit.new, path[len(above) :])
    return value


def _with_value(data: PlanData, name: FieldName, new: Value) -> PlanData:
    """Return a programme with one field as given; MISSING leaves the field out."""
    measure, path = name
    if not measure:
        return as_row(plain(with_part(data, path, new)))
    rows = as_list(data.get(MEASURES))
    at = next((at for at, row in enumerate(rows) if as_row(row).get("id") == measure), None)
    if at is None and isinstance(new, Missing):
        return data
    if at is None:
        rows, at = [*rows, {"id": measure}], len(rows)
    if path == ("id",):  # The measure is there, or it is not.
        path = () if isinstance(new, Missing) else path
    return as_row(plain(with_part({**data, MEASURES: rows}, (MEASURES, at, *path), new)))

"""Sections and channels that one side removed and the other side put a measure into.

Whether such a measure stays is a choice of its own. As long as one that stays names the part, the
part stays as well, with the sections that it stands in, but without what else stood in them: nobody
but the side that removed that has touched it.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from kvartal.history.merge.threeway import Sides, Value
from kvartal.schema.changes import MISSING, Edit, Missing, Plain, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.plan_data import rows_of
from kvartal.schema.problems import DataPath
from kvartal.schema.structure import Part, PartKind, parts

UNKNOWN_PARTS: Final[Mapping[str, PartKind]] = {
    "section-unknown": PartKind.SECTION,
    "channel-unknown": PartKind.CHANNEL,
}
"""The rules that a measure of a removed part breaks."""

_LISTS: Final = {PartKind.CHANNEL: "channels", PartKind.SECTION: "sections"}
_Key = tuple[PartKind, str]


def with_needed_parts(data: PlanData, sides: Sides) -> PlanData:
    """Return a programme with the removed parts that its measures name put back.

    Args:
        data: The programme.
        sides: The versions that it was merged from.
    """
    versions = _versions(sides)
    for key in _missing(data, versions):
        # Where it stands in a section that is there, else with its sections.
        having = [one for one in versions if key in _keys(one)]
        having.sort(key=lambda one: not _fits(data, one, key))
        data = _with_part(data, having[0], key)
    return data


def measures_in_doubt(data: PlanData, sides: Sides, removed: Sequence[DataPath]) -> frozenset[str]:
    """Return the ids of measures that a side has in a part which may be removed.

    Args:
        data: The merged programme.
        sides: The versions that it was merged from.
        removed: Paths of the parts that are removed if that is chosen.
    """
    versions = _versions(sides)
    absent = set[_Key]().union(*map(_keys, versions)) - _keys(without_parts(data, removed))
    rows = [row for one in (data, *versions) for row in rows_of(one)]
    return frozenset(str(row["id"]) for row in rows if not absent.isdisjoint(_named(row)))


def without_parts(data: PlanData, removed: Sequence[DataPath]) -> PlanData:
    """Return a programme without the parts at some paths."""
    for path in sorted(removed, reverse=True):
        part = next((one for one in parts(data) if one.path == path), None)
        if part is not None:
            data = apply_edits(data, [Edit("", path, dict(part.row), MISSING)])
    return data


def is_removal(where: DataPath, sides: Sides) -> bool:
    """Return whether a conflict is a part that one side removed and the other changed."""
    is_part = where[:1] == ("sections",) and isinstance(where[-1], int)
    return is_part and (isinstance(sides.ours, Missing) or isinstance(sides.theirs, Missing))


def _versions(sides: Sides) -> list[PlanData]:
    versions: tuple[Value, ...] = (sides.ours, sides.theirs, sides.base)
    return [one for one in versions if isinstance(one, dict)]


def _missing(data: PlanData, versions: Sequence[PlanData]) -> Iterator[_Key]:
    """Yield the parts that measures name and the programme has not, though a version had them.

    A version that had measures of a part without the part itself was wrong before the merge.
    """
    there = _keys(data)
    known = set[_Key]().union(*map(_keys, versions))
    named = dict.fromkeys(key for row in rows_of(data) for key in _named(row))
    for key in named:
        if key in known and key not in there and not any(_is_wrong(one, key) for one in versions):
            yield key


def _is_wrong(version: PlanData, key: _Key) -> bool:
    return key not in _keys(version) and any(key in set(_named(row)) for row in rows_of(version))


def _keys(data: PlanData) -> set[_Key]:
    return {(part.kind, part.number) for part in parts(data)}


def _named(row: Mapping[str, Plain]) -> Iterator[_Key]:
    yield from ((kind, str(row[kind.value])) for kind in PartKind if kind.value in row)


def _fits(data: PlanData, version: PlanData, key: _Key) -> bool:
    """Return whether the sections that a part of a version stands in are there."""
    path = next(one.path for one in parts(version) if (one.kind, one.number) == key)
    around = {(one.kind, one.number) for one in parts(version) if path[: len(one.path)] == one.path}
    return around <= {*_keys(data), key}


def _with_part(data: PlanData, version: PlanData, key: _Key) -> PlanData:
    """Return a programme with a part of a version, after those that it follows there."""
    if key in _keys(data):
        return data
    there = {(part.kind, part.number): part for part in parts(version)}
    part = there[key]
    above = next((one for one in there.values() if part.above and one.path == part.above), None)
    if above is not None:
        data = _with_part(data, version, (above.kind, above.number))
    copy: Any = deepcopy(data)
    target = _row(copy, above)
    siblings = target.setdefault(_LISTS[part.kind], [])
    earlier = {one.number for one in there.values() if _precedes(one, part)}
    places = [at for at, one in enumerate(siblings) if str(one.get("number")) in earlier]
    row = {name: value for name, value in part.row.items() if name not in _LISTS.values()}
    siblings.insert(places[-1] + 1 if places else 0, row)
    restored: PlanData = copy
    return restored


def _row(data: PlanData, part: Part | None) -> Any:  # noqa: ANN401 - a row to be altered in place
    if part is None:
        return data
    found = (one for one in parts(data) if (one.kind, one.number) == (part.kind, part.number))
    return next(found).row


def _precedes(one: Part, other: Part) -> bool:
    return one.path[:-1] == other.path[:-1] and int(one.path[-1]) < int(other.path[-1])

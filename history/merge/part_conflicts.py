"""What to roll back of the structure where two sides break a rule about it only together.

Both gave one number to two new sections or channels; or one side removed a part, and the other put
a measure there.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from kvartal.history.merge.threeway import Value
from kvartal.schema.changes import MISSING, Edit, Plain, PlanData
from kvartal.schema.problems import DataPath, Problem
from kvartal.schema.structure import Part, PartKind, parts

_DUPLICATES: Final[Mapping[str, PartKind]] = {
    "section-duplicate": PartKind.SECTION,
    "channel-duplicate": PartKind.CHANNEL,
}
_UNKNOWN: Final[Mapping[str, PartKind]] = {
    "section-unknown": PartKind.SECTION,
    "channel-unknown": PartKind.CHANNEL,
}


def part_rollbacks(data: PlanData, base: Value, problem: Problem) -> Iterator[Edit]:
    """Yield the edits that may satisfy a rule about sections and channels.

    Args:
        data: The merged programme.
        base: The version that both sides started from.
        problem: The broken rule.
    """
    before = parts(base) if isinstance(base, dict) else ()
    if problem.code in _DUPLICATES:
        kind, number = _DUPLICATES[problem.code], problem.fields["name"]
        if not any(_is(part, kind, number) for part in before):
            yield from (_removal(data, part) for part in parts(data) if _is(part, kind, number))
    elif problem.code in _UNKNOWN:
        kind = _UNKNOWN[problem.code]
        for part in before:
            if _is(part, kind, problem.fields[kind.value]):
                yield from _restoration(data, part, before)


def _is(part: Part, kind: PartKind, number: object) -> bool:
    return part.kind is kind and part.number == number


def _removal(data: PlanData, part: Part) -> Edit:
    """Return the removal of a part; with its list, where it is the only one there."""
    siblings = _at(data, part.path[:-1])
    if isinstance(siblings, list) and len(siblings) == 1:
        return Edit("", part.path[:-1], siblings, MISSING)
    return Edit("", part.path, dict(part.row), MISSING)


def _restoration(data: PlanData, part: Part, before: tuple[Part, ...]) -> Iterator[Edit]:
    """Yield what puts a removed part back: after the part that it followed, in its section."""
    above = next((one.number for one in before if one.path == part.above), None)
    where = _section_path(data, above)
    if where is None:
        return
    key = str(part.path[-2])
    row = _at(data, where)
    old = row.get(key, []) if isinstance(row, dict) else []
    siblings: list[Plain] = list(old) if isinstance(old, list) else []
    earlier = [one.number for one in before if _precedes(one, part)]
    places = [at for at, one in enumerate(siblings) if _number(one) in earlier]
    siblings.insert(places[-1] + 1 if places else 0, dict(part.row))
    if old:
        yield Edit("", (*where, key), old, siblings)
    elif where and isinstance(row, dict):
        yield Edit("", where, row, {**row, key: siblings})


def _section_path(data: PlanData, number: str | None) -> DataPath | None:
    """Return the path of a section; that of all where there is no number, None for no section."""
    if number is None:
        return ()
    found = (part.path for part in parts(data) if _is(part, PartKind.SECTION, number))
    return next(found, None)


def _precedes(one: Part, other: Part) -> bool:
    return one.path[:-1] == other.path[:-1] and int(one.path[-1]) < int(other.path[-1])


def _number(row: Plain) -> str:
    return str(row.get("number", "")) if isinstance(row, dict) else ""


def _at(data: Plain, path: DataPath) -> Plain:
    for step in path:
        if isinstance(data, dict):
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
    return data

"""What to roll back of the structure where two sides break a rule about it only together.

Both gave one number to two new sections or channels, or moved one to two other places.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from kvartal.history.diff.items import as_row
from kvartal.history.merge.threeway import Value
from kvartal.schema.changes import MISSING, Edit, PlanData
from kvartal.schema.data_paths import value_at
from kvartal.schema.problems import Problem
from kvartal.schema.structure import Part, PartKind, parts

_DUPLICATES: Final[Mapping[str, PartKind]] = {
    "section-duplicate": PartKind.SECTION,
    "channel-duplicate": PartKind.CHANNEL,
}


def part_rollbacks(data: PlanData, base: Value, problem: Problem) -> Iterator[Edit]:
    """Yield the edits that may satisfy a rule about sections and channels.

    Args:
        data: The merged programme.
        base: The version that both sides started from.
        problem: The broken rule.
    """
    before = parts(as_row(base))
    if problem.code in _DUPLICATES:
        kind, number = _DUPLICATES[problem.code], problem.fields["name"]
        after = [part for part in parts(data) if _is(part, kind, number)]
        places = [_above(data, part) for part in after]
        if not any(_is(part, kind, number) and _above(base, part) in places for part in before):
            yield from (_removal(data, part) for part in after)


def _is(part: Part, kind: PartKind, number: object) -> bool:
    return part.kind is kind and part.number == number


def _above(data: Value, part: Part) -> Value:
    """Return the number of the section that a part stands in; MISSING at the top."""
    return value_at(data, (*part.above, "number"))


def _removal(data: PlanData, part: Part) -> Edit:
    """Return the removal of a part; with its list, where it is the only one there."""
    siblings = value_at(data, part.path[:-1])
    if isinstance(siblings, list) and len(siblings) == 1:
        return Edit("", part.path[:-1], siblings, MISSING)
    return Edit("", part.path, dict(part.row), MISSING)

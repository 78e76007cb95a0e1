"""The sections and channels of a version, and which of two versions are the same.

A part is recognised by its number, else by its title, else by its place: so that a section that
went elsewhere is one part that moved, not all that stands in it taken out and put back.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from kvartal.history.diff.diff import Row
from kvartal.history.diff.items import as_list
from kvartal.schema.changes import PlanData
from kvartal.schema.problems import DataPath

SECTIONS: Final = "sections"
PART_LISTS: Final = {"channels": "channel", "sections": "section"}
"""The lists of parts, in printed order, and the field in which a measure names one of them."""


@dataclass(frozen=True, slots=True)
class PartVersion:
    """A section or a channel of one version.

    Attributes:
        kind: Name of the list that it stands in.
        path: Where it stands, from the root.
        row: Its plain data.
    """

    kind: str
    path: DataPath
    row: Row

    @property
    def number(self) -> str:
        """Its number."""
        return str(self.row["number"])

    @property
    def title(self) -> str:
        """Its title."""
        return str(self.row["title"])


PartPairs: TypeAlias = Mapping[DataPath, PartVersion]
"""The part of the newer version by the path of the same one in the older."""


def later_numbers(before: PlanData, after: PlanData) -> dict[tuple[str, str], str]:
    """Return the later number of each part, by the field of a measure and the earlier one."""
    if not (has_whole_parts(before) and has_whole_parts(after)):
        return {}
    old, new = list(part_versions(before)), list(part_versions(after))
    pairs = paired_parts(old, new)
    return {
        (PART_LISTS[part.kind], part.number): pairs[part.path].number
        for part in old
        if part.path in pairs
    }


def paired_parts(old: Sequence[PartVersion], new: Sequence[PartVersion]) -> PartPairs:
    """Return which parts are the same, by the path of the older."""
    pairs: dict[DataPath, PartVersion] = {}
    keys: tuple[Callable[[PartVersion], Hashable], ...] = (
        lambda part: (part.kind, part.number, part.title),
        lambda part: (part.kind, part.number),
        lambda part: (part.kind, part.title),
        lambda part: part.path,
    )
    for key in keys:
        left = [part for part in old if part.path not in pairs]
        done = {part.path for part in pairs.values()}
        free = [part for part in new if part.path not in done]
        counts = Counter(map(key, left)), Counter(map(key, free))
        there = {key(part): part for part in free}
        for part in left:
            if counts[0][key(part)] == 1 == counts[1][key(part)]:
                pairs[part.path] = there[key(part)]
    return pairs


def is_below_same(old: PartVersion, new: PartVersion, pairs: PartPairs) -> bool:
    """Return whether a part stands in the same section in both versions, or at the top in both."""
    above, below = old.path[:-2], new.path[:-2]
    if not above:
        return not below
    return above in pairs and pairs[above].path == below


def part_versions(row: PlanData | Row, path: DataPath = ()) -> Iterator[PartVersion]:
    """Yield the sections and channels of a programme, or of a section, in printed order."""
    for kind in PART_LISTS:
        if not path and kind != SECTIONS:
            continue
        for index, one in enumerate(as_list(row.get(kind))):
            if isinstance(one, dict) and "number" in one and "title" in one:
                part = PartVersion(kind, (*path, kind, index), one)
                yield part
                yield from part_versions(one, part.path)


def has_whole_parts(row: PlanData | Row, *, is_top: bool = True) -> bool:
    """Return whether a programme has nothing but sections and channels for a structure."""
    for kind in PART_LISTS:
        if is_top and kind != SECTIONS:
            continue
        value = row.get(kind, [])
        if not isinstance(value, list):
            return False
        for one in value:
            if not isinstance(one, dict) or not {"number", "title"} <= one.keys():
                return False
            if not all(isinstance(one[key], str) for key in ("number", "title")):
                return False
            if not has_whole_parts(one, is_top=False):
                return False
    return True

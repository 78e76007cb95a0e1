"""A merge commit against what merging its parents by measure and field gives.

What the two sides agree on, or one of them alone changed, is the merge's own doing; where both
changed one field, either value is a person's choice. Everything else somebody put in, or left out,
under the cover of merging. In which order records stand is nobody's lie.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.facts import as_text
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.diff.diff import MEASURES, Row
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.lines import as_list, as_row
from kvartal.history.diff.matching import same
from kvartal.history.diff.words import Words
from kvartal.history.merge.merge import Conflict, Merged, merge, settled
from kvartal.history.merge.renumbering import reconciled
from kvartal.history.merge.threeway import Sides, Value, merge_values
from kvartal.history.messages.subjects import subject
from kvartal.schema.changes import ChangeKind, Plain, PlanData
from kvartal.schema.errors import N_

_MOST_CHOICES: Final = 8
"""So many conflicts of one measure are tried in every combination."""

# Lists whose items are the sides' to add: a person who joins them writes them in any order.
_JOINED: Final = frozenset(
    {"measures", "records", "postponements", "values", "documents", "files", "links"}
)
_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class MergeDifference:
    """What a merge made of one measure, and what merging gives.

    Attributes:
        measure: Its id; empty for what belongs to the programme as a whole.
        wanted: A programme with nothing but that, as merging gives it.
        made: The same as the merge commit has it.
    """

    measure: str
    wanted: PlanData
    made: PlanData


class MergeParents:
    """Looks up what merge commits were made from.

    Args:
        graph: The commits.
        walk: What they hold.
        versions: The versions of the plan.
    """

    def __init__(self, graph: CommitGraph, walk: HistoryWalk, versions: VersionCache) -> None:
        self._graph = graph
        self._walk = walk
        self._versions = versions

    def unexplained(
        self, step: WalkStep, now: CachedVersion, before: Sequence[CachedVersion]
    ) -> tuple[MergeDifference, ...] | None:
        """Return what a merge made into what merging does not; None where a side is unreadable.

        Args:
            step: The merge.
            now: The plan as it has it.
            before: The plan as its parents have it, those that have one.
        """
        blobs = {version.blob for version in before}
        if blobs == {now.blob}:
            return ()
        if now.data is None:
            # Git's conflict markers, committed: a fault of the version, and told as that.
            return ()
        if len(blobs) == 1:
            return merge_differences(before[0].data or {}, [before[0].data or {}] * 2, now.data)
        sides = [version.data for version in before]
        readable = [side for side in sides if side is not None]
        if len(readable) < len(sides):
            return () if now.blob in blobs else None
        parents = tuple(
            name
            for name, held in zip(self._graph.parents(step.commit.id), step.before, strict=True)
            if held.plan
        )
        return merge_differences(self._base(self._graph.merge_bases(parents)), readable, now.data)

    def _base(self, commits: Sequence[str]) -> PlanData:
        """Return the version that sides started from; of several, what they come to together."""
        if not commits:
            return {}
        first, *others = commits
        data = self._data(first)
        for other in others:
            deeper = self._base(self._graph.merge_bases((first, other)))
            data = _joint(deeper, data, self._data(other))
        return data

    def _data(self, commit: str) -> PlanData:
        plan = self._walk.holding(commit).plan
        return {} if plan is None else self._versions.version(plan).data or {}


def told_oddities(found: Sequence[MergeDifference], words: Words) -> str:
    """Return what merging gives and what is there instead, a few words a measure."""
    told = []
    for one in found:
        groups = change_groups(one.wanted, one.made, words)
        told.append(subject(ChangeKind.SET, groups, words))
    rest = len(told) - _TOLD
    more = (words.say(N_("и ещё {more}"), more=rest),) if rest > 0 else ()
    return "; ".join((*told[:_TOLD], *more))


def merge_differences(
    base: PlanData, sides: Sequence[PlanData], made: PlanData
) -> tuple[MergeDifference, ...]:
    """Return in what a merge is not what merging gives.

    Args:
        base: The version that the sides started from.
        sides: The versions that were merged; at least two.
        made: What the merge commit holds.
    """
    if len(sides) == 2:  # noqa: PLR2004 - the usual merge, and no rule to be asked about it
        outcome = merge_values(reconciled(base, sides[0], sides[1]).sides)
        if isinstance(outcome.value, dict) and _told(outcome.value) == _told(made):
            return ()
    return tuple(_differing(_merged(base, sides), sides, made))


def _joint(base: PlanData, one: PlanData, other: PlanData) -> PlanData:
    """Return one ancestor of two, as it is made where two branches have merged each other."""
    merged = merge(base, one, other)
    return settled(merged, [conflict.sides.base for conflict in merged.conflicts])


def _merged(base: PlanData, sides: Sequence[PlanData]) -> Merged:
    merged = merge(base, sides[0], sides[1])
    for side in sides[2:]:
        merged = merge(base, merged.data, side)
    return merged


def _differing(
    merged: Merged, sides: Sequence[PlanData], made: PlanData
) -> Iterator[MergeDifference]:
    if _told(_outside(merged.data)) != _told(_outside(made)) and not any(
        _told(_outside(option)) == _told(_outside(made)) for option in _options(merged, "")
    ):
        yield MergeDifference("", _outside(merged.data), _outside(made))
    wanted, have = _by_id(merged.data), _by_id(made)
    known = [_by_id(side) for side in sides]
    # Of an id given twice the one that merging renumbers is not lost.
    twice = {_nameless(row) for rows in have.values() if len(rows) > 1 for row in rows}
    for name in dict.fromkeys((*wanted, *have)):
        rows, due = have.get(name, []), wanted.get(name, [])
        if _texts(rows) == _texts(due) or (due and not rows and twice >= set(map(_nameless, due))):
            continue
        if len(rows) > 1:
            # An id given twice is a fault of its own: here it counts whose measures these are.
            theirs = {text for side in (wanted, *known) for text in _texts(side.get(name, []))}
            explained = set(_texts(rows)) <= theirs
        else:
            options = (_by_id(option).get(name, []) for option in _options(merged, name))
            explained = any(_texts(rows) == _texts(option) for option in options)
        if not explained:
            yield MergeDifference(name, {MEASURES: [*due]}, {MEASURES: [*rows]})


def _options(merged: Merged, measure: str) -> Iterator[PlanData]:
    """Yield the merged programme with the conflicts of one measure settled either way."""
    own = tuple(one for one in merged.conflicts if one.measure == measure)
    if not own:
        return
    just = replace(merged, conflicts=own)
    choices = [_choices(one) for one in own]
    if len(own) > _MOST_CHOICES:
        choices_of_all: Iterable[Sequence[Value]] = zip(*(one[:2] for one in choices), strict=True)
    else:
        choices_of_all = product(*choices)
    for chosen in choices_of_all:
        yield settled(just, chosen)


def _choices(conflict: Conflict) -> tuple[Value, ...]:
    """Return what a conflict may be settled by: a side, or what git's text merge makes of both."""
    sides = conflict.sides
    joined = _item_by_item(sides)
    return (sides.ours, sides.theirs, *(() if joined is None else (joined,)))


def _item_by_item(sides: Sides) -> Plain | None:
    """Return steps of which each side changed other ones; None where that is not so.

    Such steps, and the fields of one term, are one value to us and other lines to git.
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
        found = [_either(*three) for three in zip(base, ours, theirs, strict=True)]
        steps: Plain = [item for item in found if item is not None]
        return None if None in found else steps
    return None


def _either(base: Plain, ours: Plain, theirs: Plain) -> Plain | None:
    """Return what the one side made of an item that changed it; None where both did."""
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
    return [_told(row) for row in rows]


def _nameless(row: Row) -> str:
    """Return a measure without what it is called by, as a text."""
    return _told({key: value for key, value in row.items() if key not in {"id", "number"}})


def _told(value: Plain) -> str:
    """Return a value as a text that is the same whatever the order of joined lists."""
    return as_text(_sorted(value))


def _sorted(value: Plain, key: str = "") -> Plain:
    if isinstance(value, dict):
        # Two files of one name get two names; that each is where it is said is looked up elsewhere.
        kept = {name: item for name, item in value.items() if key != "files" or name != "path"}
        return {name: _sorted(item, name) for name, item in kept.items()}
    if isinstance(value, list):
        items = [_sorted(item, key) for item in value]
        return sorted(items, key=as_text) if key in _JOINED else items
    return value

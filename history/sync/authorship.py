"""Who gave the two values of a conflict, and when: looked up in the commits of each side."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kvartal.history.diff.matching import same
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import read_commits
from kvartal.history.log.version_reader import VersionReader
from kvartal.history.merge.merge import Conflict
from kvartal.history.merge.threeway import Value
from kvartal.history.sync.divergence import Authorship, FieldConflict, Side
from kvartal.schema.changes import Missing, Plain, PlanData


def with_authors(
    repository: Repository, conflicts: Sequence[FieldConflict], ours: str, theirs: str
) -> tuple[FieldConflict, ...]:
    """Return conflicts with who gave either value, as far as that is found.

    Args:
        repository: As seen from the plan's folder.
        conflicts: The conflicts.
        ours: Our commit.
        theirs: Theirs.
    """
    found = list(conflicts)
    for plan in {one.plan for one in conflicts}:
        for side, commit, other in ((Side.OURS, ours, theirs), (Side.THEIRS, theirs, ours)):
            # The commits that only this side has and that touched the plan.
            only = ("--topo-order", "--full-history", commit, f"^{other}", "--", plan)
            commits = tuple(read_commits(repository, only))
            with VersionReader(repository, plan) as versions:
                for at, one in enumerate(found):
                    if one.plan == plan:
                        told = _giver(one.merge_conflict, one.value(side), commits, versions)
                        found[at] = _with(found[at], side, told)
    return tuple(found)


def _with(conflict: FieldConflict, side: Side, told: Authorship | None) -> FieldConflict:
    return replace(conflict, ours=told) if side is Side.OURS else replace(conflict, theirs=told)


def _giver(
    conflict: Conflict, value: Value, commits: Sequence[CommitEntry], versions: VersionReader
) -> Authorship | None:
    """Return the newest commit that brought a value, which none of its parents has."""
    names = tuple(part for part in conflict.path if isinstance(part, str))
    touched: Authorship | None = None
    for commit in commits:
        after = _values(versions.data(commit.commit), conflict.measure, names)
        before = [
            _values(versions.data(parent), conflict.measure, names)
            for parent in commit.parents or (None,)
        ]
        if _has(after, value) and not any(_has(one, value) for one in before):
            return _authorship(commit)
        if touched is None and not any(_equal(one, after) for one in before):
            touched = _authorship(commit)
    return touched


def _authorship(commit: CommitEntry) -> Authorship:
    return Authorship(commit.commit, commit.author, commit.date, commit.subject)


def _has(values: Sequence[Plain], value: Value) -> bool:
    """Tell whether a value is among those that stand in its place; MISSING is where none does."""
    if isinstance(value, Missing):
        return not values
    return any(same(one, value) for one in values)


def _equal(one: Sequence[Plain], other: Sequence[Plain]) -> bool:
    return same(list(one), list(other))


def _values(data: PlanData | None, measure: str, names: Sequence[str]) -> list[Plain]:
    """Return what stands at a field, in whichever items of the lists on the way to it."""
    found: list[Plain] = [] if data is None else [data]
    if measure:
        rows = data.get("measures") if data else None
        found = [
            row
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict) and row.get("id") == measure
        ]
    for name in names:
        found = [one[name] for one in _items(found) if isinstance(one, dict) and name in one]
    return [*found, *_items(one for one in found if isinstance(one, list))]


def _items(values: Iterable[Plain]) -> list[Plain]:
    """Return values with the items of lists in the place of the lists."""
    found: list[Plain] = []
    for one in values:
        found += one if isinstance(one, list) else [one]
    return found

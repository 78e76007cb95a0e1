"""Finds who set the two values of a conflict, and when, in the commits of each side."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kvartal.history.diff.matching import same
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import read_commits
from kvartal.history.log.version_reader import VersionReader
from kvartal.history.merge.conflict import Conflict
from kvartal.history.merge.threeway import Value
from kvartal.history.sync.divergence import Authorship, FieldConflict, Side
from kvartal.schema.changes import Missing, Plain, PlanData


def with_authors(
    repository: Repository, conflicts: Sequence[FieldConflict], ours: str, theirs: str
) -> tuple[FieldConflict, ...]:
    """Return conflicts with the author of each value, as far as the commits show it.

    Args:
        repository: As seen from the plan's folder.
        conflicts: The conflicts.
        ours: Our commit.
        theirs: The remote's commit.
    """
    result = list(conflicts)
    for plan in {conflict.plan for conflict in conflicts}:
        for side, commit, other in ((Side.OURS, ours, theirs), (Side.THEIRS, theirs, ours)):
            # The commits that only this side has and that touched the plan.
            only = ("--topo-order", "--full-history", commit, f"^{other}", "--", plan)
            commits = tuple(read_commits(repository, only))
            with VersionReader(repository, plan) as versions:
                for index, conflict in enumerate(result):
                    if conflict.plan == plan:
                        value = conflict.value(side)
                        author = _author(conflict.merge_conflict, value, commits, versions)
                        result[index] = _with_author(conflict, side, author)
    return tuple(result)


def _with_author(conflict: FieldConflict, side: Side, author: Authorship | None) -> FieldConflict:
    if side is Side.OURS:
        return replace(conflict, ours=author)
    return replace(conflict, theirs=author)


def _author(
    conflict: Conflict, value: Value, commits: Sequence[CommitEntry], versions: VersionReader
) -> Authorship | None:
    """Return the newest commit that introduced a value; else the newest that changed the field.

    A commit introduces a value that it has and none of its parents has.
    """
    names = tuple(part for part in conflict.path if isinstance(part, str))
    changed: Authorship | None = None
    for commit in commits:
        after = _values(versions.data(commit.commit), conflict.measure, names)
        before = [
            _values(versions.data(parent), conflict.measure, names)
            for parent in commit.parents or (None,)
        ]
        if _has(after, value) and not any(_has(values, value) for values in before):
            return _authorship(commit)
        if changed is None and not any(same(values, after) for values in before):
            changed = _authorship(commit)
    return changed


def _authorship(commit: CommitEntry) -> Authorship:
    return Authorship(commit.commit, commit.author, commit.date, commit.subject)


def _has(values: Sequence[Plain], value: Value) -> bool:
    """Return whether a value is among those of its field; MISSING is where there are none."""
    if isinstance(value, Missing):
        return not values
    return any(same(other, value) for other in values)


def _values(data: PlanData | None, measure: str, names: Sequence[str]) -> list[Plain]:
    """Return all values of a field, whichever items of the lists on its path they are in."""
    values: list[Plain] = [] if data is None else [data]
    if measure:
        rows = data.get("measures") if data else None
        values = [
            row
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict) and row.get("id") == measure
        ]
    for name in names:
        values = [
            value[name] for value in _flattened(values) if isinstance(value, dict) and name in value
        ]
    return [*values, *_flattened(value for value in values if isinstance(value, list))]


def _flattened(values: Iterable[Plain]) -> list[Plain]:
    """Return values with each list replaced by its items."""
    items: list[Plain] = []
    for value in values:
        items += value if isinstance(value, list) else [value]
    return items

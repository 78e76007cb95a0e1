"""Finds who set the two values of a conflict, and when, in the commits of each side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from kvartal.history.diff.matching import same
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import read_commits
from kvartal.history.log.version_reader import VersionReader
from kvartal.history.merge.needed_parts import UNKNOWN_PARTS
from kvartal.history.merge.paths import MEASURE_DEPTH, measure_of
from kvartal.history.merge.threeway import Value
from kvartal.history.sync.divergence import Authorship, FieldConflict, Side
from kvartal.schema.changes import MISSING, Missing, Plain, PlanData
from kvartal.schema.problems import DataPath
from kvartal.schema.structure import PartKind, parts

_UNKNOWN_MEASURES: Final = frozenset({"same-work-unknown", "actions-from-unknown"})
"""The rules that a measure breaks which refers to one that was removed."""


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
    for plan, is_elsewhere in {(one.plan, one.is_elsewhere) for one in conflicts}:
        there = repository.at("") if is_elsewhere else repository
        for side, commit, other in ((Side.OURS, ours, theirs), (Side.THEIRS, theirs, ours)):
            # The commits that only this side has and that touched the plan.
            only = ("--topo-order", "--full-history", commit, f"^{other}", "--", plan)
            commits = tuple(read_commits(there, only))
            with VersionReader(there, plan) as versions:
                for index, conflict in enumerate(result):
                    if (conflict.plan, conflict.is_elsewhere) == (plan, is_elsewhere):
                        author = _author(_trace(conflict, side), commits, versions)
                        result[index] = _with_author(conflict, side, author)
    return tuple(result)


def _with_author(conflict: FieldConflict, side: Side, author: Authorship | None) -> FieldConflict:
    if side is Side.OURS:
        return replace(conflict, ours=author)
    return replace(conflict, theirs=author)


class _Trace(Protocol):
    """What to look for in the versions of a side."""

    def values(self, data: PlanData | None) -> list[Plain]:
        """Return what a version has in the place in question."""

    def holds(self, data: PlanData | None) -> bool:
        """Return whether a version has what the side did."""


@dataclass(frozen=True, slots=True)
class _FieldTrace:
    """A value of a field: MISSING where the side removed it."""

    measure: str
    names: tuple[str, ...]
    value: Value

    def values(self, data: PlanData | None) -> list[Plain]:
        return _values(data, self.measure, self.names)

    def holds(self, data: PlanData | None) -> bool:
        return _has(self.values(data), self.value)


@dataclass(frozen=True, slots=True)
class _PartTrace:
    """A section or a channel that is gone, though a measure names it."""

    kind: PartKind
    number: object

    def values(self, data: PlanData | None) -> list[Plain]:
        del data
        return []

    def holds(self, data: PlanData | None) -> bool:
        return data is not None and not any(
            (part.kind, part.number) == (self.kind, self.number) for part in parts(data)
        )


def _trace(conflict: FieldConflict, side: Side) -> _Trace:
    """Return what to look for: of a rule that both sides break, also what the other one did."""
    merged, value = conflict.merge_conflict, conflict.value(side)
    if merged.problem is None or not same(value, merged.sides.base):
        return _FieldTrace(merged.measure, _names(merged.path), value)
    if merged.problem.code in UNKNOWN_PARTS:
        kind = UNKNOWN_PARTS[merged.problem.code]
        return _PartTrace(kind, merged.problem.fields.get(kind.value))
    if merged.problem.code in _UNKNOWN_MEASURES:
        return _FieldTrace(str(merged.problem.fields["other"]), ("id",), MISSING)
    edit = merged.rollback
    if edit is None:
        return _FieldTrace(merged.measure, _names(merged.path), value)
    measure = measure_of(conflict.data, edit.path)
    path = edit.path[MEASURE_DEPTH:] if measure else edit.path
    return _FieldTrace(measure, _names(path), edit.old)


def _author(
    trace: _Trace, commits: Sequence[CommitEntry], versions: VersionReader
) -> Authorship | None:
    """Return the newest commit that did it; else the newest that changed the field.

    A commit introduces what it has and none of its parents has.
    """
    changed: Authorship | None = None
    for commit in commits:
        after = versions.data(commit.commit)
        before = [versions.data(parent) for parent in commit.parents or (None,)]
        if trace.holds(after) and not any(map(trace.holds, before)):
            return _authorship(commit)
        values = trace.values(after)
        if changed is None and not any(same(trace.values(one), values) for one in before):
            changed = _authorship(commit)
    return changed


def _names(path: DataPath) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))


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

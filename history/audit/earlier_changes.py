"""What the commits before a walk changed in each measure, and in the settings of the audit.

A check that follows something through the history asks here for what it was not shown: what a mark
covers, or what this clone has verified. The versions are read on the first request, all at once.
Only the measures whose lines differ are kept for each commit, and they are parsed on demand.
"""

from collections import OrderedDict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, TypeAlias

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import HistoryWalk
from kvartal.history.diff.diff import MEASURES, Row
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.layout import layout, measure_only
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.model import Audit

_Lines: TypeAlias = tuple[bytes, bytes]
"""A text with one measure, before and after a commit."""

_ID: Final = b"- id: "
_IN_QUOTES: Final = b"\"' \t\r"
_MAX_TEXTS: Final = 4


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """What one commit made of one measure.

    Attributes:
        commit: The commit.
        before: The measure in its parent.
        after: The measure in it.
    """

    commit: Commit
    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class AuditChange:
    """What one commit made of the settings of the audit."""

    commit: Commit
    before: Audit
    after: Audit


class EarlierChanges:
    """The changes that commits with one parent made before a walk, each after its parents.

    Args:
        walk: What the commits hold.
        graph: The commits.
        objects: The objects of the repository.
        versions: The versions of the plan.
        commits: Hashes of the commits.
    """

    def __init__(
        self,
        walk: HistoryWalk,
        graph: CommitGraph,
        objects: ObjectReader,
        versions: VersionCache,
        commits: AbstractSet[str],
    ) -> None:
        self._walk = walk
        self._graph = graph
        self._objects = objects
        self._versions = versions
        self._commits = commits
        self._measures: dict[str, list[tuple[Commit, _Lines | None]]] | None = None
        self._audits: list[AuditChange] = []
        self._texts: OrderedDict[str, bytes] = OrderedDict()

    def of_measure(self, name: str) -> Iterator[MeasureChange]:
        """Yield the changes of one measure; those that add or remove it are left out.

        Raises:
            ObjectBroken: A version cannot be read.
        """
        for commit, lines in self._read().get(name, ()):
            rows = self._rows(commit, name, lines)
            if rows is not None:
                yield MeasureChange(commit, *rows)

    def of_audit(self) -> list[AuditChange]:
        """Return the changes of the settings of the audit.

        Raises:
            ObjectBroken: A version cannot be read.
        """
        self._read()
        return self._audits

    def versions_of(self, commit: str) -> tuple[CachedVersion, CachedVersion] | None:
        """Return the plan before and after a commit; None where it is no change of one version."""
        blobs = self._blobs(commit)
        if blobs is None:
            return None
        before, after = map(self._versions.version, blobs)
        return before, after

    def _blobs(self, commit: str) -> tuple[str, str] | None:
        parents = self._graph.parents(commit)
        if len(parents) != 1:
            return None
        before, after = self._walk.plan_at(parents[0]).blob, self._walk.plan_at(commit).blob
        return (before, after) if before and after and before != after else None

    def _read(self) -> dict[str, list[tuple[Commit, _Lines | None]]]:
        """Return the commits that changed each measure, with its lines, or None for the whole."""
        if self._measures is None:
            self._measures = {}
            for commit in self._graph.parents_first(set(self._commits)):
                blobs = self._blobs(commit.id)
                if blobs is not None:
                    self._read_commit(commit, *blobs)
        return self._measures

    def _read_commit(self, commit: Commit, old: str, new: str) -> None:
        measures = self._measures or {}
        for name, lines in self._changed_lines(commit, old, new):
            measures.setdefault(name, []).append((commit, lines))
        self._measures = measures

    def _changed_lines(
        self, commit: Commit, old: str, new: str
    ) -> Iterator[tuple[str, _Lines | None]]:
        before, after = self._text(old), self._text(new)
        name = _measure_at(after, _first_difference(before, after))
        lines = measure_only(before, after, name) if name else None
        if lines is not None:
            yield name.decode("utf-8", "replace"), lines
            return
        parts = layout(before), layout(after)
        if parts[0] is None or parts[1] is None or parts[0].around != parts[1].around:
            yield from self._changed_rows(commit, old, new)
            return
        for key, text in parts[1].measures.items():
            known = parts[0].measures.get(key)
            if known is not None and known != text:
                head = b"measures:\n"
                yield key.decode("utf-8", "replace"), (head + known, head + text)

    def _changed_rows(
        self, commit: Commit, old: str, new: str
    ) -> Iterator[tuple[str, _Lines | None]]:
        """Yield the measures that differ in two versions, and note settings that do."""
        before, after = self._versions.version(old), self._versions.version(new)
        if before.audit != after.audit:
            self._audits.append(AuditChange(commit, before.audit, after.audit))
        rows = {measure.id: measure.row for measure in before.measures}
        for measure in after.measures:
            if measure.id in rows and rows[measure.id] != measure.row:
                yield measure.id, None

    def _rows(self, commit: Commit, name: str, lines: _Lines | None) -> tuple[Row, Row] | None:
        """Return a measure before and after a commit; None where a version does not have it."""
        if lines is not None:
            rows = [_row(text) for text in lines]
            if rows[0] is not None and rows[1] is not None:
                return rows[0], rows[1]
        versions = self.versions_of(commit.id) or ()
        found = [
            next((measure.row for measure in version.measures if measure.id == name), None)
            for version in versions
        ]
        return (found[0], found[1]) if found and found[0] and found[1] else None

    def _text(self, blob: str) -> bytes:
        """Return the bytes of a version; the last few are kept, a child's parent among them."""
        if blob not in self._texts:
            self._texts[blob] = self._objects.blob(blob)
            if len(self._texts) > _MAX_TEXTS:
                self._texts.popitem(last=False)
        return self._texts[blob]


def _row(text: bytes) -> Row | None:
    """Return the only measure in a text; None where it cannot be read without the rest."""
    try:
        rows = as_list(load(text, "").data.get(MEASURES))
    except UnreadablePlan:
        return None
    return as_row(rows[0]) if len(rows) == 1 else None


def _first_difference(one: bytes, other: bytes) -> int:
    """Return the position of the first byte in which two texts differ."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _measure_at(text: bytes, position: int) -> bytes:
    """Return the id of the measure that a position may be in; empty for none."""
    start = text.rfind(_ID, 0, position)
    if start < 0:
        return b""
    line = text[start + len(_ID) : text.find(b"\n", start)]
    return line.partition(b"#")[0].strip(_IN_QUOTES)

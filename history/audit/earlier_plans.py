"""Earlier plans: the versions of this one, and the plans that were removed from the history.

A fact that an earlier version has is not a new one, and a removed plan may have gone on under a
different name. They are looked for only where something would be a finding otherwise, so it need
not be quick; still, a text that does not even contain the date is not parsed.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kvartal.history.audit.facts import Fact, canonical_text
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.repository import Repository
from kvartal.schema.changes import Edit, Missing, PlanData

_SUFFIXES: Final = (".yaml", ".yml")
_MEASURES: Final = re.compile(rb"^measures:", re.MULTILINE)
_YEAR: Final = re.compile(rb"^year:[ \t]*([0-9]{4})", re.MULTILINE)
_LOG_OF_REMOVALS: Final = (
    *("--no-replace-objects", "log", "--full-history", "--no-renames", "--diff-filter=D"),
    *("--format=", "--raw", "--no-abbrev", "-z"),
)


@dataclass(frozen=True, slots=True)
class EarlierPlans:
    """What the plan was before a commit, and which plan it was.

    Attributes:
        repository: The repository.
        objects: Its objects.
        walk: Its commits.
        versions: The versions of the plan.
        path: The plan's path in the repository.
        head_tree: Hash of the tree at HEAD.
    """

    repository: Repository
    objects: ObjectReader
    walk: HistoryWalk
    versions: VersionCache
    path: str
    head_tree: str

    def had_fact(self, commit: str, fact: Fact) -> bool:
        """Tell whether a fact was in the plan at some time before a commit."""
        earlier = self._versions_with(fact.day.isoformat(), commit)
        return any(fact in measure.facts for version in earlier for measure in version.measures)

    def had_item(self, commit: str, edit: Edit) -> bool:
        """Tell whether the dated item that an edit adds was in its measure before a commit."""
        item = edit.new
        day = None if isinstance(item, Missing) else as_row(item).get("date")
        if isinstance(item, Missing) or not isinstance(day, str):
            return False
        wanted, key = canonical_text(item), str(edit.path[0])
        return any(
            wanted
            in map(canonical_text, (*as_list(measure.row.get(key)), as_row(measure.row.get(key))))
            for version in self._versions_with(day, commit)
            for measure in version.measures
            if measure.id == edit.measure
        )

    def had_text(self, commit: str, text: str) -> bool:
        """Tell whether a text was in the plan file at some time before a commit."""
        return next(self._versions_with(text, commit), None) is not None

    def versions_before(self, commit: str) -> Iterator[tuple[Commit, PlanData]]:
        """Yield the commits before one that changed the plan, newest first, and what they made.

        Those are left out whose version cannot be read.
        """
        for change in self.walk.changes_before(commit):
            blob = self.walk.plan_at(change.id).blob
            data = None if blob is None else self.versions.version(blob).data
            if data is not None:
                yield change, data

    def last_blob(self, commit: str) -> str | None:
        """Return the hash of the last version of the plan before a commit; None for none."""
        blobs = (self.walk.plan_at(change.id).blob for change in self.walk.changes_before(commit))
        return next(filter(None, blobs), None)

    def predecessor(self, step: WalkStep, version: CachedVersion) -> tuple[str, str] | None:
        """Return path and blob of the plan that went on under this name; None for none.

        That is a plan that is removed by the commit in which this one appears; or one of the same
        year that was removed at a different time: a copy was made first, or the file was away in
        between.

        Args:
            step: The commit with which the history of the plan begins.
            version: The plan in it.
        """
        after = {path for path, _ in self.objects.files(step.commit.tree)}
        before = [
            file
            for tree in self.walk.parent_trees(step.commit.id)
            for file in self.objects.files(tree)
        ]
        for path, blob in before:
            if path not in after and is_plan(self.objects, path, blob):
                return path, blob
        return self._removed_plan_of_year(version.content, before, step.commit.id)

    def _removed_plan_of_year(
        self, content: bytes, before: Iterable[tuple[str, str]], commit: str
    ) -> tuple[str, str] | None:
        """Return path and blob of a plan of the same year that HEAD does not have; None for none.

        Args:
            content: The plan whose year it is.
            before: Paths and blobs of the files that were there when it appeared.
            commit: The commit in which it appeared.
        """
        year = _YEAR.search(content)
        if year is None:
            return None
        for path, blob in (*before, *_removed_files(self.repository, commit)):
            if path == self.path or self.objects.at(self.head_tree, path) is not None:
                continue
            if not is_plan(self.objects, path, blob):
                continue
            other_year = _YEAR.search(self.objects.blob(blob))
            if other_year and other_year[1] == year[1]:
                return path, blob
        return None

    def _versions_with(self, text: str, commit: str) -> Iterator[CachedVersion]:
        wanted = text.encode("utf-8", "replace")
        seen = set()
        for earlier in self.walk.changes_before(commit):
            blob = self.walk.plan_at(earlier.id).blob
            if blob is not None and blob not in seen and wanted in self.objects.blob(blob):
                seen.add(blob)
                yield self.versions.version(blob)


def find_removed_plan(folder: Path) -> Path | None:
    """Return where the plan that was removed last stood; None where none was.

    Args:
        folder: Any folder of the repository.

    Raises:
        KvartalError: Git refuses, or there is no repository.
    """
    repository = find_repository(folder)
    top = repository.at("")
    # With `--stage` git lists files that are on the disk too, whatever else it is asked.
    listed = top.read_text("ls-files", "--stage", "-z").split("\0")
    entries = (line.partition("\t") for line in listed if line)
    removed = [
        (path, stage.split()[1])
        for stage, _, path in entries
        if path.endswith(_SUFFIXES) and not os.path.lexists(top.folder / path)
    ]
    head = repository.commit_id()
    with ObjectReader(repository) as objects:
        removed += _removed_files(repository, head) if head else ()
        for path, blob in removed:
            if is_plan(objects, path, blob):
                return top.folder / path
    return None


def is_in_history(path: Path) -> bool:
    """Tell whether a file that is not on the disk is in the history.

    Raises:
        KvartalError: Git refuses, or there is no repository.
    """
    real = path.resolve()
    repository = find_repository(next(folder for folder in real.parents if folder.is_dir()))
    if repository.commit_id() is None:
        return False
    found = repository.read("log", "-1", "--full-history", "--format=%H", "--", str(real))
    return bool(found.strip())


def is_plan(objects: ObjectReader, path: str, blob: str) -> bool:
    """Tell whether a file looks like a plan."""
    return path.endswith(_SUFFIXES) and _MEASURES.search(objects.blob(blob)) is not None


def _removed_files(repository: Repository, commit: str) -> Iterator[tuple[str, str]]:
    """Yield path and blob of every YAML file removed up to a commit, newest first."""
    printed = repository.read_text(*_LOG_OF_REMOVALS, commit, "--").lstrip("\0").split("\0")
    for raw, path in zip(printed[::2], printed[1::2], strict=False):
        parts = raw.lstrip(":").split()
        if len(parts) == 5 and path.endswith(_SUFFIXES):  # noqa: PLR2004 - two modes, two hashes
            yield path, parts[2]

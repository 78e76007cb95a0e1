"""Earlier plans: the versions of this one, and plans that were removed from the history.

A fact that an earlier version has is not a new one, and a removed plan may have gone on under
another name. Asked for only where something would be a finding otherwise, so it need not be quick;
still, a text in which the date does not even stand is not read.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kvartal.history.audit.facts import Fact, as_text
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.diff.lines import as_list, as_row
from kvartal.history.git.repository import Repository, find_repository
from kvartal.schema.changes import Edit, Missing

_ENDINGS: Final = (".yaml", ".yml")
_MEASURES: Final = re.compile(rb"^measures:", re.MULTILINE)
_YEAR: Final = re.compile(rb"^year:[ \t]*([0-9]{4})", re.MULTILINE)
_LOG: Final = (
    *("--no-replace-objects", "log", "--full-history", "--no-renames", "--diff-filter=D"),
    *("--format=", "--raw", "--no-abbrev", "-z"),
)


@dataclass(frozen=True, slots=True)
class RemovedPlans:
    """The removed plans of a history.

    Attributes:
        repository: The repository.
        objects: Its objects.
        tree: Hash of the tree at its end.
        plan: Path of the plan that is verified: it is none of them.
    """

    repository: Repository
    objects: ObjectReader
    tree: str
    plan: str

    def of_year(
        self, content: bytes, there: Sequence[tuple[str, str]], commit: str
    ) -> tuple[str, str] | None:
        """Return path and version of a plan of one year that is there no more; None for none.

        Args:
            content: A plan of that year.
            there: Paths and contents of the files that were there when it came.
            commit: The commit in which it came.
        """
        year = _YEAR.search(content)
        for path, blob in (*there, *_removed(self.repository, commit)) if year else ():
            is_named = path.endswith(_ENDINGS) and path != self.plan
            is_there = is_named and self.objects.at(self.tree, path) is not None
            if not is_named or is_there or not self.is_plan(path, blob):
                continue
            other = _YEAR.search(self.objects.blob(blob))
            if year and other and other[1] == year[1]:
                return path, blob
        return None

    def is_plan(self, path: str, blob: str) -> bool:
        """Tell whether a file looks like a plan."""
        return _is_plan(self.objects, path, blob)


class EarlierVersions:
    """The earlier versions of a plan.

    Args:
        walk: The way through its history.
        objects: Where they are.
        versions: The same, read.
        gone: The plans that were removed from it.
    """

    def __init__(
        self, walk: HistoryWalk, objects: ObjectReader, versions: VersionCache, gone: RemovedPlans
    ) -> None:
        self._walk = walk
        self._objects = objects
        self._versions = versions
        self._gone = gone

    def facts_before(self, commit: str) -> Callable[[Fact], bool]:
        """Return what tells whether a fact was in the plan at some time before a commit."""

        def was_there(fact: Fact) -> bool:
            earlier = self._versions_with(fact.day.isoformat(), commit)
            return any(fact in part.facts for version in earlier for part in version.parts)

        return was_there

    def items_before(self, commit: str) -> Callable[[Edit], bool]:
        """Return what tells whether an item that an edit puts in was there before a commit."""

        def was_there(edit: Edit) -> bool:
            item = edit.new
            day = None if isinstance(item, Missing) else as_row(item).get("date")
            if isinstance(item, Missing) or not isinstance(day, str):
                return False
            wanted, key = as_text(item), str(edit.path[0])
            return any(
                wanted in map(as_text, (*as_list(part.row.get(key)), as_row(part.row.get(key))))
                for version in self._versions_with(day, commit)
                for part in version.parts
                if part.id == edit.measure
            )

        return was_there

    def former(self, step: WalkStep, now: CachedVersion) -> tuple[str, str] | None:
        """Return the path and the last version of a plan in whose place this one came.

        That is one that goes with the commit in which this one comes; or one of the same year
        that went at another time: a copy was made first, or the file was away in between.

        Args:
            step: The commit with which the history of the plan begins.
            now: The plan as it has it.
        """
        here = dict(self._objects.files(step.commit.tree))
        before = [
            file
            for tree in self._walk.trees_before(step.commit.id)
            for file in self._objects.files(tree)
        ]
        at_once = (file for file in before if file[0] not in here and self._gone.is_plan(*file))
        return next(at_once, None) or self._gone.of_year(now.content, before, step.commit.id)

    def last_version(self, commit: str) -> str | None:
        """Return the hash of the last plan that there was before a commit; None for none."""
        held = (self._walk.holding(one.id).plan for one in self._walk.history(commit))
        return next(filter(None, held), None)

    def _versions_with(self, text: str, commit: str) -> Iterator[CachedVersion]:
        wanted = text.encode("utf-8", "replace")
        seen = set()
        for earlier in self._walk.history(commit):
            plan = self._walk.holding(earlier.id).plan
            if plan is not None and plan not in seen and wanted in self._objects.blob(plan):
                seen.add(plan)
                yield self._versions.version(plan)


def last_removed(folder: Path) -> Path | None:
    """Return where the plan stood that was removed last; None where none was.

    Args:
        folder: Any folder of the repository.

    Raises:
        KvartalError: Git refuses, or there is no repository.
    """
    repository = find_repository(folder)
    top = repository.at("").folder
    listed = repository.at("").read_text("ls-files", "--deleted", "--stage", "-z")
    lost = (line.partition("\t") for line in listed.split("\0") if line)
    gone = [(path, what.split()[1]) for what, _, path in lost if path.endswith(_ENDINGS)]
    head = repository.commit_id()
    with ObjectReader(repository) as objects:
        gone += _removed(repository, head) if head else ()
        for path, blob in gone:
            if _is_plan(objects, path, blob):
                return top / path
    return None


def was_there(path: Path) -> bool:
    """Tell whether a file that is not on the disk is in the history.

    Raises:
        KvartalError: Git refuses, or there is no repository.
    """
    real = path.resolve()
    repository = find_repository(next(folder for folder in real.parents if folder.is_dir()))
    done = repository.run("log", "-1", "--full-history", "--format=%H", "--", str(real))
    return done.code == 0 and bool(done.stdout.strip())


def _is_plan(objects: ObjectReader, path: str, blob: str) -> bool:
    return path.endswith(_ENDINGS) and _MEASURES.search(objects.blob(blob)) is not None


def _removed(repository: Repository, commit: str) -> Iterator[tuple[str, str]]:
    """Yield path and content of every plan-like file removed up to a commit, newest first."""
    done = repository.run(*_LOG, commit, "--")
    told = done.text.lstrip("\0").split("\0") if done.code == 0 else []
    for what, path in zip(told[::2], told[1::2], strict=False):
        parts = what.lstrip(":").split()
        if len(parts) == 5 and path.endswith(_ENDINGS):  # noqa: PLR2004 - two modes, two hashes
            yield path, parts[2]

"""What a plan has held before: a fact that comes back is not a new one.

Asked for only where something would be a finding otherwise, so it need not be quick; still, a text
in which the date does not even stand is not read.
"""

from collections.abc import Callable, Iterator

from kvartal.history.audit.earlier_plans import RemovedPlans
from kvartal.history.audit.facts import Fact, as_text
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.diff.lines import as_list, as_row
from kvartal.schema.changes import Edit, Missing


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

"""What a plan has held before: a fact that comes back is not a new one.

Asked for only where something would be a finding otherwise, so it need not be quick; still, a text
in which the date does not even stand is not read.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from kvartal.history.audit.facts import Fact, as_text
from kvartal.history.audit.objects import Objects
from kvartal.history.audit.versions import Version, Versions
from kvartal.history.audit.walk import Step, Walk
from kvartal.history.diff.lines import as_list, as_row
from kvartal.schema.changes import Edit, Missing

_ENDINGS: Final = (".yaml", ".yml")
_MEASURES: Final = re.compile(rb"^measures:", re.MULTILINE)


class Past:
    """The earlier versions of a plan.

    Args:
        walk: The way through its history.
        objects: Where they are.
        versions: The same, read.
    """

    def __init__(self, walk: Walk, objects: Objects, versions: Versions) -> None:
        self._walk = walk
        self._objects = objects
        self._versions = versions

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

    def former_name(self, step: Step) -> str | None:
        """Return the path of a plan that goes with the commit in which this one comes.

        Args:
            step: The commit with which the history of the plan begins.
        """
        here = dict(self._objects.files(step.commit.tree))
        for tree in self._walk.trees_before(step.commit.id):
            for path, blob in self._objects.files(tree):
                is_gone = path.endswith(_ENDINGS) and path not in here
                if is_gone and _MEASURES.search(self._objects.blob(blob)):
                    return path
        return None

    def _versions_with(self, text: str, commit: str) -> Iterator[Version]:
        wanted = text.encode("utf-8", "replace")
        seen = set()
        for earlier in self._walk.history(commit):
            plan = self._walk.holding(earlier.id).plan
            if plan is not None and plan not in seen and wanted in self._objects.blob(plan):
                seen.add(plan)
                yield self._versions.version(plan)

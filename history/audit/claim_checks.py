"""Checks commits that say they changed a programme and leave the plan as it was.

Yields `message-disagrees`.

A repository may hold several programmes, so a commit that changes the plan of a different one is
not to be measured by this one.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from kvartal.history.audit.earlier_plans import is_plan
from kvartal.history.audit.findings import MESSAGE, Finding
from kvartal.history.audit.object_reader import TREE, Commit, ObjectReader
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.messages.trailers import claims_change
from kvartal.schema.errors import N_

_NO_CHANGE: Final = N_("Сообщение говорит об изменении, а программа не изменена.")


def empty_claim_findings(
    step: WalkStep, walk: HistoryWalk, objects: ObjectReader
) -> Iterator[Finding]:
    """Yield that a commit which leaves the plan says that it changed something.

    Args:
        step: The commit.
        walk: What the commits hold.
        objects: The objects of the repository.
    """
    if claims_change(step.commit.message) and not _changes_a_plan(step.commit, walk, objects):
        yield Finding(MESSAGE, _NO_CHANGE, commit=step.commit)


def _changes_a_plan(commit: Commit, walk: HistoryWalk, objects: ObjectReader) -> bool:
    """Tell whether a commit differs from a parent in a file that looks like a plan."""
    parents = list(walk.parent_trees(commit.id))
    files = (
        chain.from_iterable(_changed_files(objects, parent, commit.tree) for parent in parents)
        if parents
        else objects.files(commit.tree)
    )
    return any(is_plan(objects, path, blob) for path, blob in files)


def _changed_files(objects: ObjectReader, old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield name and hash of the files in which two trees differ, of removed ones the old hash."""
    before, after = objects.tree(old), objects.tree(new)
    for name in {**before, **after}:
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if was and now and was[0] == now[0] == TREE:
            yield from _changed_files(objects, was[1], now[1])
            continue
        for entry in (was, now):
            if entry is None:
                continue
            mode, object_id = entry
            if mode == TREE:
                yield from objects.files(object_id)
            else:
                yield name, object_id

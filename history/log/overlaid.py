"""Which field a change could not be taken out of, and which later change touched it."""

from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import entries
from kvartal.history.merge.merge import Conflict
from kvartal.schema.description import title
from kvartal.schema.problems import DataPath


def where_of(conflict: Conflict) -> str:
    """Return the field of a conflict as it stands in a sentence."""
    field = title(conflict.where) or ".".join(map(str, conflict.path))
    return f"{conflict.measure}, «{field}»," if conflict.measure else f"«{field}»"


def last_touching(
    repository: Repository, name: str, target: CommitEntry, conflict: Conflict
) -> CommitEntry | None:
    """Return the last commit, of those after one, that touched the field of a conflict.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        target: The one.
        conflict: The conflict.

    Raises:
        GitFailed: Git refused.
    """
    names = _names(conflict.path)
    found = None
    for entry in entries(repository, name, measure=conflict.measure or None):
        if entry.commit == target.commit:
            break
        for edit in entry.edits or ():
            length = min(len(names), len(_names(edit.path)))
            if edit.measure == conflict.measure and _names(edit.path)[:length] == names[:length]:
                found = found or entry
    return found


def _names(path: DataPath) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))

"""What this clone has seen of each branch: the newest commits and marks that it ever had.

It is what a clone knows without asking anybody, so it is never shortened here: what is gone from
the history is still named, and whoever reads the file judges what that means. It is written by
`verify` and by `sync`, in the git directory that all working trees share.
"""

import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from kvartal.history.git.repository import Repository
from kvartal.history.store.state_folder import read_note, state_folder, write_note

_FILE: Final = "seen.json"
_HASH: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_CLONE: Final = re.compile(r"[0-9a-f]{16}")
_MARK: Final = re.compile(r"kvartal/verified/[0-9A-Za-z._-]+")
_MOST: Final = 100
"""How many commits that are gone are kept for one branch."""


@dataclass(frozen=True, slots=True)
class SeenBranch:
    """What was seen of one branch.

    Attributes:
        tips: Hashes of commits that the branch stood at: each newest one, and those that no later
            one contained.
        shared: Those of them that a remote had as well: no rebase may replace them.
        marks: Hashes of the tags of the marks that there were, by name.
    """

    tips: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a clone has seen.

    Attributes:
        clone: The random name under which it shows its commits to others.
        branches: What it saw of each branch, by the branch's full name.
        is_readable: Whether the file could be read; one that could not is left as it is.
    """

    clone: str
    branches: Mapping[str, SeenBranch]
    is_readable: bool = True

    def of(self, branch: str) -> SeenBranch:
        """Return what was seen of a branch."""
        return self.branches.get(branch, SeenBranch())


def read_seen(repository: Repository) -> Seen:
    """Return what a clone has seen; hostile content is nothing but names of commits and tags."""
    path = _path(repository)
    note = read_note(path)
    if isinstance(note, dict) and isinstance(note.get("branches"), dict):
        clone = note.get("clone")
        name = clone if isinstance(clone, str) and _CLONE.fullmatch(clone) else _new_name()
        return Seen(name, {str(key): _branch(value) for key, value in note["branches"].items()})
    # In a folder that is none, nothing is there, and nothing can be said of what was.
    is_absent = not os.path.lexists(path) and (path.parent.is_dir() or not path.parent.exists())
    return Seen(_new_name(), {}, is_readable=is_absent)


def save_seen(
    repository: Repository,
    branch: str,
    *,
    tips: Iterable[str],
    shared: Iterable[str] = (),
    marks: Mapping[str, str] | None = None,
) -> Seen:
    """Save what is seen of a branch; return all that was seen.

    Args:
        repository: The clone.
        branch: Full name of the branch.
        tips: Hashes of its newest commit and of those that it lost.
        shared: As for `SeenBranch`.
        marks: As for `SeenBranch`; None for those that are known.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    seen = read_seen(repository)
    known = seen.of(branch)
    # Keyed, for the order: the newest are kept.
    new = SeenBranch(
        tuple(dict.fromkeys(tips))[:_MOST],
        tuple(dict.fromkeys(shared))[:_MOST],
        known.marks if marks is None else dict(marks),
    )
    if not seen.is_readable or (new == known and _path(repository).exists()):
        return seen
    seen = replace(seen, branches={**seen.branches, branch: new})
    branches = {
        name: {"tips": one.tips, "shared": one.shared, "marks": dict(one.marks)}
        for name, one in seen.branches.items()
    }
    write_note(_path(repository), {"clone": seen.clone, "branches": branches}, is_locked=False)
    return seen


def _path(repository: Repository) -> Path:
    return state_folder(repository.common_dir) / _FILE


def _new_name() -> str:
    return secrets.token_hex(8)


def _branch(value: Any) -> SeenBranch:  # noqa: ANN401 - any JSON
    value = value if isinstance(value, dict) else {}
    marks = value.get("marks")
    return SeenBranch(
        _hashes(value.get("tips")),
        _hashes(value.get("shared")),
        {
            name: tag
            for name, tag in (marks.items() if isinstance(marks, dict) else ())
            if _MARK.fullmatch(name) and isinstance(tag, str) and _HASH.fullmatch(tag)
        },
    )


def _hashes(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - any JSON
    items = value if isinstance(value, list) else []
    return tuple(item for item in items if isinstance(item, str) and _HASH.fullmatch(item))[:_MOST]

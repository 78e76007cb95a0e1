"""Where the plan's file came from, in the commit that is the first to have it under its name.

A clone may be shallow, and a file may have been renamed: neither is a programme that was begun, and
whoever made that commit did not write all that stands in it.
"""

import re
from typing import Final

from kvartal.history.git.command import text as words
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import Origin
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.changes import PlanData

_RENAMED: Final = re.compile(r"R[0-9]+")
_RENAMES: Final = ("--find-renames", "--diff-filter=R", "--name-status", "--format=%P")


def origin_of(repository: Repository, commit: str, name: str) -> Origin | None:
    """Return why the first commit with the plan's file is not its beginning; None where it is.

    Args:
        repository: As seen from the plan's folder.
        commit: Full hash of the commit.
        name: The plan's file name.

    Raises:
        GitFailed: Git refused.
    """
    if commit in cuts_of(repository):
        return Origin(is_cut=True)
    # No path may be named: git would see a new file where it knows of no old one.
    told = words(repository.read("log", "-1", "-z", *_RENAMES, commit, "--")).split("\0")
    for at, sign in enumerate(told[:-2]):
        if _RENAMED.fullmatch(sign.strip()) and told[at + 2] == repository.prefix + name:
            return Origin(formerly=told[at + 1])
    return None


def data_before(repository: Repository, commit: str, origin: Origin) -> PlanData | None:
    """Return the plan as it was before it was renamed; None where that cannot be read.

    Args:
        repository: The repository.
        commit: Full hash of the commit that renamed it.
        origin: From what.

    Raises:
        GitFailed: Git refused.
    """
    content = repository.read("cat-file", "blob", f"{commit}^:{origin.formerly}")
    try:
        return load(content, origin.formerly).data
    except UnreadablePlan:
        return None


def cuts_of(repository: Repository) -> frozenset[str]:
    """Return the hashes of the commits at which a shallow clone ends; none of a whole one."""
    try:
        told = (repository.common_dir / "shallow").read_text(encoding="ascii")
    except (OSError, ValueError):
        return frozenset()
    return frozenset(told.split())

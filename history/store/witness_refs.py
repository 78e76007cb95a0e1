"""The refs in which clones leave what they saw last: ``refs/kvartal/seen/<clone>-<branch>``.

`sync` pushes and fetches them, `verify` reads them.
"""

import hashlib
import re
from typing import Final

from kvartal.history.git.errors import GitFailed
from kvartal.history.git.repository import Repository

SEEN_REFS: Final = "refs/kvartal/seen/"
"""Where clones leave the commit they saw last: see `kvartal.history.sync.witnesses`."""

_NAME: Final = re.compile(r"([0-9a-z]{4,64})(?:-([0-9a-f]{8}))?")


def witness_ref(clone: str, branch: str) -> str:
    """Return the ref in which a clone leaves what it saw of a branch.

    Args:
        clone: The clone's random name.
        branch: Full name of the branch at the remote: others may be at a different one.
    """
    return f"{SEEN_REFS}{clone}-{_short_hash(branch)}"


def seen_by_others(
    repository: Repository, clone: str, branch: str
) -> tuple[list[tuple[str, str]], dict[str, GitFailed]]:
    """Return the names of other clones and the commits that they saw, as far as they were fetched.

    And why others of the refs cannot be read, by their names.

    Args:
        repository: The repository.
        clone: The name of this clone.
        branch: Full name of the branch at the remote.
    """
    seen = list[tuple[str, str]]()
    form = "%(objecttype) %(objectname) %(refname)"
    lines, broken = repository.refs_and_broken(SEEN_REFS, form)
    for line in lines:
        kind, commit, ref = line.split(" ", 2)
        name = _NAME.fullmatch(ref.removeprefix(SEEN_REFS))
        if kind != "commit" or name is None or name[1] == clone:
            continue
        if name[2] in {None, _short_hash(branch)}:
            seen.append((name[1], commit))
    return seen, broken


def _short_hash(branch: str) -> str:
    return hashlib.sha256(branch.encode("utf-8", "surrogateescape")).hexdigest()[:8]

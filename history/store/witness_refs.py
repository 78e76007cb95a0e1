"""The refs in which clones leave what they saw last: ``refs/kvartal/seen/<clone>-<branch>``.

`sync` pushes and fetches them, `verify` reads them.
"""

import hashlib
import re
from typing import Final

from kvartal.history.git.errors import GitFailed
from kvartal.history.git.refs import readable_refs
from kvartal.history.git.repository import Repository

SEEN_REFS: Final = "refs/kvartal/seen/"
"""Where clones leave the commit they saw last: see `kvartal.history.sync.witnesses`."""

_COMMIT: Final = b"tree "
"""What the content of a commit begins with."""
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
    form = "%(objectname) %(refname)"
    lines, broken = readable_refs(repository, SEEN_REFS, form)
    others = list[tuple[str, str, str]]()
    for line in lines:
        commit, ref = line.split(" ", 1)
        name = _NAME.fullmatch(ref.removeprefix(SEEN_REFS))
        if name is None or name[1] == clone:
            continue
        if name[2] in {None, _short_hash(branch)}:
            others.append((name[1], commit, ref))
    seen = list[tuple[str, str]]()
    answers = repository.objects(commit for _name, commit, _ref in others)
    for (name_of_clone, commit, ref), answer in zip(others, answers, strict=True):
        if not isinstance(answer, bytes):
            broken[ref] = answer or repository.object_failure(commit)
        elif answer.startswith(_COMMIT):
            seen.append((name_of_clone, commit))
    return seen, broken


def _short_hash(branch: str) -> str:
    return hashlib.sha256(branch.encode("utf-8", "surrogateescape")).hexdigest()[:8]

"""Whether all that a repository refers to is there and whole, as `git fsck` sees it."""

import re
from typing import Final

from kvartal.history.git.errors import GitFailed
from kvartal.history.git.failures import UNREAD, HistoryDamaged, command_error
from kvartal.history.git.refs import ALL_REFS, broken_refs, readable_refs
from kvartal.history.git.repository import Repository
from kvartal.history.git.unread import object_failure

_LOST: Final = re.compile(
    r"^(?:missing \w+|error:) ([0-9a-f]{40,64})(?:: object missing)?$", re.MULTILINE
)
_DAMAGED: Final = re.compile(
    r"^(?:error: (.*(?:corrupt|mismatch|unable to|invalid sha1|bad ref|not a commit).*)"
    r"|(broken link from .*))$",
    re.MULTILINE,
)


def find_damage(repository: Repository) -> GitFailed | None:
    """Return what is missing or corrupt in a repository; None where nothing is.

    Every object is read. What a partial or shallow clone has left at the server is not missing;
    an object that is only oddly written, as old programs did, is not corrupt. Nor is the history
    damaged where a ref cannot be read, `passed_over_refs` names those, unless it is at HEAD.

    Raises:
        GitFailed: Git did not look.
    """
    broken, tips = broken_refs(repository), list[str]()
    at_head = broken.get(_head_ref(repository))
    if at_head is not None:
        return at_head
    try:
        repository.commit_id()
    except UNREAD as lost_branch:
        return lost_branch
    if broken:
        lines, _unread = readable_refs(repository, ALL_REFS, "%(refname)")
        tips = ["HEAD", *(ref for ref in lines if ref not in broken)]
    result = repository.run("fsck", "--no-dangling", "--no-progress", "--no-reflogs", *tips)
    if not result.code:
        return None
    lost = _LOST.search(f"{result.text}\n{result.stderr}")
    if lost is not None:
        # Git calls missing what is corrupt as well.
        return object_failure(repository, lost[1])
    damaged = _DAMAGED.search(f"{result.stderr}\n{result.text}")
    if damaged is not None:
        return HistoryDamaged(command="fsck", words=damaged[1] or damaged[2])
    failed = command_error("fsck", result.stderr, result.code)
    if type(failed) is not GitFailed:
        raise failed
    return None


def passed_over_refs(repository: Repository) -> dict[str, GitFailed]:
    """Return the refs that cannot be read and that the plan's history does not need, with reasons.

    Raises:
        GitFailed: It is not known which refs there are.
    """
    broken = broken_refs(repository)
    broken.pop(_head_ref(repository), None)
    return broken


def _head_ref(repository: Repository) -> str:
    """Return the full name of the branch at HEAD; empty where HEAD is at a commit."""
    return repository.run("symbolic-ref", "--quiet", "HEAD").text.strip()

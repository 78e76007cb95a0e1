"""Whether all that a repository refers to is there and whole, as `git fsck` sees it."""

import re
from typing import Final

from kvartal.history.git.branch_target import misplaced_branch
from kvartal.history.git.damage import HistoryDamaged
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.failures import UNREAD, command_error
from kvartal.history.git.refs import ALL_REFS, broken_refs, readable_refs
from kvartal.history.git.repository import Repository
from kvartal.history.git.unread import check_begun, head_branch, object_failure

_LOST: Final = re.compile(
    r"^(?:missing \w+|error:) ([0-9a-f]{40,64})(?:: object missing)?$", re.MULTILINE
)
_DAMAGED: Final = re.compile(
    r"^(?:error: (.*(?:corrupt|mismatch|unable to|invalid sha1|bad ref|not a commit).*)"
    r"|(broken link from .*))$",
    re.MULTILINE,
)

_MISPLACED: Final = ": not a commit"
"""Ends what git says of a branch that names a tag or a tree: nothing of the history is lost."""
_ID: Final = re.compile(r"\b[0-9a-f]{2}/?[0-9a-f]{38,62}\b")


def find_damage(repository: Repository) -> GitFailed | None:
    """Return what is missing or corrupt in a repository; None where nothing is.

    Every object is read. What a partial or shallow clone has left at the server is not missing;
    an object that is only oddly written, as old programs did, is not corrupt. Nor is the history
    damaged where a ref cannot be read, `passed_over_refs` names those, unless it is at HEAD.

    Raises:
        GitFailed: Git did not look.
    """
    misplaced = misplaced_branch(repository)
    if misplaced is not None:
        return misplaced
    broken, tips = broken_refs(repository), list[str]()
    try:
        if repository.commit_id() is None:
            check_begun(repository)
    except UNREAD as lost_branch:
        return lost_branch
    passed_over = set[str]()
    if broken:
        lines, _unread = readable_refs(repository, ALL_REFS, "%(refname) %(objectname)")
        named = dict(line.split(" ") for line in lines)
        tips = ["HEAD", *(ref for ref in named if ref not in broken)]
        passed_over = {named[ref] for ref in broken if ref in named}
    result = repository.run("fsck", "--no-dangling", "--no-progress", "--no-reflogs", *tips)
    if not result.code:
        return None
    lost = _LOST.search(f"{result.text}\n{result.stderr}")
    if lost is not None:
        # Git calls missing what is corrupt as well.
        return object_failure(repository, lost[1])
    is_passed_over = False
    for damaged in _DAMAGED.finditer(f"{result.stderr}\n{result.text}"):
        # Every stored object is looked at, also one that only a broken ref is at.
        ids = {name.replace("/", "") for name in _ID.findall(damaged[0])}
        is_passed_over = (bool(ids) and ids <= passed_over) or damaged[0].endswith(_MISPLACED)
        if not is_passed_over:
            return HistoryDamaged(command="fsck", words=damaged[1] or damaged[2])
    failed = command_error("fsck", result.stderr, result.code)
    if type(failed) is not GitFailed and not is_passed_over:
        raise failed
    return None


def passed_over_refs(repository: Repository) -> dict[str, GitFailed]:
    """Return the refs that cannot be read and that the plan's history does not need, with reasons.

    Raises:
        GitFailed: It is not known which refs there are.
    """
    broken = broken_refs(repository)
    broken.pop(head_branch(repository), None)
    return broken

"""Whether all that a repository refers to is there and whole, as `git fsck` sees it."""

import re
from typing import Final

from kvartal.history.git.errors import GitFailed
from kvartal.history.git.failures import HistoryDamaged, ObjectLost, command_error
from kvartal.history.git.refs import ALL_REFS, broken_refs, readable_refs
from kvartal.history.git.repository import Repository

_LOST: Final = re.compile(r"^missing \w+ ([0-9a-f]{40,64})$", re.MULTILINE)
_DAMAGED: Final = re.compile(
    r"^(?:error: (.*(?:corrupt|mismatch|unable to|invalid sha1|bad ref|not a commit).*)"
    r"|(broken link from .*))$",
    re.MULTILINE,
)


def find_damage(repository: Repository) -> GitFailed | None:
    """Return what is missing or corrupt in a repository; None where nothing is.

    Every object is read. What a partial or shallow clone has left at the server is not missing;
    an object that is only oddly written, as old programs did, is not corrupt. Nor is the history
    damaged where a ref cannot be read: `broken_refs` names those.

    Raises:
        GitFailed: Git did not look.
    """
    broken, tips = broken_refs(repository), list[str]()
    if broken:
        lines, _unread = readable_refs(repository, ALL_REFS, "%(refname)")
        tips = ["HEAD", *(ref for ref in lines if ref not in broken)]
    result = repository.run("fsck", "--no-dangling", "--no-progress", "--no-reflogs", *tips)
    if not result.code:
        return None
    lost = _LOST.search(result.text)
    if lost is not None:
        return ObjectLost(command="fsck", words=lost[1])
    damaged = _DAMAGED.search(f"{result.stderr}\n{result.text}")
    if damaged is not None:
        return HistoryDamaged(command="fsck", words=damaged[1] or damaged[2])
    failed = command_error("fsck", result.stderr, result.code)
    if type(failed) is not GitFailed:
        raise failed
    return None

"""The refs of a repository: which there are, and why others cannot be read.

A ref is broken where its file holds no hash, or where what it names is lost or corrupt.
"""

import re
from collections.abc import Mapping
from typing import Final

from kvartal.history.git.access import unreadable_refs
from kvartal.history.git.damage import HistoryDamaged
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.failures import NotFetched, RepositoryUnreadable
from kvartal.history.git.repository import Repository

ALL_REFS: Final = "refs/"

_IGNORED: Final = re.compile(
    r"ignoring (?:(?:broken|dangling) (?:ref|symref)|ref with broken name) (.+)$", re.MULTILINE
)
_DANGLING: Final = "dangling symref"
"""A name of a branch that is not there, such as of a remote's former main branch: not broken."""
_TAG: Final = b"object "
"""What the content of an annotated tag begins with: then follows the hash of what it is at."""


def readable_refs(
    repository: Repository, folder: str, form: str
) -> tuple[list[str], dict[str, GitFailed]]:
    """Return a line for each ref in a folder, and why each of the others cannot be read.

    Whether what they name can be read is not looked at: see `lost_targets`.

    Args:
        repository: The repository.
        folder: What their full names begin with, such as ``refs/tags/``.
        form: What a line holds, as for ``git for-each-ref --format``.

    Raises:
        GitFailed: It is not known which refs there are.
    """
    broken = dict[str, GitFailed]()
    for closed in unreadable_refs(repository.common_dir, folder):
        broken_ref = closed.relative_to(repository.common_dir).as_posix()
        broken[broken_ref] = RepositoryUnreadable(command="for-each-ref", words=closed)
        if closed.is_dir() or not broken_ref.startswith(folder):
            raise broken[broken_ref]
    result = repository.run("for-each-ref", f"--format={form}", "--", folder).checked()
    for match in _IGNORED.finditer(result.stderr):
        error = HistoryDamaged(command="for-each-ref", words=match[0])
        broken.setdefault(match[1], error)
    return result.text.splitlines(), broken


def lost_targets(repository: Repository, refs: Mapping[str, str]) -> dict[str, GitFailed]:
    """Return why what refs name cannot be read, for those of which it cannot.

    Args:
        repository: The repository.
        refs: The id of the object that each names; what an annotated tag is at is looked at too.

    Raises:
        GitFailed: Git ended before it had answered, and not because of an object.
    """
    lost = dict[str, GitFailed]()
    waiting = dict(refs)
    while waiting:
        tagged = dict[str, str]()
        answers = repository.objects(waiting.values())
        for (ref, name), answer in zip(waiting.items(), answers, strict=True):
            if not isinstance(answer, bytes):
                lost[ref] = answer or repository.object_failure(name)
            elif answer.startswith(_TAG):
                tagged[ref] = answer[len(_TAG) :].split(b"\n", 1)[0].decode("ascii", "replace")
        waiting = tagged
    return lost


def broken_refs(repository: Repository, folder: str = ALL_REFS) -> dict[str, GitFailed]:
    """Return the refs in a folder that are broken, each with the reason.

    What a partial clone has not fetched is not broken.

    Args:
        repository: The repository.
        folder: What their full names begin with.

    Raises:
        GitFailed: It is not known which refs there are.
    """
    lines, unread = readable_refs(repository, folder, "%(objectname) %(refname)")
    targets = {ref: name for name, _, ref in (line.partition(" ") for line in lines)}
    broken = {ref: error for ref, error in unread.items() if _DANGLING not in str(error.fields)}
    broken |= lost_targets(repository, targets)
    return {ref: error for ref, error in broken.items() if not isinstance(error, NotFetched)}

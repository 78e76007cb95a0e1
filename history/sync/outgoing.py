"""What a sync is about to send, so that the user can confirm exactly that."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final, TypeAlias

from kvartal.history.git.repository import Repository
from kvartal.history.sync.remote import RemoteBranch
from kvartal.history.sync.tags import unsent_tags

_COMMIT: Final = "\x01"
"""Stands before what git prints of a commit, after which the names of its files follow."""
_PLANS: Final = "plan"
_EXTENSION: Final = ".yaml"


@dataclass(frozen=True, slots=True)
class OutgoingCommit:
    """A commit that others do not have yet.

    Attributes:
        commit: Its id.
        subject: Its first line.
        plans: The plan files that it changes, from the root of the repository.
    """

    commit: str
    subject: str
    plans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What others do not have yet, and would get.

    Attributes:
        remote: Name of the remote.
        branch: Name of the branch there.
        commits: The commits, newest first; merges not counted.
        tags: Names of the tags of verified commits.
    """

    remote: str
    branch: str
    commits: tuple[OutgoingCommit, ...]
    tags: tuple[str, ...] = ()

    def is_within(self, other: "Outgoing | None") -> bool:
        """Return whether nothing goes that does not go with something else as well."""
        return other is not None and (
            (self.remote, self.branch) == (other.remote, other.branch)
            and set(self.commits) <= set(other.commits)
            and set(self.tags) <= set(other.tags)
        )


Confirm: TypeAlias = Callable[[Outgoing], bool]
"""Asks the user, and returns the answer; called in the thread of the sync, without the lock."""


def outgoing(
    repository: Repository, remote_branch: RemoteBranch, head: str, theirs: str | None
) -> Outgoing:
    """Return what a push of a commit sends.

    Args:
        repository: Of this clone.
        remote_branch: Where it goes.
        head: The commit.
        theirs: What the remote has; None for nothing.

    Raises:
        GitFailed: Git refused.
    """
    without = () if theirs is None else (f"^{theirs}",)
    options = ("--name-only", "--no-relative", "--no-merges")
    printed = repository.log((*options, head, *without, "--"), f"{_COMMIT}%H %s")
    commits = tuple(_commits(printed, repository.prefix))
    tags = unsent_tags(repository, remote_branch, head)
    names = tuple(sorted(ref.removeprefix("refs/tags/") for ref in tags))
    return Outgoing(remote_branch.remote, remote_branch.branch, commits, names)


def _commits(printed: Iterator[str], prefix: str) -> Iterator[OutgoingCommit]:
    """Yield the commits that git printed, each followed by the names of its files.

    Args:
        printed: What it printed, in parts.
        prefix: The folder of this programme: its plans are known wherever they are.
    """
    one: OutgoingCommit | None = None
    for part in printed:
        if part.startswith(_COMMIT):
            if one is not None:
                yield one
            commit, _, subject = part.removeprefix(_COMMIT).partition(" ")
            one = OutgoingCommit(commit, subject)
        elif one is not None:
            path = PurePosixPath(part.removeprefix("\n"))
            is_here = path.parent == PurePosixPath(prefix)
            if path.suffix == _EXTENSION and (is_here or path.parent.name == _PLANS):
                one = replace(one, plans=(*one.plans, str(path)))
    if one is not None:
        yield one

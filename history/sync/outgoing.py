"""What a sync is about to send, so that the user can confirm exactly that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from kvartal.history.git.repository import Repository
from kvartal.history.sync.remote import RemoteBranch
from kvartal.history.sync.tags import unsent_tags


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What others do not have yet, and would get.

    Attributes:
        remote: Name of the remote.
        branch: Name of the branch there.
        commits: Id and subject of each commit, newest first; merges not counted.
        tags: Names of the tags of verified commits.
    """

    remote: str
    branch: str
    commits: tuple[tuple[str, str], ...]
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
    lines = repository.log(("--no-merges", head, *without, "--"), "%H %s")
    commits = tuple((commit, subject) for commit, _, subject in (x.partition(" ") for x in lines))
    tags = unsent_tags(repository, remote_branch, head)
    names = tuple(sorted(ref.removeprefix("refs/tags/") for ref in tags))
    return Outgoing(remote_branch.remote, remote_branch.branch, commits, names)

"""With whom a branch is shared: the remote, the branch there, and what is known of it here."""

from dataclasses import dataclass
from typing import Final

from kvartal.history.git.repository import Repository
from kvartal.history.sync.errors import NoRemote, SeveralRemotes, UnknownRemote

USUAL: Final = "origin"
_HEADS: Final = "refs/heads/"
_ITSELF: Final = "."  # What git calls this repository where a branch follows another one in it.


@dataclass(frozen=True, slots=True)
class RemoteBranch:
    """The way between our branch and the one it is shared with.

    Attributes:
        local: Our branch, without ``refs/heads/``.
        remote: Name of the remote.
        branch: The branch there, without ``refs/heads/``.
        tracking: The ref that holds what was fetched last.
        is_settled: Whether git's settings name an upstream, this or another; else it is noted
            down once something was shared.
    """

    local: str
    remote: str
    branch: str
    tracking: str
    is_settled: bool

    @property
    def target(self) -> str:
        """The branch there as a full ref."""
        return _HEADS + self.branch


def find_remote_branch(
    repository: Repository, branch: str, remote: str | None = None
) -> RemoteBranch:
    """Return with whom a branch is shared: its upstream, the only remote, or ``origin``.

    Args:
        repository: The repository.
        branch: Our branch, without ``refs/heads/``.
        remote: Name of the remote asked for.

    Raises:
        NoRemote: There is none.
        SeveralRemotes: There are several, and none of them is named or usual.
        UnknownRemote: There is none of the name asked for.
        GitFailed: Git refused.
    """
    names = repository.read_text("remote").split("\n")[:-1]
    tracking, upstream, merge = _upstream(repository, branch)
    if remote is not None and remote not in names:
        raise UnknownRemote(name=remote, names=", ".join(names) or "—")
    if not names:
        raise NoRemote
    is_followed = upstream in names and merge.startswith(_HEADS)
    if is_followed and remote in {None, upstream}:
        there = merge.removeprefix(_HEADS)
        ref = tracking or f"refs/remotes/{upstream}/{there}"
        return RemoteBranch(branch, upstream, there, ref, is_settled=True)
    name = remote or _only(names)
    return RemoteBranch(
        branch, name, branch, f"refs/remotes/{name}/{branch}", is_settled=is_followed
    )


def url(repository: Repository, remote: str) -> str:
    """Return the address of a remote; its name where git knows none."""
    done = repository.run("remote", "get-url", "--", remote)
    return done.text.strip() or remote


def _only(names: list[str]) -> str:
    if len(names) > 1 and USUAL not in names:
        raise SeveralRemotes(names=", ".join(names))
    return USUAL if USUAL in names else names[0]


def _upstream(repository: Repository, branch: str) -> tuple[str, str, str]:
    """Return tracking ref, remote and branch that git's settings name; empty where they do not."""
    form = "%(upstream)%00%(upstream:remotename)%00%(upstream:remoteref)"
    printed = repository.read_text("for-each-ref", f"--format={form}", _HEADS + branch)
    tracking, remote, merge, *_ = (*printed.split("\n")[0].split("\0"), "", "", "")
    if not remote:  # A clone of a single branch fetches no other, and git says nothing of it.
        remote, merge = (_setting(repository, branch, name) for name in ("remote", "merge"))
    return ("", "", "") if remote == _ITSELF else (tracking, remote, merge)


def _setting(repository: Repository, branch: str, name: str) -> str:
    done = repository.run("config", "--get", f"branch.{branch}.{name}")
    return done.text.strip()

"""Which branch of which remote a branch is synced with, as git's settings have it."""

from dataclasses import dataclass
from typing import Final

from kvartal.history.git.repository import Repository
from kvartal.history.sync.remote_errors import NoRemote, SeveralRemotes, UnknownRemote

DEFAULT_REMOTE: Final = "origin"
_HEADS: Final = "refs/heads/"
_THIS_REPOSITORY: Final = "."  # In git's settings, where a branch follows another local branch.


@dataclass(frozen=True, slots=True)
class RemoteBranch:
    """A local branch and the branch of a remote that it is synced with.

    Attributes:
        local: The local branch, without ``refs/heads/``.
        remote: Name of the remote.
        branch: The branch there, without ``refs/heads/``.
        tracking: The tracking ref, which holds what was fetched last.
        has_upstream: Whether git's settings name an upstream, this or another one; if not, this
            one is set after the first sync.
    """

    local: str
    remote: str
    branch: str
    tracking: str
    has_upstream: bool

    @property
    def target(self) -> str:
        """The branch there as a full ref."""
        return _HEADS + self.branch


def find_remote_branch(
    repository: Repository, branch: str, remote: str | None = None
) -> RemoteBranch:
    """Return what to sync a branch with: its upstream, the only remote, or ``origin``.

    Args:
        repository: The repository.
        branch: The local branch, without ``refs/heads/``.
        remote: Name of the remote to use; None to go by git's settings.

    Raises:
        NoRemote: There is none.
        SeveralRemotes: There are several; none is the upstream, none is called ``origin``.
        UnknownRemote: No remote has the given name.
        GitFailed: Git refused.
    """
    names = repository.read_text("remote").split("\n")[:-1]
    tracking, upstream, merge = _upstream(repository, branch)
    if remote is not None and remote not in names:
        raise UnknownRemote(name=remote, names=", ".join(names) or "—")
    if not names:
        raise NoRemote
    has_upstream = upstream in names and merge.startswith(_HEADS)
    if has_upstream and remote in {None, upstream}:
        there = merge.removeprefix(_HEADS)
        ref = tracking or f"refs/remotes/{upstream}/{there}"
        return RemoteBranch(branch, upstream, there, ref, has_upstream=True)
    name = remote or _default_remote(names)
    return RemoteBranch(
        branch, name, branch, f"refs/remotes/{name}/{branch}", has_upstream=has_upstream
    )


def url(repository: Repository, remote: str) -> str:
    """Return the URL of a remote; its name where git knows none."""
    return repository.run("remote", "get-url", "--", remote).text.strip() or remote


def _default_remote(names: list[str]) -> str:
    if len(names) > 1 and DEFAULT_REMOTE not in names:
        raise SeveralRemotes(tuple(names))
    return DEFAULT_REMOTE if DEFAULT_REMOTE in names else names[0]


def _upstream(repository: Repository, branch: str) -> tuple[str, str, str]:
    """Return tracking ref, remote and remote ref from git's settings; empty where not set."""
    form = "%(upstream)%00%(upstream:remotename)%00%(upstream:remoteref)"
    printed = repository.read_text("for-each-ref", f"--format={form}", _HEADS + branch)
    tracking, remote, merge, *_ = (*printed.split("\n")[0].split("\0"), "", "", "")
    if not remote:  # In a clone of a single branch, for-each-ref knows no other branch's upstream.
        remote, merge = (_setting(repository, branch, name) for name in ("remote", "merge"))
    return ("", "", "") if remote == _THIS_REPOSITORY else (tracking, remote, merge)


def _setting(repository: Repository, branch: str, name: str) -> str:
    return repository.run("config", "--get", f"branch.{branch}.{name}").text.strip()

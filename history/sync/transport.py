"""The two calls that leave the machine, and why they fail.

Nothing is ever forced: a refspec of ours has no plus sign but for the tracking ref, and what is
pushed is the very commit that was looked at.
"""

import os
import re
import time
from dataclasses import dataclass
from enum import Enum, auto
from threading import Event
from typing import Final

from kvartal.history.git.command import GitResult, run_git
from kvartal.history.git.diagnosis import blocking_lock, modified_at, refusal
from kvartal.history.git.errors import DubiousOwnership, GitFailed, GitLocked, HookRefused
from kvartal.history.git.repository import Repository
from kvartal.history.sync.errors import (
    BranchProtected,
    PushHookRefused,
    RemoteAccessDenied,
    RemoteCheckedOut,
    RemoteNotFound,
    RemoteRefused,
    RemoteUnreachable,
)
from kvartal.history.sync.remote import RemoteBranch, url
from kvartal.schema.errors import KvartalError

# A line that is there and silent must not hang anybody: a minute without a byte ends it.
_STALLED: Final = ("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60")
_SSH: Final = "ssh -oConnectTimeout=20 -oServerAliveInterval=15"
_SILENT_SSH: Final = f"{_SSH} -oBatchMode=yes"

PATIENCE: Final = 5.0
INTERVAL: Final = 0.1
_NO_BRANCH: Final = re.compile(r"couldn't find remote ref ", re.IGNORECASE)
_FORBIDDEN: Final = re.compile(
    r"Permission denied|Authentication failed|could not read (?:Username|Password)"
    r"|terminal prompts disabled|returned error: 40[13]|Host key verification failed"
    r"|access denied|not authorized|unauthorized",
    re.IGNORECASE,
)
_UNREACHABLE: Final = re.compile(
    r"Could not resolve|Name or service not known|Temporary failure in name resolution"
    r"|Connection (?:refused|timed out|reset|closed)|Network is unreachable|No route to host"
    r"|Operation timed out|Operation too slow|Failed to connect|unable to connect|Couldn't connect"
    r"|unable to look up|returned error: 5\d\d|early EOF|Empty reply|hung up unexpectedly",
    re.IGNORECASE,
)
_MISSING: Final = re.compile(
    r"does not appear to be a git repository|not a git repository|repository .*not (?:found|exist)"
    r"|returned error: 404|No such file or directory|Could not read from remote",
    re.IGNORECASE,
)
_OWNER: Final = re.compile(r"dubious ownership in repository at '(.*)'")
_MOVED: Final = re.compile(r"cannot lock ref .*(?:but expected|is at|reference already exists)")

_NOT_PUSHED: Final = "failed to push some refs"
_OUTRUN: Final = ("fetch first", "non-fast-forward", "stale info", "incorrect old value")
_NOT_UPDATED: Final = "failed to update ref"
_PROTECTED: Final = re.compile(r"protected|not allowed to push", re.IGNORECASE)
_CHECKED_OUT: Final = "branch is currently checked out"
_REJECTED: Final = re.compile(r"^!\t\S*:(\S+)\t\[(.*?)\](?: \((.*)\))?$", re.MULTILINE)


class Pushed(Enum):
    """How a push ended that was not refused.

    Attributes:
        TAKEN: The remote holds the commit.
        OUTRUN: Somebody was quicker: the remote has moved on.
    """

    TAKEN = auto()
    OUTRUN = auto()


@dataclass(frozen=True, slots=True)
class Transport:
    """The line to a remote.

    Attributes:
        repository: As seen from the plan's folder.
        way: The branches.
        asks: Whether git and ssh may ask a person on the terminal.
        settings: What git is told besides.
        stop: Ends a call when it is set, if anybody may.
    """

    repository: Repository
    way: RemoteBranch
    asks: bool
    settings: tuple[str, ...]
    stop: Event | None = None

    def fetch(self) -> bool:
        """Bring the branch's commits here; False where the remote has no such branch.

        Alters the tracking ref alone, with the marks (tags) that point into what it holds.

        Raises:
            CallStopped: Somebody wanted to wait no longer.
            KvartalError: The remote cannot be reached, or refuses; each reason has its class.
        """
        refspec = f"+{self.way.target}:{self.way.tracking}"
        arguments = ("fetch", "--quiet", "--no-recurse-submodules", self.way.remote, refspec)
        end = time.monotonic() + PATIENCE
        done = self._call(arguments)
        # Another fetch of the same is quicker, or at it.
        while _is_held_up(done) and time.monotonic() < end:
            time.sleep(INTERVAL)
            done = self._call(arguments)
        if not done.code:
            return True
        if _NO_BRANCH.search(done.stderr):
            return False
        raise self._failure(done, "fetch")

    def push(self, commit: str) -> Pushed:
        """Send a commit to the branch there, with nothing forced.

        Args:
            commit: Full id of the commit.

        Raises:
            CallStopped: Somebody wanted to wait no longer: nobody knows whether it went.
            KvartalError: It was refused; each reason has its class.
        """
        done = self._push(f"{commit}:{self.way.target}")
        if not done.code:
            return Pushed.TAKEN
        rejected = _rejected(done)
        if self.way.target not in rejected:
            raise self._failure(done, "push")
        kind, why = rejected[self.way.target]
        if why in _OUTRUN or _MOVED.search(f"{why}\n{done.stderr}") or _NOT_UPDATED in why:
            return Pushed.OUTRUN
        raise self._refusal(done, kind, why)

    def send(self, refs: tuple[str, ...]) -> tuple[str, ...]:
        """Send refs under their own names; return those that the remote did not take.

        Args:
            refs: Full names.

        Raises:
            KvartalError: Nothing could be sent; each reason has its class.
        """
        done = self._push(*(f"{ref}:{ref}" for ref in refs))
        rejected = _rejected(done)
        if done.code and not rejected:
            raise self._failure(done, "push")
        return tuple(ref for ref in refs if ref in rejected)

    def _push(self, *refspecs: str) -> GitResult:
        options = ("--porcelain", "--no-follow-tags", "--recurse-submodules=no")
        return self._call(("push", *options, self.way.remote, *refspecs))

    def _call(self, arguments: tuple[str, ...]) -> GitResult:
        return run_git(
            self.repository.folder,
            (*self.settings, *arguments),
            writes=True,
            interactive=self.asks,
            pass_fds=self.repository.held,
            stop=self.stop,
        )

    def _failure(self, done: GitResult, command: str) -> KvartalError:
        """Return why a call failed before the remote had its say."""
        words, remote = done.stderr or str(done.code), self.way.remote
        owner, lock = _OWNER.search(words), blocking_lock(done)
        told: KvartalError | None = None
        if lock is not None:
            told = GitLocked(lock=lock, since=modified_at(lock))
        elif owner:
            told = DubiousOwnership(folder=owner[1], top=owner[1])
        elif _FORBIDDEN.search(words):
            told = RemoteAccessDenied(remote=remote, words=words)
        elif _UNREACHABLE.search(words):
            told = RemoteUnreachable(remote=remote, words=words)
        elif _MISSING.search(words):
            told = RemoteNotFound(remote=remote, url=url(self.repository, remote), words=words)
        elif command == "push" and _NOT_PUSHED in words:
            told = PushHookRefused(words=words)
        else:
            found = refusal(self.repository, done)
            # What is said of a commit, where it was none: no hook and no commit was at work.
            is_of_commit = isinstance(found, HookRefused) or type(found) is GitFailed
            told = GitFailed(command=command, words=words) if is_of_commit else found
        return told

    def _refusal(self, done: GitResult, kind: str, why: str) -> KvartalError:
        """Return why the remote would not take what was sent."""
        words = done.stderr
        fields = {"remote": self.way.remote, "branch": self.way.branch, "words": words}
        if _CHECKED_OUT in why:
            return RemoteCheckedOut(reason=why, **fields)
        if _PROTECTED.search(f"{why}\n{words}"):
            return BranchProtected(reason=why, **fields)
        return RemoteRefused(reason=why or kind, **fields)


def connect(
    repository: Repository, way: RemoteBranch, *, asks: bool, stop: Event | None = None
) -> Transport:
    """Return the line to a remote.

    Args:
        repository: As seen from the plan's folder.
        way: The branches.
        asks: Whether git and ssh may ask a person on the terminal.
        stop: Ends a call when it is set, if anybody may.
    """
    chosen = "GIT_SSH" in os.environ or repository.run("config", "--get", "core.sshCommand").stdout
    ssh = () if chosen else ("-c", f"core.sshCommand={_SSH if asks else _SILENT_SSH}")
    return Transport(repository, way, asks, (*_STALLED, *ssh), stop)


def _is_held_up(done: GitResult) -> bool:
    return done.code != 0 and bool(_MOVED.search(done.stderr) or blocking_lock(done))


def _rejected(done: GitResult) -> dict[str, tuple[str, str]]:
    """Return the refs that were not taken: in what words, and why."""
    return {ref: (kind, why) for ref, kind, why in _REJECTED.findall(done.text)}

"""Fetch and push: the calls that leave the machine, and why they fail.

Nothing is ever forced: no refspec has a plus sign but that of the tracking ref, and what is pushed
is the very commit that was checked.
"""

import errno
import os
import re
import time
from dataclasses import dataclass, replace
from enum import Enum, auto
from threading import Event
from typing import Final

from kvartal.history.git.command import GitResult, run_git
from kvartal.history.git.diagnosis import blocking_lock, commit_error, modified_at, with_tail
from kvartal.history.git.errors import DubiousOwnership, GitFailed, GitLocked, HookRefused
from kvartal.history.git.repository import Repository
from kvartal.history.git.system_errors import DISK_FAILED, NO_SPACE, READ_ONLY, system_reason
from kvartal.history.store.witness_refs import SEEN_REFS
from kvartal.history.sync.errors import (
    BranchProtected,
    PushHookRefused,
    RemoteAccessDenied,
    RemoteCheckedOut,
    RemoteDiskRefused,
    RemoteLocked,
    RemoteNotFound,
    RemoteRefused,
    RemoteUnreachable,
    ShallowPushRefused,
)
from kvartal.history.sync.folder_remote import push_options
from kvartal.history.sync.remote import RemoteBranch, url
from kvartal.schema.errors import KvartalError

# A connection that hangs must not hang the program: a minute without a byte ends it.
_STALL_LIMITS: Final = ("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60")
_SSH: Final = "ssh -oConnectTimeout=20 -oServerAliveInterval=15"
_BATCH_SSH: Final = f"{_SSH} -oBatchMode=yes"

FETCH_SILENCE: Final = 60.0
"""Seconds without a word after which a fetch is given up: git reports its progress every second."""

PUSH_SILENCE: Final = 300.0
"""The same of a push: a hook, here or at the remote, may work for minutes without printing."""

_PASSWORD_SILENCE: Final = 180.0
"""The same of a call in which the user may be typing a password."""

SEEN_REFSPEC: Final = f"+{SEEN_REFS}*:{SEEN_REFS}*"

PATIENCE: Final = 5.0
"""Seconds in which a fetch is retried while another one holds the locks."""

INTERVAL: Final = 0.1
"""Seconds between these attempts."""

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
_OUTDATED: Final = ("fetch first", "non-fast-forward", "stale info", "incorrect old value")
_SHALLOW: Final = "shallow update not allowed"
_ABORTED: Final = re.compile(r"^(?:remote: )?fatal: ref updates aborted by hook", re.MULTILINE)
_REMOTE_LOCK: Final = re.compile(r"^remote: .*'([^'\n]*\.lock)': File exists", re.MULTILINE)
_REMOTE_DISK: Final = (
    (errno.ENOSPC, re.compile(f"^remote: .*{NO_SPACE}", re.MULTILINE)),
    (errno.EROFS, re.compile(f"^remote: .*{READ_ONLY}", re.MULTILINE)),
    (errno.EIO, re.compile(f"^remote: .*{DISK_FAILED}", re.MULTILINE)),
    (
        errno.EACCES,
        re.compile(r"^remote: .*(?:: Permission denied|insufficient permission)", re.MULTILINE),
    ),
)
_OWN_FILE: Final = re.compile(
    r"^(?:fatal|error): .*(?:\.git/|FETCH_HEAD|object database).*: ?Permission denied", re.MULTILINE
)
_PROTECTED: Final = re.compile(r"protected|not allowed to push", re.IGNORECASE)
_CHECKED_OUT: Final = "branch is currently checked out"
_REJECTED: Final = re.compile(r"^!\t\S*:(\S+)\t\[(.*?)\](?: \((.*)\))?$", re.MULTILINE)


_PROGRESS: Final = re.compile(
    r"(?:remote: )?(?:(?:Enumerating|Counting|Compressing|Receiving|Writing|Unpacking) objects: "
    r"|Resolving deltas: |Checking connectivity: |Filtering content: |Updating files: "
    r"|Delta compression using |Total \d+ \(delta )"
)


class PushOutcome(Enum):
    """How a push ended that was not refused.

    Attributes:
        ACCEPTED: The remote has the commit.
        OUTDATED: Somebody pushed in between: the remote has newer commits.
    """

    ACCEPTED = auto()
    OUTDATED = auto()


@dataclass(frozen=True, slots=True)
class Transport:
    """The connection to a remote.

    Attributes:
        repository: As seen from the plan's folder.
        remote_branch: The branches.
        interactive: Whether git and ssh may ask for a password on the terminal.
        settings: Git's settings for each call, as command-line options.
        stop: Ends a call when it is set; None where calls cannot be stopped.
    """

    repository: Repository
    remote_branch: RemoteBranch
    interactive: bool
    settings: tuple[str, ...]
    stop: Event | None = None

    def fetch(self) -> bool:
        """Fetch the branch; return False where the remote has no such branch.

        Changes only the tracking ref, the tags that point into its history, and what other clones
        left there.

        Raises:
            CallStopped: `stop` was set, or the remote was silent for too long.
            KvartalError: The remote cannot be reached, or refuses; each reason has its class.
        """
        refspec = f"+{self.remote_branch.target}:{self.remote_branch.tracking}"
        arguments = (
            "fetch",
            "--quiet",
            "--progress",
            "--no-recurse-submodules",
            self.remote_branch.remote,
            refspec,
            SEEN_REFSPEC,
        )
        end = time.monotonic() + PATIENCE
        result = self._call(arguments, FETCH_SILENCE)
        # A different fetch of the same branch was faster, or is running.
        while _is_locked_out(result) and time.monotonic() < end:
            time.sleep(INTERVAL)
            result = self._call(arguments, FETCH_SILENCE)
        if not result.code:
            return True
        if _NO_BRANCH.search(result.stderr):
            return False
        raise self._failure(result, "fetch")

    def push(self, commit: str) -> PushOutcome:
        """Push a commit to the branch at the remote, without force.

        Args:
            commit: Full id of the commit.

        Raises:
            CallStopped: As for `fetch`; whether the remote got the commit is unknown.
            KvartalError: The push was refused; each reason has its class.
        """
        end = time.monotonic() + PATIENCE
        result = self._push(f"{commit}:{self.remote_branch.target}")
        # Somebody else's push may be under way there.
        while result.code and _REMOTE_LOCK.search(result.stderr) and time.monotonic() < end:
            time.sleep(INTERVAL)
            result = self._push(f"{commit}:{self.remote_branch.target}")
        if not result.code:
            return PushOutcome.ACCEPTED
        rejected = _rejected(result)
        if self.remote_branch.target not in rejected:
            raise self._failure(result, "push")
        kind, why = rejected[self.remote_branch.target]
        if why in _OUTDATED or _MOVED.search(f"{why}\n{result.stderr}"):
            return PushOutcome.OUTDATED
        raise self._refusal(result, kind, why)

    def push_commit(self, commit: str, ref: str) -> bool:
        """Push a commit to a ref of its own; return whether the remote took it."""
        return not self._push(f"{commit}:{ref}").code

    def push_refs(self, refs: tuple[str, ...]) -> tuple[str, ...]:
        """Push refs under their own names; return those that the remote rejected.

        Args:
            refs: Full names of the refs.

        Raises:
            KvartalError: Nothing could be pushed; each reason has its class.
        """
        result = self._push(*(f"{ref}:{ref}" for ref in refs))
        rejected = _rejected(result)
        if result.code and not rejected:
            raise self._failure(result, "push")
        return tuple(ref for ref in refs if ref in rejected)

    def _push(self, *refspecs: str) -> GitResult:
        options = (
            *("--porcelain", "--progress", "--no-follow-tags", "--recurse-submodules=no"),
            *push_options(self.repository, self.remote_branch.remote),
        )
        arguments = ("push", *options, self.remote_branch.remote, *refspecs)
        return self._call(arguments, PUSH_SILENCE)

    def _call(self, arguments: tuple[str, ...], silence: float) -> GitResult:
        result = run_git(
            self.repository.folder,
            (*self.settings, *arguments),
            writes=True,
            interactive=self.interactive,
            pass_fds=self.repository.held,
            stop=self.stop,
            silence=max(silence, _PASSWORD_SILENCE) if self.interactive else silence,
        )
        return replace(result, stderr=_without_progress(result.stderr))

    def _failure(self, result: GitResult, command: str) -> KvartalError:
        """Return the error for a call that failed before the remote judged any ref."""
        words, remote = with_tail(result.stderr) or str(result.code), self.remote_branch.remote
        if _ABORTED.search(words) or _remote_disk(words) or _REMOTE_LOCK.search(words):
            return self._refusal(result, "rejected", "hook")
        owner, lock = _OWNER.search(words), blocking_lock(result)
        if lock is not None:
            error: KvartalError = GitLocked(lock=lock, since=modified_at(lock))
        elif owner:
            error = DubiousOwnership(folder=owner[1], top=owner[1])
        elif _OWN_FILE.search(words):
            error = commit_error(self.repository, result)
        elif _FORBIDDEN.search(words):
            error = RemoteAccessDenied(remote=remote, words=words)
        elif _UNREACHABLE.search(words):
            error = RemoteUnreachable(remote=remote, words=words)
        elif _MISSING.search(words):
            error = RemoteNotFound(remote=remote, url=url(self.repository, remote), words=words)
        elif command == "push" and _NOT_PUSHED in words:
            error = PushHookRefused(words=words)
        else:
            error = commit_error(self.repository, result)
            # These two speak of a commit, and no commit was being made.
            if isinstance(error, HookRefused) or type(error) is GitFailed:
                error = GitFailed(command=command, words=words)
        return error

    def _refusal(self, result: GitResult, kind: str, why: str) -> KvartalError:
        """Return the error for a ref that the remote rejected."""
        words = with_tail(result.stderr)
        target = self.remote_branch
        fields = {"remote": target.remote, "branch": target.branch, "words": words}
        lock, disk = _REMOTE_LOCK.search(words), _remote_disk(words)
        if lock is not None:
            return RemoteLocked(lock=os.path.normpath(lock[1]), **fields)
        if disk is not None:
            return RemoteDiskRefused(reason=disk, **fields)
        if _SHALLOW in why:
            return ShallowPushRefused(reason=why, **fields)
        if _CHECKED_OUT in why:
            return RemoteCheckedOut(reason=why, **fields)
        if _PROTECTED.search(f"{why}\n{words}"):
            return BranchProtected(reason=why, **fields)
        return RemoteRefused(reason=why or kind, **fields)


def connect(
    repository: Repository,
    remote_branch: RemoteBranch,
    *,
    interactive: bool,
    stop: Event | None = None,
) -> Transport:
    """Return the connection to a remote; nothing is sent yet.

    A user's own ssh command is left as it is.

    Args:
        repository: As seen from the plan's folder.
        remote_branch: The branches.
        interactive: Whether git and ssh may ask for a password on the terminal.
        stop: Ends a call when it is set; None where calls cannot be stopped.
    """
    own_ssh = "GIT_SSH" in os.environ or repository.run("config", "--get", "core.sshCommand").stdout
    ssh = () if own_ssh else ("-c", f"core.sshCommand={_SSH if interactive else _BATCH_SSH}")
    return Transport(repository, remote_branch, interactive, (*_STALL_LIMITS, *ssh), stop)


def _remote_disk(words: str) -> object | None:
    """Return why the remote cannot write, where it says so; None where it does not."""
    codes = (code for code, pattern in _REMOTE_DISK if pattern.search(words))
    return next((system_reason(OSError(code, os.strerror(code))) for code in codes), None)


def _is_locked_out(result: GitResult) -> bool:
    return result.code != 0 and bool(_MOVED.search(result.stderr) or blocking_lock(result))


def _without_progress(printed: str) -> str:
    """Return what git printed without its reports of progress, which only show that it works."""
    lines = re.split(r"[\r\n]+", printed)
    return "\n".join(line for line in lines if not _PROGRESS.match(line)).strip()


def _rejected(result: GitResult) -> dict[str, tuple[str, str]]:
    """Return the rejected refs of a push: kind and reason, as git prints them, by ref."""
    return {ref: (kind, why) for ref, kind, why in _REJECTED.findall(result.text)}

"""What git and the remote answered to a fetch or a push, read from their words.

Git tells a program little more than that it failed: why is in what it printed.
"""

import errno
import os
import re
from typing import Final

from kvartal.history.git.access import is_readable
from kvartal.history.git.command import GitResult
from kvartal.history.git.diagnosis import blocking_lock, commit_error, with_tail
from kvartal.history.git.errors import DubiousOwnership, GitFailed, HookRefused
from kvartal.history.git.repository import Repository
from kvartal.history.store.git_locks import lock_error
from kvartal.history.sync.folder_remote import git_dirs
from kvartal.history.sync.remote import RemoteBranch, url
from kvartal.history.sync.remote_damage import damage_error
from kvartal.history.sync.remote_errors import (
    BranchProtected,
    PushHookRefused,
    RemoteAccessDenied,
    RemoteBrokeOff,
    RemoteCheckedOut,
    RemoteDiskRefused,
    RemoteFailed,
    RemoteHttpError,
    RemoteLocked,
    RemoteNotFound,
    RemoteNotGit,
    RemoteRefused,
    RemoteUnreachable,
    ShallowPushRefused,
    TransportMissing,
)
from kvartal.history.system_errors import DISK_FAILED, NO_SPACE, READ_ONLY, system_reason
from kvartal.schema.errors import KvartalError

_NO_BRANCH: Final = re.compile(r"couldn't find remote ref ", re.IGNORECASE)
_FORBIDDEN: Final = re.compile(
    r"Permission denied|Authentication failed|could not read (?:Username|Password)"
    r"|terminal prompts disabled|returned error: 40[13]|Host key verification failed"
    r"|access denied|not authorized|unauthorized",
    re.IGNORECASE,
)
_UNREACHABLE: Final = re.compile(
    r"Could not resolve|Name or service not known|Temporary failure in name resolution"
    r"|Connection (?:refused|timed out)|Network is unreachable|No route to host"
    r"|Failed to connect|unable to connect|Couldn't connect|unable to look up",
    re.IGNORECASE,
)
_CUT_OFF: Final = re.compile(
    r"Connection (?:reset|closed)|Broken pipe|Operation timed out|Operation too slow|early EOF"
    r"|Empty reply|hung up unexpectedly|unexpected disconnect|transfer closed with",
    re.IGNORECASE,
)
_HTTP_ERROR: Final = re.compile(r"returned error: ([345][0-9]{2})")
_RPC: Final = "RPC failed"
_ANSWERED_LATE: Final = re.compile(rf"{_RPC}|protocol error")
_NOT_GIT: Final = re.compile(
    r"not valid: is this a git repository|Received HTTP/0\.9|protocol error: bad line"
    r"|unknown service|invalid server response|expected (?:flush|service|ref list)",
)
_NOT_TAKEN: Final = re.compile(
    r"hook declined|unpacker error|shallow|currently checked out|protected|not allowed|prohibited"
    r"|denied",
    re.IGNORECASE,
)
_MISSING: Final = re.compile(
    r"does not appear to be a git repository|not a git repository|repository .*not (?:found|exist)"
    r"|returned error: 404|No such file or directory|invalid gitfile format",
    re.IGNORECASE,
)
_NOT_STARTED: Final = re.compile(
    r"cannot run (\S+): No such file|: (?:line )?\d+: (?!git)(\S+): (?:command )?not found"
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


def is_incomplete(result: GitResult) -> bool:
    """Return whether a fetch says that what came is not whole.

    So git says as well where a ref of this clone cannot be read: what came is then whole, and was
    held against too much.
    """
    return bool(result.code) and "did not send all necessary objects" in result.stderr


def has_broken_ref(result: GitResult) -> bool:
    """Return whether a fetch says that it cannot write a ref, whose file holds no hash."""
    return bool(result.code) and ": reference broken" in result.stderr


def names_broken_ref(result: GitResult, ref: str) -> bool:
    """Return whether a fetch says so of a ref, given by its name or by the beginning of it."""
    return has_broken_ref(result) and f"'{ref}" in result.stderr


def call_failure(
    repository: Repository, remote_branch: RemoteBranch, result: GitResult, command: str
) -> KvartalError:
    """Return the error for a call that failed before the remote judged any ref."""
    words, remote = with_tail(result.stderr) or str(result.code), remote_branch.remote
    if _ABORTED.search(words) or _remote_disk(words) or _REMOTE_LOCK.search(words):
        return ref_refusal(remote_branch, result, "rejected", "hook")
    error = _own_failure(repository, result) or _remote_failure(repository, remote, result, words)
    if error is None and command == "push" and _NOT_PUSHED in words:
        error = PushHookRefused(words=words)
    if error is None:
        error = commit_error(repository, result)
        # These two speak of a commit, and no commit was being made.
        if isinstance(error, HookRefused) or type(error) is GitFailed:
            address = url(repository, remote)
            error = RemoteFailed(remote=remote, url=address, command=command, words=words)
    return error


def _own_failure(repository: Repository, result: GitResult) -> KvartalError | None:
    """Return what is in the way on this machine; None for nothing that is known of."""
    owner, lock = _OWNER.search(result.stderr), blocking_lock(result)
    if lock is not None:
        return lock_error(repository, lock)
    if owner:
        return DubiousOwnership(folder=owner[1], top=owner[1])
    return commit_error(repository, result) if _OWN_FILE.search(result.stderr) else None


def _remote_failure(
    repository: Repository, remote: str, result: GitResult, words: str
) -> KvartalError | None:
    """Return why the remote does not answer as one; None for no reason that is known of."""
    missing = _NOT_STARTED.search(words)
    if _FORBIDDEN.search(words) or _is_closed_folder(repository, remote):
        return RemoteAccessDenied(remote=remote, words=words)
    if missing:
        return TransportMissing(remote=remote, program=missing[1] or missing[2], words=words)
    damaged = damage_error(repository, remote, result, words)
    return damaged or _connection_failure(repository, remote, words)


def _connection_failure(repository: Repository, remote: str, words: str) -> KvartalError | None:
    """Return why nothing came that git understands; None for no reason that is known of."""
    status = _HTTP_ERROR.search(words)
    # Of an address without a repository the refs are not there; where they are, it is one.
    if status and (_RPC in words or status[1] != "404"):
        return RemoteHttpError(remote=remote, status=status[1], words=words)
    if _UNREACHABLE.search(words):
        return RemoteUnreachable(remote=remote, words=words)
    address = url(repository, remote)
    # Over ssh it may be git, after what a shell there prints at its start. What git misses at the
    # end of an answer that was cut off says nothing of who answered.
    is_cut_off = _RPC in words and _CUT_OFF.search(words)
    if address.startswith("http") and _NOT_GIT.search(words) and not is_cut_off:
        return RemoteNotGit(url=address, words=words)
    if _CUT_OFF.search(words):
        return RemoteBrokeOff(remote=remote, words=words)
    if _MISSING.search(words):
        return RemoteNotFound(remote=remote, url=address, words=words)
    return None


def _is_closed_folder(repository: Repository, remote: str) -> bool:
    """Return whether the remote is a folder that this user, and so git, may not read."""
    try:
        return any(not is_readable(folder) for folder in git_dirs(repository, remote))
    except PermissionError:  # Not even its names.
        return True


def ref_refusal(
    remote_branch: RemoteBranch, result: GitResult, kind: str, why: str
) -> KvartalError:
    """Return the error for a ref that the remote rejected."""
    words = with_tail(result.stderr)
    # That it was not pushed is said already; what the server says of the reason is not.
    lines = [line for line in words.splitlines() if _NOT_PUSHED not in line]
    answer = "\n".join(lines) or words
    fields = {"remote": remote_branch.remote, "branch": remote_branch.branch, "words": answer}
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


def may_have_arrived(result: GitResult) -> bool:
    """Return whether a remote may have what a push failed to bring.

    It moves a branch before it writes its log, its HEAD's log and its report: each of these can
    fail. What a hook or a rule rejects, or git here, and what finds no way there has not arrived.

    Args:
        result: The push, in which nothing is newer there.
    """
    if not result.code:
        return False
    reasons = rejected_refs(result).values()
    if any(kind == "rejected" or _NOT_TAKEN.search(why) for kind, why in reasons):
        return False
    return (
        bool(reasons)
        or bool(_CUT_OFF.search(result.stderr))
        or bool(_remote_disk(result.stderr))
        or bool(_ANSWERED_LATE.search(result.stderr))
    )


def has_no_branch(result: GitResult) -> bool:
    """Return whether a fetch failed because the remote has no such branch."""
    return bool(_NO_BRANCH.search(result.stderr))


def is_outdated(result: GitResult, why: str) -> bool:
    """Return whether a ref was rejected because the remote has newer commits.

    Args:
        result: The push.
        why: Why it was rejected, as git prints it.
    """
    return why in _OUTDATED or bool(_MOVED.search(f"{why}\n{result.stderr}"))


def is_remote_locked(result: GitResult) -> bool:
    """Return whether a push failed at a lock file of the remote's."""
    return result.code != 0 and bool(_REMOTE_LOCK.search(result.stderr))


def is_locked_out(result: GitResult) -> bool:
    """Return whether a fetch failed since a different one holds the locks, or was faster."""
    return result.code != 0 and bool(_MOVED.search(result.stderr) or blocking_lock(result))


def without_progress(printed: str) -> str:
    """Return what git printed without its reports of progress, which only show that it works."""
    lines = re.split(r"[\r\n]+", printed)
    return "\n".join(line for line in lines if not _PROGRESS.match(line)).strip()


def rejected_refs(result: GitResult) -> dict[str, tuple[str, str]]:
    """Return the rejected refs of a push: kind and reason, as git prints them, by ref."""
    return {ref: (kind, why) for ref, kind, why in _REJECTED.findall(result.text)}


def _remote_disk(words: str) -> object | None:
    """Return why the remote cannot write, where it says so; None where it does not."""
    codes = (code for code, pattern in _REMOTE_DISK if pattern.search(words))
    return next((system_reason(OSError(code, os.strerror(code))) for code in codes), None)

"""Why git did not commit: the reason behind its exit code."""

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from kvartal.history.git.branch_target import misplaced_branch
from kvartal.history.git.command import GitResult
from kvartal.history.git.errors import (
    DiskFull,
    GitLocked,
    HookRefused,
    HookRefusedSilently,
    NoIdentity,
    OutsideSparseCheckout,
    ReadOnlyFolder,
    SigningFailed,
    UnmergedPaths,
)
from kvartal.history.git.failures import REFLOG_BLOCKED, command_error
from kvartal.history.git.identity import has_identity
from kvartal.history.git.repository import Repository
from kvartal.history.system_errors import DISK_FAILED, NO_SPACE, READ_ONLY
from kvartal.schema.day_text import second_text
from kvartal.schema.errors import KvartalError, Phrase

_LOCKED: Final = re.compile(r"^(?:fatal|error): .*'(.*\.lock)': File exists", re.MULTILINE)
_BY_GIT: Final = r"^(?:fatal|error|warning): .*"
_DISK_FULL: Final = re.compile(_BY_GIT + NO_SPACE, re.MULTILINE)
_DISK_REFUSES: Final = re.compile(_BY_GIT + f"(?:{READ_ONLY}|{DISK_FAILED})", re.MULTILINE)
_FORBIDDEN: Final = re.compile(
    _BY_GIT + r"(?:Permission denied|insufficient permission)", re.MULTILINE
)
_NOT_SIGNED: Final = re.compile(r"^fatal: failed to write commit object", re.MULTILINE)
_SPARSE: Final = re.compile(r"sparse-checkout definition.*?index:\n(.*?)(?:\nhint:|\Z)", re.DOTALL)
_NO_IDENTITY: Final = re.compile(
    r"ident name|tell me who you are|name consists|no (?:name|email) was"
)
_INVALID_DATE: Final = re.compile(r"^fatal: invalid date format", re.MULTILINE)
_MOST_LINES: Final = 200
"""How many lines of what a hook prints are passed on; more would scroll the reason away."""
_HEAD_LINES: Final = 20
"""How many of them are the first ones; all others are the last."""
_MOST_LETTERS: Final = 20_000
_HOOKS: Final = ("pre-commit", "prepare-commit-msg", "commit-msg", "reference-transaction")


def blocking_lock(result: GitResult) -> Path | None:
    """Return the lock file that a command failed on; None when it did not."""
    match = _LOCKED.search(result.stderr) if result.code else None
    return Path(match[1]) if match else None


def commit_error(repository: Repository, result: GitResult) -> KvartalError:
    """Return the error for a commit that failed.

    Args:
        repository: As seen from the plan's folder.
        result: How git ended.
    """
    return (
        _system_reason(repository, result)
        or _printed_reason(repository, result)
        or _inferred_reason(repository, result)
    )


def modified_at(path: Path) -> Phrase | str:
    """Return when a file was last modified, in local time; a question mark if it does not exist."""
    try:
        modified = path.stat().st_mtime
    except OSError:
        return "?"
    return second_text(datetime.fromtimestamp(modified).astimezone())


def _system_reason(repository: Repository, result: GitResult) -> KvartalError | None:
    lock = blocking_lock(result)
    if lock is not None:
        return GitLocked(lock=lock, since=modified_at(lock))
    if _DISK_FULL.search(result.stderr):
        return DiskFull(path=repository.git_dir)
    if _DISK_REFUSES.search(result.stderr) or REFLOG_BLOCKED.search(result.stderr):
        return command_error(result.command, result.stderr, result.code)
    if _FORBIDDEN.search(result.stderr):
        return ReadOnlyFolder(path=repository.git_dir)
    return None


def _printed_reason(repository: Repository, result: GitResult) -> KvartalError | None:
    if _NOT_SIGNED.search(result.stderr):
        return SigningFailed(words=result.stderr)
    sparse = _SPARSE.search(result.stderr)
    if sparse is not None:
        paths = ", ".join(sparse[1].splitlines())
        return OutsideSparseCheckout(paths=paths, folder=repository.prefix.rstrip("/") or ".")
    return None


def _inferred_reason(repository: Repository, result: GitResult) -> KvartalError:
    misplaced = misplaced_branch(repository)
    if misplaced is not None:
        return misplaced
    unmerged = _unmerged(repository)
    if unmerged:
        return UnmergedPaths(paths=unmerged)
    if _NO_IDENTITY.search(result.stderr) and not has_identity(repository):
        return NoIdentity()
    installed = hooks(repository)
    # A git that was killed has no exit code of its own: no hook has refused anything.
    if installed and result.code > 0 and not _INVALID_DATE.search(result.stderr):
        return (
            HookRefused(words=with_tail(result.stderr))
            if result.stderr
            else HookRefusedSilently(hooks=installed)
        )
    return command_error("commit", result.stderr, result.code)


def with_tail(words: str) -> str:
    """Return what a hook or a server printed, of a very long text both ends: the reason is last.

    Args:
        words: The whole text.
    """
    # Git pads what a server says, lest it mix with a line of progress.
    lines = [line.rstrip() for line in words.splitlines()]
    dropped = len(lines) - _MOST_LINES
    if dropped > 0:
        lines = [*lines[:_HEAD_LINES], f"[… {dropped} …]", *lines[_HEAD_LINES + dropped :]]
    text = "\n".join(lines)
    if len(text) <= _MOST_LETTERS:
        return text
    head, tail = _MOST_LETTERS // 8, _MOST_LETTERS - _MOST_LETTERS // 8
    return f"{text[:head]} […] {text[-tail:]}"


def _unmerged(repository: Repository) -> str:
    entries = repository.at("").run("ls-files", "--unmerged", "-z").text.split("\0")
    paths = (entry.partition("\t")[2] for entry in entries)
    return ", ".join(dict.fromkeys(filter(None, paths)))


def hooks(repository: Repository) -> str:
    """Return the names of the installed hooks that may refuse a commit; empty for none."""
    path = repository.run("rev-parse", "--git-path", "hooks").text.rstrip("\n")
    folder = repository.folder / path
    return ", ".join(name for name in _HOOKS if os.access(folder / name, os.X_OK))

"""Why git would not commit: the reason behind its exit code, found by asking git and looking."""

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from kvartal.history.git.command import Finished, run, text
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
from kvartal.history.git.failures import failure
from kvartal.history.git.identity import is_known
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import KvartalError

_LOCKED: Final = re.compile(r"^(?:fatal|error): .*'(.*\.lock)': File exists", re.MULTILINE)
_SAID_BY_GIT: Final = r"^(?:fatal|error|warning): .*"
_FULL: Final = re.compile(
    _SAID_BY_GIT + r"(?:No space left|Disk quota exceeded|Out of diskspace)", re.MULTILINE
)
_FORBIDDEN: Final = re.compile(
    _SAID_BY_GIT + r"(?:Permission denied|Read-only file system|insufficient permission)",
    re.MULTILINE,
)
_UNSIGNED: Final = re.compile(r"^fatal: failed to write commit object", re.MULTILINE)
_SPARSE: Final = re.compile(r"sparse-checkout definition.*?index:\n(.*?)(?:\nhint:|\Z)", re.DOTALL)
_NAMELESS: Final = re.compile(r"ident name|tell me who you are|name consists|no (?:name|email) was")
_NO_HOOK: Final = re.compile(r"^fatal: invalid date format", re.MULTILINE)
_HOOKS: Final = ("pre-commit", "prepare-commit-msg", "commit-msg", "reference-transaction")


def lock_in_the_way(done: Finished) -> Path | None:
    """Return the lock file that kept git from its work; None when it was not that."""
    found = _LOCKED.search(done.words) if done.code else None
    return Path(found[1]) if found else None


def refusal(repository: Repository, done: Finished) -> KvartalError:
    """Return why a commit failed.

    Args:
        repository: As seen from the plan's folder.
        done: How git ended.
    """
    return _told_by_git(repository, done) or _found_out(repository, done)


def since(path: Path) -> str:
    """Return when a file was last changed, in local time; a question mark when it is gone."""
    try:
        changed = path.stat().st_mtime
    except OSError:
        return "?"
    return f"{datetime.fromtimestamp(changed).astimezone():%d.%m.%Y %H:%M:%S}"


def _told_by_git(repository: Repository, done: Finished) -> KvartalError | None:
    lock = lock_in_the_way(done)
    if lock is not None:
        return GitLocked(lock=lock, since=since(lock))
    if _FULL.search(done.words):
        return DiskFull(path=repository.git_dir)
    if _FORBIDDEN.search(done.words):
        return ReadOnlyFolder(path=repository.git_dir)
    if _UNSIGNED.search(done.words):
        return SigningFailed(words=done.words)
    sparse = _SPARSE.search(done.words)
    if sparse is not None:
        paths = ", ".join(sparse[1].splitlines())
        return OutsideSparseCheckout(paths=paths, folder=repository.prefix.rstrip("/") or ".")
    return None


def _found_out(repository: Repository, done: Finished) -> KvartalError:
    unmerged = _unmerged(repository)
    if unmerged:
        return UnmergedPaths(paths=unmerged)
    if _NAMELESS.search(done.words) and not is_known(repository):
        return NoIdentity()
    found = hooks(repository)
    # A git that was killed has no exit code of its own, and no hook has said no.
    if found and done.code > 0 and not _NO_HOOK.search(done.words):
        return HookRefused(words=done.words) if done.words else HookRefusedSilently(hooks=found)
    return failure("commit", done.words, done.code)


def _unmerged(repository: Repository) -> str:
    done = run(repository.at("").folder, ("ls-files", "--unmerged", "-z"))
    paths = (line.partition("\t")[2] for line in text(done.out).split("\0"))
    return ", ".join(dict.fromkeys(filter(None, paths)))


def hooks(repository: Repository) -> str:
    """Return the names of the hooks that may refuse a commit; empty where there are none."""
    told = run(repository.folder, ("rev-parse", "--git-path", "hooks"))
    folder = repository.folder / text(told.out).rstrip("\n")
    return ", ".join(name for name in _HOOKS if os.access(folder / name, os.X_OK))

"""Finds the repository of a folder, or says why there is none that git opens."""

import os
from pathlib import Path
from typing import Final

from kvartal.history.git.access import is_readable
from kvartal.history.git.command import run_git
from kvartal.history.git.errors import (
    BrokenGitFile,
    BrokenHead,
    BrokenRepository,
    DubiousOwnership,
    NotARepository,
    NoWorkTree,
    UnfinishedRepository,
    WorkTreeElsewhere,
)
from kvartal.history.git.failures import RepositoryUnreadable, untrusted_folder
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import KvartalError

_REPOSITORY_FACTS: Final = (
    "--is-inside-work-tree",
    "--show-object-format",
    "--absolute-git-dir",
    "--git-common-dir",
    "--show-prefix",
)


def find_repository(folder: Path) -> Repository:
    """Return the repository that a folder is in.

    Raises:
        GitMissing: There is no git program.
        NotARepository: The folder is in no repository.
        UnfinishedRepository: There is a git directory that holds nothing yet.
        BrokenRepository: There is a git directory that git does not recognize.
        RepositoryUnreadable: The same, since this user may not read it.
        NoWorkTree: The repository is bare, its working tree is elsewhere, or the folder is inside
            a git directory.
        DubiousOwnership: The repository belongs to another user.
        GitFailed: Git refused for a different reason.
    """
    result = run_git(folder, ("rev-parse", *_REPOSITORY_FACTS))
    if "dubious ownership" in result.stderr:
        raise DubiousOwnership(top=untrusted_folder(folder, result.stderr))
    if "not a git repository" in result.stderr or "invalid gitfile format" in result.stderr:
        broken = _unrecognized_git_dir(folder)
        raise NotARepository(folder=folder) if broken is None else _why_unrecognized(broken)
    lines = result.checked().text.split("\n")
    if lines[0] != "true":
        worktree = run_git(folder, ("config", "--get", "core.worktree")).text.strip()
        if worktree:
            raise WorkTreeElsewhere(folder=folder, worktree=worktree)
        raise NoWorkTree(folder=folder)
    if len(lines) != len(_REPOSITORY_FACTS) + 1:  # A line break in a folder's name.
        lines = [_fact(folder, name) for name in _REPOSITORY_FACTS]
    git_dir, common_dir = Path(lines[2]), Path(os.path.normpath(folder / lines[3]))
    return Repository(folder, git_dir, common_dir, lines[4], hash_name=lines[1])


def _fact(folder: Path, name: str) -> str:
    return run_git(folder, ("rev-parse", name)).checked().text.removesuffix("\n")


def is_empty(git_dir: Path) -> bool:
    """Return whether a git directory holds no object, branch or index: an unfinished `git init`."""
    holds = (*("index", "packed-refs", "logs", "worktrees", "modules", "shallow"), "ORIG_HEAD")
    if not git_dir.is_dir() or any((git_dir / name).exists() for name in holds):
        return False
    folders = (git_dir / name for name in ("objects", "refs", "reftable"))
    return not any(path.is_file() for folder in folders for path in folder.rglob("*"))


def _why_unrecognized(broken: Path) -> KvartalError:
    """Return why git does not recognize a git directory, or a file that should lead to one."""
    if not is_readable(broken):
        return RepositoryUnreadable(command="rev-parse", words=broken)
    if broken.is_file():
        return BrokenGitFile(git_dir=broken)
    if is_empty(broken):
        return UnfinishedRepository(folder=broken.parent)
    if all((broken / name).is_dir() for name in ("objects", "refs")):
        return BrokenHead(git_dir=broken, head=broken / "HEAD")
    return BrokenRepository(git_dir=broken)


def _unrecognized_git_dir(folder: Path) -> Path | None:
    """Return the nearest git directory at or above a folder, if git does not recognize it."""
    for parent in (folder, *folder.parents):
        git_dir = parent / ".git"
        if git_dir.exists():
            # Where git was told not to look so far up, it may well be a repository.
            return git_dir if run_git(parent, ("rev-parse", "--git-dir")).code else None
    return None

"""The state of a plan's repository: what git holds of the plan, and what prevents saving."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from kvartal.history.git.branch_target import misplaced_branch
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import ReadOnlyFolder, UnmergedPaths
from kvartal.history.git.repository import Repository
from kvartal.history.store.errors import (
    BranchMissing,
    DetachedHead,
    OperationInProgress,
    PlanHidden,
    PlanIgnored,
    StaleLock,
)
from kvartal.history.store.fast_forward import is_fast_forwarding
from kvartal.history.store.git_locks import stale_lock, stale_lock_error
from kvartal.history.store.state_folder import own_folder_error
from kvartal.history.store.write_ahead import read_intent
from kvartal.history.store.write_lock import LockHolder, lock_holder
from kvartal.history.yaml_text.loader import unreadable_file
from kvartal.schema.errors import KvartalError

# What git keeps in its directory while a command of several steps is in progress.
_OPERATIONS: Final = (
    ("MERGE_HEAD", "merge"),
    ("rebase-merge", "rebase"),
    ("rebase-apply/applying", "am"),
    ("rebase-apply", "rebase"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("BISECT_LOG", "bisect"),
)
_DETACHED: Final = "(detached)"
_INITIAL: Final = "(initial)"


class PlanStatus(StrEnum):
    """What git holds of the plan file.

    Attributes:
        COMMITTED: HEAD holds it as it is on disk.
        EDITED: HEAD holds a different version.
        NEW: HEAD does not hold it yet.
        IGNORED: It is kept out by an ignore rule.
        UNMERGED: It is in conflict.
        HIDDEN: The index has a flag that makes git skip it, edited or not.
    """

    COMMITTED = "committed"
    EDITED = "edited"
    NEW = "new"
    IGNORED = "ignored"
    UNMERGED = "unmerged"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class RepoState:
    """The state of a plan's repository at one moment.

    Attributes:
        repository: As seen from the plan's folder; None when git could not be asked.
        plan: What git holds of the plan file; None when git could not be asked.
        head: The commit at HEAD; None when there is none yet.
        branch: The branch at HEAD, without ``refs/heads/``; None when HEAD is detached.
        codes: The two-letter codes of `git status` (or ``?`` and ``!``) by path, for the paths
            asked about; a path that is as in HEAD, or that does not exist, is missing.
        obstacle: Why nothing can be saved now; None when nothing prevents it.
        is_unfinished: A change was under way when a program died, or is under way now.
        holder: Who is writing at this moment.
    """

    repository: Repository | None = None
    plan: PlanStatus | None = None
    head: str | None = None
    branch: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    obstacle: KvartalError | None = None
    is_unfinished: bool = False
    holder: LockHolder | None = None

    @property
    def is_edited(self) -> bool:
        """The file differs from HEAD, and not because of a change under way."""
        return self.plan in {PlanStatus.EDITED, PlanStatus.NEW} and not self.is_unfinished

    def is_fresh(self, path: str, *, on_disk: bool) -> bool:
        """Return whether the index does not know a path yet.

        Args:
            path: One of those asked about.
            on_disk: Whether the file was there.
        """
        code = self.codes.get(path)
        return not on_disk if code is None else code[0] in "?!D"


def repo_state(path: Path) -> RepoState:
    """Return the state of a plan's repository; where git refuses, that is the obstacle.

    Args:
        path: The plan file, with symbolic links followed.
    """
    try:
        repository = find_repository(path.parent)
        state = git_state(repository, path.name)
    except KvartalError as error:
        return RepoState(obstacle=error)
    git_dir = repository.git_dir
    elsewhere = (
        own_folder_error(git_dir)
        or _stale_lock_error(repository, state)
        or _read_only_error(repository)
        or misplaced_branch(repository)
    )
    return replace(
        state,
        obstacle=state.obstacle or elsewhere,
        is_unfinished=is_fast_forwarding(git_dir) or read_intent(git_dir) is not None,
        holder=lock_holder(git_dir),
    )


def ready_state(repository: Repository, name: str, others: Sequence[str] = ()) -> RepoState:
    """Return the state of a repository in which a commit can be made; arguments as `git_state`.

    Raises:
        KvartalError: The state of the repository prevents it, or git refuses to say.
    """
    state = git_state(repository, name, others)
    if state.obstacle is not None:
        raise state.obstacle
    return state


def git_state(repository: Repository, name: str, others: Sequence[str] = ()) -> RepoState:
    """Return the part of the state that git knows: neither locks nor writers are looked for.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        others: Further paths that are going to be committed, from the plan's folder.

    Raises:
        KvartalError: Git refuses to say.
    """
    printed = repository.read_text(
        *("status", "--porcelain=v2", "--branch", "-z", "--no-renames", "--ignore-submodules=all"),
        *("--untracked-files=all", "--ignored=traditional", "--", name, *others),
    )
    lines = printed.split("\0")
    facts = dict(line[2:].split(" ", 1) for line in lines if line.startswith("# "))
    entries = list(_entries(lines, len(repository.prefix)))
    state = RepoState(
        repository=repository,
        plan=_plan_status(repository, name, entries),
        head=None if facts["branch.oid"] == _INITIAL else facts["branch.oid"],
        branch=None if facts["branch.head"] == _DETACHED else facts["branch.head"],
        codes={path: code for path, code, _ in entries},
    )
    return replace(state, obstacle=_obstacle(repository, name, state))


def _obstacle(repository: Repository, name: str, state: RepoState) -> KvartalError | None:
    """Return why no commit can be made in a repository in this state; None when it can."""
    operation = _operation(repository)
    others = _other_branches(repository) if state.head is None else ()
    if operation is not None:
        end = "reset" if operation == "bisect" else "--abort"
        return OperationInProgress(operation=operation, abort=end)
    if state.branch is None:
        return DetachedHead()
    if others:
        return BranchMissing(branch=state.branch, others=", ".join(others))
    reasons: dict[PlanStatus | None, KvartalError] = {
        PlanStatus.UNMERGED: UnmergedPaths(paths=name),
        PlanStatus.IGNORED: PlanIgnored(plan=name),
        PlanStatus.HIDDEN: PlanHidden(plan=name),
    }
    return reasons.get(state.plan)


def _other_branches(repository: Repository) -> tuple[str, ...]:
    """Return a few branches that have commits.

    Raises:
        HistoryDamaged: The one at HEAD has a commit that cannot be read.
    """
    repository.commit_id()
    few = ("--count=3", "--format=%(refname:short)", "refs/heads")
    return tuple(repository.read_text("for-each-ref", *few).split())


def _read_only_error(repository: Repository) -> ReadOnlyFolder | None:
    """Return the error for a folder that is not writable, as far as the system says beforehand."""
    places = (repository.folder, repository.git_dir)
    read_only = next((place for place in places if not os.access(place, os.W_OK)), None)
    return None if read_only is None else ReadOnlyFolder(path=read_only)


def _stale_lock_error(repository: Repository, state: RepoState) -> StaleLock | None:
    lock = stale_lock(repository, state.branch or "")
    return None if lock is None else stale_lock_error(lock)


def _entries(lines: list[str], prefix: int) -> Iterator[tuple[str, str, str]]:
    """Yield path, two-letter code and id at HEAD of each file that `git status` lists."""
    for line in lines:
        if line.startswith("1 "):
            _, code, _, _, _, _, at_head, _, path = line.split(" ", 8)
            yield path[prefix:], code, at_head
        elif line.startswith("u "):
            yield line.split(" ", 10)[10][prefix:], "UU", ""
        elif line.startswith(("? ", "! ")):
            yield line[2 + prefix :], line[0], ""


def _plan_status(
    repository: Repository, name: str, entries: list[tuple[str, str, str]]
) -> PlanStatus:
    heads = {code: at_head for path, code, at_head in entries if path == name}
    if not heads:
        flag = repository.read_text("ls-files", "-v", "-z", "--", name)[:1]
        return PlanStatus.HIDDEN if flag == "S" or flag.islower() else PlanStatus.COMMITTED
    if "UU" in heads:
        return PlanStatus.UNMERGED
    if "!" in heads:
        return PlanStatus.IGNORED
    # A file that only the index lacks is listed both as deleted and as new.
    is_at_head = any(code[0] == "D" for code in heads)
    if not is_at_head and ("?" in heads or any(code[0] == "A" for code in heads)):
        return PlanStatus.NEW
    path = repository.folder / name
    try:
        now = repository.object_name(path.read_bytes()) if path.is_file() else ""
    except OSError as error:
        raise unreadable_file(name, error) from error
    # What is staged may differ while the file itself is as HEAD has it.
    return PlanStatus.COMMITTED if now in heads.values() else PlanStatus.EDITED


def _operation(repository: Repository) -> str | None:
    names = (name for file, name in _OPERATIONS if (repository.git_dir / file).exists())
    return next(names, None)

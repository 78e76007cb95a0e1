"""How a repository stands: what is in the way of saving, and what git holds of a plan."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from kvartal.history.git.command import text
from kvartal.history.git.diagnosis import since
from kvartal.history.git.errors import (
    BranchMissing,
    DetachedHead,
    LockAbandoned,
    OperationUnderWay,
    PlanHidden,
    PlanIgnored,
    ReadOnlyFolder,
    UnmergedPaths,
)
from kvartal.history.git.failures import IndexDamaged
from kvartal.history.git.repository import Repository, find_repository
from kvartal.history.store.fast_forward import is_moving
from kvartal.history.store.git_locks import abandoned_lock
from kvartal.history.store.write_ahead import read_intent
from kvartal.history.store.write_lock import Holder, holder
from kvartal.schema.errors import KvartalError

# What git leaves in its directory while a command of several steps is under way.
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


class InGit(StrEnum):
    """What git holds of the plan file.

    Attributes:
        SAVED: HEAD holds it as it is on disk.
        EDITED: HEAD holds another version.
        NEW: HEAD does not hold it yet.
        IGNORED: It is kept out by an ignore rule.
        UNMERGED: It is in conflict.
        HIDDEN: The index has a mark that makes git pass it over, edited or not.
    """

    SAVED = "saved"
    EDITED = "edited"
    NEW = "new"
    IGNORED = "ignored"
    UNMERGED = "unmerged"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a repository stands.

    Attributes:
        name: The plan's file name.
        plan: What git holds of it.
        head: The commit at HEAD; None when there is none yet.
        branch: The branch at HEAD, without ``refs/heads/``; None when HEAD is detached.
        operation: The git command that is not finished, such as ``merge``.
        others: Branches that have commits, where this one has none.
        codes: What `git status` says of the paths asked about, in its two letters (or ``?`` and
            ``!``); a path that is as HEAD has it, or that nobody has, is not there.
    """

    name: str
    plan: InGit
    head: str | None
    branch: str | None
    operation: str | None
    codes: Mapping[str, str]
    others: tuple[str, ...] = ()

    def is_fresh(self, path: str, *, on_disk: bool) -> bool:
        """Tell whether the index does not know a path yet.

        Args:
            path: One of those asked about.
            on_disk: Whether the file was there.
        """
        code = self.codes.get(path)
        return not on_disk if code is None else code in "?!" or code[0] == "D"

    def obstacle(self) -> KvartalError | None:
        """Return what is in the way of saving; None when nothing is."""
        if self.operation is not None:
            end = "reset" if self.operation == "bisect" else "--abort"
            return OperationUnderWay(operation=self.operation, abort=end)
        if self.branch is None:
            return DetachedHead()
        if self.others:
            return BranchMissing(branch=self.branch, others=", ".join(self.others))
        reasons: dict[InGit, KvartalError] = {
            InGit.UNMERGED: UnmergedPaths(paths=self.name),
            InGit.IGNORED: PlanIgnored(plan=self.name),
            InGit.HIDDEN: PlanHidden(plan=self.name),
        }
        return reasons.get(self.plan)


@dataclass(frozen=True, slots=True)
class Condition:
    """How file, HEAD and locks stand to each other.

    Attributes:
        standing: How the repository stands; None when there is none that can be asked.
        obstacle: Why nothing could be saved now; None when it could.
        is_unfinished: A change was under way when a program died, or is under way now.
        holder: Who is writing at this moment.
        repository: As seen from the plan's folder; None when there is none that can be asked.
    """

    standing: Standing | None
    obstacle: KvartalError | None
    is_unfinished: bool
    holder: Holder | None
    repository: Repository | None = None

    @property
    def is_edited(self) -> bool:
        """The file differs from HEAD, and not because of a change under way."""
        edited = self.standing is not None and self.standing.plan in (InGit.EDITED, InGit.NEW)
        return edited and not self.is_unfinished


def standing(repository: Repository, name: str, others: Sequence[str] = ()) -> Standing:
    """Return how a repository stands.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        others: Further paths that are going to be committed, from the plan's folder.

    Raises:
        KvartalError: Git refuses to say.
    """
    printed = _status(
        repository,
        *("status", "--porcelain=v2", "--branch", "-z", "--no-renames", "--ignore-submodules=all"),
        *("--untracked-files=all", "--ignored=traditional", "--", name, *others),
    )
    lines = text(printed).split("\0")
    facts = dict(line[2:].split(" ", 1) for line in lines if line.startswith("# "))
    head, branch = facts["branch.oid"], facts["branch.head"]
    entries = list(_entries(lines, len(repository.prefix)))
    return Standing(
        name=name,
        plan=_in_git(repository, name, entries),
        head=None if head == _INITIAL else head,
        branch=None if branch == _DETACHED else branch,
        operation=_operation(repository),
        codes={path: code for path, code, _ in entries},
        others=_other_branches(repository) if head == _INITIAL else (),
    )


def condition(path: Path) -> Condition:
    """Return how a plan file, HEAD and locks stand to each other.

    Args:
        path: The plan file, with symbolic links followed.
    """
    try:
        repository = find_repository(path.parent)
        found = standing(repository, path.name)
    except KvartalError as error:
        return Condition(None, error, is_unfinished=False, holder=None)
    return Condition(
        found,
        found.obstacle() or _left_lock(repository, found) or _closed(repository),
        is_unfinished=is_moving(repository.git_dir) or read_intent(repository.git_dir) is not None,
        holder=holder(repository.git_dir),
        repository=repository,
    )


def _status(repository: Repository, *arguments: str) -> bytes:
    try:
        return repository.read(*arguments)
    except IndexDamaged as error:
        index = repository.git_dir / "index"
        raise IndexDamaged(command="status", words=index) from error


def _other_branches(repository: Repository) -> tuple[str, ...]:
    """Return a few branches that have commits; the one at HEAD is looked at for damage."""
    repository.commit_id()
    few = ("--count=3", "--format=%(refname:short)", "refs/heads")
    return tuple(text(repository.read("for-each-ref", *few)).split())


def _closed(repository: Repository) -> ReadOnlyFolder | None:
    """Return the folder that may not be written, as far as the system says so beforehand."""
    places = (repository.folder, repository.git_dir)
    closed = next((place for place in places if not os.access(place, os.W_OK)), None)
    return None if closed is None else ReadOnlyFolder(path=closed)


def _left_lock(repository: Repository, found: Standing) -> LockAbandoned | None:
    lock = abandoned_lock(repository, found.branch or "")
    return None if lock is None else LockAbandoned(lock=lock, since=since(lock))


def _entries(lines: list[str], prefix: int) -> Iterator[tuple[str, str, str]]:
    """Yield path, two-letter code and id at HEAD of each file that `git status` tells of."""
    for line in lines:
        if line.startswith("1 "):
            _, code, _, _, _, _, at_head, _, path = line.split(" ", 8)
            yield path[prefix:], code, at_head
        elif line.startswith("u "):
            yield line.split(" ", 10)[10][prefix:], "UU", ""
        elif line.startswith(("? ", "! ")):
            yield line[2 + prefix :], line[0], ""


def _in_git(repository: Repository, name: str, entries: list[tuple[str, str, str]]) -> InGit:
    of_plan = {code: at_head for path, code, at_head in entries if path == name}
    if not of_plan:
        mark = text(repository.read("ls-files", "-v", "-z", "--", name))[:1]
        return InGit.HIDDEN if mark == "S" or mark.islower() else InGit.SAVED
    if "UU" in of_plan:
        return InGit.UNMERGED
    if "!" in of_plan:
        return InGit.IGNORED
    # Of a file that only the index has lost, git tells both that it is deleted and that it is new.
    is_at_head = any(code[0] == "D" for code in of_plan)
    if not is_at_head and ("?" in of_plan or any(code[0] == "A" for code in of_plan)):
        return InGit.NEW
    path = repository.folder / name
    now = repository.object_name(path.read_bytes()) if path.is_file() else ""
    # What is staged may differ while the file itself is as HEAD has it.
    return InGit.SAVED if now in of_plan.values() else InGit.EDITED


def _operation(repository: Repository) -> str | None:
    left = (name for mark, name in _OPERATIONS if (repository.git_dir / mark).exists())
    return next(left, None)

"""Whether anything happened to a plan or to its repository, told without starting git.

What the file system says of a few files is enough: git replaces a file to alter it, so the time of
its directory shows most of what it does (the index, the branch at HEAD, a merge begun or ended),
and a commit shows in the file of its branch, among the packed ones, or in the log of HEAD.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from kvartal.history.git.repository import Repository

Mark: TypeAlias = tuple[int, int, int] | None
"""What a file system says of a file that alters when the file does; None where there is none."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How a plan and its repository looked at one moment.

    Attributes:
        plan: Of the plan file.
        git: Of what git writes; empty where there is no repository.
    """

    plan: Mark
    git: tuple[Mark, ...] = ()


def look_at(plan: Path, repository: Repository | None, branch: str | None) -> Marks:
    """Return how a plan and its repository look now. Costs a few calls of the file system.

    Args:
        plan: The plan file.
        repository: Its repository; None where there is none that can be asked.
        branch: The branch at HEAD when git was last asked; None for none.
    """
    if repository is None:
        return Marks(_mark(plan))
    own, common = repository.git_dir, repository.common_dir
    places = [own, own / "HEAD", own / "index", own / "logs" / "HEAD", common / "packed-refs"]
    places += [common / "reftable" / "tables.list"]
    if branch is not None:
        places += [common / "refs" / "heads" / branch]
    return Marks(_mark(plan), tuple(map(_mark, places)))


def _mark(path: Path) -> Mark:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino

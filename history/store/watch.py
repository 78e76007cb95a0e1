"""Notices changes of a plan or its repository without starting git.

The stamps of a few files are enough: git replaces a file to change it, so the modification time of
its directory shows most of what it does (the index, the branch at HEAD, a merge begun or ended),
and a commit shows in the file of its branch, in the packed refs, or in the reflog of HEAD.
"""

from dataclasses import dataclass
from pathlib import Path

from kvartal.history.git.repository import Repository
from kvartal.history.store.files import FileStamp, file_stamp


@dataclass(frozen=True, slots=True)
class RepoStamp:
    """The stamps of a plan and its repository at one moment.

    Attributes:
        plan: Of the plan file.
        git: Of the files that git writes; empty where there is no repository.
        is_locked: A git command may be running.
    """

    plan: FileStamp
    git: tuple[FileStamp, ...] = ()
    is_locked: bool = False


def repo_stamp(plan: Path, repository: Repository | None, branch: str | None) -> RepoStamp:
    """Return the stamps of a plan and its repository; costs a few file system calls.

    Args:
        plan: The plan file.
        repository: Its repository; None where there is none.
        branch: The branch at HEAD when git was last asked; None for none.
    """
    if repository is None:
        return RepoStamp(file_stamp(plan))
    own, common = repository.git_dir, repository.common_dir
    places = [own, own / "HEAD", own / "index", own / "logs" / "HEAD", common / "packed-refs"]
    places += [common / "reftable" / "tables.list"]
    if branch is not None:
        places += [common / "refs" / "heads" / branch]
    is_locked = (own / "index.lock").exists()
    return RepoStamp(file_stamp(plan), tuple(map(file_stamp, places)), is_locked)

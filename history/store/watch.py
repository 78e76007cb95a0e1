"""Whether anything happened to a plan or to its repository, told without starting git.

What the file system says of a few files is enough: git replaces a file to alter it, so the time of
its directory shows most of what it does (the index, the branch at HEAD, a merge begun or ended),
and a commit shows in the file of its branch, among the packed ones, or in the log of HEAD.
"""

from dataclasses import dataclass
from pathlib import Path

from kvartal.history.git.repository import Repository
from kvartal.history.store.files import FileStamp, mark


@dataclass(frozen=True, slots=True)
class RepoStamp:
    """How a plan and its repository looked at one moment.

    Attributes:
        plan: Of the plan file.
        git: Of what git writes; empty where there is no repository.
        is_locked: A git may be in the middle of its work.
    """

    plan: FileStamp
    git: tuple[FileStamp, ...] = ()
    is_locked: bool = False


def look_at(plan: Path, repository: Repository | None, branch: str | None) -> RepoStamp:
    """Return how a plan and its repository look now. Costs a few calls of the file system.

    Args:
        plan: The plan file.
        repository: Its repository; None where there is none that can be asked.
        branch: The branch at HEAD when git was last asked; None for none.
    """
    if repository is None:
        return RepoStamp(mark(plan))
    own, common = repository.git_dir, repository.common_dir
    places = [own, own / "HEAD", own / "index", own / "logs" / "HEAD", common / "packed-refs"]
    places += [common / "reftable" / "tables.list"]
    if branch is not None:
        places += [common / "refs" / "heads" / branch]
    is_locked = (own / "index.lock").exists()
    return RepoStamp(mark(plan), tuple(map(mark, places)), is_locked)


def goes_on(repository: Repository, old: str, new: str) -> bool:
    """Tell whether a commit is among those that led to another: then history only went on.

    Args:
        repository: The repository.
        old: Id of the commit that was at HEAD.
        new: Id of the one that is there now.
    """
    return repository.run("merge-base", "--is-ancestor", old, new).code == 0

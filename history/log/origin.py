"""Where the plan's file came from, in the first commit that has it under its name.

A clone may be shallow, and a file may have been renamed: neither starts a programme, and the author
of that commit did not write everything in the file.
"""

import re
from typing import Final

from kvartal.history.git.damage import ShallowFileDamaged
from kvartal.history.git.failures import NotInShallowClone, RepositoryUnreadable
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import FileOrigin
from kvartal.history.yaml_text.loader import load
from kvartal.schema.changes import PlanData

_SHORT: Final = 10
_RENAMED: Final = re.compile(r"R[0-9]+")
_RENAMES: Final = ("--find-renames", "--diff-filter=R", "--name-status", "--format=%P")


def origin_of(repository: Repository, commit: str, name: str) -> FileOrigin | None:
    """Return why the first commit with the plan's file is not its beginning; None where it is.

    Args:
        repository: As seen from the plan's folder.
        commit: Full hash of the commit.
        name: The plan's file name.

    Raises:
        GitFailed: Git refused.
    """
    if commit in shallow_commits(repository):
        return FileOrigin(is_shallow=True)
    # Without a path: limited to the new name, git would see an added file, not a renamed one.
    printed = repository.read_text("log", "-1", "-z", *_RENAMES, commit, "--").split("\0")
    for at, status in enumerate(printed[:-2]):
        if _RENAMED.fullmatch(status.strip()) and printed[at + 2] == repository.prefix + name:
            return FileOrigin(renamed_from=printed[at + 1])
    return None


def former_path(repository: Repository, older: str, newer: str, name: str) -> str:
    """Return the path that the plan had in an older commit, where its file was renamed since.

    Args:
        repository: As seen from the plan's folder.
        older: Full hash of a commit.
        newer: Full hash of the later commit.
        name: The plan's file name there.

    Returns:
        The path from the top of the repository; empty where no file there was renamed to it.

    Raises:
        GitFailed: Git refused.
    """
    arguments = ("-r", "-z", "--find-renames", "--diff-filter=R", "--name-status")
    printed = repository.read_text("diff-tree", *arguments, older, newer, "--").split("\0")
    found = zip(printed[1::3], printed[2::3], strict=False)
    return next((old for old, new in found if new == repository.prefix + name), "")


def data_before_rename(repository: Repository, commit: str, origin: FileOrigin) -> PlanData:
    """Return the plan as it was before it was renamed.

    Args:
        repository: The repository.
        commit: Full hash of the commit that renamed it.
        origin: Its former path.

    Raises:
        UnreadablePlan: It is not the YAML that a plan is written in.
        GitFailed: It cannot be read, or was not fetched.
    """
    content = repository.at("").blob(f"{commit}^", origin.renamed_from)
    return {} if content is None else load(content, origin.renamed_from).data


def refuse_shallow_end(repository: Repository, commit: str) -> None:
    """Refuse to call a commit the beginning at which a shallow clone ends.

    Raises:
        NotInShallowClone: What was before it was not fetched.
    """
    if commit in shallow_commits(repository):
        raise NotInShallowClone(command="log", words=f"{commit[:_SHORT]}^")


def shallow_commits(repository: Repository) -> frozenset[str]:
    """Return the hashes of the commits at which a shallow clone ends; none in a full clone.

    Raises:
        RepositoryUnreadable: The file that says so cannot be read.
        ShallowFileDamaged: It is no such file.
    """
    shallow = repository.common_dir / "shallow"
    try:
        hashes = shallow.read_text(encoding="ascii")
    except FileNotFoundError:
        return frozenset()
    except (IsADirectoryError, UnicodeDecodeError) as error:
        raise ShallowFileDamaged(command="log", words=shallow) from error
    except OSError as error:
        if shallow.is_dir():  # Windows calls reading a folder forbidden.
            raise ShallowFileDamaged(command="log", words=shallow) from error
        raise RepositoryUnreadable(command="log", words=shallow) from error
    return frozenset(hashes.split())

"""Git trees, read and written in the object database only: no working file, no index."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from kvartal.history.git.command import decode, encode
from kvartal.history.git.failures import command_error
from kvartal.history.git.repository import Repository
from kvartal.history.sync.errors import GitTooOld
from kvartal.history.sync.merge_folder import merge_folder

FILE: Final = "100644"
_TREE: Final = "040000"
_FILES: Final = frozenset({FILE, "100755"})
_CONFLICTS: Final = 1
_USAGE: Final = 129

# Renames must not be guessed: the plan names its evidence by path, and would lose a file that git
# moves because its neighbours moved. Git before 2.50 guesses renames of files all the same.
_NO_RENAMES: Final = ("-c", "merge.renames=false", "-c", "merge.directoryRenames=false")
# The plans are merged by fields later, whatever git makes of them: it need not start our driver.
_TEXT_DRIVER: Final = "git merge-file --marker-size=%L %A %O %B"


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file of a tree.

    Attributes:
        mode: The mode as git writes it: ``100644``.
        object_id: Id of its blob.
        size: Size of its content, in bytes; None where it was not read.
    """

    mode: str
    object_id: str
    size: int | None = None

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file, not a link or a submodule."""
        return self.mode in _FILES


@dataclass(frozen=True, slots=True)
class GitMerge:
    """The tree that ``git merge-tree`` makes of two.

    Attributes:
        tree: Its id; files with conflicts hold both versions between markers.
        conflicting_paths: Paths of these files, from the root.
    """

    tree: str
    conflicting_paths: tuple[str, ...]


def files_under(repository: Repository, tree: str, path: str) -> dict[str, TreeEntry]:
    """Return the files in a folder of a tree and below it, by path from the root.

    Args:
        repository: The repository.
        tree: A tree or a commit.
        path: The folder, from the root; empty for the whole tree.

    Raises:
        GitFailed: Git refused.
    """
    arguments = ("ls-tree", "-r", "-l", "-z", "--full-tree", tree)
    printed = repository.read(*arguments, *(("--", path) if path else ()))
    return {name: entry for name, kind, entry in _parse(printed) if kind != "tree"}


def files_in(repository: Repository, tree: str, folder: str) -> dict[str, TreeEntry]:
    """Return the files directly in a folder of a tree, by path from the root.

    Args:
        repository: The repository.
        tree: A tree or a commit.
        folder: The folder, from the root, with a slash at the end; empty for the root.

    Raises:
        GitFailed: Git refused.
    """
    arguments = ("ls-tree", "-l", "-z", "--full-tree", tree)
    printed = repository.read(*arguments, *(("--", folder) if folder else ()))
    return {name: entry for name, kind, entry in _parse(printed) if kind == "blob"}


def write_blob(repository: Repository, content: bytes) -> str:
    """Write bytes to the object database, unfiltered; return their id.

    Raises:
        GitFailed: Git refused.
    """
    result = repository.run("hash-object", "-w", "--stdin", stdin=content, writes=True)
    return result.checked().text.strip()


def tree_with_files(
    repository: Repository, tree: str, files: Mapping[str, TreeEntry | None]
) -> str:
    """Write a tree that equals another except for some files; return its id.

    Args:
        repository: The repository.
        tree: Id of the other tree.
        files: The new entries by path from the root; None to remove a file.

    Raises:
        GitFailed: Git refused.
    """
    return _rebuild(repository, tree, files) or _write_tree(repository, {})


def merge_with_git(repository: Repository, ours: str, theirs: str) -> GitMerge:
    """Return the tree that git makes of two commits.

    Raises:
        GitTooOld: This git cannot merge without working files.
        GitFailed: Git refused.
    """
    settings = (*_NO_RENAMES, "-c", f"merge.kvartal.driver={_TEXT_DRIVER}")
    options = ("--write-tree", "-z", "--name-only", "--no-messages")
    # Run from the top: git prints the conflicting paths relative to the current folder.
    top = repository.at("")
    with merge_folder(top) as folder:
        where = (f"--git-dir={top.git_dir}", f"--work-tree={folder}")
        at = replace(top, folder=folder)
        result = at.run(*where, *settings, "merge-tree", *options, ours, theirs, writes=True)
    if result.code == _USAGE:
        version = repository.read_text("version").removeprefix("git version ").strip()
        raise GitTooOld(version=version)
    if result.code not in {0, _CONFLICTS}:
        raise command_error("merge-tree", result.stderr, result.code)
    tree, *paths = result.text.split("\0")
    return GitMerge(tree, tuple(dict.fromkeys(filter(None, paths))))


def _rebuild(
    repository: Repository, tree: str | None, files: Mapping[str, TreeEntry | None]
) -> str:
    """Write a tree as `tree_with_files` does; return an empty id where nothing is left in it."""
    level: dict[str, tuple[str, str, str]] = {}
    if tree:
        printed = repository.read("ls-tree", "-l", "-z", "--full-tree", tree)
        level = {name: (entry.mode, kind, entry.object_id) for name, kind, entry in _parse(printed)}
    below: dict[str, dict[str, TreeEntry | None]] = {}
    for path, entry in files.items():
        name, slash, rest = path.partition("/")
        if slash:
            below.setdefault(name, {})[rest] = entry
        elif entry is None:
            level.pop(name, None)
        else:
            level[name] = (entry.mode, "blob", entry.object_id)
    for name, inside in below.items():
        old = level.get(name)
        new = _rebuild(repository, old[2] if old and old[1] == "tree" else None, inside)
        if new:
            level[name] = (_TREE, "tree", new)
        elif old and old[1] == "tree":
            del level[name]
    return _write_tree(repository, level) if level else ""


def _write_tree(repository: Repository, level: Mapping[str, tuple[str, str, str]]) -> str:
    lines = [f"{mode} {kind} {name}\t{path}" for path, (mode, kind, name) in level.items()]
    stdin = encode("".join(f"{line}\0" for line in lines))
    return repository.run("mktree", "-z", stdin=stdin, writes=True).checked().text.strip()


def _parse(printed: bytes) -> Iterable[tuple[str, str, TreeEntry]]:
    """Yield path, type and entry of each line that ``ls-tree -l -z`` prints."""
    for line in filter(None, decode(printed).split("\0")):
        attributes, _, path = line.partition("\t")
        mode, kind, object_id, size = re.split(r" +", attributes)
        yield path, kind, TreeEntry(mode, object_id, int(size) if size.isdigit() else None)

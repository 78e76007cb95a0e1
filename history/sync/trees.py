"""Trees of git's, read and made in the object database alone: no working file, no index."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from kvartal.history.git.command import decode, encode
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.repository import Repository
from kvartal.history.sync.errors import GitTooOld

FILE: Final = "100644"
_TREE: Final = "040000"
_FILES: Final = frozenset({FILE, "100755"})
_CONFLICTS: Final = 1
_USAGE: Final = 129

# Renames are not guessed: the plan names its evidence by path, and a file that lands elsewhere
# because its neighbours moved is lost to it.
_PLAIN: Final = ("-c", "merge.renames=false", "-c", "merge.directoryRenames=false")
# The plans are merged here; what git makes of them is dropped, so it need not start us for that.
_BY_TEXT: Final = "git merge-file --marker-size=%L %A %O %B"


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file of a tree.

    Attributes:
        mode: As git writes it: ``100644``.
        object_id: Of its content.
        size: Of its content, in bytes; None where that was not asked for.
    """

    mode: str
    object_id: str
    size: int | None = None

    @property
    def is_file(self) -> bool:
        """Whether it is a plain file: no link, no repository of its own."""
        return self.mode in _FILES


@dataclass(frozen=True, slots=True)
class GitMerge:
    """The tree that git makes of two.

    Attributes:
        tree: Its id; conflicts stand in the files, between markers.
        clashes: Paths of the files with conflicts, from the root.
    """

    tree: str
    clashes: tuple[str, ...]


def files_under(repository: Repository, tree: str, path: str) -> dict[str, TreeEntry]:
    """Return the files of a tree in a folder and below, by path from the root.

    Args:
        repository: The repository.
        tree: A tree or a commit.
        path: The folder, from the root; empty for the whole tree.

    Raises:
        GitFailed: Git refused.
    """
    arguments = ("ls-tree", "-r", "-l", "-z", "--full-tree", tree)
    printed = repository.read(*arguments, *(("--", path) if path else ()))
    return {name: entry for name, kind, entry in _parsed(printed) if kind != "tree"}


def files_in(repository: Repository, tree: str, folder: str) -> dict[str, TreeEntry]:
    """Return the files right in a folder of a tree, by path from the root.

    Args:
        repository: The repository.
        tree: A tree or a commit.
        folder: The folder, from the root, with a slash at the end; empty for the root.

    Raises:
        GitFailed: Git refused.
    """
    arguments = ("ls-tree", "-l", "-z", "--full-tree", tree)
    printed = repository.read(*arguments, *(("--", folder) if folder else ()))
    return {name: entry for name, kind, entry in _parsed(printed) if kind == "blob"}


def written(repository: Repository, content: bytes) -> str:
    """Put bytes into the object database, just as they are; return their id.

    Raises:
        GitFailed: Git refused.
    """
    done = repository.run("hash-object", "-w", "--stdin", stdin=content, writes=True)
    return done.checked().text.strip()


def with_files(repository: Repository, tree: str, files: Mapping[str, TreeEntry | None]) -> str:
    """Return a tree like another but for some files.

    Args:
        repository: The repository.
        tree: The other tree.
        files: What is to stand at paths from the root; None for what is to go.

    Raises:
        GitFailed: Git refused.
    """
    return _remade(repository, tree, files) or _made(repository, {})


def join(repository: Repository, ours: str, theirs: str) -> GitMerge:
    """Return the tree that git makes of two commits' trees.

    Raises:
        GitTooOld: This git cannot do that without working files.
        GitFailed: Git refused.
    """
    settings = (*_PLAIN, "-c", f"merge.kvartal.driver={_BY_TEXT}")
    options = ("--write-tree", "-z", "--name-only", "--no-messages")
    # From the top: git tells the paths of clashes from where it is run.
    top = repository.at("")
    done = top.run(*settings, "merge-tree", *options, ours, theirs, writes=True)
    if done.code == _USAGE:
        version = repository.read_text("version").removeprefix("git version ").strip()
        raise GitTooOld(version=version)
    if done.code not in {0, _CONFLICTS}:
        raise GitFailed(command="merge-tree", words=done.stderr or done.code)
    tree, *clashes = done.text.split("\0")
    return GitMerge(tree, tuple(dict.fromkeys(filter(None, clashes))))


def _remade(repository: Repository, tree: str | None, files: Mapping[str, TreeEntry | None]) -> str:
    """Return a tree like another but for some files; empty when nothing is left in it."""
    level: dict[str, tuple[str, str, str]] = {}
    if tree:
        printed = repository.read("ls-tree", "-l", "-z", "--full-tree", tree)
        level = {name: (e.mode, kind, e.object_id) for name, kind, e in _parsed(printed)}
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
        new = _remade(repository, old[2] if old and old[1] == "tree" else None, inside)
        if new:
            level[name] = (_TREE, "tree", new)
        elif old and old[1] == "tree":
            del level[name]
    return _made(repository, level) if level else ""


def _made(repository: Repository, level: Mapping[str, tuple[str, str, str]]) -> str:
    lines = [f"{mode} {kind} {name}\t{path}" for path, (mode, kind, name) in level.items()]
    given = encode("".join(f"{line}\0" for line in lines))
    return repository.run("mktree", "-z", stdin=given, writes=True).checked().text.strip()


def _parsed(printed: bytes) -> Iterable[tuple[str, str, TreeEntry]]:
    """Yield path, type and entry of each line that ``ls-tree -l -z`` prints."""
    for line in filter(None, decode(printed).split("\0")):
        told, _, path = line.partition("\t")
        mode, kind, name, size = re.split(r" +", told)
        yield path, kind, TreeEntry(mode, name, int(size) if size.isdigit() else None)

"""A git repository as the plan's folder sees it: what is read, and the commit of a few files.

Paths are relative to that folder and taken literally.
"""

import hashlib
import os
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

from kvartal.history.git.command import GitResult, decode, encode, git_process, pipe, run_git
from kvartal.history.git.errors import (
    BrokenRepository,
    DubiousOwnership,
    GitFailed,
    NotARepository,
    NoWorkTree,
    UnfinishedRepository,
)
from kvartal.history.git.failures import (
    HistoryDamaged,
    RepositoryUnreadable,
    is_readable,
    untrusted_folder,
)

if sys.platform == "linux":
    from fcntl import F_SETPIPE_SZ, fcntl

_HEAD: Final = "HEAD"
_PIPE_SIZE: Final = 1 << 20
"""In bytes: the most that Linux allows an ordinary user."""
_REPOSITORY_FACTS: Final = (
    "--is-inside-work-tree",
    "--show-object-format",
    "--absolute-git-dir",
    "--git-common-dir",
    "--show-prefix",
)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a working tree, as seen from one of its folders.

    Attributes:
        folder: The folder; paths given to git are relative to it.
        git_dir: The git directory of this working tree, absolute.
        common_dir: The git directory that all working trees of the repository share, absolute.
        prefix: The folder's path inside the repository, with a slash at the end; empty at the top.
        hash_name: What names objects: ``sha1`` or ``sha256``.
        held: Descriptors that a git that writes keeps open: a lock lasts until its last holder
            ends, so it outlasts this process if that is killed first.
    """

    folder: Path
    git_dir: Path
    common_dir: Path
    prefix: str
    hash_name: str = "sha1"
    held: tuple[int, ...] = ()

    def at(self, prefix: str) -> "Repository":
        """Return the same repository as seen from a different folder.

        Args:
            prefix: The folder's path in the repository, with a slash at the end.
        """
        depth = self.prefix.count("/")
        top = self.folder.parents[depth - 1] if depth else self.folder
        return replace(self, folder=top / prefix, prefix=prefix)

    def object_name(self, content: bytes) -> str:
        """Return the id under which git stores exactly these bytes."""
        blob = b"blob %d\0" % len(content) + content
        return hashlib.new(self.hash_name, blob, usedforsecurity=False).hexdigest()

    def run(self, *arguments: str, stdin: bytes | None = None, writes: bool = False) -> GitResult:
        """Run a git command in this folder and return how it ended, also where it failed.

        Args:
            arguments: The command and its arguments.
            stdin: What it reads from its standard input; None for nothing.
            writes: It is meant to write; it then holds the lock together with this process.
        """
        held = self.held if writes else ()
        return run_git(self.folder, arguments, stdin=stdin, writes=writes, pass_fds=held)

    def read(self, *arguments: str) -> bytes:
        """Return what a git command that only reads prints.

        Raises:
            GitFailed: Git refused.
        """
        return self.run(*arguments).checked().stdout

    def read_text(self, *arguments: str) -> str:
        """Return what a git command that only reads prints, as text; raises as `read`."""
        return decode(self.read(*arguments))

    def commit_id(self, revision: str = _HEAD) -> str | None:
        """Return the full id of a commit; None when there is no such commit.

        Raises:
            HistoryDamaged: There is one at HEAD, but it cannot be read.
        """
        commit = self.object_id(f"{revision}^{{commit}}")
        if commit is None and revision == _HEAD:
            self._check_unborn()
        return commit

    def _check_unborn(self) -> None:
        """Check that HEAD has no commit because the branch has none yet.

        Raises:
            HistoryDamaged: The branch, or its commit, cannot be read.
        """
        branch = self.run("symbolic-ref", "--quiet", _HEAD).text.strip()
        # Git names an unborn branch, but not one whose file is corrupt.
        if not branch or self.object_id(_HEAD):
            raise HistoryDamaged(command="rev-parse", words=branch or _HEAD)

    def object_id(self, name: str) -> str | None:
        """Return the full id of the object with a name such as ``HEAD:./2024.yaml``."""
        result = self.run("rev-parse", "--quiet", "--verify", "--end-of-options", name)
        return result.text.strip() if result.code == 0 else None

    def object_ids(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the full ids of objects, by names that do not begin with a hyphen.

        Empty when one of them does not exist.
        """
        result = self.run("rev-parse", *names)
        return tuple(result.text.split()) if result.code == 0 else ()

    def is_ancestor(self, old: str, new: str) -> bool:
        """Tell whether a commit is an ancestor of another, or the same."""
        return self.run("merge-base", "--is-ancestor", old, new).code == 0

    def head_lacks(self, paths: Sequence[str]) -> bool:
        """Tell whether HEAD holds none of these files."""
        return not paths or not self.read("ls-tree", "-z", "HEAD", "--", *paths)

    def blob(self, revision: str, path: str) -> bytes | None:
        """Return a file's bytes at a revision; None when the revision or the file does not exist.

        Args:
            revision: Any name of a commit.
            path: The file, relative to `folder`.
        """
        result = self.run("cat-file", "blob", f"{revision}:./{path}")
        return result.stdout if result.code == 0 else None

    def objects(
        self, names: Iterable[str], *, ahead: int = 0
    ) -> Generator[bytes | None, None, None]:
        """Yield the content of many objects with one git process; None for what does not exist.

        Args:
            names: Ids or names such as ``HEAD~3:./2024.yaml``, without line breaks.
            ahead: How many bytes of names may be sent to git before it has answered; no more than
                any pipe holds, so that neither side ever waits for the other to read.

        Raises:
            GitFailed: Git ended before it had answered.
        """
        with git_process(self.folder, ("cat-file", "--batch"), reads_stdin=True) as process:
            requests, answers = pipe(process.stdin), pipe(process.stdout)
            if ahead:
                _widen(answers)
            for _ in _send_ahead(names, requests, ahead):
                header = answers.readline().split()
                if not header:
                    raise GitFailed(command="cat-file", words=decode(pipe(process.stderr).read()))
                if len(header) == 3 and header[-1].isdigit():  # noqa: PLR2004 - id, type, size
                    content = answers.read(int(header[-1]))
                    answers.read(1)
                    yield content
                else:
                    yield None
            requests.close()

    def log(self, arguments: Sequence[str], form: str) -> Generator[str, None, None]:
        """Yield commits as `git log` prints them, newest first.

        Args:
            arguments: Options, revisions and paths for `git log`.
            form: What to print of each commit, as for ``--format``.

        Raises:
            GitFailed: Git refused.
        """
        command = ("log", "-z", "--no-renames", f"--format=tformat:{form}", *arguments)
        with git_process(self.folder, command) as process:
            rest = b""
            stdout = pipe(process.stdout)
            while chunk := stdout.read(1 << 16):
                *complete, rest = (rest + chunk).split(b"\0")
                yield from map(decode, complete)
            stderr = decode(pipe(process.stderr).read())
            GitResult("log", process.wait(), b"", stderr).checked()

    def add(self, paths: Sequence[str]) -> GitResult:
        """Add new files to the index, whatever the ignore rules say."""
        return self.run("add", "--force", "--", *paths, writes=True)

    def reset_index(self, paths: Sequence[str]) -> None:
        """Set the index back to HEAD for these paths; the files stay as they are.

        Raises:
            GitFailed: Git refused.
        """
        self.run("reset", "--quiet", "--", *paths, writes=True).checked()

    def commit_only(self, paths: Sequence[str], message: str) -> GitResult:
        """Commit the files at these paths as they are on disk, and nothing else.

        Args:
            paths: Files known to the index, relative to `folder`.
            message: The whole message, taken literally.
        """
        options = ("--quiet", "--only", "--cleanup=verbatim", "--no-status", "-F", "-")
        stdin = message.encode(errors="backslashreplace")
        return self.run("commit", *options, "--", *paths, stdin=stdin, writes=True)

    def move_branch_back(self, parent: str | None, commit: str) -> bool:
        """Take a commit that was just made off the branch; False when the branch has moved on.

        Args:
            parent: The commit before it; None when there was none.
            commit: The commit.
        """
        change = ("-d", "HEAD", commit) if parent is None else ("HEAD", parent, commit)
        return self.run("update-ref", *change, writes=True).code == 0


def _widen(stream: IO[bytes]) -> None:
    """Enlarge a pipe to hold dozens of versions: git reads on while they are processed."""
    if sys.platform == "linux":
        with suppress(OSError):  # More than this user may have.
            fcntl(stream.fileno(), F_SETPIPE_SZ, _PIPE_SIZE)


def _send_ahead(names: Iterable[str], requests: IO[bytes], ahead: int) -> Iterator[int]:
    """Send names to git, up to some bytes ahead; yield once for each as its answer is due."""
    lines = (encode(f"{name}\n") for name in names)
    sizes: deque[int] = deque()
    unanswered, more = 0, True
    while more or sizes:
        # Half of them at a time: a write for each name would cost more than the name.
        while more and (not sizes or unanswered < ahead // 2):
            batch: list[bytes] = []
            while more and (not (sizes or batch) or unanswered < ahead):
                line = next(lines, None)
                more = line is not None
                if line is not None:
                    batch.append(line)
                    sizes.append(len(line))
                    unanswered += len(line)
            requests.write(b"".join(batch))
            requests.flush()
        if sizes:
            unanswered -= sizes[0]
            yield sizes.popleft()


def find_repository(folder: Path) -> Repository:
    """Return the repository that a folder is in.

    Raises:
        GitMissing: There is no git program.
        NotARepository: The folder is in no repository.
        UnfinishedRepository: There is a git directory that holds nothing yet.
        BrokenRepository: There is a git directory that git does not recognize.
        RepositoryUnreadable: The same, since this user may not read it.
        NoWorkTree: The repository is bare, or the folder is inside a git directory.
        DubiousOwnership: The repository belongs to another user.
        GitFailed: Git refused for a different reason.
    """
    result = run_git(folder, ("rev-parse", *_REPOSITORY_FACTS))
    if "dubious ownership" in result.stderr:
        raise DubiousOwnership(top=untrusted_folder(folder, result.stderr))
    if "not a git repository" in result.stderr:
        broken = _unrecognized_git_dir(folder)
        if broken is None:
            raise NotARepository(folder=folder)
        if not is_readable(broken):
            raise RepositoryUnreadable(command="rev-parse", words=broken)
        if is_empty(broken):
            raise UnfinishedRepository(folder=broken.parent)
        raise BrokenRepository(git_dir=broken)
    lines = result.checked().text.split("\n")
    if lines[0] != "true":
        raise NoWorkTree(folder=folder)
    if len(lines) != len(_REPOSITORY_FACTS) + 1:  # A line break in a folder's name.
        raise NotARepository(folder=folder)
    git_dir, common_dir = Path(lines[2]), Path(os.path.normpath(folder / lines[3]))
    return Repository(folder, git_dir, common_dir, lines[4], hash_name=lines[1])


def is_empty(git_dir: Path) -> bool:
    """Tell whether a git directory holds no object, branch or index: a beginning of `git init`."""
    holds = (*("index", "packed-refs", "logs", "worktrees", "modules", "shallow"), "ORIG_HEAD")
    if not git_dir.is_dir() or any((git_dir / name).exists() for name in holds):
        return False
    folders = (git_dir / name for name in ("objects", "refs", "reftable"))
    return not any(path.is_file() for folder in folders for path in folder.rglob("*"))


def _unrecognized_git_dir(folder: Path) -> Path | None:
    """Return the nearest git directory at or above a folder, if git does not recognize it."""
    for parent in (folder, *folder.parents):
        git_dir = parent / ".git"
        if git_dir.exists():
            # Where git was told not to look so far up, it may well be a repository.
            return git_dir if run_git(parent, ("rev-parse", "--git-dir")).code else None
    return None

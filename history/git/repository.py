"""A git repository as the plan's folder sees it: what is read, and the commit of a few files.

Paths count from that folder and are taken literally; what they mean in the repository is git's to
say.
"""

import hashlib
import os
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import PIPE
from typing import IO, Final

from kvartal.history.git.command import ENCODING, ERRORS, Finished, answer, pipe, run, started, text
from kvartal.history.git.errors import (
    BrokenRepository,
    DubiousOwnership,
    GitFailed,
    NotARepository,
    NoWorkTree,
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
_WIDE: Final = 1 << 20
"""In bytes: as much as Linux gives to anybody."""
_FACTS: Final = (
    "--is-inside-work-tree",
    "--show-object-format",
    "--absolute-git-dir",
    "--git-common-dir",
    "--show-prefix",
)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with working files, as seen from one folder of it.

    Attributes:
        folder: The folder asked about; paths given to git count from it.
        git_dir: The git directory of this working tree, absolute.
        common_dir: The git directory that all working trees of the repository share, absolute.
        prefix: The folder's path inside the repository, with a slash at the end; empty at the top.
        hash_name: What names objects: ``sha1`` or ``sha256``.
        held: Descriptors that a git that writes keeps open: a lock lasts as long as the last of
            those who hold it, also when this process is killed first.
    """

    folder: Path
    git_dir: Path
    common_dir: Path
    prefix: str
    hash_name: str = "sha1"
    held: tuple[int, ...] = ()

    def at(self, prefix: str) -> "Repository":
        """Return the same repository as seen from another of its folders.

        Args:
            prefix: The folder's path in the repository, with a slash at the end.
        """
        depth = self.prefix.count("/")
        top = self.folder.parents[depth - 1] if depth else self.folder
        return replace(self, folder=top / prefix, prefix=prefix)

    def object_name(self, content: bytes) -> str:
        """Return the id under which git stores exactly these bytes."""
        whole = b"blob %d\0" % len(content) + content
        return hashlib.new(self.hash_name, whole, usedforsecurity=False).hexdigest()

    def read(self, *arguments: str) -> bytes:
        """Return what a git command that only reads prints.

        Raises:
            GitFailed: Git refused.
        """
        return answer(run(self.folder, arguments), arguments)

    def commit_id(self, revision: str = _HEAD) -> str | None:
        """Return the full id of a commit; None when there is no such commit.

        Raises:
            HistoryDamaged: There is one at HEAD, but it cannot be read.
        """
        found = self.object_id(f"{revision}^{{commit}}")
        if found is None and revision == _HEAD:
            self._check_unborn()
        return found

    def _check_unborn(self) -> None:
        """Look that HEAD stands for no commit because there is none yet."""
        branch = text(run(self.folder, ("symbolic-ref", "--quiet", _HEAD)).out).strip()
        # Git names the branch that is not begun, but none that is spoilt.
        if not branch or self.object_id(_HEAD):
            raise HistoryDamaged(command="rev-parse", words=branch or _HEAD)

    def object_id(self, name: str) -> str | None:
        """Return the full id of what a name such as ``HEAD:./2024.yaml`` stands for."""
        arguments = ("rev-parse", "--quiet", "--verify", "--end-of-options", name)
        done = run(self.folder, arguments)
        return text(done.out).strip() if done.code == 0 else None

    def object_ids(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the full ids of several names that do not begin with a hyphen.

        Nothing when one of them stands for nothing.
        """
        done = run(self.folder, ("rev-parse", *names))
        return tuple(text(done.out).split()) if done.code == 0 else ()

    def is_gone(self, paths: Sequence[str]) -> bool:
        """Tell whether HEAD holds none of these files."""
        return not paths or not self.read("ls-tree", "-z", "HEAD", "--", *paths)

    def blob(self, revision: str, path: str) -> bytes | None:
        """Return a file's bytes at a revision; None when the revision or the file is not there.

        Args:
            revision: Any name of a commit.
            path: The file, counted from `folder`.
        """
        done = run(self.folder, ("cat-file", "blob", f"{revision}:./{path}"))
        return done.out if done.code == 0 else None

    def objects(
        self, names: Iterable[str], *, ahead: int = 0
    ) -> Generator[bytes | None, None, None]:
        """Yield the content of many objects with one git process; None for what is not there.

        Args:
            names: Ids or names such as ``HEAD~3:./2024.yaml``, without line breaks in them.
            ahead: How many bytes of names may be given to git before it has answered: as many as
                any pipe holds, so that neither side ever waits for the other to read.

        Raises:
            GitFailed: Git gave up on the way.
        """
        with started(self.folder, ("cat-file", "--batch"), stdin=PIPE) as process:
            asking, answering = pipe(process.stdin), pipe(process.stdout)
            if ahead:
                _widen(answering)
            for _ in _asked_ahead(names, asking, ahead):
                head = answering.readline().split()
                if not head:
                    raise GitFailed(command="cat-file", words=text(pipe(process.stderr).read()))
                if len(head) == 3 and head[-1].isdigit():  # noqa: PLR2004 - id, type, size
                    content = answering.read(int(head[-1]))
                    answering.read(1)
                    yield content
                else:
                    yield None
            asking.close()

    def log(self, arguments: Sequence[str], form: str) -> Generator[str, None, None]:
        """Yield commits as `git log` prints them, newest first.

        Args:
            arguments: Options, revisions and paths for `git log`.
            form: What to print of each commit, as for ``--format``.

        Raises:
            GitFailed: Git refused.
        """
        whole = ("log", "-z", "--no-renames", f"--format=tformat:{form}", *arguments)
        with started(self.folder, whole) as process:
            rest = b""
            answering = pipe(process.stdout)
            while chunk := answering.read(1 << 16):
                *complete, rest = (rest + chunk).split(b"\0")
                yield from map(text, complete)
            words = text(pipe(process.stderr).read())
            answer(Finished(process.wait(), b"", words), whole)

    def add(self, paths: Sequence[str]) -> Finished:
        """Make new files known to the index, whatever the ignore rules say."""
        return self._write(("add", "--force", "--", *paths))

    def forget(self, paths: Sequence[str]) -> None:
        """Put the index back to what HEAD holds for these paths; the files stay as they are.

        Raises:
            GitFailed: Git refused.
        """
        arguments = ("reset", "--quiet", "--", *paths)
        answer(self._write(arguments), arguments)

    def commit_only(self, paths: Sequence[str], message: str) -> Finished:
        """Commit the files of these paths as they are on disk, and nothing else.

        Args:
            paths: Files known to the index, counted from `folder`.
            message: The whole message, taken to the letter.
        """
        arguments = ("commit", "--quiet", "--only", "--cleanup=verbatim", "--no-status", "-F", "-")
        given = message.encode(ENCODING, "backslashreplace")
        return self._write((*arguments, "--", *paths), given)

    def move_branch(self, back_to: str | None, now: str) -> bool:
        """Take the branch back from a commit that was just made; False when it has moved on.

        Args:
            back_to: The commit that was there before; None when there was none.
            now: The commit to take back.
        """
        what = ("-d", "HEAD", now) if back_to is None else ("HEAD", back_to, now)
        return self._write(("update-ref", *what)).code == 0

    def _write(self, arguments: Sequence[str], given: bytes | None = None) -> Finished:
        return run(self.folder, arguments, given=given, writes=True, pass_fds=self.held)


def _widen(end: IO[bytes]) -> None:
    """Let a pipe hold dozens of versions, where the system can: git goes on while they are read."""
    if sys.platform == "linux":
        with suppress(OSError):  # More than this user may have.
            fcntl(end.fileno(), F_SETPIPE_SZ, _WIDE)


def _asked_ahead(names: Iterable[str], asking: IO[bytes], ahead: int) -> Iterator[int]:
    """Write names to git, a few ahead; yield once for each as its answer is due."""
    questions = (f"{name}\n".encode(ENCODING, ERRORS) for name in names)
    sizes: deque[int] = deque()
    given, more = 0, True
    while more or sizes:
        # Half of them at a time: a write for every single name would cost more than the name.
        while more and (not sizes or given < ahead // 2):
            batch: list[bytes] = []
            while more and (not (sizes or batch) or given < ahead):
                question = next(questions, None)
                more = question is not None
                if question is not None:
                    batch.append(question)
                    sizes.append(len(question))
                    given += len(question)
            asking.write(b"".join(batch))
            asking.flush()
        if sizes:
            given -= sizes[0]
            yield sizes.popleft()


def find_repository(folder: Path) -> Repository:
    """Return the repository that a folder is in.

    Raises:
        GitMissing: There is no git program.
        NotARepository: The folder is in no repository.
        BrokenRepository: There is a git directory that git does not take for one.
        RepositoryUnreadable: The same, since this user may not read it.
        NoWorkTree: The repository is bare, or the folder is inside a git directory.
        DubiousOwnership: The repository belongs to another user.
        GitFailed: Git refused for another reason.
    """
    done = run(folder, ("rev-parse", *_FACTS))
    if "dubious ownership" in done.words:
        raise DubiousOwnership(top=untrusted_folder(folder, done.words))
    if "not a git repository" in done.words:
        broken = _rejected(folder)
        if broken is None:
            raise NotARepository(folder=folder)
        if not is_readable(broken):
            raise RepositoryUnreadable(command="rev-parse", words=broken)
        raise BrokenRepository(git_dir=broken)
    lines = text(answer(done, ("rev-parse",))).split("\n")
    if lines[0] != "true":
        raise NoWorkTree(folder=folder)
    if len(lines) != len(_FACTS) + 1:  # A line break in a folder's name.
        raise NotARepository(folder=folder)
    git_dir, common_dir = Path(lines[2]), Path(os.path.normpath(folder / lines[3]))
    return Repository(folder, git_dir, common_dir, lines[4], hash_name=lines[1])


def _rejected(folder: Path) -> Path | None:
    """Return the nearest git directory above a folder if git does not take it for a repository."""
    for above in (folder, *folder.parents):
        if (above / ".git").exists():
            # Where git was told not to look so far up, it may well be one.
            return above / ".git" if run(above, ("rev-parse", "--git-dir")).code else None
    return None

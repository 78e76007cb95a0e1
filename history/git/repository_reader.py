"""What is read of a git repository: revisions, files of commits, objects.

Paths are relative to the folder that the repository is seen from and taken literally. «There is no
such thing» and «it cannot be read» are different answers.
"""

import hashlib
import posixpath
import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from kvartal.history.git.command import GitResult, decode, encode, run_git
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.failures import (
    UNREAD,
    BranchLost,
    GitKilled,
    HistoryDamaged,
    MaybeNotFetched,
    ObjectLost,
    ObjectReplaced,
    PackedRefsDamaged,
    RepositoryUnreadable,
    command_error,
    says_absent,
    unreadable_object,
)
from kvartal.history.git.object_batch import Answer, blob_in, read_objects
from kvartal.history.git.reflog import last_logged

_HEAD: Final = "HEAD"
_FROM_OBJECTS: Final = ("-c", "core.commitGraph=false")
_TREE_ENTRY_PARTS: Final = 3
"""Mode, kind and id, before the tab and the name."""


@dataclass(frozen=True, slots=True)
class RepositoryReader:
    """A repository with a working tree, as seen from one of its folders.

    Attributes:
        folder: The folder; paths given to git are relative to it.
        git_dir: The git directory of this working tree, absolute.
        common_dir: The git directory that all working trees of the repository share, absolute.
        prefix: The folder's path inside the repository, with a slash at the end; empty at the top.
        hash_name: What names objects: ``sha1`` or ``sha256``.
        held: Descriptors that a git that writes keeps open: a lock lasts until its last holder
            ends, so it outlasts this process if that is killed first.
        may_fetch: In a partial clone git may fetch what it lacks; otherwise only the transport
            leaves the machine.
    """

    folder: Path
    git_dir: Path
    common_dir: Path
    prefix: str
    hash_name: str = "sha1"
    held: tuple[int, ...] = ()
    may_fetch: bool = False

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
        return run_git(
            self.folder,
            arguments,
            stdin=stdin,
            writes=writes,
            held=held,
            may_fetch=self.may_fetch,
        )

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
            HistoryDamaged: There is one, or there may be one, but it cannot be read.
            NotFetched: The clone is shallow, and there may be one on the server.
        """
        commit = self.object_id(f"{revision}^{{commit}}")
        if commit is None:
            (self._check_unborn if revision == _HEAD else self._check_no_commit)(revision)
        return commit

    def _check_unborn(self, _head: str) -> None:
        """Check that HEAD has no commit because the branch has none yet.

        Raises:
            HistoryDamaged: The branch, or its commit, cannot be read.
        """
        branch = self.run("symbolic-ref", "--quiet", _HEAD).text.strip()
        # Git names an unborn branch, but not one whose file is corrupt.
        if not branch or self.object_id(_HEAD):
            _raise_unread(self.run("rev-parse", "--verify", f"{_HEAD}^{{commit}}"))
            raise HistoryDamaged(command="rev-parse", words=branch or _HEAD)
        last = last_logged(self.common_dir, branch)
        if last:
            name = branch.removeprefix("refs/heads/")
            raise BranchLost(command="rev-parse", branch=name, commit=last, words=branch)

    def _check_no_commit(self, revision: str) -> None:
        """Check that a revision that git cannot resolve means nothing in this history.

        Raises:
            GitFailed: It may well mean something, which cannot be read or was not fetched.
        """
        name = f"{revision}^{{commit}}"
        result = self.run("rev-parse", "--verify", "--end-of-options", name)
        _raise_unread(result)
        if not says_absent(result.stderr):
            result.checked()
        named = self.object_id(revision)
        # What was typed as a whole id need not be of this history: the walk below tells.
        if named not in {None, revision.lower()}:  # Not a commit, or one that is lost.
            if self.run("cat-file", "-e", named).code:
                raise self.object_failure(named)
            return
        begins = re.split(r"[~^@:]", revision, maxsplit=1)[0]
        start = self.object_id(f"{begins}^{{commit}}") if begins else None
        if start is None and begins == _HEAD:
            self._check_unborn(_HEAD)
        # A commit-graph lists lost commits as if they were there.
        _raise_unread(self.run(*_FROM_OBJECTS, "rev-list", "--count", start or "--all"))
        if not revision.startswith("refs/") and self.is_shallow():
            raise MaybeNotFetched(command="rev-parse", words=revision)

    def is_shallow(self) -> bool:
        """Return whether the clone is shallow: it lacks the older part of the history."""
        return self.read_text("rev-parse", "--is-shallow-repository").strip() == "true"

    def object_id(self, name: str) -> str | None:
        """Return the full id of the object with a name such as ``HEAD:./2024.yaml``.

        None where git names none: that may be lost, too.

        Raises:
            PackedRefsDamaged: Git can read no ref.
        """
        result = self.run("rev-parse", "--quiet", "--verify", "--end-of-options", name)
        if result.code == 0:
            return result.text.strip()
        failed = command_error(result.command, result.stderr, result.code)
        if isinstance(failed, PackedRefsDamaged):
            raise failed
        return None

    def object_ids(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the full ids of objects, by names that do not begin with a hyphen.

        Empty when one of them does not exist.
        """
        result = self.run("rev-parse", *names)
        return tuple(result.text.split()) if result.code == 0 else ()

    def head_lacks(self, paths: Sequence[str]) -> bool:
        """Return whether HEAD holds none of these files."""
        return not paths or not self.read("ls-tree", "-z", "HEAD", "--", *paths)

    def blob(self, revision: str, path: str) -> bytes | None:
        """Return a file's bytes at a revision; None when the revision or the file does not exist.

        Args:
            revision: Any name of a commit.
            path: The file, relative to `folder`.

        Raises:
            GitFailed: It cannot be read, or was not fetched; whether it exists or not.
        """
        content = self._content_at(f"{revision}:./{path}")
        if content is not None:
            return content
        failed = self._failure_at(revision, path)
        if failed is not None:
            raise failed
        return None

    def _content_at(self, name: str) -> bytes | None:
        """Return the bytes of a file by such a name; None where it cannot be read, or is none.

        Raises:
            ObjectReplaced: They are not those that the revision names.
        """
        if "\n" in name:  # What reads names from lines cannot be asked for this one.
            result = self.run("cat-file", "blob", name)
            return None if result.code else result.stdout
        return blob_in(self.run("cat-file", "--batch", stdin=encode(f"{name}\n")).stdout)

    def holds(self, revision: str, path: str) -> bool:
        """Return whether a revision has a file, which need not be readable.

        Args:
            revision: Any name of a commit.
            path: The file, relative to `folder`.

        Raises:
            GitFailed: The revision cannot be read, or was not fetched.
        """
        return self._listed_blob(revision, path) is not None

    def object(self, name: str) -> bytes:
        """Return the content of an object that the repository has to have.

        Args:
            name: Its full id.

        Raises:
            GitFailed: It cannot be read, or was not fetched.
        """
        result = self.run("cat-file", "blob", name)
        if result.code:
            raise self.object_failure(name)
        if self.object_name(result.stdout) != name:
            raise ObjectReplaced(command="cat-file", words=name)
        return result.stdout

    def objects(self, names: Iterable[str], *, ahead: int = 0) -> Generator[Answer, None, None]:
        """Return a stream with the content of many objects with one git process.

        Where one cannot be read, the error that says why stands in its place: git gives up there,
        and is started again for the next.

        Args:
            names: Ids or names such as ``HEAD~3:./2024.yaml``, without line breaks.
            ahead: How many bytes of names may be sent to git before it has answered. It must fit
                into a pipe's buffer, or the two sides would block each other.

        Raises:
            GitFailed: Git ended before it had answered, and not because of an object.
        """
        return read_objects(
            self.folder, names, self._failure_of, ahead=ahead, may_fetch=self.may_fetch
        )

    def _failure_of(self, name: str) -> GitFailed | None:
        """Return why an object cannot be read; None where there is no such thing."""
        revision, is_path, path = name.partition(":./")
        if is_path:
            return self._failure_at(revision, path)
        named = self.object_id(name)
        return None if named is None else self.object_failure(named)

    def _failure_at(self, revision: str, path: str) -> GitFailed | None:
        """Return why a file of a revision cannot be read; None where the revision has none."""
        try:
            blob = self._listed_blob(revision, path)
        except UNREAD as error:
            return error
        return None if blob is None else self.object_failure(blob)

    def _listed_blob(self, revision: str, path: str) -> str | None:
        """Return the id of a file at a revision, as its tree lists it; None where it does not.

        Raises:
            GitFailed: The revision cannot be read, or was not fetched.
        """
        listed = self.run("ls-tree", "-z", revision, "--", path)
        if listed.code:
            _raise_unread(listed)
            commit = self.commit_id(revision)
            if commit is not None:
                raise self.object_failure(self._lost_tree(commit, path))
            return None
        for line in filter(None, listed.text.split("\0")):
            _mode, kind, name = line.partition("\t")[0].split(" ")
            return name if kind == "blob" else None
        return None

    def _lost_tree(self, commit: str, path: str) -> str:
        """Return the id of the first tree on the way to a file that git does not read.

        Git does not even name the tree of a commit that is lost: the commit itself does.

        Args:
            commit: The full id of a commit that can be read.
            path: The file, relative to `folder`.

        Raises:
            GitFailed: The commit cannot be read.
        """
        header = self.run("cat-file", "commit", commit)
        if header.code:
            raise self.object_failure(commit)
        tree = header.text.partition("\n")[0].removeprefix("tree ")
        for folder in PurePosixPath(posixpath.normpath(self.prefix + path)).parts[:-1]:
            listed = self.run("ls-tree", "--full-tree", "-z", tree, "--", folder)
            entry = listed.text.partition("\t")[0].split(" ")
            if listed.code or len(entry) != _TREE_ENTRY_PARTS:
                break
            tree = entry[-1]
        return tree

    def object_failure(self, name: str) -> GitFailed:
        """Return why an object that has to be there cannot be read.

        Args:
            name: Its full id.
        """
        closed = unreadable_object(self.common_dir, name)
        if closed is not None:
            return RepositoryUnreadable(command="cat-file", words=closed)
        result = self.run("cat-file", "blob", name)
        if not result.code:
            return ObjectReplaced(command="cat-file", words=name)
        failed = command_error("cat-file", result.stderr, result.code)
        is_known = isinstance(failed, (*UNREAD, GitKilled))
        return failed if is_known else ObjectLost(command="cat-file", words=name)


def _raise_unread(result: GitResult) -> None:
    """Raise why git could not read the repository, if that is why a command failed.

    Raises:
        GitFailed: It could not.
    """
    failed = command_error(result.command, result.stderr, result.code) if result.code else None
    if isinstance(failed, (*UNREAD, GitKilled)):
        raise failed

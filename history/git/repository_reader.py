"""What is read of a git repository: revisions, files of commits, objects.

Paths are relative to the folder that the repository is seen from and taken literally. «There is no
such thing» and «it cannot be read» are different answers.
"""

import hashlib
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass

from kvartal.history.git.command import encode
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.failures import UNREAD
from kvartal.history.git.git_folder import GitFolder
from kvartal.history.git.object_batch import Answer, blob_in, read_objects
from kvartal.history.git.unread import (
    HEAD,
    check_no_commit,
    check_unborn,
    lost_tree,
    object_failure,
    raise_unread,
)


@dataclass(frozen=True, slots=True)
class RepositoryReader(GitFolder):
    """What the repository of a folder holds: revisions, files of commits, objects."""

    def object_name(self, content: bytes) -> str:
        """Return the id under which git stores exactly these bytes."""
        blob = b"blob %d\0" % len(content) + content
        return hashlib.new(self.hash_name, blob, usedforsecurity=False).hexdigest()

    def commit_id(self, revision: str = HEAD) -> str | None:
        """Return the full id of a commit; None when there is no such commit.

        Raises:
            HistoryDamaged: There is one, or there may be one, but it cannot be read.
            NotFetched: The clone is shallow, and there may be one on the server.
        """
        commit = self.object_id(f"{revision}^{{commit}}")
        if commit is None:
            if revision == HEAD:
                check_unborn(self)
            else:
                check_no_commit(self, revision)
        return commit

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
        content = self._content_at(name)
        if content is None:
            raise self.object_failure(name)
        return content

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
            raise_unread(self, listed)
            commit = self.commit_id(revision)
            if commit is not None:
                raise self.object_failure(lost_tree(self, commit, path))
            return None
        for line in filter(None, listed.text.split("\0")):
            _mode, kind, name = line.partition("\t")[0].split(" ")
            return name if kind == "blob" else None
        return None

    def object_failure(self, name: str) -> GitFailed:
        """Return why an object that has to be there cannot be read.

        Args:
            name: Its full id.
        """
        return object_failure(self, name)

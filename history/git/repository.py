"""A git repository as the plan's folder sees it: its branches, and the commit of a few files."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from kvartal.history.git.command import GitResult, decode, git_process, pipe
from kvartal.history.git.failures import UNREAD, NotInShallowClone, command_error
from kvartal.history.git.repository_reader import RepositoryReader


@dataclass(frozen=True, slots=True)
class Repository(RepositoryReader):
    """A repository with a working tree, as seen from one of its folders."""

    def at(self, prefix: str) -> "Repository":
        """Return the same repository as seen from a different folder.

        Args:
            prefix: The folder's path in the repository, with a slash at the end.
        """
        depth = self.prefix.count("/")
        top = self.folder.parents[depth - 1] if depth else self.folder
        return replace(self, folder=top / prefix, prefix=prefix)

    def merge_bases(self, one: str, other: str) -> tuple[str, ...]:
        """Return the merge bases of two commits: several where both branches merged each other.

        Args:
            one: Id of a commit.
            other: Id of the other one.

        Raises:
            NotFetched: There are none in a shallow clone, which may lack them.
            GitFailed: Git refused.
        """
        result = _whole(self.run("merge-base", "--all", one, other))
        if result.code == 1:
            if self.is_shallow():
                raise NotInShallowClone(command="merge-base", words=f"{one[:10]}...{other[:10]}")
            return ()
        return tuple(result.checked().text.split())

    def is_ancestor(self, old: str, new: str) -> bool:
        """Return whether one commit descends from another.

        Args:
            old: Id of the older commit.
            new: Id of the newer one.

        Raises:
            GitFailed: Git refused.
        """
        result = self.run("merge-base", "--is-ancestor", old, new)
        return result.code == 0 or bool(_whole(result).code != 1 and result.checked())

    def log(self, arguments: Sequence[str], form: str) -> Generator[str, None, None]:
        """Yield commits as `git log` prints them, newest first.

        Args:
            arguments: Options, revisions and paths for `git log`.
            form: What to print of each commit, as for ``--format``.

        Raises:
            GitFailed: Git refused.
        """
        command = ("log", "-z", "--no-renames", f"--format=tformat:{form}", *arguments)
        with git_process(self.folder, command, may_fetch=self.may_fetch) as process:
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

    def move_branch_back(self, parent: str | None, commit: str) -> GitResult:
        """Take a commit that was just made off the branch; it fails when the branch has moved on.

        Args:
            parent: The commit before it; None when there was none.
            commit: The commit.
        """
        change = ("-d", "HEAD", commit) if parent is None else ("HEAD", parent, commit)
        return self.run("update-ref", *change, writes=True)


def _whole(result: GitResult) -> GitResult:
    """Return the answer of a command that walked the history, if it could read all of it.

    Git says «no» with the same exit code when it comes to a commit that is lost.

    Raises:
        GitFailed: It could not.
    """
    error = command_error(result.command, result.stderr, result.code, result.folder)
    if isinstance(error, UNREAD):
        raise error
    return result

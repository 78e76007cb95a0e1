"""A folder of a repository as git sees it: the commands there, and the ids that git names.

Paths are relative to the folder that the repository is seen from and taken literally.
"""

from dataclasses import dataclass
from pathlib import Path

from kvartal.history.git.command import GitResult, decode, run_git
from kvartal.history.git.damage import PackedRefsDamaged
from kvartal.history.git.failures import command_error


@dataclass(frozen=True, slots=True)
class GitFolder:
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
        failed = command_error(result.command, result.stderr, result.code, result.folder)
        if isinstance(failed, PackedRefsDamaged):
            raise failed
        return None

"""Writes settings of one repository, each failure told in words of ours."""

import re
from typing import Final

from kvartal.history.git.diagnosis import modified_at
from kvartal.history.git.errors import DiskFull, GitLocked, ReadOnlyFolder
from kvartal.history.git.identity import Identity, checked_email, checked_name
from kvartal.history.git.repository import Repository
from kvartal.history.system_errors import NO_SPACE, READ_ONLY

SETTINGS_LOCK: Final = "config.lock"
"""What a git that is killed while it writes them may leave."""
_LOCKED: Final = re.compile(r"could not lock config file .*: File exists")
_FORBIDDEN: Final = re.compile(f"Permission denied|{READ_ONLY}")


def write_setting(repository: Repository, *arguments: str) -> None:
    """Write a setting of a repository, by arguments of `git config`.

    Raises:
        GitLocked: A different git is writing them, or has left its lock file.
        ReadOnlyFolder: They are not writable.
        DiskFull: There is no space left.
        GitFailed: Git refused for another reason.
    """
    result = repository.run("config", "--local", *arguments, writes=True)
    if result.code and _LOCKED.search(result.stderr):
        lock = repository.common_dir / SETTINGS_LOCK
        raise GitLocked(lock=lock, since=modified_at(lock))
    if result.code and _FORBIDDEN.search(result.stderr):
        raise ReadOnlyFolder(path=repository.common_dir / "config")
    if result.code and re.search(NO_SPACE, result.stderr):
        raise DiskFull(path=repository.common_dir / "config")
    result.checked()


def set_identity(repository: Repository, identity: Identity) -> None:
    """Write an identity into the settings of this repository, and of no other.

    Raises:
        NameUnusable, EmailUnusable: Git does not accept it; nothing was written.
        KvartalError: As for `write_setting`.
    """
    wanted = {
        "user.name": checked_name(identity.name),
        "user.email": checked_email(identity.email),
    }
    for name, value in wanted.items():
        write_setting(repository, "--replace-all", name, value)

"""A remote that is there and that git cannot read: told apart from an address without one.

What git prints of the remote's repository looks like what it prints of this one: of a folder it is
the same program that prints both. So this one is looked at before the remote is blamed.
"""

import re
from pathlib import Path
from typing import Final

from kvartal.history.git.command import GitResult, run_git
from kvartal.history.git.damage import HistoryDamaged
from kvartal.history.git.diagnosis import with_tail
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.failures import (
    RepositoryTooNew,
    command_error,
)
from kvartal.history.git.integrity import find_damage, passed_over_refs
from kvartal.history.git.repository import Repository
from kvartal.history.git.setting_errors import SettingsUnreadable
from kvartal.history.sync.folder_remote import git_dirs
from kvartal.history.sync.remote import url
from kvartal.history.sync.remote_errors import RemoteDamaged
from kvartal.schema.errors import KvartalError

_NOT_GIVEN: Final = re.compile(r"not our ref|did not send all necessary objects")
"""So git says where the remote names an object that it does not have."""
_NOT_RECOGNIZED: Final = "does not appear to be a git repository"
_BROKEN_OFF: Final = "unexpected disconnect"
_PARTS: Final = ("HEAD", "objects", "packed-refs")
"""What a git directory consists of: where one of them is, it is one, if a broken one."""


def damage_error(
    repository: Repository, remote: str, result: GitResult, words: str
) -> KvartalError | None:
    """Return which repository is damaged where a call failed for that; None where it did not.

    Args:
        repository: This repository.
        remote: Name of the remote.
        result: The call.
        words: What git printed, fit for a sentence.
    """
    if _BROKEN_OFF in words:
        folders = git_dirs(repository, remote)
        result = next((one for one in map(_packing, folders) if one.code), result)
        words = with_tail(result.stderr) or words
    failed = command_error(result.command, result.stderr, result.code)
    if isinstance(failed, HistoryDamaged) or _NOT_GIVEN.search(result.stderr):
        own = _own_damage(repository)
        if own is not None:
            return own
    elif isinstance(failed, SettingsUnreadable) and _is_own_setting(repository, failed):
        return failed
    # This git has read most of its own settings to come so far.
    elif not isinstance(failed, SettingsUnreadable | RepositoryTooNew) and not (
        _NOT_RECOGNIZED in result.stderr and _is_broken_folder(repository, remote)
    ):
        return None
    return RemoteDamaged(remote=remote, url=url(repository, remote), words=words)


def _packing(folder: Path) -> GitResult:
    """Return how git begins to pack in a folder remote.

    A fetch starts a process there for it. Where that one ends before it has been told what to pack,
    the one that tells it is ended by the closed pipe and does not pass on what was printed.
    """
    return run_git(folder, ("pack-objects", "--stdout", "-q"), stdin=b"")


def _is_own_setting(repository: Repository, failed: SettingsUnreadable) -> bool:
    """Return whether a wrong value stands in the settings here: some are read with objects only."""
    name, value = failed.fields.get("name"), failed.fields.get("value")
    if name is None:
        return False
    known = repository.run("config", "--get-all", str(name)).text.splitlines()
    return bool(known) if value is None else str(value) in known


def _own_damage(repository: Repository) -> GitFailed | None:
    try:
        broken = passed_over_refs(repository)
        return find_damage(repository) or next(iter(broken.values()), None)
    except GitFailed as error:
        return error


def _is_broken_folder(repository: Repository, remote: str) -> bool:
    folders = git_dirs(repository, remote)
    return any((folder / part).exists() for folder in folders for part in _PARTS)

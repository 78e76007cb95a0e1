"""Programs that a repository's own settings name: hooks, filters, merge drivers, signing programs.

Whoever made the repository, or packed the archive that it came in, chose them. What only reads, or
only shows what would happen, starts none of them that plain `git status` would not start; what the
user's own settings name (global, of the system) is the user's, and stays, but for merge drivers.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kvartal.history.git.command import overriding
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_, KvartalError

_SCOPES: Final = ("--local", "--worktree")
_USERS: Final = ("--global", "--system")
_SIGNING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "gpg.program": "gpg",
        "gpg.openpgp.program": "gpg",
        "gpg.x509.program": "gpgsm",
        "gpg.ssh.program": "ssh-keygen",
        "gpg.ssh.defaultkeycommand": "",
    }
)
"""Git's own programs for signatures, by setting."""

_PROGRAMS: Final = r"^(merge\..*\.driver|filter\..*\.(smudge|process)|gpg\.(.*\.)?[a-z]*)$"
_MERGE_DRIVERS: Final = r"^merge\..*\.driver$"
_MOST_NAMED: Final = 3
_NO_FOLDER: Final = "/dev/null"
_NO_MERGE: Final = "true"
"""A merge driver that says that it has merged: what it makes of a file is only looked at."""


class RecoveryRunsPrograms(KvartalError):
    """What a crash left cannot be put right without programs that the repository names."""

    template = N_(
        "Чтобы его закончить, git запустил бы программы, которые названы в самом репозитории "
        "({names}), а команды, которые только читают, их не запускают. Его закончит следующее "
        "сохранение."
    )


def check_recovery_to_read(repository: Repository) -> None:
    """Check that what a crash left can be put right by a command that only reads.

    Raises:
        RecoveryRunsPrograms: A commit or a checkout may start a program of the repository.
        GitFailed: Git refused.
    """
    printed = repository.read_text("rev-parse", "--git-path", "hooks")
    folder = repository.folder / printed.rstrip("\n")
    try:
        hooks = sorted(path.name for path in folder.iterdir() if _is_hook(path))
    except OSError:
        hooks = []
    settings = [name for name in _settings(repository) if not name.startswith("merge.")]
    programs = [*hooks, *settings]
    if programs:
        raise RecoveryRunsPrograms(names=", ".join(programs[:_MOST_NAMED]))


@contextmanager
def without_own_programs(repository: Repository) -> Iterator[None]:
    """Let git start none of these programs while the block runs, in this thread and its tasks."""
    overrides = {"core.hooksPath": _NO_FOLDER}
    # The user's own too: `git status` starts none.
    arguments = ("config", "--includes", "-z", "--name-only", "--get-regexp", _MERGE_DRIVERS)
    for name in repository.run(*arguments).text.split("\0"):
        if name:
            overrides[name] = _NO_MERGE
    for name in _settings(repository):
        if name in _SIGNING:
            overrides[name] = _users_value(repository, name) or _SIGNING[name]
        elif name.startswith("filter."):
            overrides[name] = ""
    with overriding(overrides):
        yield


def _settings(repository: Repository) -> list[str]:
    """Return the names of the settings of the repository itself that name programs."""
    names = dict[str, None]()
    for scope in _SCOPES:
        arguments = ("config", scope, "--includes", "-z", "--name-only", "--get-regexp", _PROGRAMS)
        printed = repository.run(*arguments).text.split("\0")
        names.update((name, None) for name in printed if _names_program(name))
    return list(names)


def _names_program(name: str) -> bool:
    return name in _SIGNING or name.startswith(("merge.", "filter."))


def _users_value(repository: Repository, name: str) -> str:
    """Return the value of a setting outside of the repository; empty for none."""
    for scope in _USERS:
        value = repository.run("config", scope, "--get", name).text.rstrip("\n")
        if value:
            return value
    return ""


def _is_hook(path: Path) -> bool:
    return path.suffix != ".sample" and path.is_file() and os.access(path, os.X_OK)

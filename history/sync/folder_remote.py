"""A remote that is a folder: another repository on this machine, or on a drive of the network.

There git itself writes what is pushed, and settings of our calls do not reach it: told nothing, it
leaves the flushing to the system, and a power cut soon after a sync leaves empty objects there.
"""

from pathlib import Path
from typing import Final
from urllib.parse import unquote

from kvartal.history.git.repository import Repository
from kvartal.history.store.durable import flush_remote
from kvartal.schema.errors import N_
from kvartal.schema.problems import Problem

_FILE_URL: Final = "file://"
_FLUSHING: Final = "--receive-pack=git -c core.fsync=all receive-pack"
_NOT_FLUSHED: Final = N_(
    "Отправлено, но записано ли в «{remote}» на сам диск, неизвестно: принимает там своя программа "
    "(remote.{remote}.receivepack). Чтобы отправленное пережило отключение питания, выполните: "
    "`git -C '{folder}' config core.fsync all`."
)


def push_options(repository: Repository, remote: str) -> tuple[str, ...]:
    """Return options for a push with which a folder remote flushes to the disk what it is sent."""
    is_plain = _folders(repository, remote) and not _own_receive_pack(repository, remote)
    return (_FLUSHING,) if is_plain else ()


def flush(repository: Repository, remote: str, since: float) -> tuple[Problem, ...]:
    """Flush the names in a folder remote's folders; return a note where the rest is uncertain.

    Args:
        repository: The repository that pushed.
        remote: Name of the remote.
        since: When the push began or earlier, in seconds since the epoch.
    """
    folders = _folders(repository, remote)
    for folder in folders:
        flush_remote(_git_dir(folder), since)
    if not _own_receive_pack(repository, remote):
        return ()
    return tuple(
        Problem("remote-not-flushed", _NOT_FLUSHED, fields={"remote": remote, "folder": folder})
        for folder in folders
        if not _flushes_by_itself(repository, _git_dir(folder))
    )


def git_dirs(repository: Repository, remote: str) -> tuple[Path, ...]:
    """Return the git directories of a folder remote; empty for any other remote."""
    return tuple(map(_git_dir, _folders(repository, remote)))


def _git_dir(folder: Path) -> Path:
    return folder / ".git" if (folder / ".git").is_dir() else folder


def _flushes_by_itself(repository: Repository, git_dir: Path) -> bool:
    settings = ("config", "--file", str(git_dir / "config"), "--get", "core.fsync")
    return bool(repository.run(*settings).stdout)


def _own_receive_pack(repository: Repository, remote: str) -> bool:
    """Return whether the user's settings name the program that receives."""
    return bool(repository.run("config", "--get", f"remote.{remote}.receivepack").stdout)


def _folders(repository: Repository, remote: str) -> tuple[Path, ...]:
    """Return the folders that a remote consists of; empty where a part of it is elsewhere."""
    result = repository.run("remote", "get-url", "--push", "--all", "--", remote)
    paths = [_path(url) for url in result.text.splitlines()]
    top = repository.at("").folder
    return () if None in paths else tuple(top / path for path in paths if path)


def _path(url: str) -> str | None:
    """Return the path of a folder; None for an address that leads elsewhere."""
    if url.startswith(_FILE_URL):
        return unquote(url.removeprefix(_FILE_URL))
    before, colon, _after = url.partition(":")
    is_drive = len(before) == 1 and before.isalpha() and Path(url).drive != ""
    return url if not colon or "/" in before or is_drive else None

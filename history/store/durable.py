"""Flushes to the disk what git leaves to the system: names in folders, reflogs, the index.

Git flushes the objects and branches that it writes (`core.fsync=all`), and then gives them their
names: a branch moves when a file gets its name. A power cut within half a minute takes such a name
back, and with it a change that was reported as saved. Its reflogs, and the index that
`git commit --only` writes, it does not flush at all: they are found cut short or empty.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from kvartal.history.git.repository import Repository
from kvartal.history.store.files import fsync_file, fsync_folder, write_errors

_CLOCK_TOLERANCE: Final = 2.0  # Seconds by which modification times may be off.


def flush_repository(repository: Repository, since: float) -> None:
    """Flush what git has changed in a repository.

    Args:
        repository: The repository.
        since: The time from which on it was changed, in seconds since the epoch.

    Raises:
        KvartalError: The system refuses.
    """
    with write_errors(repository.git_dir):
        for git_dir in dict.fromkeys((repository.git_dir, repository.common_dir)):
            _flush(_changed_paths(git_dir, since - _CLOCK_TOLERANCE))


def flush_remote(git_dir: Path, since: float) -> None:
    """Flush what git has changed in the git directory of a remote that is a folder.

    Args:
        git_dir: The git directory; parts of it may not be ours to open.
        since: As for `flush_repository`.
    """
    for path in _changed_paths(git_dir, since - _CLOCK_TOLERANCE):
        with suppress(OSError):
            _flush([path])


def _flush(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(FileNotFoundError):  # Git has put objects or refs together since.
            (fsync_folder if path.is_dir() else fsync_file)(path)


def _changed_paths(git_dir: Path, earliest: float) -> Iterator[Path]:
    """Yield what was changed lately in a git directory and is left to the system by git.

    Those in other folders come before what names them.
    """
    if _is_changed(git_dir / "index", earliest):
        yield git_dir / "index"
    for top in ("logs", "refs", "reftable"):
        for path in sorted((git_dir / top).rglob("*"), reverse=True):
            if (top == "logs" or path.is_dir()) and _is_changed(path, earliest):
                yield path
    for path in (git_dir / "objects").glob("*"):
        if _is_changed(path, earliest):
            yield path
    for name in ("logs", "refs", "reftable", "objects", ""):
        if _is_changed(git_dir / name, earliest):
            yield git_dir / name


def _is_changed(path: Path, earliest: float) -> bool:
    try:
        return path.stat().st_mtime >= earliest
    except OSError:
        return False

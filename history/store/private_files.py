"""Files that only the user may read, in folders of the user's own: caches, logs, kept texts.

They are written new and never through a link, and read as hostile all the same: a plain file of
limited size that nobody else may write to.
"""

import os
import stat
from pathlib import Path
from typing import Final

_WRITABLE_BY_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH
_PLAIN: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_BINARY: Final = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def is_own_folder(path: Path) -> bool:
    """Return whether a folder is one, no link, and nobody else may put something into it."""
    try:
        return _is_safe(path.lstat(), stat.S_IFDIR)
    except (OSError, ValueError):
        return False


def read_own(path: Path, most_bytes: int) -> bytes | None:
    """Return the content of a file; None where there is none to be read, or it is larger.

    Args:
        path: The file.
        most_bytes: The largest content that is read.
    """
    try:
        if not _PLAIN and path.is_symlink():
            return None
        with os.fdopen(os.open(path, os.O_RDONLY | _PLAIN | _BINARY), "rb") as file:
            if not _is_safe(os.fstat(file.fileno()), stat.S_IFREG):
                return None
            content = file.read(most_bytes + 1)
    except (OSError, ValueError):
        return None
    return content if len(content) <= most_bytes else None


def write_own(path: Path, content: bytes, *, durably: bool = False) -> None:
    """Write a new file that only the user can read.

    Args:
        path: The file.
        content: What it is to hold.
        durably: Whether it has to be on the disk afterwards.

    Raises:
        OSError: There is something already, or the system refuses.
        ValueError: The path cannot be one.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _PLAIN | _BINARY
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(content)
        if durably:
            file.flush()
            os.fsync(file.fileno())


def _is_safe(facts: os.stat_result, kind: int) -> bool:
    if stat.S_IFMT(facts.st_mode) != kind:
        return False
    if not hasattr(os, "geteuid"):  # Windows: the folder is in the user's profile.
        return True
    return facts.st_uid == os.geteuid() and not facts.st_mode & _WRITABLE_BY_OTHERS

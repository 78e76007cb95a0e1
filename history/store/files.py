"""Files on disk: read, written durably, swapped with each other, and failures put in words.

Replacing a file loses what another program wrote there a moment before. So the new file is
exchanged with the old one and the old one is checked afterwards: if it is not what was expected,
the two are exchanged back and nothing is lost.
"""

import errno
import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from shutil import copystat
from typing import BinaryIO, Final, TypeAlias

from kvartal.history.git.errors import DiskFull, ReadOnlyFolder
from kvartal.history.store.errors import PlanChangedOutside, WriteFailed

SUFFIX: Final = ".kvartal-tmp"
"""How the name of every file ends that is only there while a change is made."""

FileStamp: TypeAlias = tuple[int, int, int] | None
"""What a file system says of a file that alters when the file does; None where there is none."""

CHUNK: Final = 1 << 20
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN: Final = (errno.EACCES, errno.EPERM, errno.EROFS)

SPARE: Final = "-2"
"""What the name of the second temporary file ends with, where the system cannot exchange."""

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_NO_EXCHANGE: Final = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def digest_at(path: Path) -> str | None:
    """Return the SHA-256 of a file; None when it cannot be read or is not a plain file."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def mark(path: Path) -> FileStamp:
    """Return what the file system says of a file, links followed; None where there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Tell a failure of the file system in words.

    Args:
        path: What is being written.

    Raises:
        DiskFull: There is no room.
        ReadOnlyFolder: There is no right to write.
        WriteFailed: Anything else the system refuses.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(path=path) from error
        if error.errno in _FORBIDDEN:
            raise ReadOnlyFolder(path=path) from error
        raise WriteFailed(path=path, words=error.strerror or error) from error


def write_new(path: Path, content: BinaryIO, *, like: Path | None = None) -> str:
    """Write a file that is not there yet, down to the disk; return its SHA-256.

    Args:
        path: The file; nothing may stand there, not even a link.
        content: What to write.
        like: A file whose rights the new one gets.

    Raises:
        FileExistsError: Something stands there.
        OSError: The system refuses.
    """
    found = hashlib.sha256()
    with path.open("xb") as file:
        while chunk := content.read(CHUNK):
            found.update(chunk)
            file.write(chunk)
        file.flush()
        if like is not None:
            _take_rights(path, like)
        os.fsync(file.fileno())
    return found.hexdigest()


def _take_rights(path: Path, like: Path) -> None:
    """Give a file the rights and, where that is allowed, the owner of another."""
    if hasattr(os, "chown"):
        owner = like.stat()
        with suppress(PermissionError):
            os.chown(path, owner.st_uid, owner.st_gid)
    copystat(like, path)
    os.utime(path)


def sync_folder(folder: Path) -> None:
    """Put down to the disk which names a folder holds; not on Windows, which does so by itself."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def swap(path: Path, other: Path, *, comes_out: str) -> None:
    """Let two files of one folder change places.

    Args:
        path: The file that others see.
        other: The file that takes its place.
        comes_out: SHA-256 that the file at `path` is to have before.

    Raises:
        PlanChangedOutside: It is another; both are where they were.
        OSError: The system refuses.
    """
    mine = digest_at(other)
    if digest_at(path) != comes_out:
        raise PlanChangedOutside(plan=path.name)
    _exchange(path, other)
    if digest_at(other) != comes_out:
        _exchange(path, other)
        if digest_at(other) != mine:
            # Written once more in between: the later of the others' versions stays.
            _exchange(path, other)
        raise PlanChangedOutside(plan=path.name)
    sync_folder(path.parent)


def spare(other: Path) -> Path:
    """Return where the old file stands for a moment on a system that cannot exchange."""
    return other.with_name(other.name + SPARE)


def _exchange(path: Path, other: Path) -> None:
    atomic = _system_exchange()
    if atomic is None or not atomic(path, other):
        _exchange_in_steps(path, other)


def _exchange_in_steps(path: Path, other: Path) -> None:
    """Replace the file by way of a copy: `path` is never missing, but a write may fall between."""
    aside = spare(other)
    with path.open("rb") as file:
        write_new(aside, file, like=path)
    other.replace(path)
    aside.replace(other)


@cache
def _system_exchange() -> Callable[[Path, Path], bool] | None:
    """Return a function that exchanges two files at once; None where there is no such call."""
    if sys.platform != "linux":
        return None
    import ctypes

    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return None

    def exchange(path: Path, other: Path) -> bool:
        names = os.fsencode(path), os.fsencode(other)
        if call(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
            return True
        code = ctypes.get_errno()
        if code in _NO_EXCHANGE:
            return False
        raise OSError(code, os.strerror(code), str(path))

    return exchange

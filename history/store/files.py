"""Files on disk: read, written so that they outlast a power cut, and refused in words."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copystat
from typing import BinaryIO, Final, TypeAlias

from kvartal.history.git.errors import DiskFull, ReadOnlyFolder, WriteFailed

SUFFIX: Final = ".kvartal-tmp"
"""How the name of every file ends that is only there while a change is made."""

FileStamp: TypeAlias = tuple[int, int, int] | None
"""What a file system says of a file that alters when the file does; None where there is none."""

CHUNK: Final = 1 << 20
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN: Final = (errno.EACCES, errno.EPERM, errno.EROFS)


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

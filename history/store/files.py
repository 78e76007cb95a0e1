"""Files on disk: read, written durably, and swapped with each other; failures become errors.

Replacing a file loses what another program wrote there a moment before. So the new file is
exchanged with the old one and the old one is checked afterwards: if it is not what was expected,
the two are exchanged back and nothing is lost.
"""

import errno
import hashlib
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from shutil import copystat
from typing import IO, Final, TypeAlias, TypeVar

from kvartal.history.git.errors import DiskFull, ReadOnlyDisk, ReadOnlyFolder
from kvartal.history.store.errors import FileHeld, PlanChangedOutside, WriteFailed
from kvartal.history.system_errors import system_reason

TEMPORARY_SUFFIX: Final = ".kvartal-tmp"
"""How the names of files end that exist only while a change is made."""

FileStamp: TypeAlias = tuple[int, int, int] | None
"""Modification time, size and inode of a file, which change with it; None where there is none."""

CHUNK_SIZE: Final = 1 << 20
_DISK_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN: Final = (errno.EACCES, errno.EPERM)

_SPARE_SUFFIX: Final = "-2"
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_RENAME_SWAP: Final = 2
_NO_EXCHANGE: Final = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)

HELD_TIMEOUT: Final = 3.0
"""Seconds to wait for a different program to let go of a file."""
_POLL_SECONDS: Final = 0.05

T = TypeVar("T")


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str | None:
    """Return the SHA-256 of a file; None when it cannot be read or is not a regular file."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def file_stamp(path: Path) -> FileStamp:
    """Return the stamp of a file, symbolic links followed."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


@contextmanager
def write_errors(path: Path) -> Iterator[None]:
    """Turn an `OSError` of the block into a refusal for the user.

    Args:
        path: What is being written.

    Raises:
        DiskFull: There is no space left.
        ReadOnlyFolder: There is no right to write.
        FileHeld: There is, but the system refuses all the same.
        WriteFailed: Anything else that the system refuses.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise DiskFull(path=path) from error
        if error.errno == errno.EROFS:
            raise ReadOnlyDisk(path=path) from error
        if error.errno in _FORBIDDEN:
            raise (FileHeld if _may_be_held(error) else ReadOnlyFolder)(path=path) from error
        raise WriteFailed(path=path, words=system_reason(error)) from error


def patiently(action: Callable[[], T]) -> T:
    """Do something to a file; again, for a while, where a different program holds the file.

    On Windows a file that somebody has open (a spreadsheet, a virus scanner, a preview) can be
    neither replaced nor deleted. Most programs let go of it in a moment.

    Args:
        action: What to do; it has done nothing where it raises.

    Raises:
        PermissionError: It is held all that time, or there is no right to do that.
        OSError: The system refuses for a different reason.
    """
    end = time.monotonic() + HELD_TIMEOUT
    while True:
        try:
            return action()
        except PermissionError as error:
            if time.monotonic() >= end or not _may_be_held(error):
                raise
        time.sleep(_POLL_SECONDS)


def replace_file(source: Path, target: Path) -> None:
    """Move a file to where another one may be, which is then gone; see `patiently`."""
    patiently(lambda: source.replace(target))


def remove_file(path: Path) -> None:
    """Delete a file, if there is one, even a read-only one; see `patiently`."""
    patiently(lambda: _unlink(path))


def _unlink(path: Path) -> None:
    """Delete a file; Windows deletes none that is marked as read-only, as a copy of one is."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        mode = path.lstat().st_mode
        if hasattr(os, "chown") or not stat.S_ISREG(mode) or mode & stat.S_IWRITE:
            raise
        path.chmod(mode | stat.S_IWRITE)
        path.unlink(missing_ok=True)


def _may_be_held(error: OSError) -> bool:
    """Return whether a refusal may have a different reason than the rights to a file's folder."""
    if not error.filename:
        return False
    return os.access(Path(os.fsdecode(error.filename)).parent, os.W_OK | os.X_OK)


def write_new_file(path: Path, content: IO[bytes], *, like: Path | None = None) -> str:
    """Write a new file, flushed to disk; return its SHA-256.

    Args:
        path: The file; nothing may be there, not even a link.
        content: What to write.
        like: A file whose permissions the new one gets.

    Raises:
        FileExistsError: There is something already.
        OSError: The system refuses.
    """
    sha256 = hashlib.sha256()
    with path.open("xb") as file:
        while chunk := content.read(CHUNK_SIZE):
            sha256.update(chunk)
            file.write(chunk)
        file.flush()
        if like is not None:
            _copy_permissions(like, path)
        os.fsync(file.fileno())
    return sha256.hexdigest()


def _copy_permissions(source: Path, path: Path) -> None:
    """Give a file the permissions of another and, where allowed, its owner."""
    if hasattr(os, "chown"):
        owner = source.stat()
        with suppress(PermissionError):
            os.chown(path, owner.st_uid, owner.st_gid)
    copystat(source, path)
    os.utime(path)


def fsync_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk; Windows does that by itself."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:  # It may be written to, but not read.
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_file(path: Path) -> None:
    """Flush a file that another program wrote to the disk."""
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def move_to_new_path(path: Path, new: Path) -> None:
    """Move a file to a path at which there is nothing yet: at once and whole.

    Raises:
        FileExistsError: There is something; nothing was moved.
        OSError: The system refuses.
    """
    try:
        os.link(path, new, follow_symlinks=False)
    except FileExistsError:
        raise
    # The file system has no hard links, or the system cannot make one to a link itself.
    except (OSError, NotImplementedError):
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new)) from None
        path.rename(new)
    else:
        path.unlink()


def swap(path: Path, other: Path, *, expected: str) -> None:
    """Exchange two files of one folder.

    Args:
        path: The file that others see.
        other: The file that replaces it.
        expected: SHA-256 of the file at `path` before the exchange.

    Raises:
        PlanChangedOutside: It is a different one; both are where they were.
        OSError: The system refuses.
    """
    mine = file_digest(other)
    patiently(lambda: path.open("rb").close())  # What cannot be read has not been changed.
    if file_digest(path) != expected:
        raise PlanChangedOutside(plan=path.name)
    _exchange(path, other)
    if file_digest(other) != expected:
        _exchange(path, other)
        if file_digest(other) != mine:
            # Written once more in between: the later of the others' versions stays.
            _exchange(path, other)
        raise PlanChangedOutside(plan=path.name)
    fsync_folder(path.parent)


def spare_path(other: Path) -> Path:
    """Return where the old file is for a moment on a system that cannot exchange files."""
    return other.with_name(other.name + _SPARE_SUFFIX)


def _exchange(path: Path, other: Path) -> None:
    atomic = _atomic_exchange()
    if atomic is None or not patiently(lambda: atomic(path, other)):
        _exchange_in_steps(path, other)


def _exchange_in_steps(path: Path, other: Path) -> None:
    """Exchange files by way of a copy: `path` is never missing, but a write may get lost."""
    spare = spare_path(other)
    with path.open("rb") as file:
        write_new_file(spare, file, like=path)
    try:
        replace_file(other, path)
    except OSError:
        remove_file(spare)
        raise
    replace_file(spare, other)


@cache
def _atomic_exchange() -> Callable[[Path, Path], bool] | None:
    """Return a function that exchanges two files at once; None where the system has no such call.

    It returns False where the file system does not support it.
    """
    if os.name == "nt":  # A process has no C library of its own there to ask for.
        return None
    import ctypes

    try:
        library = ctypes.CDLL(None, use_errno=True)
        # Linux, and macOS with its own name and order of arguments.
        call = library.renamex_np if sys.platform == "darwin" else library.renameat2
    except (OSError, AttributeError, TypeError):
        return None

    def exchange(path: Path, other: Path) -> bool:
        names = os.fsencode(path), os.fsencode(other)
        if sys.platform == "darwin":
            result = call(*names, _RENAME_SWAP)
        else:
            result = call(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
        if result == 0:
            return True
        code = ctypes.get_errno()
        if code in _NO_EXCHANGE:
            return False
        raise OSError(code, os.strerror(code), str(path))

    return exchange

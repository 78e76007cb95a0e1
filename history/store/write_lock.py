"""The lock that every writer of a programme holds: a locked file in the git directory.

The system releases the lock with its last descriptor. On POSIX systems git gets that descriptor
(see `Repository.held`), so a git that outlives its killed parent still keeps others out. On Windows
a lock belongs to a process; there no git outlives its parent (see `process_tree`).
"""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from kvartal.history.store.errors import LedgerBusy
from kvartal.history.store.files import write_errors
from kvartal.history.store.state_folder import (
    LOCK,
    make_own_folder,
    open_own_file,
    read_note,
    state_folder,
)
from kvartal.schema.day_text import second_text
from kvartal.schema.errors import KvartalError, Phrase

LOCK_TIMEOUT: Final = 10.0
"""Seconds to wait for another writer."""

_POLL_SECONDS: Final = 0.02

try:
    import fcntl
except ImportError:  # Windows
    msvcrt: Any = import_module("msvcrt")
    # Windows locks bytes against reading too: one far behind those that name the holder.
    _FAR: Final = 1 << 30

    def _try_lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The lock is that of the open file, with whoever has it open; on Windows, of the process.
        os.set_inheritable(descriptor, True)

    def _unlock(descriptor: int) -> None:
        # Closing would not do: a background process that a hook started may have a copy.
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who holds the lock, as its file says.

    Attributes:
        pid: The process.
        host: Its machine.
        since: When it took the lock, in local time.
    """

    pid: int
    host: str
    since: Phrase | str


@contextmanager
def write_lock(git_dir: Path, *, timeout: float = LOCK_TIMEOUT) -> Iterator[int]:
    """Hold the lock of all writers while the block runs; yields its descriptor.

    Args:
        git_dir: The git directory of the working tree.
        timeout: How many seconds to wait for another writer.

    Raises:
        LedgerBusy: Another writer held it all that time.
        ReadOnlyFolder, DiskFull, WriteFailed: The git directory cannot be written.
    """
    path = _lock_path(git_dir)
    descriptor = _open(path)
    try:
        _acquire(descriptor, path, timeout)
        try:
            with write_errors(path):
                _write_holder(descriptor)
            yield descriptor
        finally:
            # Neither can take back what was done under the lock, which ends with the process.
            with suppress(OSError):
                _unlock(descriptor)
    finally:
        with suppress(OSError):
            os.close(descriptor)


def lock_holder(git_dir: Path) -> LockHolder | None:
    """Return who holds the lock at this moment; None when it is free."""
    path = _lock_path(git_dir)
    try:
        descriptor = open_own_file(path, os.O_RDWR)
    except (OSError, KvartalError):
        return None
    try:
        if not _try_acquire(descriptor):
            return _read_holder(path)
        _unlock(descriptor)
        return None
    finally:
        os.close(descriptor)


def _lock_path(git_dir: Path) -> Path:
    return state_folder(git_dir) / LOCK


def _open(path: Path) -> int:
    with write_errors(path.parent):
        make_own_folder(path.parent)
        return open_own_file(path, os.O_RDWR | os.O_CREAT)


def _acquire(descriptor: int, path: Path, timeout: float) -> None:
    end = time.monotonic() + timeout
    while not _try_acquire(descriptor):
        if time.monotonic() >= end:
            holder = _read_holder(path)
            raise LedgerBusy(pid=holder.pid, host=holder.host, since=holder.since)
        time.sleep(_POLL_SECONDS)


def _try_acquire(descriptor: int) -> bool:
    """Take the lock, unless another process has it; return whether it was taken."""
    try:
        _try_lock(descriptor)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _write_holder(descriptor: int) -> None:
    since = second_text(datetime.now().astimezone())
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": str(since)}
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, json.dumps(holder).encode())


def _read_holder(path: Path) -> LockHolder:
    note = read_note(path)
    try:
        since = str(note["since"])[:99]
        return LockHolder(int(note["pid"]), str(note["host"])[:99], _moment(since))
    except (KeyError, TypeError, ValueError, OverflowError):
        return LockHolder(0, "?", "?")  # Caught between truncating and writing.


def _moment(since: str) -> Phrase | str:
    """Return the moment that a holder wrote; anything else as it is."""
    try:
        return second_text(datetime.strptime(since, "%d.%m.%Y %H:%M:%S"))  # noqa: DTZ007 - local
    except ValueError:
        return since

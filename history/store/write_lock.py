"""One lock for all who write a programme: a locked file in the git directory.

The system drops the lock with the last descriptor of it. Git is handed that descriptor (see
`Repository.held`), so that a git that outlives its killed parent still keeps others out.
"""

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from kvartal.history.store.errors import LedgerBusy
from kvartal.history.store.files import writing

FOLDER: Final = "kvartal"  # In the git directory: what is neither the user's nor the history's.
ASIDE: Final = "aside"  # In that folder: what was put aside and may be wanted back.
PATIENCE: Final = 10.0
INTERVAL: Final = 0.02

if sys.platform == "win32":
    import msvcrt

    # Windows locks bytes against reading too: one far behind those that tell who holds the lock.
    FAR: Final = 1 << 30

    def _try_lock(descriptor: int) -> None:
        os.lseek(descriptor, FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        # Not left to closing: a process that a hook put into the background may have a copy.
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, as told by the lock's file.

    Attributes:
        pid: The process.
        host: Its machine.
        since: When it took the lock, in local time.
    """

    pid: int
    host: str
    since: str


@contextmanager
def locked(git_dir: Path, *, patience: float = PATIENCE) -> Iterator[int]:
    """Hold the lock of all writers while the block runs; gives its descriptor.

    Args:
        git_dir: The git directory of the working tree.
        patience: How many seconds to wait for another writer.

    Raises:
        LedgerBusy: Another writer held it all that time.
        ReadOnlyFolder, DiskFull, WriteFailed: The git directory cannot be written.
    """
    path = git_dir / FOLDER / "lock"
    descriptor = _opened(path)
    try:
        _acquire(descriptor, path, patience)
        try:
            with writing(path):
                _sign(descriptor)
            yield descriptor
        finally:
            _unlock(descriptor)
    finally:
        os.close(descriptor)


def holder(git_dir: Path) -> Holder | None:
    """Return who holds the lock at this moment; None when it is free."""
    path = git_dir / FOLDER / "lock"
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return None
    try:
        if _is_taken(descriptor):
            return _signature(path)
        _unlock(descriptor)
        return None
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    with writing(path.parent):
        path.parent.mkdir(exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)


def _acquire(descriptor: int, path: Path, patience: float) -> None:
    end = time.monotonic() + patience
    while _is_taken(descriptor):
        if time.monotonic() >= end:
            who = _signature(path)
            raise LedgerBusy(pid=who.pid, host=who.host, since=who.since)
        time.sleep(INTERVAL)


def _is_taken(descriptor: int) -> bool:
    """Take the lock, unless another has it."""
    try:
        _try_lock(descriptor)
    except (BlockingIOError, PermissionError):
        return True
    return False


def _sign(descriptor: int) -> None:
    since = f"{datetime.now().astimezone():%d.%m.%Y %H:%M:%S}"
    told = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since})
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, told.encode())


def _signature(path: Path) -> Holder:
    try:
        told = json.loads(path.read_bytes())
        return Holder(int(told["pid"]), str(told["host"]), str(told["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder(0, "?", "?")  # Caught between emptying and writing.

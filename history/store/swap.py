"""Two files change places, and what came out is looked at.

Replacing a file loses what another program wrote there a moment before. So the new file takes the
place of the old one and the old one is looked at afterwards: if it is not what was expected, the
two change places again and nothing was lost.
"""

import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from kvartal.history.git.errors import PlanChangedOutside
from kvartal.history.store.files import digest_at, sync_folder, write_new

SPARE: Final = "-2"
"""What the name of the second temporary file ends with, where the system cannot exchange."""

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_CANNOT: Final = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


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
        if code in _CANNOT:
            return False
        raise OSError(code, os.strerror(code), str(path))

    return exchange

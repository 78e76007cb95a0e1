"""The folder in which git merges: it writes temporary files into the one that it works in.

Among the user's files they would stay when git is killed, or when the disk is full. So git is given
a folder of our own with nothing in it but the files of attributes, which say how files are merged.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from kvartal.history.git.repository import Repository
from kvartal.history.store.files import write_errors
from kvartal.history.store.state_folder import state_folder

_ATTRIBUTES: Final = ".gitattributes"
_DRIVERS: Final = r"^merge\..*\.driver$"
_OWN_DRIVER: Final = "merge.kvartal.driver"
_PREFIX: Final = "merge-"
_STALE_AFTER: Final = 3600.0


@contextmanager
def merge_folder(top: Repository) -> Iterator[Path]:
    """Yield the folder for git to work in while it merges; what is left in it goes afterwards.

    It is the repository's own where the user's settings name further merge drivers: their commands
    may be written for that one.

    Args:
        top: The repository as seen from its root.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    if _has_drivers(top):
        yield top.folder
        return
    parent = state_folder(top.git_dir)
    with write_errors(parent):
        parent.mkdir(exist_ok=True)
        temporary = TemporaryDirectory(prefix=_PREFIX, dir=parent, ignore_cleanup_errors=True)
    with temporary as name:
        folder = Path(name)
        with write_errors(folder):
            _copy_attributes(top, folder)
        yield folder


def delete_stale_folders(git_dir: Path) -> None:
    """Delete the folders that killed programs have left."""
    for folder in state_folder(git_dir).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if folder.stat().st_mtime < time.time() - _STALE_AFTER:
                shutil.rmtree(folder, ignore_errors=True)


def _has_drivers(top: Repository) -> bool:
    """Return whether the user's settings name a merge driver that is not ours."""
    names = top.run("config", "--name-only", "--get-regexp", _DRIVERS).text.splitlines()
    return any(name.lower() != _OWN_DRIVER for name in names)


def _copy_attributes(top: Repository, folder: Path) -> None:
    tracked = top.read_text("ls-files", "-z").split("\0")
    known = (path for path in tracked if PurePosixPath(path).name == _ATTRIBUTES)
    for path in {*known, _ATTRIBUTES}:
        place = top.folder / path
        if place.is_file() and not place.is_symlink():
            copy = folder / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(place.read_bytes())

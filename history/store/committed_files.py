"""Puts single files back as the history has them; what was in their place is kept in a copy."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

from kvartal.history.git.repository import Repository
from kvartal.history.store.call_note import noted_call
from kvartal.history.store.filenames import numbered
from kvartal.history.store.files import (
    TEMPORARY_SUFFIX,
    fsync_folder,
    move_to_new_path,
    swap,
    write_new_file,
)
from kvartal.history.store.state_folder import backup_folder, make_own_folder
from kvartal.history.store.write_ahead import new_token


def back_up(repository: Repository, path: Path, now: datetime) -> Path:
    """Copy a file into the git directory and return the copy.

    Args:
        repository: The repository.
        path: The file.
        now: The time for the copy's name.
    """
    # In the common directory: that of a working tree is deleted with it.
    folder = backup_folder(repository.common_dir)
    make_own_folder(folder)
    name = f"{path.stem}_{now:%Y-%m-%d_%H-%M-%S}{path.suffix}"
    number = 1
    while (copy := folder / numbered(name, number)).exists():
        number += 1
    with path.open("rb") as content:
        write_new_file(copy, content, like=path)
    fsync_folder(folder)
    return copy


def put_back(repository: Repository, path: Path, committed: bytes) -> None:
    """Write the committed version where there is no file, whole or not at all."""
    temporary = path.with_name(f".{new_token()}{TEMPORARY_SUFFIX}")
    with noted_call(repository, temporary=temporary):
        write_new_file(temporary, BytesIO(committed))
        move_to_new_path(temporary, path)
        fsync_folder(path.parent)


def put_over(repository: Repository, path: Path, committed: bytes, seen: str) -> None:
    """Replace a file by the committed version, if it is still the one that was seen.

    Args:
        repository: The repository, with the write lock held.
        path: The file.
        committed: The committed version.
        seen: SHA-256 of the file that was decided about.

    Raises:
        PlanChangedOutside: It is a different one by now.
    """
    temporary = path.with_name(f".{new_token()}{TEMPORARY_SUFFIX}")
    with noted_call(repository, temporary=temporary):
        write_new_file(temporary, BytesIO(committed), like=path)
        swap(path, temporary, expected=seen)

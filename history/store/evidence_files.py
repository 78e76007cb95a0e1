"""Adds and removes evidence files in steps that can be rolled back."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from kvartal.history.store.errors import EvidenceAltered, EvidencePathTaken, EvidencePathUnsafe
from kvartal.history.store.files import (
    file_digest,
    fsync_folder,
    remove_file,
    replace_file,
    write_errors,
    write_new_file,
)
from kvartal.history.store.write_ahead import FileIntent, Intent
from kvartal.schema.evidence_paths import is_evidence_path


def safe_path(folder: Path, path: str) -> Path:
    """Return the place of an evidence file on disk.

    Args:
        folder: The plan's folder.
        path: The file's path from there, with ``/``.

    Raises:
        EvidencePathUnsafe: The path leaves the evidence folder or goes through a symbolic link.
        EvidencePathTaken: There is something else than a regular file.
    """
    if not is_evidence_path(path):
        raise EvidencePathUnsafe(path=path)
    place = folder.joinpath(*path.split("/"))
    for parent in _folders_between(folder, place):
        if parent.is_symlink() or (parent.exists() and not parent.is_dir()):
            raise EvidencePathUnsafe(path=path)
    if place.is_symlink() or (place.exists() and not place.is_file()):
        raise EvidencePathTaken(path=path)
    return place


def missing_folders(folder: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders to be created for files, outermost first, from the plan's folder."""
    missing = (
        parent
        for path in paths
        for parent in _folders_between(folder, folder / path)
        if not parent.exists()
    )
    return tuple(dict.fromkeys(parent.relative_to(folder).as_posix() for parent in missing))


def write_added(folder: Path, intent: Intent, file: FileIntent, content: BinaryIO) -> None:
    """Write an evidence file that a change adds, where there may be nothing yet.

    Raises:
        EvidencePathUnsafe: The path is no longer safe.
        EvidencePathTaken: There is something.
        EvidenceAltered: The content is not what the change says.
        KvartalError: The system refuses.
    """
    place = safe_path(folder, file.path)
    temporary = intent.temporary(place)
    with write_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        if write_new_file(temporary, content) != file.sha256:
            raise EvidenceAltered(path=file.path)
        try:
            # An empty file claims the name: no other program can take it unnoticed then.
            place.open("xb").close()
        except FileExistsError as error:
            raise EvidencePathTaken(path=file.path) from error
        replace_file(temporary, place)
        for parent in {*_folders_between(folder, place), folder}:
            fsync_folder(parent)


def delete_added(folder: Path, intent: Intent) -> None:
    """Delete the files that a change added, and the folders created for them."""
    for file in intent.added:
        place = _checked_place(folder, file)
        remove_file(intent.temporary(place))
        is_claim = place.is_file() and place.stat().st_size == 0
        if file.brought and (is_claim or file_digest(place) == file.sha256):
            place.unlink()
    for created in reversed(intent.folders):
        with suppress(OSError):  # Somebody has put something there.
            (folder / created).rmdir()


def hide_removed(folder: Path, intent: Intent) -> None:
    """Rename the files that a change removes to their temporary names, as far as they exist."""
    for file in intent.removed:
        place = _checked_place(folder, file)
        with write_errors(place), suppress(FileNotFoundError):
            replace_file(place, intent.temporary(place))
            fsync_folder(place.parent)


def restore_removed(folder: Path, intent: Intent) -> None:
    """Rename the files that a change was to remove back."""
    for file in intent.removed:
        place = _checked_place(folder, file)
        hidden = intent.temporary(place)
        if hidden.exists() and not place.exists():
            replace_file(hidden, place)


def delete_removed(folder: Path, intent: Intent) -> None:
    """Delete the hidden files that a change removed, and the folders that are empty then."""
    for file in intent.removed:
        place = _checked_place(folder, file)
        remove_file(intent.temporary(place))
        for parent in reversed(list(_folders_between(folder, place))):
            with suppress(OSError):  # Not empty.
                parent.rmdir()


def _checked_place(folder: Path, file: FileIntent) -> Path:
    """Return the place of a file of a note.

    Raises:
        EvidencePathUnsafe: It goes through a symbolic link.
    """
    place = folder / PurePosixPath(file.path)
    if any(parent.is_symlink() for parent in _folders_between(folder, place)):
        raise EvidencePathUnsafe(path=file.path)
    return place


def _folders_between(folder: Path, place: Path) -> Iterator[Path]:
    """Yield the folders between the plan's folder and a place, outermost first."""
    for parent in reversed(place.relative_to(folder).parents[:-1]):
        yield folder / parent

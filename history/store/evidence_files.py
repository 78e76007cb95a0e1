"""Evidence files come to their places and go from them, so that each step can be taken back."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from kvartal.history.store.errors import EvidenceAltered, EvidencePathTaken, EvidencePathUnsafe
from kvartal.history.store.files import digest_at, sync_folder, write_new, writing
from kvartal.history.store.write_ahead import FileIntent, Intent
from kvartal.schema.evidence_paths import is_evidence_path


def safe_place(folder: Path, path: str) -> Path:
    """Return where an evidence file stands.

    Args:
        folder: The plan's folder.
        path: The file's path from there, parted by ``/``.

    Raises:
        EvidencePathUnsafe: The way leads out of the evidence folder or through a symbolic link.
    """
    if not is_evidence_path(path):
        raise EvidencePathUnsafe(path=path)
    place = folder.joinpath(*path.split("/"))
    for step in _way(folder, place):
        if step.is_symlink() or (step.exists() and not step.is_dir()):
            raise EvidencePathUnsafe(path=path)
    if place.is_symlink() or (place.exists() and not place.is_file()):
        raise EvidencePathTaken(path=path)
    return place


def missing_folders(folder: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders to be made for files, outermost first, as paths from the plan's folder."""
    ways = (step for path in paths for step in _way(folder, folder / path) if not step.exists())
    return tuple(dict.fromkeys(step.relative_to(folder).as_posix() for step in ways))


def bring(folder: Path, intent: Intent, file: FileIntent, content: BinaryIO) -> None:
    """Write an evidence file to its place, where nothing may stand yet.

    Raises:
        EvidencePathUnsafe: The place is not a safe one any more.
        EvidencePathTaken: Something stands there.
        EvidenceAltered: The content is not what the change says.
        KvartalError: The system refuses.
    """
    place = safe_place(folder, file.path)
    temporary = intent.temporary(place)
    with writing(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        if write_new(temporary, content) != file.sha256:
            raise EvidenceAltered(path=file.path)
        try:
            # An empty file claims the name, which no other program can then take unnoticed.
            place.open("xb").close()
        except FileExistsError as error:
            raise EvidencePathTaken(path=file.path) from error
        temporary.replace(place)
        for step in {*_way(folder, place), folder}:
            sync_folder(step)


def take_back(folder: Path, intent: Intent) -> None:
    """Remove the files that came with a change, and the folders made for them."""
    for file in intent.added:
        place = folder / PurePosixPath(file.path)
        intent.temporary(place).unlink(missing_ok=True)
        is_claim = place.is_file() and place.stat().st_size == 0
        if file.brought and (is_claim or digest_at(place) == file.sha256):
            place.unlink()
    for made in reversed(intent.folders):
        with suppress(OSError):  # Another has put something there.
            (folder / made).rmdir()


def send_aside(folder: Path, intent: Intent) -> None:
    """Move the files that go with a change aside; those that are gone already are no fault."""
    for file in intent.removed:
        place = folder / PurePosixPath(file.path)
        with writing(place), suppress(FileNotFoundError):
            place.rename(intent.temporary(place))


def put_back(folder: Path, intent: Intent) -> None:
    """Move the files that were to go back to their places."""
    for file in intent.removed:
        place = folder / PurePosixPath(file.path)
        aside = intent.temporary(place)
        if aside.exists() and not place.exists():
            aside.rename(place)


def drop_aside(folder: Path, intent: Intent) -> None:
    """Remove for good what went with a change, and the folders that are empty for it."""
    for file in intent.removed:
        place = folder / PurePosixPath(file.path)
        intent.temporary(place).unlink(missing_ok=True)
        for step in reversed(list(_way(folder, place))):
            with suppress(OSError):  # Not empty.
                step.rmdir()


def _way(folder: Path, place: Path) -> Iterator[Path]:
    """Yield the folders between the plan's folder and a place, outermost first."""
    for step in reversed(place.relative_to(folder).parents[:-1]):
        yield folder / step

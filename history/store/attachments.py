"""Files that a user attaches as evidence: what may be attached, and the name that it gets.

Files are only read here. They are written together with the change that refers to them, by
:mod:`kvartal.history.store.evidence_files`, which checks the content once more.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from kvartal.history.store.attachment_errors import (
    AttachmentEmpty,
    AttachmentIsLink,
    AttachmentMissing,
    AttachmentNotAFile,
    AttachmentOfGit,
    AttachmentOfSystem,
    AttachmentTooLarge,
    AttachmentUnreadable,
)
from kvartal.history.store.evidence_files import safe_path
from kvartal.history.store.filenames import (
    NAMELESS,
    decoded_name,
    numbered,
    original_name,
    safe_name,
)
from kvartal.history.store.files import CHUNK_SIZE, file_digest
from kvartal.history.store.own_files import check_not_own
from kvartal.history.system_errors import system_reason
from kvartal.schema.evidence_paths import FOLDER, same_file_key
from kvartal.schema.measure import EvidenceFile
from kvartal.schema.model import Plan

LIMIT: Final = 50 * 1024 * 1024
"""The largest file that can be attached, in bytes: the history keeps every file for good."""


_GIT_SETTINGS: Final = frozenset({".gitattributes", ".gitignore", ".gitmodules", ".mailmap"})
_OF_SYSTEM: Final = (Path("/proc"), Path("/sys"))
"""Where the system makes up files, some of them with a size like any other file's."""
_ADDRESS: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):[/\\]+(.*)", re.DOTALL)
"""An address as it is left of it where it was taken for a path; a drive has one letter."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the user attaches, ready to be stored.

    Attributes:
        source: Where it is now.
        path: Where it will be, from the plan's folder: ``evidence/<years>/<measure>/<name>``.
        size: In bytes.
        sha256: Of its content, 64 hexadecimal digits.
        original_name: Its name, if it had to be changed.
    """

    source: Path
    path: str
    size: int
    sha256: str
    original_name: str | None = None

    @property
    def file(self) -> EvidenceFile:
        """How the plan refers to it."""
        return EvidenceFile(self.path, self.size, self.sha256, self.original_name)

    def open(self) -> BinaryIO:
        """Return the content, to be read from its beginning.

        If the file has grown since it was checked, reading stops just past the recorded size: the
        checksum then differs.

        Raises:
            AttachmentUnreadable: It can no longer be read.
        """
        try:
            with _open(self.source) as file:
                return BytesIO(file.read(self.size + 1))
        except OSError as error:
            raise _unreadable(self.source, error) from error


def attach_files(
    sources: Iterable[Path], measure: str, plan: Plan, folder: Path
) -> tuple[Attachment, ...]:
    """Return files as attachments of a measure of a programme, as `prepare_attachments` does.

    Args:
        sources: The files.
        measure: Id of the measure.
        plan: The programme.
        folder: The plan's folder.
    """
    known = {
        file.path: file.sha256
        for one in plan.measures
        for record in one.records
        for file in record.evidence.files
    }
    return prepare_attachments(
        sources, measure, plan.years_text, folder, known, nameless=NAMELESS[plan.language]
    )


def prepare_attachments(  # noqa: PLR0913 - what a name depends on
    sources: Iterable[Path],
    measure: str,
    years: str,
    folder: Path,
    known: Mapping[str, str] | None = None,
    *,
    nameless: str = NAMELESS["ru"],
) -> tuple[Attachment, ...]:
    """Return files as attachments of a measure, each once; nothing is written.

    A file keeps its name as far as every file system allows it. A name that is taken by different
    content gets a number, `Акт (2).pdf`; the same content under the same name is used again. A file
    that is evidence already, of this measure or another, is a file like any other.

    Args:
        sources: The files.
        measure: Id of the measure.
        years: What the plan's folder of evidence is called: its year, or its first and last one.
        folder: The plan's folder.
        known: SHA-256 of the evidence files that the plan refers to already, by path.
        nameless: The name of a file of whose own name nothing is left.

    Raises:
        AttachmentMissing: A file does not exist.
        AttachmentNotAFile: It is not a regular file.
        AttachmentOfSystem: Its content is made up by the system.
        AttachmentOfGit: It is in a git directory, by whichever of its names.
        AttachmentIsPlan: It is a plan, by whichever of its names.
        AttachmentUnreadable: It cannot be read.
        AttachmentEmpty: It has no content.
        AttachmentTooLarge: It is larger than `LIMIT`.
        EvidencePathUnsafe: The path of its folder goes through a symbolic link.
    """
    place = f"{FOLDER}/{years}/{measure}"
    taken = _taken_names(place, folder, known or {})
    attachments: dict[str, Attachment] = {}
    for source in sources:
        size, sha256 = size_and_sha256(source)
        check_not_own(source, folder)
        name = safe_name(decoded_name(source.name), nameless)
        number = 1
        while True:
            path = f"{place}/{numbered(name, number)}"
            path, taken_by = taken.get(same_file_key(path), (path, sha256))
            if taken_by == sha256:
                break
            number += 1
        safe_path(folder, path)
        taken[same_file_key(path)] = path, sha256
        original = original_name(source.name, path.rpartition("/")[2])
        attachments.setdefault(path, Attachment(source, path, size, sha256, original))
    return tuple(attachments.values())


def size_and_sha256(source: Path) -> tuple[int, str]:
    """Return size and SHA-256 of a file that can be attached; raises as `attachable`."""
    sha256, size = hashlib.sha256(), 0
    with attachable(source) as file:
        while chunk := file.read(CHUNK_SIZE):
            size += len(chunk)
            if size > LIMIT:  # It grows as it is read.
                raise AttachmentTooLarge(path=source, limit=LIMIT // 1024**2)
            sha256.update(chunk)
        if os.fstat(file.fileno()).st_size > size:  # Under `/sys` each file claims a whole page.
            raise AttachmentOfSystem(path=source)
    return size, sha256.hexdigest()


@contextmanager
def attachable(source: Path) -> Iterator[BinaryIO]:
    """Open a file that can be attached, at its beginning.

    Raises:
        AttachmentMissing, AttachmentNotAFile, AttachmentOfSystem, AttachmentOfGit,
        AttachmentUnreadable, AttachmentEmpty, AttachmentTooLarge: It cannot.
    """
    try:
        # Before it is opened: opening a device may do something.
        if not stat.S_ISREG(source.stat().st_mode):
            raise AttachmentNotAFile(path=source)
        real = Path(os.path.realpath(source))
        if _is_of_git(real):
            raise AttachmentOfGit(path=source, real=real)
        if any(real.is_relative_to(folder) for folder in _OF_SYSTEM):
            raise AttachmentOfSystem(path=source)
        with _open(source) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise AttachmentNotAFile(path=source)
            if status.st_size > LIMIT:
                raise AttachmentTooLarge(path=source, limit=LIMIT // 1024**2)
            if not status.st_size:
                raise (AttachmentOfSystem if file.read(1) else AttachmentEmpty)(path=source)
            yield file
    except (FileNotFoundError, NotADirectoryError):
        address = _ADDRESS.match(str(source))
        if address is not None:
            raise AttachmentIsLink(link=f"{address[1]}://{address[2]}") from None
        raise AttachmentMissing(path=source) from None
    except (OSError, ValueError) as error:
        raise _unreadable(source, error) from error


def _open(source: Path) -> BinaryIO:
    """Open a file without ever waiting for it, should it have become a pipe."""
    wait_not = getattr(os, "O_NONBLOCK", 0)
    return open(source, "rb", opener=lambda path, flags: os.open(path, flags | wait_not))


def _is_of_git(real: Path) -> bool:
    """Return whether a file, links followed, is in a git directory, whatever that is called.

    Or whether it holds settings of git, such as the one that is kept beside the evidence.
    """
    if real.name.casefold() in _GIT_SETTINGS or any(
        part.casefold() == ".git" for part in real.parts
    ):
        return True
    return any(
        (parent / "HEAD").is_file() and (parent / "objects").is_dir() and (parent / "refs").is_dir()
        for parent in real.parents
    )


def _taken_names(
    place: str, folder: Path, known: Mapping[str, str]
) -> dict[str, tuple[str, str | None]]:
    """Return the names in use in a folder of evidence, by `same_file_key`: path and SHA-256.

    Raises:
        EvidencePathUnsafe: The path of the folder goes through a symbolic link.
    """
    within = safe_path(folder, f"{place}/-").parent
    taken: dict[str, tuple[str, str | None]] = {
        same_file_key(path): (path, sha256) for path, sha256 in known.items()
    }
    if within.is_dir():
        for entry in within.iterdir():
            path = f"{place}/{entry.name}"
            # Where the plan and the disk disagree, the name must not be used again.
            expected = taken.get(same_file_key(path))
            digest = file_digest(entry)
            agreed = digest if expected is None or expected[1] == digest else None
            taken[same_file_key(path)] = path, agreed
    return taken


def _unreadable(source: Path, error: Exception) -> AttachmentUnreadable:
    return AttachmentUnreadable(path=source, words=system_reason(error))

"""Evidence files: attachments are prepared, and stored files are checked for being intact.

Files are only read here. They are written together with the change that refers to them, by
:mod:`kvartal.history.store.evidence_files`, which checks the content once more.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from kvartal.history.diff.lines import as_list, as_row
from kvartal.history.store.evidence_files import safe_path
from kvartal.history.store.filenames import numbered, safe_name
from kvartal.history.store.files import CHUNK_SIZE, file_digest
from kvartal.schema.changes import PlanData
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.evidence_paths import FOLDER, is_evidence_path, same_file_key
from kvartal.schema.model import EvidenceFile
from kvartal.schema.problems import DataPath, Problem

LIMIT: Final = 50 * 1024 * 1024
"""The largest file that can be attached, in bytes: the history keeps every file for good."""

_MISSING: Final = N_(
    "{id}: подтверждающего файла «{path}» нет на месте. Верните его из истории (`git restore`) "
    "или уберите из отметки."
)
_NO_FILE: Final = N_(
    "{id}: на месте подтверждающего файла «{path}» стоит не файл или ссылка. Верните его из "
    "истории (`git restore`)."
)
_UNREADABLE: Final = N_(
    "{id}: подтверждающий файл «{path}» прочесть не удалось: нет права чтения, или отказал диск. "
    "Цел ли он, не узнать. Откройте себе доступ к нему и повторите."
)
_ALTERED: Final = N_(
    "{id}: файл «{path}» не тот, что был приложен к отметке. Верните прежний из истории "
    "(`git restore`), а новый приложите другой отметкой."
)

Fault: TypeAlias = tuple[str, str] | None
"""Code and template of what is wrong with a file; None when it is intact."""

MISSING: Final[Fault] = ("evidence-missing", _MISSING)
_NOT_A_FILE: Final[Fault] = ("evidence-missing", _NO_FILE)
_CLOSED: Final[Fault] = ("evidence-unreadable", _UNREADABLE)
ALTERED: Final[Fault] = ("evidence-altered", _ALTERED)


class AttachmentMissing(KvartalError):
    """The file does not exist."""

    template = N_("Файла «{path}» нет. Проверьте путь.")


class AttachmentNotAFile(KvartalError):
    """It is a folder, a device or a pipe."""

    template = N_("«{path}» — не файл. Укажите файл; папку сначала упакуйте в архив.")


class AttachmentUnreadable(KvartalError):
    """There is no right to read the file, or the disk fails."""

    template = N_("Файл «{path}» не читается. Ответ системы: {words}")


class AttachmentEmpty(KvartalError):
    """The file has no content, so it proves nothing."""

    template = N_("Файл «{path}» пуст: подтверждать нечем. Приложите файл с содержимым.")


class AttachmentTooLarge(KvartalError):
    """The file is too large to be kept in the history for good."""

    template = N_(
        "Файл «{path}» больше {limit} МБ. Уменьшите его (архив, меньшее разрешение) "
        "или дайте ссылку на него."
    )


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the user attaches, ready to be stored.

    Attributes:
        source: Where it is now.
        path: Where it will be, from the plan's folder: ``evidence/<year>/<measure>/<name>``.
        size: In bytes.
        sha256: Of its content, 64 hexadecimal digits.
    """

    source: Path
    path: str
    size: int
    sha256: str

    @property
    def file(self) -> EvidenceFile:
        """How the plan refers to it."""
        return EvidenceFile(self.path, self.size, self.sha256)

    def open(self) -> BinaryIO:
        """Return the content, to be read from its beginning.

        Raises:
            AttachmentUnreadable: It can no longer be read.
        """
        try:
            return self.source.open("rb")
        except OSError as error:
            raise _unreadable(self.source, error) from error


def prepare_attachments(
    sources: Iterable[Path],
    measure: str,
    year: int,
    folder: Path,
    known: Mapping[str, str] | None = None,
) -> tuple[Attachment, ...]:
    """Return files as attachments of a measure, each once; nothing is written.

    A file keeps its name as far as every file system allows it. A name that is taken by different
    content gets a number, `Акт (2).pdf`; the same content under the same name is used again.

    Args:
        sources: The files.
        measure: Id of the measure.
        year: The plan's year.
        folder: The plan's folder.
        known: SHA-256 of the evidence files that the plan refers to already, by path.

    Raises:
        AttachmentMissing: A file does not exist.
        AttachmentNotAFile: It is not a regular file.
        AttachmentUnreadable: It cannot be read.
        AttachmentEmpty: It has no content.
        AttachmentTooLarge: It is larger than `LIMIT`.
        EvidencePathUnsafe: The path of its folder goes through a symbolic link.
    """
    place = f"{FOLDER}/{year}/{measure}"
    taken = _taken_names(place, folder, known or {})
    attachments: dict[str, Attachment] = {}
    for source in sources:
        size, sha256 = size_and_sha256(source)
        name = safe_name(source.name)
        number = 1
        while True:
            path = f"{place}/{numbered(name, number)}"
            path, taken_by = taken.get(same_file_key(path), (path, sha256))
            if taken_by == sha256:
                break
            number += 1
        safe_path(folder, path)
        taken[same_file_key(path)] = path, sha256
        attachments.setdefault(path, Attachment(source, path, size, sha256))
    return tuple(attachments.values())


def size_and_sha256(source: Path) -> tuple[int, str]:
    """Return size and SHA-256 of a file that can be attached.

    Raises:
        AttachmentMissing, AttachmentNotAFile, AttachmentUnreadable, AttachmentEmpty,
        AttachmentTooLarge: It cannot.
    """
    try:
        # Before it is opened: opening a pipe would wait forever.
        if not stat.S_ISREG(source.stat().st_mode):
            raise AttachmentNotAFile(path=source)
        sha256, size = hashlib.sha256(), 0
        with source.open("rb") as file:
            if os.fstat(file.fileno()).st_size > LIMIT:
                raise AttachmentTooLarge(path=source, limit=LIMIT // 1024**2)
            while chunk := file.read(CHUNK_SIZE):
                size += len(chunk)
                sha256.update(chunk)
    except (FileNotFoundError, NotADirectoryError):
        raise AttachmentMissing(path=source) from None
    except (OSError, ValueError) as error:
        raise _unreadable(source, error) from error
    if not size:
        raise AttachmentEmpty(path=source)
    return size, sha256.hexdigest()


def check_evidence(data: PlanData, folder: Path) -> tuple[Problem, ...]:
    """Return what is wrong with the evidence files that a programme refers to.

    Paths that leave the evidence folder are reported by a rule; they are not followed, and neither
    are symbolic links.

    Args:
        data: The programme, of any shape at all.
        folder: The plan's folder.

    Returns:
        Problems ``evidence-missing``, ``evidence-altered`` and ``evidence-unreadable``, with paths
        in the data.
    """
    return evidence_problems(data, lambda *reference: file_fault(folder, *reference))


def evidence_problems(
    data: PlanData, inspect: Callable[[str, int, str], Fault]
) -> tuple[Problem, ...]:
    """Return what is wrong with the evidence files of a programme, wherever they are stored.

    Args:
        data: The programme, of any shape at all.
        inspect: Returns `MISSING`, `ALTERED` or None for a file's path, size and SHA-256.
    """
    inspected: dict[tuple[str, int, str], Fault] = {}
    problems = []
    for data_path, measure, reference in _references(data):
        if reference not in inspected:
            inspected[reference] = inspect(*reference)
        fault = inspected[reference]
        if fault:
            fields = {"id": measure, "path": reference[0]}
            problems.append(Problem(fault[0], fault[1], (*data_path, "path"), fields))
    return tuple(problems)


def evidence_references(data: PlanData) -> Iterator[tuple[str, str]]:
    """Yield path and SHA-256 of each evidence file that a programme of any shape refers to."""
    for _, _, (path, _, sha256) in _references(data):
        yield path, sha256


def _references(data: PlanData) -> Iterator[tuple[DataPath, str, tuple[str, int, str]]]:
    """Yield path in the data, measure and (path, size, SHA-256) of each well-formed reference."""
    for at_row, row in enumerate(map(as_row, as_list(data.get("measures")))):
        for at_record, record in enumerate(map(as_row, as_list(row.get("records")))):
            where: DataPath = ("measures", at_row, "records", at_record, "evidence", "files")
            files = as_list(as_row(record.get("evidence")).get("files"))
            for at_file, file in enumerate(map(as_row, files)):
                path, size, sha256 = file.get("path"), file.get("size"), file.get("sha256")
                if (
                    isinstance(path, str)
                    and isinstance(size, int)
                    and isinstance(sha256, str)
                    and is_evidence_path(path)
                ):
                    yield (*where, at_file), str(row.get("id", "")), (path, size, sha256)


def evidence_files(data: PlanData) -> tuple[tuple[str, int, str], ...]:
    """Return path, size and SHA-256 of each evidence file, once, as a programme states them."""
    return tuple(dict.fromkeys(reference for _, _, reference in _references(data)))


def file_fault(
    folder: Path,
    path: str,
    size: int,
    sha256: str,
    digest_of: Callable[[Path], str | None] = file_digest,
) -> Fault:
    """Return what is wrong with one file on disk.

    Args:
        folder: The plan's folder.
        path: The file's path from there.
        size: As it is stated.
        sha256: As it is stated.
        digest_of: Returns the SHA-256 of a file; None where it cannot be read.
    """
    try:
        place = safe_path(folder, path)
        status = place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return MISSING
    except OSError:
        return _CLOSED
    except (KvartalError, ValueError):
        return _NOT_A_FILE
    if status.st_size != size:
        return ALTERED
    digest = digest_of(place)
    if digest is None:
        return _CLOSED
    return None if digest == sha256 else ALTERED


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
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return AttachmentUnreadable(path=source, words=words)

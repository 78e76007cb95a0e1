"""Evidence files: what is made of a file that a person attaches, and whether those kept are intact.

Here files are only looked at. They are written together with the change that tells of them, by
:mod:`kvartal.history.store.evidence_files`, which checks once more that the content is what was
looked at.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from kvartal.history.diff.lines import as_list, as_row
from kvartal.history.store.evidence_files import safe_place
from kvartal.history.store.filenames import numbered, safe_name
from kvartal.history.store.files import CHUNK, digest_at
from kvartal.schema.changes import PlanData
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.evidence_paths import FOLDER, is_evidence_path, same_file_key
from kvartal.schema.model import EvidenceFile
from kvartal.schema.problems import DataPath, Problem

LIMIT: Final = 50 * 1024 * 1024
"""The largest file that is attached, in bytes: history keeps every file for good."""

_MISSING: Final = N_(
    "{id}: подтверждающего файла «{path}» нет на месте. Верните его из истории (`git restore`) "
    "или уберите из отметки."
)
_UNREADABLE: Final = N_(
    "{id}: на месте подтверждающего файла «{path}» стоит не файл, ссылка или файл без права чтения."
    " Верните его из истории (`git restore`)."
)
_ALTERED: Final = N_(
    "{id}: файл «{path}» не тот, что был приложен к отметке. Верните прежний из истории "
    "(`git restore`), а новый приложите другой отметкой."
)

Fault: TypeAlias = tuple[str, str] | None
"""Code and template of what is wrong with a file; None when it is intact."""

MISSING: Final[Fault] = ("evidence-missing", _MISSING)
ALTERED: Final[Fault] = ("evidence-altered", _ALTERED)


class AttachmentMissing(KvartalError):
    """There is no such file."""

    template = N_("Файла «{path}» нет. Проверьте путь.")


class AttachmentNotAFile(KvartalError):
    """A folder, a device or a pipe, not a file."""

    template = N_("«{path}» — не файл. Укажите файл; папку сначала упакуйте в архив.")


class AttachmentUnreadable(KvartalError):
    """The file may not be read, or the disk fails."""

    template = N_("Файл «{path}» не читается. Ответ системы: {words}")


class AttachmentEmpty(KvartalError):
    """A file without content proves nothing."""

    template = N_("Файл «{path}» пуст: подтверждать нечем. Приложите файл с содержимым.")


class AttachmentTooLarge(KvartalError):
    """The file is too large to be kept in history for good."""

    template = N_(
        "Файл «{path}» больше {limit} МБ. Уменьшите его (архив, меньшее разрешение) "
        "или дайте ссылку на него."
    )


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a person attaches, ready to be kept.

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
        """What the plan tells of it."""
        return EvidenceFile(self.path, self.size, self.sha256)

    def open(self) -> BinaryIO:
        """Return the content, to be read from its beginning.

        Raises:
            AttachmentUnreadable: It cannot be read any more.
        """
        try:
            return self.source.open("rb")
        except OSError as error:
            raise _unreadable(self.source, error) from error


def prepare(
    sources: Iterable[Path],
    measure: str,
    year: int,
    folder: Path,
    told: Mapping[str, str] | None = None,
) -> tuple[Attachment, ...]:
    """Return files as attachments of a measure, each once; nothing is written.

    A file keeps its name as far as every system can hold it. A name that is taken by another
    content gets a number, `Акт (2).pdf`; the same content under the same name is used again.

    Args:
        sources: The files.
        measure: Id of the measure.
        year: The plan's year.
        folder: The plan's folder.
        told: SHA-256 of the evidence files that the plan tells of already, by path.

    Raises:
        AttachmentMissing: A file is not there.
        AttachmentNotAFile: It is not a regular file.
        AttachmentUnreadable: It cannot be read.
        AttachmentEmpty: It has no content.
        AttachmentTooLarge: It is larger than `LIMIT`.
        EvidencePathUnsafe: The folder for it is reached through a symbolic link.
    """
    place = f"{FOLDER}/{year}/{measure}"
    taken = _taken(place, folder, told or {})
    found: dict[str, Attachment] = {}
    for source in sources:
        size, sha256 = measured(source)
        name = safe_name(source.name)
        number = 1
        while True:
            path = f"{place}/{numbered(name, number)}"
            known_path, known = taken.get(same_file_key(path), (path, sha256))
            if known == sha256:
                break
            number += 1
        safe_place(folder, known_path)
        taken[same_file_key(known_path)] = known_path, sha256
        found.setdefault(known_path, Attachment(source, known_path, size, sha256))
    return tuple(found.values())


def measured(source: Path) -> tuple[int, str]:
    """Return size and SHA-256 of a file that can be attached.

    Raises:
        AttachmentMissing, AttachmentNotAFile, AttachmentUnreadable, AttachmentEmpty,
        AttachmentTooLarge: It cannot.
    """
    try:
        # Looked at before it is opened: to open a pipe would wait for ever.
        if not stat.S_ISREG(source.stat().st_mode):
            raise AttachmentNotAFile(path=source)
        found, size = hashlib.sha256(), 0
        with source.open("rb") as file:
            if os.fstat(file.fileno()).st_size > LIMIT:
                raise AttachmentTooLarge(path=source, limit=LIMIT // 1024**2)
            while chunk := file.read(CHUNK):
                size += len(chunk)
                found.update(chunk)
    except (FileNotFoundError, NotADirectoryError):
        raise AttachmentMissing(path=source) from None
    except (OSError, ValueError) as error:
        raise _unreadable(source, error) from error
    if not size:
        raise AttachmentEmpty(path=source)
    return size, found.hexdigest()


def check_evidence(data: PlanData, folder: Path) -> tuple[Problem, ...]:
    """Return what is wrong with the evidence files that a programme tells of.

    Paths that lead out of the evidence folder are a rule's matter: they are not followed, and
    neither are symbolic links.

    Args:
        data: The programme, of any shape at all.
        folder: The plan's folder.

    Returns:
        Problems ``evidence-missing`` and ``evidence-altered``, with paths in the data.
    """
    return evidence_problems(data, lambda *told: _fault(folder, *told))


def evidence_problems(
    data: PlanData, look: Callable[[str, int, str], Fault]
) -> tuple[Problem, ...]:
    """Return what is wrong with the evidence files that a programme tells of, wherever they are.

    Args:
        data: The programme, of any shape at all.
        look: Returns `MISSING`, `ALTERED` or None for a file's path, size and SHA-256.
    """
    seen: dict[tuple[str, int, str], Fault] = {}
    problems = []
    for path, measure, told in _told_files(data):
        if told not in seen:
            seen[told] = look(*told)
        fault = seen[told]
        if fault:
            fields = {"id": measure, "path": told[0]}
            problems.append(Problem(fault[0], fault[1], (*path, "path"), fields))
    return tuple(problems)


def told_files(data: PlanData) -> Iterator[tuple[str, str]]:
    """Yield path and SHA-256 of each evidence file that a programme of any shape tells of."""
    for _, _, (path, _, sha256) in _told_files(data):
        yield path, sha256


def _told_files(data: PlanData) -> Iterator[tuple[DataPath, str, tuple[str, int, str]]]:
    """Yield path, measure and (path, size, hash) of each file that is told of as it should be."""
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


def _fault(folder: Path, path: str, size: int, sha256: str) -> Fault:
    """Return what is wrong with one file on disk."""
    try:
        place = safe_place(folder, path)
        found = place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return MISSING
    except (KvartalError, OSError, ValueError):
        return "evidence-missing", _UNREADABLE
    if found.st_size != size:
        return ALTERED
    digest = digest_at(place)
    if digest is None:
        return "evidence-missing", _UNREADABLE
    return None if digest == sha256 else ALTERED


def _taken(place: str, folder: Path, told: Mapping[str, str]) -> dict[str, tuple[str, str | None]]:
    """Return the names in use in a folder of evidence: path and hash by what makes names equal.

    Raises:
        EvidencePathUnsafe: The folder is reached through a symbolic link.
    """
    within = safe_place(folder, f"{place}/-").parent
    taken: dict[str, tuple[str, str | None]] = {
        same_file_key(path): (path, sha256) for path, sha256 in told.items()
    }
    if within.is_dir():
        for entry in within.iterdir():
            path = f"{place}/{entry.name}"
            # Where the plan and the disk disagree the name is nobody's to use again.
            known = taken.get(same_file_key(path))
            digest = digest_at(entry)
            agreed = digest if known is None or known[1] == digest else None
            taken[same_file_key(path)] = path, agreed
    return taken


def _unreadable(source: Path, error: Exception) -> AttachmentUnreadable:
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return AttachmentUnreadable(path=source, words=words)

"""Puts evidence files back that were altered or deleted outside this program."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from kvartal.history.git.discovery import find_repository
from kvartal.history.git.repository import Repository
from kvartal.history.store.committed_files import back_up, put_back, put_over
from kvartal.history.store.errors import EvidencePathTaken
from kvartal.history.store.evidence_files import safe_path
from kvartal.history.store.files import digest, file_digest, write_errors
from kvartal.history.store.recovery import recover
from kvartal.history.store.write_lock import LOCK_TIMEOUT, write_lock
from kvartal.schema.errors import N_, KvartalError

_AT_HEAD: Final = "HEAD"


class EvidenceNotCommitted(KvartalError):
    """HEAD does not hold the file as its record states it."""

    template = N_(
        "В последней записи истории нет файла «{path}» таким, каким он был приложен: вернуть "
        "его оттуда нельзя. Что с ним стало, покажет `kvartal verify`."
    )


def restore_evidence(
    plan: Path,
    files: Iterable[tuple[str, str]],
    *,
    timeout: float = LOCK_TIMEOUT,
    now: datetime | None = None,
) -> tuple[Path, ...]:
    """Put files back as HEAD has them; return the copies of those that were altered.

    Args:
        plan: The plan file.
        files: Path and SHA-256 of each file, as the programme states them.
        timeout: How many seconds to wait for another writer.
        now: The time for the copies' names; the clock's, if not given.

    Raises:
        EvidenceNotCommitted: HEAD holds a file otherwise; those before it are back.
        KvartalError: Git or the file system refuses; what is not back yet is as it was.
    """
    folder = plan.resolve().parent
    repository = find_repository(folder)
    copies = []
    with write_lock(repository.git_dir, timeout=timeout) as descriptor:
        recover(replace(repository, held=(descriptor,)))
        for path, sha256 in files:
            copy = _restore(repository, folder, path, sha256, now)
            copies += [copy] if copy else []
    return tuple(copies)


def _restore(
    repository: Repository, folder: Path, path: str, sha256: str, now: datetime | None
) -> Path | None:
    place = safe_path(folder, path)
    committed = repository.blob(_AT_HEAD, path)
    if committed is None or digest(committed) != sha256:
        raise EvidenceNotCommitted(path=path)
    with write_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            put_back(repository, place, committed)
            return None
        seen = file_digest(place)
        if seen is None:
            raise EvidencePathTaken(path=path)
        if seen == sha256:
            return None
        copy = back_up(repository, place, now or datetime.now().astimezone())
        put_over(repository, place, committed, seen)
        return copy

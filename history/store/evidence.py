"""Evidence files that a programme refers to: found in it, and checked for being intact."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from kvartal.history.diff.items import as_list, as_row
from kvartal.history.store.evidence_files import safe_path
from kvartal.history.store.files import file_digest
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.evidence_paths import is_evidence_path
from kvartal.schema.problems import DataPath, Problem

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


def with_renamed_files(data: PlanData, paths: Mapping[str, str]) -> PlanData:
    """Return a programme whose records refer to files by their new paths.

    Args:
        data: The programme, of any shape.
        paths: New paths by old ones, from the plan's folder.
    """
    rows = data.get("measures")
    if not paths or not isinstance(rows, list):
        return data
    return {
        **data,
        "measures": [_renamed(row, ("records", "evidence", "files"), paths) for row in rows],
    }


def used_beside(plan: Path, paths: Collection[str]) -> frozenset[str]:
    """Return which evidence files another programme in the folder of a plan refers to as well.

    Of one that cannot be read everything is kept that its text may name.

    Args:
        plan: The plan file.
        paths: The files, from the plan's folder.
    """
    used: set[str] = set()
    own = plan.resolve()
    for file in sorted(own.parent.glob("*.y*ml")) if paths else ():
        if file == own or not file.is_file():
            continue
        content = file.read_bytes()
        if not _may_name(content, paths):
            continue
        try:
            used |= {path for path, _ in evidence_references(load(content, file.name).data)}
        except UnreadablePlan:
            text = content.decode("utf-8", "replace")
            used |= {path for path in paths if path.rpartition("/")[2] in text}
    return frozenset(used & set(paths))


def _may_name(content: bytes, paths: Collection[str]) -> bool:
    """Tell whether the text of a plan may name one of the files, before it is read whole.

    A long name may be broken at its spaces; letters may be written as escapes.
    """
    words = (max(path.rpartition("/")[2].split(), key=len, default="") for path in paths)
    return b"\\" in content or any(word.encode() in content for word in words)


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


def _renamed(value: Plain, keys: tuple[str, ...], paths: Mapping[str, str]) -> Plain:
    """Return a value in which the files reached through these keys have their new paths."""
    if isinstance(value, list):
        return [_renamed(item, keys, paths) for item in value]
    if not isinstance(value, dict):
        return value
    if not keys:
        path = value.get("path")
        return {**value, "path": paths[path]} if isinstance(path, str) and path in paths else value
    key, *rest = keys
    return {**value, key: _renamed(value[key], tuple(rest), paths)} if key in value else value

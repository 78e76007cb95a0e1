"""Evidence that is not in its place: what stands there instead, or where it went."""

from collections.abc import Sequence
from typing import Final
from unicodedata import normalize

from kvartal.history.audit.facts import StatedFile
from kvartal.history.audit.object_reader import FILES, LINK, TREE, ObjectReader
from kvartal.history.audit.walk import PlanAtCommit
from kvartal.schema.errors import N_
from kvartal.schema.evidence_paths import FOLDER

_NEVER_COMMITTED: Final = N_(
    "{id}: подтверждающего файла «{path}» в истории нет: его назвали, но не внесли."
)
_DELETED: Final = N_("{id}: подтверждающий файл «{path}» удалён, хотя отметка на нём держится.")
_RENAMED: Final = N_(
    "{id}: подтверждающий файл «{path}» переименован в «{new}», а отметка держится на "
    "прежнем имени."
)
_RESPELLED: Final = N_(
    "{id}: имя подтверждающего файла «{path}» записано другими знаками Unicode: выглядит так же, "
    "но это другое имя."
)
_LINKED: Final = N_(
    "{id}: вместо подтверждающего файла «{path}» внесена ссылка на «{target}»: "
    "самого файла здесь нет."
)
_FOLDER: Final = N_("{id}: вместо подтверждающего файла «{path}» внесена папка.")
_MODULE: Final = N_(
    "{id}: вместо подтверждающего файла «{path}» внесена ссылка на чужой репозиторий (submodule)."
)
_POINTED: Final = N_(
    "{id}: вместо подтверждающего файла «{path}» внесён указатель Git LFS: самого файла "
    "в истории нет."
)
_POINTER: Final = b"version https://git-lfs.github.com/spec/"


def where(
    objects: ObjectReader, told: StatedFile, now: PlanAtCommit, before: Sequence[PlanAtCommit]
) -> tuple[str, dict[str, object]]:
    """Return the sentence for an evidence file that is not in its place, and its fields.

    Args:
        objects: Where the commits are.
        told: The file.
        now: What the commit holds that has it no more.
        before: What those of its parents hold that tell of it too.
    """
    fields: dict[str, object] = {"id": told.measure, "path": told.path}
    inside = _inside(told)
    for end in range(1, len(inside) + 1):
        found = objects.at(now.evidence, "/".join(inside[:end]))
        if found is None:
            break
        if found[0] == LINK:
            return _LINKED, fields | {"target": objects.blob(found[1]).decode("utf-8", "replace")}
        if end == len(inside):
            return (_FOLDER if found[0] == TREE else _MODULE), fields
    known = [objects.at(held.evidence, "/".join(inside)) for held in before]
    blobs = {found[1] for found in known if found and found[0] in FILES}
    if not blobs:
        return _NEVER_COMMITTED, fields
    new = _new_name(objects, told, blobs, now)
    if new is None:
        return _DELETED, fields
    is_respelled = normalize("NFC", new) == normalize("NFC", told.path)
    return (_RESPELLED, fields) if is_respelled else (_RENAMED, fields | {"new": new})


def is_pointer(content: bytes) -> bool:
    """Tell whether a content only says where Git LFS keeps the file."""
    return content.startswith(_POINTER)


def pointed(told: StatedFile) -> tuple[str, dict[str, object]]:
    """Return the sentence for a file in whose place a pointer stands, and its fields."""
    return _POINTED, {"id": told.measure, "path": told.path}


def _inside(told: StatedFile) -> list[str]:
    return [part for part in told.path.removeprefix(FOLDER).split("/") if part]


def _new_name(
    objects: ObjectReader, told: StatedFile, blobs: set[str], now: PlanAtCommit
) -> str | None:
    """Return the path of a file with the content that is missed; one of its own folder first."""
    if now.evidence is None:
        return None
    names = [f"{FOLDER}/{path}" for path, blob in objects.files(now.evidence) if blob in blobs]
    folder = told.path.rpartition("/")[0]
    return min(names, key=lambda name: (name.rpartition("/")[0] != folder, name), default=None)

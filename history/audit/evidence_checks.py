"""Evidence: what the plan tells of its files, against the bytes that the commits hold."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from kvartal.history.audit.facts import StatedFile
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import FILES, LINK, TREE, ObjectReader
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import PlanAtCommit, WalkStep
from kvartal.history.messages.trailers import Trailers
from kvartal.schema.errors import N_
from kvartal.schema.evidence_paths import FOLDER

MISSING: Final = "evidence-missing"
ALTERED: Final = "evidence-altered"
REPLACED: Final = "evidence-replaced"

_ANOTHER: Final = N_(
    "{id}: файл «{path}» не тот, что назван в отметке. SHA-256 в программе {told}…, "
    "у файла {real}…; размер {told_size} и {real_size}."
)
_CHANGED: Final = N_(
    "{id}: файл «{path}» подменён, и отметка исправлена под него: SHA-256 был {old}…, стал {new}…."
)
_SHORT: Final = 12
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


@dataclass(frozen=True, slots=True)
class EvidenceFault:
    """What is wrong with one evidence file of one commit.

    Attributes:
        told: The file as the plan tells of it.
        blob: Hash of the blob that stands in its place; None where there is none.
    """

    told: StatedFile
    blob: str | None


class EvidenceChecker:
    """The evidence files in the commits of one programme.

    Args:
        objects: Where they are.
        versions: The versions of its plan.
        folder: The plan's folder in the repository, with a slash at the end; empty for its top.
    """

    def __init__(self, objects: ObjectReader, versions: VersionCache, folder: str) -> None:
        self._folder = folder
        self._objects = objects
        self._versions = versions
        self._measured: dict[str, tuple[int, str]] = {}
        self._found: dict[tuple[StatedFile, str | None], EvidenceFault | None] = {}
        self._faults: dict[PlanAtCommit, frozenset[EvidenceFault]] = {}

    def faults(self, held: PlanAtCommit) -> frozenset[EvidenceFault]:
        """Return what is wrong with the evidence that a commit holds."""
        known = self._faults.get(held)
        if known is None:
            found = () if held.plan is None else self._looked_for(held)
            known = self._faults[held] = frozenset(found)
        return known

    def findings(self, step: WalkStep, trailers: Trailers) -> Iterator[Finding]:
        """Yield what a commit makes wrong with the evidence, and what it replaces untold.

        Args:
            step: The commit.
            trailers: What its message claims, as far as that is true.
        """
        known = {fault for held in step.before for fault in self.faults(held)}
        for fault in sorted(self.faults(step.now) - known, key=lambda one: one.told.path):
            yield self._told(fault, step)
        yield from self._replaced(step, trailers)

    def _looked_for(self, held: PlanAtCommit) -> Iterator[EvidenceFault]:
        for told in self._version(held).told:
            inside = told.path.removeprefix(FOLDER).lstrip("/")
            found = self._objects.at(held.evidence, inside)
            blob = found[1] if found and found[0] in FILES else None
            key = told, blob
            if key not in self._found:
                self._found[key] = None if self._is_right(told, blob) else EvidenceFault(told, blob)
            fault = self._found[key]
            if fault is not None:
                yield fault

    def _is_right(self, told: StatedFile, blob: str | None) -> bool:
        return blob is not None and self._measure(blob) == (told.size, told.sha256)

    def _measure(self, blob: str) -> tuple[int, str]:
        """Return size and SHA-256 of a blob, worked out once."""
        known = self._measured.get(blob)
        if known is None:
            content = self._objects.blob(blob)
            known = self._measured[blob] = len(content), hashlib.sha256(content).hexdigest()
        return known

    def _told(self, fault: EvidenceFault, step: WalkStep) -> Finding:
        told = fault.told
        if fault.blob is None:
            before = [held for held in step.before if held.plan and self._tells(held, told)]
            template, fields = _where(self._objects, told, step.now, before)
            return Finding(
                MISSING, template, fields=fields, commit=step.commit, measure=told.measure
            )
        if _is_pointer(self._objects.blob(fault.blob)):
            template, fields = _pointed(told)
            return Finding(
                ALTERED, template, fields=fields, commit=step.commit, measure=told.measure
            )
        size, sha256 = self._measure(fault.blob)
        fields = {
            "id": told.measure,
            "path": told.path,
            "told": told.sha256[:_SHORT],
            "real": sha256[:_SHORT],
            "told_size": told.size,
            "real_size": size,
        }
        return Finding(ALTERED, _ANOTHER, fields=fields, commit=step.commit, measure=told.measure)

    def _replaced(self, step: WalkStep, trailers: Trailers) -> Iterator[Finding]:
        if step.now.plan is None or step.is_first:
            return
        earlier = [_hashes(self._version(held)) for held in step.before if held.plan]
        claimed = {(note.sha256, note.path) for note in trailers.evidence}
        for told in {one.path: one for one in self._version(step.now).told}.values():
            old = {known.get(told.path, told.sha256) for known in earlier}
            is_claimed = (told.sha256, self._folder + told.path) in claimed
            if old and told.sha256 not in old and not is_claimed:
                fields = {
                    "id": told.measure,
                    "path": told.path,
                    "old": min(old)[:_SHORT],
                    "new": told.sha256[:_SHORT],
                }
                yield Finding(
                    REPLACED, _CHANGED, fields=fields, commit=step.commit, measure=told.measure
                )

    def _tells(self, held: PlanAtCommit, told: StatedFile) -> bool:
        return any(one.path == told.path for one in self._version(held).told)

    def _version(self, held: PlanAtCommit) -> CachedVersion:
        return self._versions.version(held.plan or "")


def _hashes(version: CachedVersion) -> Mapping[str, str]:
    return {told.path: told.sha256 for told in version.told}


def _where(
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


def _is_pointer(content: bytes) -> bool:
    """Tell whether a content only says where Git LFS keeps the file."""
    return content.startswith(_POINTER)


def _pointed(told: StatedFile) -> tuple[str, dict[str, object]]:
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

"""Checks evidence: the files that the plan states against the bytes that the commits hold.

Yields `evidence-missing`, `evidence-altered` and `evidence-replaced`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from kvartal.history.audit.facts import StatedFile
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.stored_objects import FILES, LINK, TREE
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import PlanAtCommit, WalkStep
from kvartal.history.messages.trailers import Trailers
from kvartal.schema.errors import N_
from kvartal.schema.evidence_paths import FOLDER

MISSING: Final = "evidence-missing"
ALTERED: Final = "evidence-altered"
REPLACED: Final = "evidence-replaced"

_DIFFERENT: Final = N_(
    "{id}: файл «{path}» не тот, что назван в отметке. SHA-256 в программе {told}…, "
    "у файла {real}…; размер {told_size} и {real_size}."
)
_REPLACED: Final = N_(
    "{id}: файл «{path}» подменён, и отметка исправлена под него: SHA-256 был {old}…, стал {new}…."
)
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
_LINK: Final = N_(
    "{id}: вместо подтверждающего файла «{path}» внесена ссылка на «{target}»: "
    "самого файла здесь нет."
)
_FOLDER: Final = N_("{id}: вместо подтверждающего файла «{path}» внесена папка.")
_SUBMODULE: Final = N_(
    "{id}: вместо подтверждающего файла «{path}» внесена ссылка на чужой репозиторий (submodule)."
)
_LFS_POINTER: Final = N_(
    "{id}: вместо подтверждающего файла «{path}» внесён указатель Git LFS: самого файла "
    "в истории нет."
)

_LFS_HEAD: Final = b"version https://git-lfs.github.com/spec/"
_SHORT: Final = 12


@dataclass(frozen=True, slots=True)
class EvidenceFault:
    """An evidence file that a commit does not hold as the plan states it.

    Attributes:
        file: The file as the plan states it.
        blob: Hash of the blob that stands in its place; None where there is none.
    """

    file: StatedFile
    blob: str | None


class EvidenceChecker:
    """The evidence files in the commits of one programme.

    Args:
        objects: The objects of the repository.
        versions: The versions of the plan.
        folder: The plan's folder in the repository, with a slash at the end; empty for its top.
    """

    def __init__(self, objects: ObjectReader, versions: VersionCache, folder: str) -> None:
        self._folder = folder
        self._objects = objects
        self._versions = versions
        self._sizes_and_hashes: dict[str, tuple[int, str]] = {}
        self._fault_of_file: dict[tuple[StatedFile, str | None], EvidenceFault | None] = {}
        self._faults: dict[PlanAtCommit, frozenset[EvidenceFault]] = {}

    def findings(self, step: WalkStep, trailers: Trailers) -> Iterator[Finding]:
        """Yield what a commit breaks in the evidence, and what it replaces without saying so.

        Args:
            step: The commit.
            trailers: What its message claims.
        """
        known = {fault for plan in step.parents for fault in self.faults(plan)}
        for fault in sorted(self.faults(step.plan) - known, key=lambda fault: fault.file.path):
            code, template, fields = self._explanation(fault, step)
            yield _finding(code, template, fault.file, step, fields)
        yield from self._replaced(step, trailers)

    def faults(self, plan: PlanAtCommit) -> frozenset[EvidenceFault]:
        """Return what is wrong with the evidence that a commit holds."""
        faults = self._faults.get(plan)
        if faults is None:
            faults = self._faults[plan] = frozenset(self._find_faults(plan))
        return faults

    def _find_faults(self, plan: PlanAtCommit) -> Iterator[EvidenceFault]:
        for file in self._version(plan).files if plan.blob else ():
            entry = self._entry(plan, file)
            blob = entry[1] if entry and entry[0] in FILES else None
            key = file, blob
            if key not in self._fault_of_file:
                is_sound = blob is not None and self._measure(blob) == (file.size, file.sha256)
                self._fault_of_file[key] = None if is_sound else EvidenceFault(file, blob)
            fault = self._fault_of_file[key]
            if fault is not None:
                yield fault

    def _entry(self, plan: PlanAtCommit, file: StatedFile) -> tuple[str, str] | None:
        """Return mode and hash of what stands in the place of a file; None where nothing does."""
        return self._objects.at(plan.evidence_tree, file.path.removeprefix(FOLDER))

    def _measure(self, blob: str) -> tuple[int, str]:
        """Return size and SHA-256 of a blob, worked out once."""
        known = self._sizes_and_hashes.get(blob)
        if known is None:
            content = self._objects.blob(blob)
            known = len(content), hashlib.sha256(content).hexdigest()
            self._sizes_and_hashes[blob] = known
        return known

    def _explanation(
        self, fault: EvidenceFault, step: WalkStep
    ) -> tuple[str, str, dict[str, object]]:
        """Return code, sentence and fields for a fault that a commit brought."""
        if fault.blob is None:
            return MISSING, *self._what_happened(fault.file, step)
        if self._objects.blob(fault.blob).startswith(_LFS_HEAD):
            return ALTERED, _LFS_POINTER, {}
        size, sha256 = self._measure(fault.blob)
        fields: dict[str, object] = {
            "told": fault.file.sha256[:_SHORT],
            "real": sha256[:_SHORT],
            "told_size": fault.file.size,
            "real_size": size,
        }
        return ALTERED, _DIFFERENT, fields

    def _what_happened(self, file: StatedFile, step: WalkStep) -> tuple[str, dict[str, object]]:
        """Return the sentence for a file that is missing, and its fields."""
        tree = step.plan.evidence_tree
        parts = [part for part in file.path.removeprefix(FOLDER).split("/") if part]
        for end in range(1, len(parts) + 1):
            entry = self._objects.at(tree, "/".join(parts[:end]))
            if entry is None:
                break
            mode, name = entry
            if mode == LINK:
                return _LINK, {"target": self._objects.blob(name).decode("utf-8", "replace")}
            if end == len(parts):
                return (_FOLDER if mode == TREE else _SUBMODULE), {}
        before = [
            self._entry(plan, file)
            for plan in step.parents
            if plan.blob and any(one.path == file.path for one in self._version(plan).files)
        ]
        blobs = {entry[1] for entry in before if entry and entry[0] in FILES}
        if not blobs:
            return _NEVER_COMMITTED, {}
        new_path = self._find_moved(file, blobs, tree)
        if new_path is None:
            return _DELETED, {}
        if normalize("NFC", new_path) == normalize("NFC", file.path):
            return _RESPELLED, {}
        return _RENAMED, {"new": new_path}

    def _find_moved(self, file: StatedFile, blobs: set[str], tree: str | None) -> str | None:
        """Return the path of a file with the missing content; one of its own folder first."""
        if tree is None:
            return None
        paths = [f"{FOLDER}/{path}" for path, blob in self._objects.files(tree) if blob in blobs]
        folder = file.path.rpartition("/")[0]
        return min(paths, key=lambda path: (path.rpartition("/")[0] != folder, path), default=None)

    def _replaced(self, step: WalkStep, trailers: Trailers) -> Iterator[Finding]:
        """Yield the files whose hash in the plan was changed with no trailer that says so."""
        if step.plan.blob is None or step.is_first:
            return
        hashes_before = [
            {file.path: file.sha256 for file in self._version(plan).files}
            for plan in step.parents
            if plan.blob
        ]
        claimed = {(note.sha256, note.path) for note in trailers.evidence}
        # Where the file is not the one stated, that is a finding by itself: nothing fits it.
        unfit = {fault.file.path for fault in self.faults(step.plan)}
        for file in {file.path: file for file in self._version(step.plan).files}.values():
            old = {hashes.get(file.path, file.sha256) for hashes in hashes_before}
            is_claimed = (file.sha256, self._folder + file.path) in claimed
            if old and file.sha256 not in old and not is_claimed and file.path not in unfit:
                fields = {"old": min(old)[:_SHORT], "new": file.sha256[:_SHORT]}
                yield _finding(REPLACED, _REPLACED, file, step, fields)

    def _version(self, plan: PlanAtCommit) -> CachedVersion:
        return self._versions.version(plan.blob or "")


def _finding(
    code: str, template: str, file: StatedFile, step: WalkStep, fields: Mapping[str, object]
) -> Finding:
    whole = {"id": file.measure, "path": file.path, **fields}
    return Finding(code, template, fields=whole, commit=step.commit, measure=file.measure)

"""Evidence: what the plan tells of its files, against the bytes that the commits hold."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kvartal.history.audit.displaced import is_pointer, pointed, where
from kvartal.history.audit.facts import StatedFile
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import FILES, ObjectReader
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
            template, fields = where(self._objects, told, step.now, before)
            return Finding(MISSING, template, fields, step.commit, told.measure)
        if is_pointer(self._objects.blob(fault.blob)):
            template, fields = pointed(told)
            return Finding(ALTERED, template, fields, step.commit, told.measure)
        size, sha256 = self._measure(fault.blob)
        fields = {
            "id": told.measure,
            "path": told.path,
            "told": told.sha256[:_SHORT],
            "real": sha256[:_SHORT],
            "told_size": told.size,
            "real_size": size,
        }
        return Finding(ALTERED, _ANOTHER, fields, step.commit, told.measure)

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
                yield Finding(REPLACED, _CHANGED, fields, step.commit, told.measure)

    def _tells(self, held: PlanAtCommit, told: StatedFile) -> bool:
        return any(one.path == told.path for one in self._version(held).told)

    def _version(self, held: PlanAtCommit) -> CachedVersion:
        return self._versions.version(held.plan or "")


def _hashes(version: CachedVersion) -> Mapping[str, str]:
    return {told.path: told.sha256 for told in version.told}

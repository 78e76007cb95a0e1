"""Whether the evidence files on disk are whole, checked a little at a time.

A file is hashed once as long as its size, modification time and inode stay the same.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TypeAlias

from kvartal.history.store.evidence import (
    Fault,
    evidence_files,
    evidence_problems,
    file_fault,
)
from kvartal.history.store.files import FileStamp, file_digest, file_stamp
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.measure import EvidenceFile
from kvartal.schema.problems import Problem

Reference: TypeAlias = tuple[str, int, str]
"""Path, size and SHA-256 of a file as a record states it."""


class _NoTimeLeftError(Exception):
    """The file has to be hashed, and this check has taken its time already."""


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """What is known of the evidence files of a programme.

    Attributes:
        codes: ``evidence-missing``, ``evidence-altered`` or ``evidence-unreadable`` for each file
            with a fault; empty for one that is whole. Files not checked yet are left out.
        pending: How many files are not checked yet.
        problems: The faults, with their places in the plan file.
    """

    codes: Mapping[Reference, str] = field(default_factory=lambda: MappingProxyType({}))
    pending: int = 0
    problems: tuple[Problem, ...] = ()

    def code(self, file: EvidenceFile) -> str | None:
        """Return what is wrong with a file; empty if nothing is, None if that is not known yet."""
        return self.codes.get((file.path, file.size, file.sha256))


class EvidenceWatch:
    """Looks at the evidence files of one programme. Called in threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._digests: dict[Path, tuple[FileStamp, str]] = {}
        self._lock = Lock()
        self._deadline = 0.0

    def check(self, snapshot: Snapshot, seconds: float) -> EvidenceReport:
        """Return what is known by now; what is missing is for the next check.

        Args:
            snapshot: The programme.
            seconds: How long files may be hashed; at least one is.
        """
        with self._lock:
            return self._check(snapshot, seconds)

    def _check(self, snapshot: Snapshot, seconds: float) -> EvidenceReport:
        references = evidence_files(snapshot.data)
        faults: dict[Reference, Fault] = {}
        folder = snapshot.path.parent
        self._deadline = self._clock() + seconds
        for reference in references:
            try:
                faults[reference] = file_fault(folder, *reference, digest_of=self._digest)
            except _NoTimeLeftError:
                continue
        codes = {one: fault[0] if fault else "" for one, fault in faults.items()}
        problems: tuple[Problem, ...] = ()
        if any(codes.values()):
            source = snapshot.source
            problems = tuple(
                problem.at(source.name, *source.position(problem.path))
                for problem in evidence_problems(
                    snapshot.data, lambda *reference: faults.get(reference)
                )
            )
        return EvidenceReport(codes, len(references) - len(faults), problems)

    def _digest(self, place: Path) -> str | None:
        """Return the SHA-256 of a file, from memory where the file has not changed."""
        stamp = file_stamp(place)
        known = self._digests.get(place)
        if known is not None and known[0] == stamp:
            return known[1]
        if self._deadline <= 0:
            raise _NoTimeLeftError
        digest = file_digest(place)
        # A file written to meanwhile is hashed again.
        if digest is not None and file_stamp(place) == stamp:
            self._digests[place] = stamp, digest
        if self._clock() >= self._deadline:
            self._deadline = 0.0
        return digest

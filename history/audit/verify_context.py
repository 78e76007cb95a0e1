"""What every part of one verification knows: the history, the plan's versions, the request."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.evidence_checks import EvidenceChecker
from kvartal.history.audit.head_evidence import HeadEvidence
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.report import NothingToVerify, VerifyRequest
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import HistoryWalk
from kvartal.history.diff.words import Words
from kvartal.history.git.repository import Repository
from kvartal.history.log.origin import shallow_commits
from kvartal.schema.errors import Translate


@dataclass(slots=True)
class VerifyContext:
    """What one verification is about, and what it reads that with.

    Attributes:
        repository: As seen from the plan's folder.
        path: The plan file.
        folder: The plan's folder in the repository, with a slash at the end; empty for its top.
        head: Hash of the commit at HEAD.
        request: How far back, and by which rules.
        objects: The objects of the repository.
        words: The language of the findings.
        languages: The languages that messages may be in.
        graph: The commits.
        walk: What they hold of the programme.
        versions: The versions of the plan.
        evidence: Checks the evidence files of a commit.
        history: Hashes of HEAD and all commits before it.
        now: The time of verifying.
    """

    repository: Repository
    path: Path
    folder: str
    head: str
    request: VerifyRequest
    objects: ObjectReader
    words: Words
    languages: Sequence[Translate]
    graph: CommitGraph = field(init=False)
    walk: HistoryWalk = field(init=False)
    versions: VersionCache = field(init=False)
    evidence: EvidenceChecker = field(init=False)
    history: set[str] = field(init=False)
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.request.now or datetime.now(UTC)
        self.graph = CommitGraph(self.objects, shallow_commits(self.repository))
        self.walk = HistoryWalk(self.graph, self.objects, self.folder, self.path.name, self.now)
        self.versions = VersionCache(self.objects, self.plan)
        self.evidence = EvidenceChecker(self.objects, self.versions, self.folder)
        self.history = self.graph.ancestors([self.head])

    @property
    def plan(self) -> str:
        """The plan's path in the repository."""
        return self.folder + self.path.name

    @property
    def head_evidence(self) -> HeadEvidence:
        """The evidence files at HEAD."""
        return HeadEvidence(self.walk, self.evidence, self.graph.commit(self.head))

    def version_at_head(self) -> CachedVersion | None:
        """Return the plan at HEAD; None where it was removed.

        Raises:
            NothingToVerify: It never was in the history.
        """
        blob = self.walk.plan_at(self.head).blob
        if blob is not None:
            return self.versions.version(blob)
        if not any(self.walk.plan_at(name).blob for name in self.history):
            raise NothingToVerify(plan=self.plan)
        return None

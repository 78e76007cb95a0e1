"""Verifying: walks the history of a plan and tells what in it does not hold.

The walk begins where the history was verified last: at a mark, or at what this clone remembers.
What has findings is not remembered, so that they are there the next time too.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kvartal.history.audit.commit_checks import CommitChecks
from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.earlier_plans import EarlierVersions, RemovedPlans
from kvartal.history.audit.evidence_checks import EvidenceChecker
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.merge_checks import MergeParents
from kvartal.history.audit.message_compare import MessageComparer
from kvartal.history.audit.object_reader import Commit, ObjectReader
from kvartal.history.audit.report import NothingToVerify, VerifyReport, VerifyRequest
from kvartal.history.audit.rewrite_checks import RewriteChecker, upstreams
from kvartal.history.audit.signature_checks import signature_findings
from kvartal.history.audit.undo_checks import Reversals
from kvartal.history.audit.verified_cache import VerifiedCache, memory_of
from kvartal.history.audit.verified_tags import VerifiedTag, VerifiedTags
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.audit.worktree_checks import working_findings
from kvartal.history.diff.words import Words
from kvartal.history.git.repository import Repository, find_repository
from kvartal.history.log.origin import shallow_commits
from kvartal.history.log.revision import commit_at
from kvartal.schema.errors import N_, Translate, untranslated
from kvartal.schema.model import Audit

SHALLOW: Final = "shallow"

_SHALLOW: Final = N_(
    "История в этой копии начинается здесь: что было раньше, не проверить. "
    "Получите её целиком: `git fetch --unshallow`."
)


def verify(
    path: Path,
    asked: VerifyRequest,
    *,
    languages: Sequence[Translate] = (untranslated,),
    translate: Translate = untranslated,
    progress: Callable[[int, int], None] | None = None,
) -> VerifyReport:
    """Verify the history of a plan up to HEAD, and the working files against it.

    Args:
        path: The plan file.
        asked: What is asked.
        languages: What turns templates into each language that messages may be in.
        translate: What turns them into the language of the findings.
        progress: Told how many commits are done, and of how many.

    Raises:
        NothingToVerify: The history does not hold the plan.
        NoSuchRevision, BeforeFirstCommit: There is no commit to begin after.
        ObjectBroken: The repository is damaged.
        KvartalError: Git refuses.
    """
    real = path.resolve()
    # Of a plan that was removed the folder may be gone with it.
    there = next(folder for folder in real.parents if folder.is_dir())
    repository = find_repository(there)
    inside = real.parent.relative_to(there).parts
    head = repository.commit_id()
    if head is None:
        raise NothingToVerify(plan=real.name)
    with ExitStack() as stack:
        objects = stack.enter_context(ObjectReader(repository))
        verification = _Verification(
            repository=repository,
            path=real,
            folder=repository.prefix + "".join(f"{name}/" for name in inside),
            head=head,
            asked=asked,
            objects=objects,
            words=Words(translate),
            languages=languages,
        )
        return verification.report(progress)


@dataclass(slots=True)
class _Verification:
    """One run."""

    repository: Repository
    path: Path
    folder: str
    head: str
    asked: VerifyRequest
    objects: ObjectReader
    words: Words
    languages: Sequence[Translate]
    graph: CommitGraph = field(init=False)
    walk: HistoryWalk = field(init=False)
    versions: VersionCache = field(init=False)
    evidence: EvidenceChecker = field(init=False)

    def __post_init__(self) -> None:
        self.graph = CommitGraph(self.objects, shallow_commits(self.repository))
        self.walk = HistoryWalk(self.graph, self.objects, self.folder, self.path.name)
        self.versions = VersionCache(self.objects, self.plan)
        self.evidence = EvidenceChecker(self.objects, self.versions, self.folder)

    @property
    def plan(self) -> str:
        return self.folder + self.path.name

    def report(self, progress: Callable[[int, int], None] | None) -> VerifyReport:
        here = self.graph.ancestors([self.head])
        now = self._version(here)
        audit = now.audit if now else Audit()
        if self.asked.days is not None:
            audit = Audit(self.asked.days, audit.signatures)
        found = VerifiedTags(self.repository, self.objects, self.graph, self.walk, self.plan)
        marks, findings = found.read(signed=audit.signatures)
        memory = self._memory(audit)
        since, tips = self._start(here, marks, memory)
        rewriting = RewriteChecker(self.repository, self.graph, self.walk, self.head)
        findings += rewriting.since_marks(marks)
        if memory and not self.asked.full:
            last = memory.read()[0]
            if all(mark.commit != last for mark in marks):
                findings += rewriting.since_last(last)
            findings += found.missing(memory.marks(), marks)
        findings += (one for ref in upstreams(self.repository) for one in rewriting.forced(ref))
        wanted = here - self.graph.ancestors(tips)
        steps = list(self.walk.steps(wanted, tips))
        findings += self._walked(steps, wanted, progress)
        is_clean = not findings
        if now is not None:
            told = {fault.told.path for fault in self.evidence.faults(self.walk.holding(self.head))}
            findings += working_findings(self.repository, self.path, now, told, self.words)
        if memory and is_clean and self.asked.since is None:
            memory.write(self.head, {one.name: one.tag for one in marks})
        subject = self.graph.commit(self.head).subject
        return VerifyReport(
            repository=self.repository,
            plan=self.plan,
            findings=tuple(findings),
            head=self.head,
            subject=subject,
            count=len(steps),
            since=since,
            version=now,
            audit=audit,
            memory=memory,
        )

    def _version(self, here: set[str]) -> CachedVersion | None:
        """Return the plan at HEAD; None where it was removed.

        Raises:
            NothingToVerify: It never was in the history.
        """
        plan = self.walk.holding(self.head).plan
        if plan is not None:
            return self.versions.version(plan)
        if not any(self.walk.holding(name).plan for name in here):
            raise NothingToVerify(plan=self.plan)
        return None

    def _start(
        self, here: set[str], marks: Sequence[VerifiedTag], memory: VerifiedCache | None
    ) -> tuple[VerifiedTag | str | None, list[str]]:
        """Return what the walk begins after, for people and as commits."""
        if self.asked.since is not None:
            since = commit_at(self.repository, self.asked.since)
            return since, [since]
        if self.asked.full:
            return None, []
        last: VerifiedTag | None = None
        for one in marks:
            is_later = last is None or self.graph.is_ancestor(last.commit, one.commit)
            if one.commit in here and is_later:
                last = one
        tips = [one.commit for one in marks if one.commit in here]
        known, is_same = memory.read() if memory else (None, False)
        if known is not None and known in here and is_same and not self.asked.to_mark:
            return last or known, [*tips, known]
        return last, tips

    def _walked(
        self,
        steps: Sequence[WalkStep],
        wanted: set[str],
        progress: Callable[[int, int], None] | None,
    ) -> Iterator[Finding]:
        checks, signed = self._checks(), list[Commit]()
        for name in sorted(wanted & self.graph.cuts):
            yield Finding(SHALLOW, _SHALLOW, commit=self.graph.commit(name))
        for done, step in enumerate(steps):
            if progress:
                progress(done, len(steps))
            yield from checks.findings(step)
            if self._has_to_be_signed(step):
                signed.append(step.commit)
        yield from signature_findings(self.repository, signed)

    def _checks(self) -> CommitChecks:
        tree = self.graph.commit(self.head).tree
        gone = RemovedPlans(self.repository, self.objects, tree, self.plan)
        return CommitChecks(
            versions=self.versions,
            evidence=self.evidence,
            reversals=Reversals(self.graph, self.walk, self.versions),
            merging=MergeParents(self.graph, self.walk, self.versions),
            past=EarlierVersions(self.walk, self.objects, self.versions, gone),
            teller=MessageComparer(self.folder, self.languages),
            words=self.words,
            days=self.asked.days,
        )

    def _has_to_be_signed(self, step: WalkStep) -> bool:
        """Tell whether the programme asked for signatures before a commit was made."""
        plans = (held.plan for held in step.before if held.plan)
        return any(self.versions.version(plan).audit.signatures for plan in plans)

    def _memory(self, audit: Audit) -> VerifiedCache | None:
        """Return what this clone remembers of the branch; None where no branch is checked out."""
        branch = self.repository.run("symbolic-ref", "--quiet", "HEAD").text.strip()
        return memory_of(self.repository, branch, self.plan, audit) if branch else None

"""Verifies a plan's history: walks it commit by commit and yields what does not hold.

The walk begins where the history was verified last: at a verified tag, or at what this clone has in
its cache, with what it found up to there.

Yields `shallow`; every other finding comes from the module of its check.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kvartal.history.audit.acceptances import Acceptances, explained, read_acceptances
from kvartal.history.audit.anchor import SHALLOW, anchor, anchor_differs, find_anchored
from kvartal.history.audit.clones_memory import ClonesMemory
from kvartal.history.audit.commit_checks import CommitChecks
from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.earlier_changes import EarlierChanges
from kvartal.history.audit.earlier_plans import EarlierPlans
from kvartal.history.audit.evidence_checks import EvidenceChecker
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.head_evidence import HeadEvidence
from kvartal.history.audit.merge_checks import MergeChecker
from kvartal.history.audit.message_checks import MessageChecker
from kvartal.history.audit.message_compare import MessageComparer
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.report import NothingToVerify, VerifyReport, VerifyRequest
from kvartal.history.audit.requirement_checks import RequirementChecker
from kvartal.history.audit.rewrite_checks import RewriteChecker
from kvartal.history.audit.signature_checks import signature_findings
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.timestamp_checks import check_timestamps
from kvartal.history.audit.undo_checks import UndoChecker
from kvartal.history.audit.verified_cache import VerifiedCache, verified_cache
from kvartal.history.audit.verified_tags import VerifiedTag, VerifiedTags
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import HistoryWalk, PlanAtCommit, WalkStep
from kvartal.history.audit.walk_start import StartFinder, WalkStart
from kvartal.history.audit.worktree_checks import worktree_findings
from kvartal.history.diff.words import Words
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.repository import Repository
from kvartal.history.log.origin import shallow_commits
from kvartal.schema.errors import N_, Translate, untranslated
from kvartal.schema.model import Audit

_SHORT: Final = 10

_SHALLOW: Final = N_(
    "История в этой копии начинается здесь: что было раньше, не проверить. "
    "Получите её целиком: `git fetch --unshallow`."
)


def verify(
    path: Path,
    request: VerifyRequest,
    *,
    languages: Sequence[Translate] = (untranslated,),
    translate: Translate = untranslated,
    progress: Callable[[int, int], None] | None = None,
) -> VerifyReport:
    """Verify the history of a plan up to HEAD, and the working files against it.

    Args:
        path: The plan file.
        request: How far back, and by which rules.
        languages: What turns templates into each language that messages may be in.
        translate: What turns them into the language of the findings.
        progress: Called with the number of commits that are done, and of all.

    Raises:
        NothingToVerify: The history does not hold the plan.
        NoSuchRevision, BeforeFirstCommit: There is no commit to begin after.
        ObjectBroken: The repository is damaged.
        KvartalError: Git refuses.
    """
    path = path.resolve()
    # The folder of a plan that was removed may be gone as well.
    folder = next(folder for folder in path.parents if folder.is_dir())
    repository = find_repository(folder)
    below = path.parent.relative_to(folder).parts
    head = repository.commit_id()
    if head is None:
        raise NothingToVerify(plan=path.name)
    with ObjectReader(repository) as objects:
        verification = _Verification(
            repository=repository,
            path=path,
            folder=repository.prefix + "".join(f"{name}/" for name in below),
            head=head,
            request=request,
            objects=objects,
            words=Words(translate),
            languages=languages,
        )
        return verification.report(progress)


@dataclass(slots=True)
class _Verification:
    """One run.

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
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.graph = CommitGraph(self.objects, shallow_commits(self.repository))
        self.walk = HistoryWalk(self.graph, self.objects, self.folder, self.path.name)
        self.versions = VersionCache(self.objects, self.plan)
        self.evidence = EvidenceChecker(self.objects, self.versions, self.folder)
        self.history = self.graph.ancestors([self.head])

    @property
    def plan(self) -> str:
        """The plan's path in the repository."""
        return self.folder + self.path.name

    def report(self, progress: Callable[[int, int], None] | None) -> VerifyReport:
        """Run all checks, and remember what was checked and what was seen."""
        version = self._version_at_head()
        audit = self._audit(version)
        verified_tags = VerifiedTags(
            self.repository, self.objects, self.graph, self.walk, self.plan
        )
        tags, tag_findings = verified_tags.read(signed=audit.signatures)
        timestamps, timestamp_findings = check_timestamps(
            tags, self.plan, self.graph, self.request.tsa_certificates
        )
        branch = self.repository.run("symbolic-ref", "--quiet", "HEAD").text.strip()
        cache = self._cache(audit, branch) if branch else None
        memory = ClonesMemory(self.repository, self.graph, branch, cache)
        starts = StartFinder(self.repository, self.graph, self.head, self.history, cache, self.now)
        start = starts.find(self.request, tags)
        covered = self.graph.ancestors(start.after)
        unverified = self.history - covered - self.graph.ancestors(start.cached)
        steps = list(self.walk.steps(unverified, [*start.after, *start.cached]))
        accepts = read_acceptances(self.graph, self.history)
        of_commits = [
            *self._translated(start),
            *self._commit_findings(steps, accepts, unverified, start.wrongly_signed, progress),
        ]
        of_commits += self._head_evidence().unexplained(
            of_commits, self.history, search=bool(covered)
        )
        of_commits = self._in_order(of_commits)
        findings = [
            *tag_findings,
            *timestamp_findings,
            *self._rewrite_findings(verified_tags, tags, memory),
            *memory.findings(),
            *self._shallow_findings(self.history - covered),
            *accepts.findings,
            *of_commits,
        ]
        findings += accepts.unmatched(findings, self.history - covered, self.graph)
        if version is not None:
            findings += self._worktree_findings(version)
        met, differs = self._held_against_anchor([*(tag.commit for tag in tags), *memory.tips])
        findings += differs
        memory.save(self.head, self.history, {tag.name: tag.tag for tag in tags})
        if self.request.since is None:
            starts.remember(start, of_commits, self.words.translate)
        day = self.request.day or datetime.now().astimezone().date()
        stated = explained(findings)
        accepted = {
            finding.id: accepts.of(finding, day) or stated.get(finding.id) for finding in findings
        }
        return VerifyReport(
            repository=self.repository,
            plan=self.plan,
            findings=tuple(findings),
            accepted={name: one for name, one in accepted.items() if one},
            head=self.head,
            committed=self.graph.commit(self.head).committed,
            subject=self.graph.commit(self.head).subject,
            count=len(steps),
            since=start.since,
            is_cut_off=bool(self.graph.shallow & self.history),
            version=version,
            audit=audit,
            after=tuple(sorted(start.after)),
            covered=self._count_covered(),
            anchor=anchor(self.plan, self.head),
            met=met,
            timestamps=timestamps,
        )

    # ------------------------------------------------------------------ checks, in their order

    def _rewrite_findings(
        self,
        verified_tags: VerifiedTags,
        tags: Sequence[VerifiedTag],
        memory: ClonesMemory,
    ) -> Iterator[Finding]:
        checker = RewriteChecker(self.repository, self.graph, self.walk, self.head)
        reported = set[str]()
        for finding in (
            *checker.since_tags(tags),
            *checker.seen_here(memory.tips, memory.shared),
            *checker.seen_elsewhere(memory.seen_elsewhere()),
            *verified_tags.missing(memory.marks, tags),
            *checker.forced_update(),
        ):
            if finding.id not in reported:
                reported.add(finding.id)
                yield finding

    def _shallow_findings(self, unverified: set[str]) -> Iterator[Finding]:
        for name in sorted(unverified & self.graph.shallow):
            yield Finding(SHALLOW, _SHALLOW, commit=self.graph.commit(name))

    def _commit_findings(
        self,
        steps: Sequence[WalkStep],
        accepts: Acceptances,
        unverified: set[str],
        wrongly_signed: Sequence[Commit],
        progress: Callable[[int, int], None] | None,
    ) -> Iterator[Finding]:
        checks, to_be_signed = self._commit_checks(self.history - unverified), [*wrongly_signed]
        for done, step in enumerate(steps):
            if progress:
                progress(done, len(steps))
            yield from checks.findings(step)
            if self._has_to_be_signed(step.parents):
                to_be_signed.append(step.commit)
        for commit in accepts.commits:
            plan = self.walk.plan_at(commit.id)
            is_walked = any(commit is step.commit for step in steps)
            if commit.id in unverified and not is_walked and self._has_to_be_signed([plan]):
                to_be_signed.append(commit)
        yield from signature_findings(self.repository, to_be_signed)

    def _translated(self, start: WalkStart) -> Iterator[Finding]:
        """Yield what was found before this run, in its language.

        A sentence is kept as it was shown. Where that was in a different language its commit is
        checked again; what that does not find again stays as it was.
        """
        again = dict[str, list[Finding]]()
        for name in start.to_translate:
            checks = self._commit_checks(self.graph.ancestors([name]) - {name})
            for step in self.walk.steps({name}, self.graph.parents(name)):
                for finding in checks.findings(step):
                    again.setdefault(finding.id, []).append(finding)
        translated = set[str]()
        for finding in start.findings:
            if finding.id not in again:
                yield finding
            elif finding.id not in translated:
                translated.add(finding.id)
                yield from again[finding.id]

    def _in_order(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return findings in the order of their commits, however much was walked in this run."""
        if not findings:
            return []
        commits = self.graph.parents_first(self.history)
        places = {commit.id: place for place, commit in enumerate(commits)}
        return sorted(findings, key=lambda one: places[one.commit.id] if one.commit else -1)

    def _held_against_anchor(self, seen: Sequence[str]) -> tuple[Commit | None, list[Finding]]:
        """Return the commit that has the anchor that is expected, or that none has it."""
        expected = self.request.expect
        if expected is None:
            return None, []
        met = find_anchored(expected, self.plan, self.history)
        if met is not None:
            return self.graph.commit(met), []
        # What this clone knows beside the history may tell where they part.
        known = [name for name in seen if self.graph.knows(name)]
        beside = self.graph.ancestors(known) - self.history
        return None, [anchor_differs(expected, self.plan, self.head, self.graph, beside)]

    def _count_covered(self) -> int:
        """Return how many commits touched the programme, where a mark is to say so."""
        if not self.request.tags_only:
            return 0
        return sum(self.walk.touches(name) for name in self.history)

    def _worktree_findings(self, version: CachedVersion) -> Iterator[Finding]:
        reported = self._head_evidence().paths_at_fault()
        return worktree_findings(self.repository, self.path, version, reported, self.words)

    # ------------------------------------------------------------------ what the checks need

    def _version_at_head(self) -> CachedVersion | None:
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

    def _audit(self, version: CachedVersion | None) -> Audit:
        """Return the rules: those of the plan at HEAD, but for what is requested."""
        audit = version.audit if version else Audit()
        days = self.request.days
        return audit if days is None else Audit(days, audit.signatures)

    def _cache(self, audit: Audit, branch: str) -> VerifiedCache:
        """Return what this clone has verified."""
        language = self.words.translate(_SHALLOW)
        return verified_cache(self.repository, branch, self.plan, audit, language)

    def _has_to_be_signed(self, parents: Sequence[PlanAtCommit]) -> bool:
        """Tell whether the plan asked for signatures before a commit was made."""
        blobs = (plan.blob for plan in parents if plan.blob)
        return any(self.versions.version(blob).audit.signatures for blob in blobs)

    def _head_evidence(self) -> HeadEvidence:
        return HeadEvidence(self.walk, self.evidence, self.graph.commit(self.head))

    def _commit_checks(self, not_walked: set[str]) -> CommitChecks:
        earlier = EarlierPlans(
            repository=self.repository,
            objects=self.objects,
            walk=self.walk,
            versions=self.versions,
            path=self.plan,
            head_tree=self.graph.commit(self.head).tree,
        )
        return CommitChecks(
            versions=self.versions,
            earlier=earlier,
            evidence=self.evidence,
            merges=MergeChecker(
                self.graph, self.walk, self.versions, self.words, self.languages, self.objects
            ),
            messages=MessageChecker(
                comparer=MessageComparer(self.folder, self.languages),
                undo=UndoChecker(self.graph, self.walk, self.versions),
                earlier=earlier,
                words=self.words,
            ),
            requirements=RequirementChecker(
                self.graph,
                EarlierChanges(self.walk, self.graph, self.objects, self.versions, not_walked),
                self.words,
            ),
            words=self.words,
            now=self.now,
            days=self.request.days,
        )

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

from kvartal.history.audit.acceptances import Acceptances, read_acceptances
from kvartal.history.audit.anchor import anchor, anchor_differs, find_anchored
from kvartal.history.audit.clones_memory import ClonesMemory
from kvartal.history.audit.commit_checks import CommitChecks
from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.earlier_plans import EarlierPlans
from kvartal.history.audit.evidence_checks import ALTERED, MISSING, EvidenceChecker
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.merge_checks import MergeChecker
from kvartal.history.audit.message_checks import MessageChecker
from kvartal.history.audit.message_compare import MessageComparer
from kvartal.history.audit.object_reader import Commit, ObjectReader
from kvartal.history.audit.report import BrokenWalk, NothingToVerify, VerifyReport, VerifyRequest
from kvartal.history.audit.requirement_checks import RequirementChecker
from kvartal.history.audit.rewrite_checks import RewriteChecker
from kvartal.history.audit.signature_checks import SIGNATURE_CODES, signature_findings
from kvartal.history.audit.timestamp_checks import check_timestamps
from kvartal.history.audit.undo_checks import UndoChecker
from kvartal.history.audit.verified_cache import CheckedFinding, VerifiedCache, verified_cache
from kvartal.history.audit.verified_tags import VerifiedTag, VerifiedTags, unbroken
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import HistoryWalk, PlanAtCommit, WalkStep
from kvartal.history.audit.worktree_checks import worktree_findings
from kvartal.history.diff.words import Words
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.repository import Repository
from kvartal.history.log.origin import shallow_commits
from kvartal.history.log.revision import commit_at
from kvartal.history.messages.trailers import Trailers
from kvartal.schema.errors import N_, Translate, untranslated
from kvartal.schema.model import Audit

SHALLOW: Final = "shallow"
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


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a run begins.

    Attributes:
        since: What the report names: the last verified tag, or a commit; None for the beginning.
        after: Hashes of the commits whose history was verified by tags, or is left out.
        cached: The commit up to which this clone has checked.
        findings: What it found up to there.
    """

    since: VerifiedTag | str | None
    after: tuple[str, ...] = ()
    cached: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


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
        start = self._start(tags, cache)
        covered = self.graph.ancestors(start.after)
        unverified = self.history - covered - self.graph.ancestors(start.cached)
        steps = list(self.walk.steps(unverified, [*start.after, *start.cached]))
        accepts = read_acceptances(self.graph, self.history)
        of_commits = self._with_evidence_of_head(
            [*start.findings, *self._commit_findings(steps, accepts, unverified, progress)],
            covered,
        )
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
        if cache and self.request.since is None:
            self._remember(cache, start, of_commits)
        day = self.request.day or datetime.now().astimezone().date()
        accepted = {finding.id: accepts.of(finding, day) for finding in findings}
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
        progress: Callable[[int, int], None] | None,
    ) -> Iterator[Finding]:
        checks, to_be_signed = self._commit_checks(), list[Commit]()
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

    def _with_evidence_of_head(self, findings: list[Finding], covered: set[str]) -> list[Finding]:
        """Return findings with what is wrong with the evidence of HEAD and not among them.

        It is looked at whatever a mark or this clone says of the commits before: if a fault is not
        explained by what was found, the commit that brought it is looked for.
        """
        plan = self.walk.plan_at(self.head)
        faults = self.evidence.faults(plan) if plan.blob else frozenset()
        known = {(finding.measure, str(finding.fields.get("path", ""))) for finding in findings}
        left = {(fault.file.measure, fault.file.path) for fault in faults} - known
        if not left:
            return findings
        added: dict[tuple[str | None, str], Finding] = {}
        no_trailers = Trailers()
        for step in self.walk.steps(self.history, []) if covered else ():
            for finding in self.evidence.findings(step, no_trailers):
                key = finding.measure, str(finding.fields.get("path", ""))
                if key in left and finding.code in {MISSING, ALTERED}:
                    added[key] = finding
        head = WalkStep(
            self.graph.commit(self.head), plan, (), is_first=False, is_cut_off=False, latest=None
        )
        for finding in self.evidence.findings(head, no_trailers):
            key = finding.measure, str(finding.fields.get("path", ""))
            if key in left - added.keys():
                added[key] = finding
        return [*findings, *added.values()]

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

    def _remember(self, cache: VerifiedCache, start: _Start, findings: Sequence[Finding]) -> None:
        """Remember what was checked.

        Not what depends on the machine: signatures, on its keys, and the end of a shallow clone.
        """
        is_cut_off = self.graph.shallow & (self.history - self.graph.ancestors(start.after))
        if is_cut_off or any(finding.code in SIGNATURE_CODES for finding in findings):
            return
        translate = self.words.translate
        rows = [
            CheckedFinding(
                finding.code,
                finding.commit.id,
                finding.measure,
                finding.message(translate),
                str(finding.fields.get("path", "")),
            )
            for finding in findings
            if finding.commit is not None
        ]
        cache.write(self.head, start.after, rows)

    def _worktree_findings(self, version: CachedVersion) -> Iterator[Finding]:
        faults = self.evidence.faults(self.walk.plan_at(self.head))
        reported = {fault.file.path for fault in faults}
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

    def _start(self, tags: Sequence[VerifiedTag], cache: VerifiedCache | None) -> _Start:
        """Return where to begin.

        Raises:
            BrokenWalk: A mark is to be created, and what is before the start was not walked.
        """
        in_history = [tag for tag in tags if tag.commit in self.history]
        sound = unbroken(in_history, self.graph)
        if self.request.since is not None:
            since = commit_at(self.repository, self.request.since)
            if self.request.tags_only and since not in self.graph.ancestors(
                tag.commit for tag in sound
            ):
                raise BrokenWalk(since=since[:_SHORT])
            return _Start(since, (since,))
        if self.request.full:
            return _Start(None)
        last: VerifiedTag | None = None
        for tag in sound:
            if last is None or self.graph.is_ancestor(last.commit, tag.commit):
                last = tag
        after = tuple(dict.fromkeys(tag.commit for tag in sound))
        checked = cache.read() if cache and not self.request.tags_only else None
        # What it began after must still be covered by tags: else it leaves something out.
        if (
            checked is None
            or checked.commit not in self.history
            or not set(checked.after) <= self.graph.ancestors(after)
        ):
            return _Start(last, after)
        findings = [self._kept(row) for row in checked.findings if row.commit in self.history]
        return _Start(last or checked.commit, after, (checked.commit,), tuple(findings))

    def _kept(self, row: CheckedFinding) -> Finding:
        fields = {"text": row.text, "path": row.path}
        commit = self.graph.commit(row.commit)
        return Finding(row.code, "{text}", fields=fields, commit=commit, measure=row.measure)

    def _has_to_be_signed(self, parents: Sequence[PlanAtCommit]) -> bool:
        """Tell whether the plan asked for signatures before a commit was made."""
        blobs = (plan.blob for plan in parents if plan.blob)
        return any(self.versions.version(blob).audit.signatures for blob in blobs)

    def _commit_checks(self) -> CommitChecks:
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
            requirements=RequirementChecker(self.graph, self.words),
            words=self.words,
            now=datetime.now(UTC),
            days=self.request.days,
        )

"""Verifies a plan's history: walks it commit by commit and yields what does not hold.

The walk begins where the history was verified last: at a verified tag, or at what this clone has in
its cache. A history with findings is not cached, so that they are there the next time too.

Yields `shallow`; every other finding comes from the module of its check.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kvartal.history.audit.commit_checks import CommitChecks
from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.earlier_plans import EarlierPlans
from kvartal.history.audit.evidence_checks import EvidenceChecker
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.merge_checks import MergeChecker
from kvartal.history.audit.message_checks import MessageChecker
from kvartal.history.audit.message_compare import MessageComparer
from kvartal.history.audit.object_reader import Commit, ObjectReader
from kvartal.history.audit.report import NothingToVerify, VerifyReport, VerifyRequest
from kvartal.history.audit.requirement_checks import RequirementChecker
from kvartal.history.audit.rewrite_checks import RewriteChecker
from kvartal.history.audit.signature_checks import signature_findings
from kvartal.history.audit.undo_checks import UndoChecker
from kvartal.history.audit.verified_cache import VerifiedCache, verified_cache
from kvartal.history.audit.verified_tags import VerifiedTag, VerifiedTags
from kvartal.history.audit.version_cache import CachedVersion, VersionCache
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.audit.worktree_checks import worktree_findings
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
        """Run all checks, and remember a history without findings."""
        version = self._version_at_head()
        audit = self._audit(version)
        verified_tags = VerifiedTags(
            self.repository, self.objects, self.graph, self.walk, self.plan
        )
        tags, tag_findings = verified_tags.read(signed=audit.signatures)
        cache = self._cache(audit)
        since, verified = self._start(tags, cache)
        unverified = self.history - self.graph.ancestors(verified)
        steps = list(self.walk.steps(unverified, verified))
        findings = [
            *tag_findings,
            *self._rewrite_findings(verified_tags, tags, cache),
            *self._shallow_findings(unverified),
            *self._commit_findings(steps, progress),
        ]
        is_clean = not findings
        if version is not None:
            findings += self._worktree_findings(version)
        if cache and is_clean and self.request.since is None:
            cache.write(self.head, {tag.name: tag.tag for tag in tags})
        return VerifyReport(
            repository=self.repository,
            plan=self.plan,
            findings=tuple(findings),
            head=self.head,
            subject=self.graph.commit(self.head).subject,
            count=len(steps),
            since=since,
            version=version,
            audit=audit,
            cache=cache,
        )

    # ------------------------------------------------------------------ checks, in their order

    def _rewrite_findings(
        self, verified_tags: VerifiedTags, tags: Sequence[VerifiedTag], cache: VerifiedCache | None
    ) -> Iterator[Finding]:
        checker = RewriteChecker(self.repository, self.graph, self.walk, self.head)
        yield from checker.since_tags(tags)
        if cache and not self.request.full:
            last, _ = cache.read()
            if all(tag.commit != last for tag in tags):
                yield from checker.since_last(last)
            yield from verified_tags.missing(cache.tags(), tags)
        yield from checker.forced_update()

    def _shallow_findings(self, unverified: set[str]) -> Iterator[Finding]:
        for name in sorted(unverified & self.graph.shallow):
            yield Finding(SHALLOW, _SHALLOW, commit=self.graph.commit(name))

    def _commit_findings(
        self, steps: Sequence[WalkStep], progress: Callable[[int, int], None] | None
    ) -> Iterator[Finding]:
        checks, to_be_signed = self._commit_checks(), list[Commit]()
        for done, step in enumerate(steps):
            if progress:
                progress(done, len(steps))
            yield from checks.findings(step)
            if self._has_to_be_signed(step):
                to_be_signed.append(step.commit)
        yield from signature_findings(self.repository, to_be_signed)

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

    def _cache(self, audit: Audit) -> VerifiedCache | None:
        """Return what this clone has verified; None where no branch is checked out."""
        branch = self.repository.run("symbolic-ref", "--quiet", "HEAD").text.strip()
        return verified_cache(self.repository, branch, self.plan, audit) if branch else None

    def _start(
        self, tags: Sequence[VerifiedTag], cache: VerifiedCache | None
    ) -> tuple[VerifiedTag | str | None, list[str]]:
        """Return where to begin: what the report names, and the last commits not to check."""
        if self.request.since is not None:
            since = commit_at(self.repository, self.request.since)
            return since, [since]
        if self.request.full:
            return None, []
        in_history = [tag for tag in tags if tag.commit in self.history]
        last: VerifiedTag | None = None
        for tag in in_history:
            if last is None or self.graph.is_ancestor(last.commit, tag.commit):
                last = tag
        verified = [tag.commit for tag in in_history]
        cached, has_same_checks = cache.read() if cache else (None, False)
        if cached in self.history and has_same_checks and not self.request.tags_only:
            return last or cached, [*verified, cached]
        return last, verified

    def _has_to_be_signed(self, step: WalkStep) -> bool:
        """Tell whether the plan asked for signatures before a commit was made."""
        blobs = (plan.blob for plan in step.parents if plan.blob)
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

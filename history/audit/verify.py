"""Verifies a plan's history: walks it commit by commit and yields what does not hold.

The walk begins where the history was verified last: at a verified tag, or at what this clone has in
its cache, with what it found up to there.

Yields `shallow`; every other finding comes from the module of its check.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from kvartal.history.audit.acceptances import Acceptance, Acceptances, explained, read_acceptances
from kvartal.history.audit.anchor import SHALLOW, anchor, anchor_differs, find_anchored
from kvartal.history.audit.clones_memory import ClonesMemory
from kvartal.history.audit.commit_findings import CommitFindings
from kvartal.history.audit.earlier_words import with_earlier_words
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.report import NothingToVerify, VerifyReport, VerifyRequest
from kvartal.history.audit.rewrite_checks import RewriteChecker
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.timestamp_checks import check_timestamps
from kvartal.history.audit.verified_cache import VerifiedCache, verified_cache
from kvartal.history.audit.verified_tags import VerifiedTag, VerifiedTags
from kvartal.history.audit.verify_context import VerifyContext
from kvartal.history.audit.version_cache import CachedVersion
from kvartal.history.audit.walk_start import StartFinder, WalkStart
from kvartal.history.audit.worktree_checks import worktree_findings
from kvartal.history.diff.words import Words
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.unread import check_begun
from kvartal.schema.errors import N_, Translate, untranslated
from kvartal.schema.model import Audit

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
        FirstCommitUnnamed: Whether there is one is not known.
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
        check_begun(repository)
        raise NothingToVerify(plan=path.name)
    with ObjectReader(repository) as objects:
        context = VerifyContext(
            repository=repository,
            path=path,
            folder=repository.prefix + "".join(f"{name}/" for name in below),
            head=head,
            request=request,
            objects=objects,
            words=Words(translate),
            languages=with_earlier_words(languages),
        )
        return _Verification(context).report(progress)


class _Verification:
    """One run."""

    def __init__(self, context: VerifyContext) -> None:
        self._context = context
        self._commits = CommitFindings(context)
        self._tags = VerifiedTags(
            context.repository, context.objects, context.graph, context.walk, context.plan
        )

    def report(self, progress: Callable[[int, int], None] | None) -> VerifyReport:
        """Run all checks, and remember what was checked and what was seen."""
        context = self._context
        repository, graph, history = context.repository, context.graph, context.history
        version = context.version_at_head()
        audit = self._audit(version)
        tags, tag_findings = self._tags.read(signed=audit.signatures)
        timestamps, timestamp_findings = check_timestamps(
            tags, context.plan, graph, context.request.tsa_certificates
        )
        branch = repository.run("symbolic-ref", "--quiet", "HEAD").text.strip()
        cache = self._cache(audit, branch) if branch else None
        memory = ClonesMemory(repository, graph, branch, cache)
        starts = StartFinder(repository, graph, context.head, history, cache, context.now)
        start = starts.find(context.request, tags)
        covered = graph.ancestors(start.after)
        accepts = read_acceptances(graph, history)
        count, of_commits = self._of_commits(start, covered, accepts, progress)
        findings = [
            *tag_findings,
            *timestamp_findings,
            *self._rewrite_findings(tags, memory),
            *memory.findings(),
            *self._shallow_findings(history - covered),
            *accepts.findings,
            *of_commits,
        ]
        findings += accepts.unmatched(findings, history - covered, graph)
        if version is not None:
            findings += self._worktree_findings(version)
        met, differs = self._held_against_anchor([*(tag.commit for tag in tags), *memory.tips])
        findings += differs
        memory.save(context.head, history, {tag.name: tag.tag for tag in tags})
        if context.request.since is None and context.request.now is None:
            starts.remember(start, of_commits, context.words.translate)
        return VerifyReport(
            repository=repository,
            plan=context.plan,
            findings=tuple(findings),
            accepted=self._accepted(findings, accepts),
            head=context.head,
            committed=graph.commit(context.head).committed,
            subject=graph.commit(context.head).subject,
            count=count,
            since=start.since,
            is_cut_off=bool(graph.shallow & history),
            version=version,
            audit=audit,
            after=tuple(sorted(start.after)),
            covered=self._count_covered(),
            anchor=anchor(context.plan, context.head),
            met=met,
            timestamps=timestamps,
        )

    # ------------------------------------------------------------------ checks, in their order

    def _of_commits(
        self,
        start: WalkStart,
        covered: set[str],
        accepts: Acceptances,
        progress: Callable[[int, int], None] | None,
    ) -> tuple[int, list[Finding]]:
        """Return how many commits were walked, and what is found at any commit."""
        context = self._context
        unverified = context.history - covered - context.graph.ancestors(start.cached)
        steps = list(context.walk.steps(unverified, [*start.after, *start.cached]))
        found = [
            *self._commits.of_earlier_runs(start),
            *self._commits.of_walk(steps, accepts, unverified, start.wrongly_signed, progress),
        ]
        evidence = context.head_evidence
        found += evidence.unexplained(found, context.history, search=bool(covered))
        return len(steps), self._commits.in_order(found)

    def _rewrite_findings(
        self, tags: Sequence[VerifiedTag], memory: ClonesMemory
    ) -> Iterator[Finding]:
        context = self._context
        checker = RewriteChecker(
            context.repository,
            context.graph,
            context.walk,
            context.head,
            self._commits.is_altered_merge,
        )
        reported = set[str]()
        for finding in (
            *checker.since_tags(tags),
            *checker.seen_here(memory.tips, memory.shared),
            *checker.seen_elsewhere(memory.seen_elsewhere()),
            *self._tags.missing(memory.marks, tags),
            *checker.forced_update(),
            *checker.behind_end(),
        ):
            if finding.id not in reported:
                reported.add(finding.id)
                yield finding

    def _shallow_findings(self, unverified: set[str]) -> Iterator[Finding]:
        graph = self._context.graph
        for name in sorted(unverified & graph.shallow):
            yield Finding(SHALLOW, _SHALLOW, commit=graph.commit(name))

    def _worktree_findings(self, version: CachedVersion) -> Iterator[Finding]:
        context = self._context
        reported = context.head_evidence.paths_at_fault()
        return worktree_findings(context.repository, context.path, version, reported, context.words)

    def _held_against_anchor(self, seen: Sequence[str]) -> tuple[Commit | None, list[Finding]]:
        """Return the commit that has the anchor that is expected, or that none has it."""
        context, graph = self._context, self._context.graph
        expected = context.request.expect
        if expected is None:
            return None, []
        met = find_anchored(expected, context.plan, context.history)
        if met is not None:
            return graph.commit(met), []
        # What this clone knows beside the history may tell where they part.
        known = [name for name in seen if graph.knows(name)]
        beside = graph.ancestors(known) - context.history
        return None, [anchor_differs(expected, context.plan, context.head, graph, beside)]

    # ------------------------------------------------------------------ what the report says

    def _accepted(self, findings: Sequence[Finding], accepts: Acceptances) -> dict[str, Acceptance]:
        """Return what explains the findings that are explained, by the finding's id."""
        day = self._context.request.day or datetime.now().astimezone().date()
        stated = explained(findings)
        found = {one.id: accepts.of(one, day) or stated.get(one.id) for one in findings}
        return {name: one for name, one in found.items() if one}

    def _count_covered(self) -> int:
        """Return how many commits touched the programme, where a mark is to say so."""
        context = self._context
        if not context.request.tags_only:
            return 0
        return sum(context.walk.touches(name) for name in context.history)

    # ------------------------------------------------------------------ what the checks need

    def _audit(self, version: CachedVersion | None) -> Audit:
        """Return the rules: those of the plan at HEAD, but for what is requested."""
        audit = version.audit if version else Audit()
        days = self._context.request.days
        return audit if days is None else Audit(days, audit.signatures)

    def _cache(self, audit: Audit, branch: str) -> VerifiedCache:
        """Return what this clone has verified."""
        context = self._context
        language = context.words.translate(_SHALLOW)
        return verified_cache(context.repository, branch, context.plan, audit, language)

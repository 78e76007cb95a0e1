"""Where a run of `verify` begins, and what is remembered for the next one.

After verified tags, or after what this clone has in its cache together with what was found up to
there. Whatever depends on more than the history, as signatures do on the keys of the machine, is
not believed from the cache but looked at again.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.date_checks import COMMIT_IN_FUTURE, clock_findings
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.report import BrokenWalk, VerifyRequest
from kvartal.history.audit.signature_checks import SIGNATURE_CODES
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.verified_cache import Checked, CheckedFinding, VerifiedCache
from kvartal.history.audit.verified_tags import VerifiedTag, unbroken
from kvartal.history.git.repository import Repository
from kvartal.history.log.revision import commit_at
from kvartal.schema.errors import Translate

_SHORT: Final = 10
_MOST_TRANSLATED: Final = 100
"""Up to this many commits are rechecked one by one; beyond that a full walk is cheaper."""


@dataclass(frozen=True, slots=True)
class WalkStart:
    """Where a run begins.

    Attributes:
        since: What the report names: the last verified tag, or a commit; None for the beginning.
        after: Hashes of the commits whose history was verified by tags, or is left out.
        cached: The commit up to which this clone has checked.
        findings: What it found up to there.
        wrongly_signed: The commits up to there whose signatures were not in order.
        to_translate: Hashes of the commits with findings whose sentences are in a language other
            than this run's.
    """

    since: VerifiedTag | str | None
    after: tuple[str, ...] = ()
    cached: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    wrongly_signed: tuple[Commit, ...] = ()
    to_translate: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StartFinder:
    """Finds the start of a run, and remembers what the run came to.

    Attributes:
        repository: The clone.
        graph: Its commits.
        head: Hash of the commit at HEAD.
        history: Hashes of HEAD and all commits before it.
        cache: What this clone has verified; None where no branch is checked out.
        now: The time of verifying.
    """

    repository: Repository
    graph: CommitGraph
    head: str
    history: AbstractSet[str]
    cache: VerifiedCache | None
    now: datetime

    def find(self, request: VerifyRequest, tags: Sequence[VerifiedTag]) -> WalkStart:
        """Return where to begin.

        Args:
            request: How far back.
            tags: The verified tags that count.

        Raises:
            BrokenWalk: A mark is to be created, and what is before the start was not walked.
            NoSuchRevision, BeforeFirstCommit: There is no commit to begin after.
        """
        sound = unbroken([tag for tag in tags if tag.commit in self.history], self.graph)
        if request.since is not None:
            since = commit_at(self.repository, request.since)
            if request.tags_only and since not in self.graph.ancestors(tag.commit for tag in sound):
                raise BrokenWalk(since=since[:_SHORT])
            return WalkStart(since, (since,))
        if request.full:
            return WalkStart(None)
        last: VerifiedTag | None = None
        for tag in sound:
            if last is None or self.graph.is_ancestor(last.commit, tag.commit):
                last = tag
        after = tuple(dict.fromkeys(tag.commit for tag in sound))
        checked = self.cache.read() if self.cache and not request.tags_only else None
        # What it began after must still be covered by tags: else it leaves something out.
        if (
            checked is None
            or checked.commit not in self.history
            or not set(checked.after) <= self.graph.ancestors(after)
        ):
            return WalkStart(last, after)
        start = self._after_cached(checked, last, after)
        return start if len(start.to_translate) <= _MOST_TRANSLATED else WalkStart(last, after)

    def _after_cached(
        self, checked: Checked, last: VerifiedTag | None, after: tuple[str, ...]
    ) -> WalkStart:
        findings, wrongly_signed = list[Finding](), dict[str, Commit]()
        for row in checked.findings:
            if row.commit not in self.history:
                continue
            commit = self.graph.commit(row.commit)
            if row.code in SIGNATURE_CODES:
                wrongly_signed[commit.id] = commit
            elif row.code == COMMIT_IN_FUTURE:
                findings.extend(clock_findings(commit, self.now))
            else:
                fields = {"text": row.text, "path": row.path}
                measure = row.measure
                found = Finding(row.code, "{text}", fields=fields, commit=commit, measure=measure)
                findings.append(replace(found, explanation=row.explanation))
        names = () if checked.is_translated else (row.commit for row in checked.findings)
        return WalkStart(
            last or checked.commit,
            after,
            (checked.commit,),
            tuple(findings),
            tuple(wrongly_signed.values()),
            tuple(name for name in dict.fromkeys(names) if name in self.history),
        )

    def remember(self, start: WalkStart, findings: Sequence[Finding], translate: Translate) -> None:
        """Remember what was checked, unless the clone is shallow and cannot know what was before.

        Args:
            start: Where the run began.
            findings: What was found in the commits since, and is known of those before.
            translate: Turns templates into the language of the findings.
        """
        if self.cache is None:
            return
        if self.graph.shallow & (self.history - self.graph.ancestors(start.after)):
            return
        rows = [
            CheckedFinding(
                finding.code,
                finding.commit.id,
                finding.measure,
                finding.message(translate),
                str(finding.fields.get("path", "")),
                finding.explanation,
            )
            for finding in findings
            if finding.commit is not None
        ]
        self.cache.write(self.head, start.after, rows)

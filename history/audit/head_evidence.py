"""The evidence at HEAD, looked at in every run whatever was verified before.

A fault that nothing found so far explains leads to a search for the commit that brought it.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from kvartal.history.audit.evidence_checks import ALTERED, MISSING, EvidenceChecker
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.messages.trailers import Trailers

_Key: TypeAlias = tuple[str | None, str]
"""Id of a measure, and the path of a file of it."""


@dataclass(frozen=True, slots=True)
class HeadEvidence:
    """The evidence at HEAD.

    Attributes:
        walk: What the commits hold.
        evidence: Checks the evidence files of a commit.
        head: The commit at HEAD.
    """

    walk: HistoryWalk
    evidence: EvidenceChecker
    head: Commit

    def paths_at_fault(self) -> set[str]:
        """Return the paths of the evidence files that are not as the plan states them."""
        plan = self.walk.plan_at(self.head.id)
        return {fault.file.path for fault in self.evidence.faults(plan)}

    def unexplained(
        self, findings: Sequence[Finding], history: AbstractSet[str], *, search: bool
    ) -> Iterator[Finding]:
        """Yield what is wrong with the evidence and not among findings.

        Args:
            findings: What was found in the commits.
            history: Hashes of HEAD and all commits before it.
            search: Look for the commit that brought it: some were not walked.
        """
        plan = self.walk.plan_at(self.head.id)
        faults = self.evidence.faults(plan) if plan.blob else frozenset()
        left = {(fault.file.measure, fault.file.path) for fault in faults}
        left -= {_key(finding) for finding in findings}
        if not left:
            return
        added: dict[_Key, Finding] = {}
        trailers = Trailers()
        for step in self.walk.steps(set(history), []) if search else ():
            for finding in self.evidence.findings(step, trailers):
                if _key(finding) in left and finding.code in {MISSING, ALTERED}:
                    added[_key(finding)] = finding
        head = WalkStep(self.head, plan, (), is_first=False, is_cut_off=False, latest=None)
        for finding in self.evidence.findings(head, trailers):
            if _key(finding) in left - added.keys():
                added[_key(finding)] = finding
        yield from added.values()


def _key(finding: Finding) -> _Key:
    return finding.measure, str(finding.fields.get("path", ""))

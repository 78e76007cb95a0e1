"""What this clone has checked: up to which commit, by which checks, and what was found there.

It saves time and proves nothing, for whoever can write in the clone can write here: a mark never
relies on it, and the evidence of HEAD is looked at all the same. Where it cannot be read or
written, verifying does without it.
"""

import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from kvartal.history.audit.findings import SEVERITIES
from kvartal.history.git.repository import Repository
from kvartal.history.store.state_folder import read_note, state_folder, write_note
from kvartal.schema.description import schema_bytes
from kvartal.schema.errors import KvartalError
from kvartal.schema.model import Audit

CHECKS: Final = 24
"""To be raised when a check changes: then everything is verified again."""

_FILE: Final = "verified.json"
_KEYS: Final = frozenset({"code", "commit", "measure", "text", "path", "explanation"})
_HASH: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class CheckedFinding:
    """A finding as it is kept.

    Attributes:
        code: Its code.
        commit: Hash of the commit.
        measure: Id of the measure, as in the finding.
        text: Its sentence.
        path: The evidence file that it is about; empty for none.
        explanation: What the change itself says of it; empty for nothing.
    """

    code: str
    commit: str
    measure: str | None
    text: str
    path: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked.

    Attributes:
        commit: Hash of the last commit.
        after: Hashes of the commits that it began after: those of verified tags.
        findings: What was found.
        is_translated: Whether their sentences are in the language of this run.
    """

    commit: str
    after: tuple[str, ...]
    findings: tuple[CheckedFinding, ...]
    is_translated: bool = True


@dataclass(frozen=True, slots=True)
class VerifiedCache:
    """The commits up to which a plan was checked, by branch.

    Attributes:
        path: The file, JSON: branch, then plan, then ``commit``, ``checks``, ``after``, and
            ``findings`` with their ``language``.
        checks: Digest of all that the outcome of the checks depends on but the history.
        plan: The plan's path in the repository.
        branch: Full name of the branch.
        language: What tells the language of the findings from others.
    """

    path: Path
    checks: str
    plan: str
    branch: str
    language: str

    def read(self) -> Checked | None:
        """Return what was checked last by the same checks; None where that is not known."""
        entry = self._entry()
        rows, after = entry.get("findings"), entry.get("after")
        if not (
            isinstance(entry.get("commit"), str)
            and entry.get("checks") == self.checks
            and isinstance(rows, list)
            and isinstance(after, list)
            and all(isinstance(name, str) for name in after)
        ):
            return None
        found = [_checked_finding(row) for row in rows]
        if None in found:
            return None
        is_same = not rows or entry.get("language") == self.language
        return Checked(entry["commit"], tuple(after), tuple(filter(None, found)), is_same)

    def last_commit(self) -> str | None:
        """Return the last commit that was checked, whichever the checks."""
        commit = self._entry().get("commit")
        return commit if isinstance(commit, str) and _HASH.fullmatch(commit) else None

    def tags(self) -> dict[str, str]:
        """Return the verified tags that an earlier version of the program has noted here."""
        marks = self._entry().get("marks")
        items = marks.items() if isinstance(marks, dict) else ()
        return {name: tag for name, tag in items if isinstance(tag, str) and _HASH.fullmatch(tag)}

    def write(self, commit: str, after: Iterable[str], findings: Iterable[CheckedFinding]) -> None:
        """Remember up to which commit all was checked, after which ones, and what was found."""
        rows = [asdict(finding) for finding in findings]
        entry = {
            "commit": commit,
            "checks": self.checks,
            "after": sorted(after),
            "findings": rows,
            "language": self.language,
            "marks": self.tags(),
        }
        if entry != self._entry():
            self._write(entry)

    def _write(self, entry: dict[str, Any]) -> None:
        content = self._content()
        plans = content.get(self.branch)
        content[self.branch] = {**(plans if isinstance(plans, dict) else {}), self.plan: entry}
        with suppress(KvartalError):
            write_note(self.path, content, is_locked=False)

    def _entry(self) -> dict[str, Any]:
        plans = self._content().get(self.branch, {})
        entry = plans.get(self.plan) if isinstance(plans, dict) else None
        return entry if isinstance(entry, dict) else {}

    def _content(self) -> dict[str, Any]:
        content = read_note(self.path)
        return content if isinstance(content, dict) else {}


def verified_cache(
    repository: Repository, branch: str, plan: str, audit: Audit, language: str
) -> VerifiedCache:
    """Return what a clone has verified of a plan.

    Args:
        repository: The clone.
        branch: Full name of the branch.
        plan: The plan's path in the repository.
        audit: The settings that it is verified by.
        language: What tells the language of the findings from others.
    """
    path = state_folder(repository.common_dir) / _FILE
    return VerifiedCache(path, _digest_of_checks(audit), plan, branch, language)


def _checked_finding(row: object) -> CheckedFinding | None:
    """Return a finding as it was kept; None for anything else: the file may hold what it likes."""
    if not isinstance(row, dict) or set(row) != _KEYS:
        return None
    if not isinstance(row["measure"], str | None):
        return None
    if not all(isinstance(row[key], str) for key in _KEYS - {"measure"}):
        return None
    if row["code"] not in SEVERITIES or not _HASH.fullmatch(row["commit"]):
        return None
    return CheckedFinding(**row)


def _digest_of_checks(audit: Audit) -> str:
    try:
        program = version("kvartal")
    except PackageNotFoundError:
        program = ""
    checks = f"{CHECKS} {program} {audit}".encode() + schema_bytes()
    return hashlib.sha256(checks).hexdigest()

"""What this clone has verified: up to which commit all was well, and with which verified tags.

It saves time and finds a branch that was rewritten since; it proves nothing, for whoever can write
in the clone can write here. Where it cannot be read or written, verifying does without it.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from kvartal.history.git.repository import Repository
from kvartal.history.store.state_folder import state_folder
from kvartal.schema.description import SCHEMA_FILE
from kvartal.schema.model import Audit

CHECKS: Final = 7
"""To be raised when a check changes: then everything is verified again."""

_FILE: Final = "verified.json"


@dataclass(frozen=True, slots=True)
class VerifiedCache:
    """The commits up to which a plan was verified, by branch.

    Attributes:
        path: The file, JSON: branch, then plan, then ``commit``, ``checks`` and ``marks``.
        checks: Digest of all that the outcome of the checks depends on but the history.
        plan: The plan's path in the repository.
        branch: Full name of the branch.
    """

    path: Path
    checks: str
    plan: str
    branch: str

    def read(self) -> tuple[str | None, bool]:
        """Return the last verified commit, and whether it was verified by the same checks."""
        entry = self._entry()
        if not isinstance(entry.get("commit"), str):
            return None, False
        return entry["commit"], entry.get("checks") == self.checks

    def tags(self) -> dict[str, str]:
        """Return the verified tags that there were then: the hashes of the tags, by name."""
        marks = self._entry().get("marks")
        items = marks.items() if isinstance(marks, dict) else ()
        return {name: tag for name, tag in items if isinstance(tag, str)}

    def write(self, commit: str, tags: Mapping[str, str]) -> None:
        """Remember a commit up to which all is well, and the verified tags that there are."""
        self._write({"commit": commit, "checks": self.checks, "marks": dict(tags)})

    def add_tag(self, name: str, tag: str) -> None:
        """Remember a tag that has just been created, with its hash."""
        self._write({**self._entry(), "marks": self.tags() | {name: tag}})

    def _write(self, entry: dict[str, Any]) -> None:
        content = self._content()
        plans = content.get(self.branch)
        content[self.branch] = {**(plans if isinstance(plans, dict) else {}), self.plan: entry}
        with suppress(OSError):
            self.path.parent.mkdir(exist_ok=True)
            new = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
            new.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
            new.replace(self.path)

    def _entry(self) -> dict[str, Any]:
        plans = self._content().get(self.branch, {})
        entry = plans.get(self.plan) if isinstance(plans, dict) else None
        return entry if isinstance(entry, dict) else {}

    def _content(self) -> dict[str, Any]:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}


def verified_cache(repository: Repository, branch: str, plan: str, audit: Audit) -> VerifiedCache:
    """Return what a clone has verified of a plan.

    Args:
        repository: The clone.
        branch: Full name of the branch.
        plan: The plan's path in the repository.
        audit: The settings that it is verified by.
    """
    path = state_folder(repository.common_dir) / _FILE
    return VerifiedCache(path, _digest_of_checks(audit), plan, branch)


def _digest_of_checks(audit: Audit) -> str:
    try:
        program = version("kvartal")
    except PackageNotFoundError:
        program = ""
    checks = f"{CHECKS} {program} {audit}".encode() + SCHEMA_FILE.read_bytes()
    return hashlib.sha256(checks).hexdigest()

"""What this clone remembers of its last verifying: up to which commit all was well, which marks.

It saves time and finds a branch that was rewritten since; it proves nothing, since whoever can
write in the clone can write here. Where it cannot be read or written it is done without.
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
from kvartal.schema.description import SCHEMA_FILE
from kvartal.schema.model import Audit

CHECKS: Final = 2
"""To be raised when a check changes: then everything is looked at anew."""

_FOLDER: Final = "kvartal"
_FILE: Final = "verified.json"


@dataclass(frozen=True, slots=True)
class VerifiedCache:
    """The commits up to which the plan was verified, by branch.

    Attributes:
        path: Where it is kept.
        checks: What the checks are the same by.
        plan: The plan's path in the repository.
        branch: The branch.
    """

    path: Path
    checks: str
    plan: str
    branch: str

    def read(self) -> tuple[str | None, bool]:
        """Return the last verified commit, and whether it was verified by the same checks."""
        found = self._of_plan()
        if not isinstance(found.get("commit"), str):
            return None, False
        return found["commit"], found.get("checks") == self.checks

    def marks(self) -> dict[str, str]:
        """Return the marks that there were then: the hashes of their tags, by name."""
        found = self._of_plan().get("marks")
        told = found.items() if isinstance(found, dict) else ()
        return {name: tag for name, tag in told if isinstance(tag, str)}

    def write(self, commit: str, marks: Mapping[str, str]) -> None:
        """Remember a commit up to which all is well, and the marks that there are."""
        self._write({"commit": commit, "checks": self.checks, "marks": dict(marks)})

    def add_mark(self, name: str, tag: str) -> None:
        """Remember a mark that has just been put, with the hash of its tag."""
        self._write({**self._of_plan(), "marks": self.marks() | {name: tag}})

    def _write(self, now: dict[str, Any]) -> None:
        known = self._known()
        of_branch = known.get(self.branch)
        mine: dict[str, object] = of_branch if isinstance(of_branch, dict) else {}
        known[self.branch] = {**mine, self.plan: now}
        with suppress(OSError):
            self.path.parent.mkdir(exist_ok=True)
            new = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
            new.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")
            new.replace(self.path)

    def _of_plan(self) -> dict[str, Any]:
        known = self._known().get(self.branch, {})
        found = known.get(self.plan) if isinstance(known, dict) else None
        return found if isinstance(found, dict) else {}

    def _known(self) -> dict[str, Any]:
        try:
            known = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def memory_of(repository: Repository, branch: str, plan: str, audit: Audit) -> VerifiedCache:
    """Return what a clone remembers of a plan.

    Args:
        repository: The clone.
        branch: Full name of the branch.
        plan: The plan's path in the repository.
        audit: The settings that verifying goes by.
    """
    path = repository.common_dir / _FOLDER / _FILE
    return VerifiedCache(path, _checks(audit), plan, branch)


def _checks(audit: Audit) -> str:
    try:
        program = version("kvartal")
    except PackageNotFoundError:
        program = ""
    told = f"{CHECKS} {program} {audit}".encode() + SCHEMA_FILE.read_bytes()
    return hashlib.sha256(told).hexdigest()

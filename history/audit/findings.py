"""A finding: a problem of the history, with the commit that brought it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kvartal.history.audit.stored_objects import Commit
from kvartal.schema.errors import KvartalError, Translate, filled, untranslated
from kvartal.schema.problems import Problem

OF_THE_CLONE: Final = frozenset(
    {
        "anchor-differs",
        "mark-unreadable",
        "seen-unreadable",
        "shallow",
        "timestamp-untrusted",
        "uncommitted",
    }
)
"""The codes that are about the state of one clone: they can be mended there and not accepted."""

MESSAGE: Final = "message-disagrees"
TRAILERS: Final = "trailers-disagree"
_SHORT: Final = 12


class Severity(StrEnum):
    """How much a finding says against a history; the exit code is the same for all of them.

    Attributes:
        ERROR: What the history claims is not true, or is missing.
        WARNING: It may have an honest explanation, which the history does not hold.
        NOTE: Nothing is wrong, but a reader has to know it.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITIES: Final[Mapping[str, Severity]] = MappingProxyType(
    {
        "accept-forged": Severity.ERROR,
        "accept-unknown": Severity.WARNING,
        "anchor-differs": Severity.ERROR,
        "author-date": Severity.WARNING,
        "author-differs": Severity.WARNING,
        "backdated": Severity.WARNING,
        "bad-signature": Severity.ERROR,
        "broken-version": Severity.ERROR,
        "by-hand": Severity.ERROR,
        "comment-added": Severity.WARNING,
        "commit-in-future": Severity.WARNING,
        "commit-malformed": Severity.ERROR,
        "commit-order": Severity.WARNING,
        "completed-without-evidence": Severity.WARNING,
        "date-in-future": Severity.ERROR,
        "evidence-altered": Severity.ERROR,
        "evidence-missing": Severity.ERROR,
        "evidence-replaced": Severity.ERROR,
        "evidence-unreadable": Severity.WARNING,
        "forced-update": Severity.ERROR,
        "git-revert": Severity.WARNING,
        "history-rewritten": Severity.ERROR,
        "import-backdated": Severity.WARNING,
        "mark-forged": Severity.ERROR,
        "mark-removed": Severity.ERROR,
        "mark-unreadable": Severity.WARNING,
        "merge-altered": Severity.ERROR,
        "merge-unreadable": Severity.WARNING,
        "message-disagrees": Severity.ERROR,
        "old-facts-at-start": Severity.WARNING,
        "plan-begun-again": Severity.ERROR,
        "plan-begun-twice": Severity.NOTE,
        "plan-moved": Severity.NOTE,
        "plan-removed": Severity.ERROR,
        "requirement-loosened": Severity.WARNING,
        "seen-unreadable": Severity.WARNING,
        "shallow": Severity.WARNING,
        "signer-differs": Severity.ERROR,
        "timestamp-mismatch": Severity.ERROR,
        "timestamp-unreadable": Severity.WARNING,
        "timestamp-untrusted": Severity.ERROR,
        "trailers-disagree": Severity.ERROR,
        "uncommitted": Severity.WARNING,
        "unknown-signature": Severity.WARNING,
        "unsigned": Severity.ERROR,
    }
)
"""By code. Each code has its section in ``docs/findings.md``."""


@dataclass(frozen=True, slots=True)
class Finding(Problem):
    """One thing in the history that does not hold.

    Attributes:
        commit: The commit it is about; None for the working files. The parts of the message check
            leave it out, and the check adds it.
        measure: Id of the measure, empty for the programme as a whole; None where it is about no
            single one.
        about: Hash of what the finding is about, where that is not the commit.
        explanation: What the change itself says of it, such as why a record is late; empty for
            nothing. A finding that is explained counts as accepted.
    """

    commit: Commit | None = None
    measure: str | None = None
    about: str = ""
    explanation: str = ""

    @property
    def id(self) -> str:
        """What `accept` calls it: the same in every clone, however it was found.

        All findings of one kind about one measure in one commit share it: they are accepted
        together.
        """
        name = self.about or (self.commit.id if self.commit else self._digest())
        measure = f":{self.measure}" if self.measure else ""
        return f"{self.code}:{name[:_SHORT]}{measure}"

    @property
    def is_of_history(self) -> bool:
        """Whether it is about the history, and not about the state of this clone."""
        return bool(self.commit or self.about) and self.code not in OF_THE_CLONE

    def _digest(self) -> str:
        fields = sorted((name, str(value)) for name, value in self.fields.items())
        return hashlib.sha256(repr((self.template, fields)).encode()).hexdigest()

    @property
    def severity(self) -> Severity:
        """How much it says against the history."""
        return SEVERITIES.get(self.code, Severity.ERROR)

    def message(self, translate: Translate = untranslated) -> str:
        """Return the sentence for the user; a problem that stands in it gives its own sentence."""
        fields = {
            name: value.message(translate) if isinstance(value, Problem | KvartalError) else value
            for name, value in self.fields.items()
        }
        return filled(self.template, fields, translate)

    def as_json(self, translate: Translate = untranslated) -> dict[str, str | None]:
        """Return the finding as ``kvartal verify --json`` prints it."""
        commit = self.commit
        return {
            "commit": commit.id if commit else None,
            "date": commit.committed.isoformat() if commit else None,
            "author": commit.author if commit else None,
            "subject": commit.subject if commit else None,
            "code": self.code,
            "measure": self.measure or None,
            "message": self.message(translate),
            "severity": self.severity.value,
            "id": self.id,
        }

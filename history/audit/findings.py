"""A finding: a problem of the history, with the commit that brought it."""

from dataclasses import dataclass
from typing import Final

from kvartal.history.audit.object_reader import Commit
from kvartal.schema.errors import Translate, filled, untranslated
from kvartal.schema.problems import Problem

MESSAGE: Final = "message-disagrees"
TRAILERS: Final = "trailers-disagree"


@dataclass(frozen=True, slots=True)
class Finding(Problem):
    """One thing in the history that does not hold.

    Attributes:
        commit: The commit it is about; None for the working files. The parts of the message check
            leave it out, and the check adds it.
        measure: Id of the measure, empty for the programme as a whole; None where it is about no
            single one.
    """

    commit: Commit | None = None
    measure: str | None = None

    def message(self, translate: Translate = untranslated) -> str:
        """Return the sentence for the user; a problem that stands in it gives its own sentence."""
        fields = {
            name: value.message(translate) if isinstance(value, Problem) else value
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
        }

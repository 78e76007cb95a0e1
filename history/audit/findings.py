"""A finding: one thing in the history that does not hold, with the commit that brought it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from kvartal.history.audit.object_reader import Commit
from kvartal.schema.errors import Translate, untranslated


@runtime_checkable
class Said(Protocol):
    """Something that has a sentence of its own, such as a problem of the plan."""

    def message(self, translate: Translate = untranslated) -> str:
        """Return the sentence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that verifying found.

    Attributes:
        code: Stable kebab-case name of the kind of finding, such as ``by-hand``.
        template: The sentence for the user, in Russian, with named fields.
        fields: Values for the fields of the template, shown literally; those that have a sentence
            of their own are told by it.
        commit: The commit it is about; None for the working files.
        measure: Id of the measure; None where it is about no single one.
    """

    code: str
    template: str
    fields: Mapping[str, object] = field(default_factory=dict)
    commit: Commit | None = None
    measure: str | None = None

    def message(self, translate: Translate = untranslated) -> str:
        """Return the sentence for the user, in the language that ``translate`` gives."""
        told = {
            name: value.message(translate) if isinstance(value, Said) else value
            for name, value in self.fields.items()
        }
        return translate(self.template).format(**told)

    def as_json(self, translate: Translate = untranslated) -> dict[str, str | None]:
        """Return the finding as ``kvartal verify --json`` prints it."""
        made = self.commit
        return {
            "commit": made.id if made else None,
            "date": made.committed.isoformat() if made else None,
            "author": made.author if made else None,
            "subject": made.subject if made else None,
            "code": self.code,
            "measure": self.measure,
            "message": self.message(translate),
        }

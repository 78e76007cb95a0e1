"""A remark on a source document: what was not understood, skipped or left out, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kvartal.exchange.source_place import SourcePlace
from kvartal.schema.errors import Translate, filled, untranslated

LONGEST_TEXT: Final = 1000
"""How many characters of a text a remark quotes: the place says where the rest is."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader has to say about a place of the source.

    Attributes:
        code: A stable name for programs: `formula-without-value`.
        place: Where it stands in the source.
        template: The sentence: Russian, the gettext message id, with named fields.
        fields: Values for the fields of the template.
    """

    code: str
    place: SourcePlace
    template: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def message(self, translate: Translate = untranslated) -> str:
        """Return the sentence without the place; of a very long text only the beginning.

        Args:
            translate: Turns Russian words into the user's language.
        """
        fields = {name: _beginning(value) for name, value in self.fields.items()}
        return filled(self.template, fields, translate)


def _beginning(value: object) -> object:
    is_long = isinstance(value, str) and len(value) > LONGEST_TEXT
    return f"{str(value)[:LONGEST_TEXT]}…" if is_long else value

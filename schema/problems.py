"""A problem: one thing that is wrong with a programme, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kvartal.schema.errors import Translate, filled, untranslated

DataPath = tuple[str | int, ...]
"""Keys and list indexes from the root of the plain data to a value."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a programme.

    Attributes:
        code: Stable kebab-case name of the kind of problem, such as ``term-outside-year``.
        template: The sentence for the user, in Russian, with named fields.
        path: Where in the plain data the problem is; empty for the file as a whole.
        fields: Values for the fields of the template, shown literally.
        file: Name of the file; None for data that was not read from one.
        line: Line in the file, from 1; None while unknown.
        column: Column in the line, from 1; None while unknown.
    """

    code: str
    template: str
    path: DataPath = ()
    fields: Mapping[str, object] = field(default_factory=dict)
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def message(self, translate: Translate = untranslated) -> str:
        """Return the sentence for the user, in the language of ``translate``."""
        return filled(self.template, self.fields, translate)

    def at(self, file: str, line: int, column: int) -> "Problem":
        """Return the problem with its position in a file; line and column count from 1."""
        return replace(self, file=file, line=line, column=column)

    def key(self) -> tuple[str, str, str]:
        """Return what identifies a problem, wherever in the file it is.

        List indexes are left out: they shift when something is inserted before them.
        """
        names = ".".join(part for part in self.path if isinstance(part, str))
        return self.code, names, self.message()

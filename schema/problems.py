"""A problem: one thing that is wrong with a programme, and where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

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


MOST_KEPT: Final = 1000
"""How many problems of one programme are kept; a file may have a million."""

MOST_COUNTED: Final = 20_000
"""How many violations of the JSON Schema are counted; where there are more, that is said."""


class Problems(tuple[Problem, ...]):  # noqa: SLOT001 - a tuple takes no slots that are not empty
    """Problems in the order of the programme; of very many the first, but they are counted.

    Attributes:
        total: How many there are in all.
        is_cut: Whether there are more than that: nobody counts a million.
    """

    total: int
    is_cut: bool

    def __new__(cls, kept: Iterable[Problem] = (), total: int = 0, *, is_cut: bool = False) -> Self:
        """Hold problems.

        Args:
            kept: The first of them.
            total: How many there are in all; as many as are kept, if that is more.
            is_cut: Whether there are more than that.
        """
        problems = super().__new__(cls, kept)
        problems.total = max(total, len(problems))
        problems.is_cut = is_cut
        return problems


def counted(problems: Iterable[Problem]) -> Problems:
    """Return the first of some problems, and how many there are, without holding the others."""
    kept: list[Problem] = []
    total = 0
    for problem in problems:
        total += 1
        if total <= MOST_KEPT:
            kept.append(problem)
    return Problems(kept, total)


def as_problems(problems: Iterable[Problem]) -> Problems:
    """Return problems with their total, which is the number of them unless they know better."""
    return problems if isinstance(problems, Problems) else Problems(problems)

"""A chapter that came or went, as one sentence before the lines of what stands in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.diff import Row
from kvartal.history.diff.field_line import FieldLine
from kvartal.history.diff.items import as_list
from kvartal.history.diff.words import Words, one_line
from kvartal.schema.changes import MISSING, Edit, Missing, Plain, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.problems import DataPath

_CHAPTERS: Final[DataPath] = ("document", "chapters")
_CHAPTER: Final = len(_CHAPTERS) + 1
_ALONE: Final[DataPath] = (*_CHAPTERS, 0)
_NAMED_BY: Final = frozenset({"number", "heading"})
_BLOCKS: Final = "blocks"

CHAPTER: Final = N_("Глава {name}")
UNNUMBERED: Final = N_("Глава {heading}")
"""What a first line calls a chapter that has no number."""


@dataclass(frozen=True, slots=True)
class WholeChapter:
    """A chapter that an edit adds or removes.

    Attributes:
        row: Its plain data.
        is_new: Whether it came; otherwise it went.
    """

    row: Row
    is_new: bool

    @property
    def data(self) -> PlanData:
        """A programme with this chapter alone, in which the edits of `inner_edits` are.

        Of several that went the places in the programme before are no longer those of the edits.
        """
        return {"document": {"chapters": [dict(self.row)]}}

    def line(self, words: Words) -> FieldLine:
        """Return the sentence: «Глава 7 «Показатели» добавлена»."""
        number, heading = (one_line(show(self.row.get(key, ""))) for key in ("number", "heading"))
        by_heading = words.say(UNNUMBERED, heading=words.quoted(heading))
        name = words.say(CHAPTER, name=number) if number else by_heading
        full = " ".join(filter(None, (number, words.quoted(heading))))
        named = words.say(CHAPTER, name=full)
        template = N_("{chapter} добавлена") if self.is_new else N_("{chapter} удалена")
        sentence = words.say(template, chapter=named)
        old, new = (None, heading) if self.is_new else (heading, None)
        return FieldLine(name, old, new, sentence)

    def inner_edits(self) -> Iterator[Edit]:
        """Yield an edit for each block, and for whatever else the chapter says of itself."""
        for key, value in self.row.items():
            if key == _BLOCKS:
                for index, block in enumerate(as_list(value)):
                    yield self._edit((*_ALONE, _BLOCKS, index), block)
            elif key not in _NAMED_BY:
                yield self._edit((*_ALONE, key), value)

    def _edit(self, path: DataPath, value: Plain) -> Edit:
        old, new = (MISSING, value) if self.is_new else (value, MISSING)
        return Edit("", path, old, new)


def whole_chapters(edit: Edit) -> tuple[WholeChapter, ...]:
    """Return the chapters that an edit adds or removes whole; none for any other edit."""
    is_new, is_removed = isinstance(edit.old, Missing), isinstance(edit.new, Missing)
    if edit.path[: len(_CHAPTERS)] != _CHAPTERS or is_new == is_removed:
        return ()
    value = edit.new if is_new else edit.old
    rows: list[Plain] = []
    if len(edit.path) == _CHAPTER and not isinstance(value, Missing):
        rows = [value]
    elif edit.path == _CHAPTERS and isinstance(value, list):
        rows = value
    chapters = [row for row in rows if isinstance(row, dict)]
    return (
        tuple(WholeChapter(row, is_new) for row in chapters) if len(chapters) == len(rows) else ()
    )

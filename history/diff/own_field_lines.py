"""A field of the organisation's own that came or went, as one sentence before what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.diff import Row
from kvartal.history.diff.field_line import FieldLine
from kvartal.history.diff.items import as_list
from kvartal.history.diff.words import Words, one_line
from kvartal.schema.changes import MISSING, Edit, Missing, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.fields import show

FIELDS: Final = "fields"
_TITLE: Final = "title"
_FIELD: Final = len((FIELDS, 0))


@dataclass(frozen=True, slots=True)
class WholeField:
    """A field that an edit adds to the measures of a programme, or removes.

    Attributes:
        row: Its plain data.
        is_new: Whether it came; otherwise it went.
    """

    row: Row
    is_new: bool

    def line(self, words: Words) -> FieldLine:
        """Return the sentence: «Поле «Стоимость» добавлено»."""
        title = one_line(show(self.row.get(_TITLE, "")))
        name = words.say(N_("Поле «{title}»"), title=title)
        template = N_("{field} добавлено") if self.is_new else N_("{field} удалено")
        old, new = (None, title) if self.is_new else (title, None)
        return FieldLine(name, old, new, words.say(template, field=name))

    def inner_edits(self) -> Iterator[Edit]:
        """Yield an edit for whatever else the field says of itself."""
        for key, value in self.row.items():
            if key != _TITLE:
                old, new = (MISSING, value) if self.is_new else (value, MISSING)
                yield Edit("", (FIELDS, 0, key), old, new)

    @property
    def data(self) -> PlanData:
        """A programme with this field alone, in which the edits of `inner_edits` are.

        Of several that went the places in the programme before are no longer those of the edits.
        """
        return {FIELDS: [dict(self.row)]}


def whole_fields(edit: Edit) -> tuple[WholeField, ...]:
    """Return the fields that an edit adds or removes whole; none for any other edit."""
    is_new, is_removed = isinstance(edit.old, Missing), isinstance(edit.new, Missing)
    value = edit.new if is_new else edit.old
    if edit.path[:1] != (FIELDS,) or is_new == is_removed or isinstance(value, Missing):
        return ()
    rows = [value] if len(edit.path) == _FIELD else []
    if edit.path == (FIELDS,):
        rows = as_list(value)
    named = [row for row in rows if isinstance(row, dict) and row.get(_TITLE)]
    return tuple(WholeField(row, is_new) for row in named) if len(named) == len(rows) else ()

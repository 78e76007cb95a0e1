"""The dialog that puts a section or a channel into another section."""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult

from kvartal.schema.changes import Change, ChangeKind, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.structure import (
    Part,
    PartInsideItself,
    PartKind,
    move_part,
    parts,
)
from kvartal.tui.dialogs.part import part_of
from kvartal.tui.forms.change_form import ChangeForm
from kvartal.tui.forms.choice_field import NarrowedField
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.i18n import _
from kvartal.tui.presentation.part_positions import (
    depth_of,
    part_at,
    part_level_name,
)

_TOP: Final = "top"
_WHERE: Final = "where"


class MovePartDialog(ChangeForm):
    """Put a part into another section; the result is the change that was saved."""

    ACCEPT = N_("Переставить")
    ERROR_FIELDS: ClassVar = {PartInsideItself: _WHERE}

    def __init__(self, context: FormContext, part: Part) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            part: The section or channel.
        """
        super().__init__(context)
        self._part = part

    @property
    def draft_part(self) -> str:
        """Which section or channel it is."""
        return f"{self._part.kind.value} {self._part.number}"

    def title_text(self) -> str:
        """Return the title of the frame."""
        name = part_level_name(self.context.plan, self._part.kind, depth_of(self._part))
        return _("Переставить: {name} {number}").format(name=name, number=self._part.number)

    def heading_texts(self) -> Sequence[str]:
        """Return the title of the part."""
        return (str(self._part.row.get("title", "")),)

    def compose_body(self) -> ComposeResult:
        """Yield the sections that it can go to."""
        above = part_at(self.context.data, self._part.above)
        choices = [*self._choices()]
        value = above.number if above is not None else _TOP
        yield self.add_field(NarrowedField(_WHERE, _("В какой раздел"), choices, f"in {value}"))

    def _choices(self) -> Iterator[tuple[str, str]]:
        if self._part.kind is PartKind.SECTION:
            yield f"in {_TOP}", _("Наверх, вне других разделов")
        inside = self._part.path
        for one in parts(self.context.data):
            if one.kind is PartKind.SECTION and one.path[: len(inside)] != inside:
                indent = "\N{NO-BREAK SPACE}" * 2 * depth_of(one)
                yield f"in {one.number}", f"{indent}{one.number} {one.row.get('title', '')}"

    def change(self) -> Change:
        """Return the change that puts it there, in the last place."""
        typed = self.typed(_WHERE).removeprefix("in ")
        part = part_of(self.context.data, self._part)
        if not self.fields[_WHERE].is_changed:
            return Change(ChangeKind.STRUCTURE, ())
        return move_part(self.context.data, part, under=None if typed == _TOP else typed)

    def rebase(self, before: PlanData) -> Iterable[FieldMessage]:
        """Go on with the sections that there are now."""
        del before
        field = self.fields[_WHERE]
        if isinstance(field, NarrowedField):
            chosen = field.typed
            field.set_choices([*self._choices()])
            if chosen and not field.typed:
                yield _WHERE, _("Пока вы выбирали, этого места не стало. Выберите другое.")

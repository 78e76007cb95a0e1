"""The dialogs that add a section or a channel and change one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.content import Content

from kvartal.schema.changes import Change, PlanData
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.model import Plan
from kvartal.schema.numbering import number_after
from kvartal.schema.plan_data import rows_of
from kvartal.schema.structure import (
    Part,
    PartExists,
    PartKind,
    add_part,
    parts,
    set_part,
)
from kvartal.tui.forms.change_form import ChangeForm
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.field import FormField, required
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.inputs import ChoiceInput, LineInput, replace_when_typed, restored
from kvartal.tui.forms.radio_list import RadioList
from kvartal.tui.i18n import _
from kvartal.tui.presentation.part_positions import (
    Position,
    depth_of,
    part_level_name,
    positions,
)
from kvartal.tui.presentation.sanitize import shown

SEGMENTS: Final = (("b2b", N_("юридические лица")), ("b2c", N_("физические лица")))
_WHERE: Final = "where"
# No digit by itself: a digit typed is a place in the list.
_AT: Final = "at "


class PartDeleted(KvartalError):
    """Others removed the section or channel that a form is about."""

    template = N_("Пока вы писали, «{number}» убрали из программы. Закройте форму: Esc.")


def part_of(data: PlanData, part: Part) -> Part:
    """Return the same part in data that may have changed.

    Raises:
        PartDeleted: It is no longer there.
    """
    for one in parts(data):
        if (one.kind, one.number) == (part.kind, part.number):
            return one
    raise PartDeleted(number=part.number)


class PartForm(ChangeForm):
    """What the dialogs of a part have in common: its number, title and segment."""

    ERROR_FIELDS: ClassVar = {PartExists: "number"}

    def part_fields(self, row: Mapping[str, object]) -> Iterator[FormField]:
        """Yield the fields.

        Args:
            row: What they begin with.
        """
        for key in ("number", "title"):
            label = _("Номер") if key == "number" else _("Название")
            text = shown(str(row.get(key, "")))
            yield self.add_field(
                FormField(
                    key,
                    label,
                    LineInput(text),
                    initial=text,
                    required=True,
                    hint=_("Как печатается, например 1.4 или IV.") if key == "number" else "",
                    check=required(label),
                    read=self.read_number if key == "number" else None,
                )
            )
        segment = str(row.get("segment", ""))
        choices = [(value, _(label)) for value, label in SEGMENTS]
        yield self.add_field(
            FormField(
                "segment",
                _("Сегмент клиентов"),
                ChoiceInput(choices, segment),
                initial=segment,
                hint=_("Для кого канал; пусто — для всех. Enter открывает список."),
            )
        )

    def read_number(self, typed: str) -> str:
        """Return what follows from a number; it is shown below it."""
        del typed
        return ""

    def rebase(self, before: PlanData) -> Iterable[FieldMessage]:
        """Go on with the structure as it is now: what is typed is applied to that."""
        del before
        return ()


class AddPartDialog(PartForm):
    """Add a section or a channel; the result is the change that was saved."""

    ACCEPT = N_("Добавить")

    def __init__(self, context: FormContext, near: Part | None) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            near: The part under the cursor; None where there is none.
        """
        super().__init__(context)
        self._positions = positions(context.data, context.plan, near)

    @property
    def position(self) -> Position:
        """Where it goes."""
        typed = self.typed(_WHERE) if _WHERE in self.fields else f"{_AT}0"
        return self._positions[int(typed.removeprefix(_AT))]

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Новое: {name}").format(name=self._positions[0].label)

    def compose_body(self) -> ComposeResult:
        """Yield where it goes, and its fields."""
        if len(self._positions) > 1:
            choices = [
                (f"{_AT}{index}", Content(shown(one.label)))
                for index, one in enumerate(self._positions)
            ]
            yield self.add_field(
                FormField(_WHERE, _("Что и где"), RadioList(choices, f"{_AT}0"), initial=f"{_AT}0")
            )
        for field in self.part_fields({"number": self._proposed(self._positions[0])}):
            if field.key == "number":
                replace_when_typed(field.control)
            yield field

    def on_mount(self) -> None:
        """Show the fields of the position proposed."""
        super().on_mount()
        self._follow_position()

    def on_key(self, event: events.Key) -> None:
        """Take a letter typed over the places for the title: it means nothing there."""
        text = event.character or ""
        if event.is_printable and text.strip() and not text.isdigit() and self._type_title(text):
            event.stop()

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted over the places for the title."""
        if self._type_title(event.text):
            event.stop()

    def _type_title(self, text: str) -> bool:
        """Type into the title; tell whether the places have the focus, which take no text."""
        field, control = self.field_in_focus(), self.fields["title"].control
        if field is None or field.key != _WHERE or not isinstance(control, LineInput):
            return False
        control.focus()
        control.insert_pasted(text)
        return True

    def on_field(self, field: FormField) -> None:
        """Let the number follow the position until the user types one."""
        if field.key != _WHERE:
            return
        number = self.fields["number"]
        if not number.is_changed:
            number.set_initial(self._proposed(self.position))
        self._follow_position()

    def change(self) -> Change:
        """Return the change that adds the part."""
        at = self.position
        names = (
            ("number", "title", "segment") if at.kind is PartKind.CHANNEL else ("number", "title")
        )
        row = {name: self.typed(name).strip() for name in names}
        return add_part(self.context.data, at.kind, row, under=at.under, after=at.after)

    def _follow_position(self) -> None:
        self.fields["segment"].display = self._has_segments(self.position)
        self.query_one(".dialog-frame").border_title = Content(
            shown(_("Новое: {name}").format(name=self.position.label))
        )

    def _has_segments(self, at: Position) -> bool:
        return at.kind is PartKind.CHANNEL and has_segments(self.context.plan)

    def _proposed(self, at: Position) -> str:
        every = parts(self.context.data)
        under = next((one.path for one in every if at.under and one.number == at.under), ())
        numbers = [one.number for one in every if one.above == under]
        proposed = number_after(numbers, at.under or "")
        is_counted = any(character.isdecimal() for one in numbers for character in one)
        return proposed if is_counted or not numbers else ""


class EditPartDialog(PartForm):
    """Change number, title and segment of a part; the result is the change that was saved."""

    ACCEPT = N_("Сохранить")
    EDITS_STORED = True

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
        return f"{name} {self._part.number}"

    def compose_body(self) -> ComposeResult:
        """Yield the fields."""
        yield from self.part_fields(self._part.row)

    def on_mount(self) -> None:
        """Show the segment only where there may be one."""
        super().on_mount()
        has_segment = self._part.kind is PartKind.CHANNEL and (
            has_segments(self.context.plan) or "segment" in self._part.row
        )
        self.fields["segment"].display = has_segment

    def read_number(self, typed: str) -> str:
        """Return how many measures go with a new number."""
        count = sum(
            row.get(self._part.kind.value) == self._part.number
            for row in rows_of(self.context.data)
        )
        if not count or typed.strip() == self._part.number:
            return ""
        return _("Мероприятия пойдут за новым номером: {count}.").format(count=count)

    def change(self) -> Change:
        """Return the change that sets what was changed."""
        texts = {
            name: restored(field.typed, str(self._part.row.get(name, ""))).strip()
            for name, field in self.fields.items()
            if field.is_changed
        }
        return set_part(self.context.data, part_of(self.context.data, self._part), texts)


def has_segments(plan: Plan) -> bool:
    """Return whether the programme says of any channel whom it serves, or has none yet."""
    channels = plan.channels.values()
    return not channels or any(one.segment for one in channels)

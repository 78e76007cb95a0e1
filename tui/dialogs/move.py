"""The dialogs that put measures into another place or give one a new number, and copy one."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from kvartal.schema.changes import Change, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import N_
from kvartal.schema.fields import BY_NAME
from kvartal.schema.measure import Measure
from kvartal.schema.moving import AlreadyThere, Destination, copy, move
from kvartal.schema.numbering import free_id, next_number
from kvartal.schema.operations import joined
from kvartal.tui.forms.change_form import ChangeForm
from kvartal.tui.forms.choice_field import NarrowedField
from kvartal.tui.forms.context import FormContext, measure_removed
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.measure_fields import measure_field
from kvartal.tui.forms.place_field import (
    NEITHER,
    PLACE,
    place_choices,
    place_label,
    place_of,
    place_value,
)
from kvartal.tui.i18n import _
from kvartal.tui.places import Place
from kvartal.tui.presentation.measure_numbers import name_text


class DestinationForm(ChangeForm):
    """What moving and copying ask: the place and the printed number."""

    def __init__(self, context: FormContext, measures: Sequence[str]) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            measures: Ids of the measures, at least one.

        Raises:
            UnknownMeasure: One of them is not in the programme.
        """
        super().__init__(context)
        self.measures = tuple(context.plan.measure(one) for one in dict.fromkeys(measures))

    @property
    def only(self) -> Measure | None:
        """The measure, where there is but one."""
        return self.measures[0] if len(self.measures) == 1 else None

    @property
    def place(self) -> Place:
        """The place chosen; in a programme without sections, the only one."""
        field = self.fields.get(PLACE)
        return place_of(field.typed) if field is not None else Place()

    def heading_texts(self) -> Sequence[str]:
        """Return what the measures are about, the first ones."""
        if self.only is not None:
            return (self.only.title,)
        return (", ".join(one.id for one in self.measures),)

    @property
    def draft_measures(self) -> tuple[str, ...]:
        """Ids of the measures that the form is about."""
        return tuple(one.id for one in self.measures)

    def first_number(self) -> str:
        """Return the number to begin with."""
        raise NotImplementedError

    def compose_body(self) -> ComposeResult:
        """Yield the place, where the programme has any, and the number of a single measure."""
        plan = self.context.plan
        if plan.sections:
            places = {Place(*one.place) for one in self.measures}
            place = places.pop() if len(places) == 1 else None
            value = "" if place is None else place_value(place) or NEITHER
            field = NarrowedField(PLACE, place_label(plan), place_choices(plan), value)
            yield self.add_field(field)
        if self.only is not None:
            number = measure_field(BY_NAME["number"], self.first_number(), plan)
            number.read = self.read_number
            yield self.add_field(number)

    def on_field(self, field: FormField) -> None:
        """Let what is said of the number follow the place."""
        if field.key == PLACE and "number" in self.fields:
            self.fields["number"].update_reading()

    def read_number(self, typed: str) -> str:
        """Return what follows from a number; it is shown below it."""
        raise NotImplementedError

    def destination(self) -> Destination:
        """Return where the measures go, as chosen and typed."""
        number = self.typed("number").strip() if "number" in self.fields else None
        place = self.fields.get(PLACE)
        is_kept = place is None or not place.is_changed
        return Destination(self.place.channel, self.place.section, number, is_kept=is_kept)

    def rebase(self, before: PlanData) -> Iterable[FieldMessage]:
        """Go on with the places and measures that there are now."""
        del before
        plan = self.context.plan
        for one in self.measures:
            if one.id not in plan.by_id:
                yield "", measure_removed(one.id)
                return
        self.measures = tuple(plan.measure(one.id) for one in self.measures)
        field = self.fields.get(PLACE)
        if isinstance(field, NarrowedField):
            chosen = field.typed
            field.set_choices(place_choices(plan))
            if chosen and not field.typed:
                yield PLACE, _("Пока вы выбирали, этого места не стало. Выберите другое.")


class MoveDialog(DestinationForm):
    """Move measures or give one a new number; the result is the change that was saved."""

    ACCEPT = N_("Переставить")
    ERROR_FIELDS: ClassVar = {AlreadyThere: PLACE}

    def title_text(self) -> str:
        """Return the title of the frame."""
        if self.only is not None:
            return _("Место и номер: {id}").format(id=name_text(self.only))
        return _("Переставить: мероприятий {count}").format(count=len(self.measures))

    def first_number(self) -> str:
        """Return the number that it has: it stays unless another is typed."""
        return self.measures[0].number

    def read_number(self, typed: str) -> str:
        """Return what becomes of the id, and which number is the next in a new place."""
        place = self.fields.get(PLACE)
        is_unplaced = place is not None and not place.typed
        if typed.strip() != self.measures[0].number or is_unplaced or self.destination().is_kept:
            return _("Обозначение {id}, отметки и история останутся.").format(
                id=self.measures[0].id
            )
        number = next_number(self.context.plan, self.place)
        return _("Номер останется прежним. Следующий по порядку там — {number}.").format(
            number=number
        )

    def change(self) -> Change:
        """Return the change that moves the measures; those that are there already stay."""
        to, data = self.destination(), self.context.data
        changes: list[Change] = []
        if to.is_kept and not self.has_typed:
            raise AlreadyThere(measure=", ".join(one.id for one in self.measures))
        for measure in self.measures:
            try:
                change = move(data, measure.id, to)
            except AlreadyThere:
                if measure is self.measures[-1] and not changes:
                    raise
                continue
            data = apply_edits(data, change.edits)
            changes.append(change)
        return joined(changes)


class CopyDialog(DestinationForm):
    """Copy a measure; the result is the change that was saved."""

    ACCEPT = N_("Скопировать")

    def __init__(self, context: FormContext, measure: str) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            measure: Id of the measure.

        Raises:
            UnknownMeasure: It is not in the programme.
        """
        super().__init__(context, [measure])

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Копия мероприятия {id}").format(id=name_text(self.measures[0]))

    def first_number(self) -> str:
        """Return the next number of its place."""
        return next_number(self.context.plan, self.measures[0].place)

    def on_field(self, field: FormField) -> None:
        """Let the number follow the place until the user types one."""
        number = self.fields["number"]
        if field.key == PLACE and field.typed and not number.is_changed:
            proposed = next_number(self.context.plan, self.place)
            if proposed != number.typed:
                number.set_initial(proposed)

    def read_number(self, typed: str) -> str:
        """Return the id that the copy gets."""
        if not typed.strip():
            return ""
        id_ = free_id(typed.strip(), self.context.plan.by_id)
        return _("→ обозначение {id}, без отметок и переносов").format(id=id_)

    def change(self) -> Change:
        """Return the change that adds the copy."""
        return copy(self.context.data, self.measures[0].id, self.destination())

"""The dialog that adds a measure: place, number and what it is about."""

from collections.abc import Iterable

from textual.app import ComposeResult

from kvartal.schema.changes import MISSING, Change, Missing, Plain, PlanData
from kvartal.schema.description import key_order
from kvartal.schema.errors import N_
from kvartal.schema.fields import BY_NAME, FIELDS
from kvartal.schema.numbering import free_id, next_number
from kvartal.schema.operations import add
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.inputs import replace_when_typed
from kvartal.tui.forms.measure_fields import measure_field
from kvartal.tui.forms.measure_form import IN_ITEMS, MeasureForm
from kvartal.tui.forms.place_field import PlaceField
from kvartal.tui.i18n import _
from kvartal.tui.places import Place

_PLACE_NAMES = frozenset({"channel", "section", "number"})


class AddDialog(MeasureForm):
    """Add a measure; the result is the change that was saved."""

    ACCEPT = N_("Добавить")

    _place_field: PlaceField | None = None

    def __init__(self, context: FormContext, place: Place | None = None) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            place: The channel or section proposed; None for the first one.
        """
        super().__init__(context)
        self._proposed = place or Place()
        if context.plan.sections:
            self._place_field = PlaceField(context.plan, self._proposed)

    @property
    def place(self) -> Place:
        """Where the measure is to stand; in a programme without sections, where others do."""
        return self._place_field.place if self._place_field is not None else self._proposed

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Новое мероприятие")

    def compose_body(self) -> ComposeResult:
        """Yield the place, the number that follows from it, and the other fields."""
        plan = self.context.plan
        if self._place_field is not None:
            yield self.add_field(self._place_field)
        number = measure_field(BY_NAME["number"], next_number(plan, self.place), plan)
        number.read = self._read_number
        replace_when_typed(number.control)
        yield self.add_field(number)
        for field in FIELDS:
            key = str(field.path[0])
            if field.name in _PLACE_NAMES or key in self.items:
                continue
            if field.name in IN_ITEMS:
                yield from self.compose_items(key, MISSING)
            else:
                yield self.add_field(measure_field(field, MISSING, plan))
        yield from self.compose_extras({})

    def on_field(self, field: FormField) -> None:
        """Let the number follow the place until the user types one."""
        number = self.fields["number"]
        if field is self._place_field and not number.is_changed:
            proposed = next_number(self.context.plan, self.place)
            if proposed != number.typed:
                number.set_initial(proposed)

    def rebase(self, before: PlanData) -> Iterable[FieldMessage]:
        """Propose a different number where others took the one proposed."""
        del before
        number = self.fields["number"]
        if not number.is_changed:
            number.set_initial(next_number(self.context.plan, self.place))
        return ()

    def change(self) -> Change:
        """Return the change that adds the measure."""
        place = (("channel", self.place.channel), ("section", self.place.section))
        row: dict[str, Plain] = {name: value for name, value in place if value is not None}
        simple = [name for name in self.fields if name in BY_NAME and name not in IN_ITEMS]
        parts: dict[str, Plain | Missing] = self.values(simple)
        parts |= {key: group.typed_value() for key, group in self.items.items()}
        extra = self.values(name for name in self.fields if name.startswith("extra."))
        added: dict[str, Plain] = {
            name.removeprefix("extra."): value
            for name, value in extra.items()
            if not isinstance(value, Missing)
        }
        parts["extra"] = added or MISSING
        row |= {key: value for key, value in parts.items() if not isinstance(value, Missing)}
        order = key_order(("measures", 0))
        return add(self.context.data, {key: row[key] for key in order if key in row})

    def _read_number(self, typed: str) -> str:
        number = typed.strip()
        if not number:
            return ""
        plan = self.context.plan
        id_ = free_id(number, plan.by_id)
        if any((one.number, Place(*one.place)) == (number, self.place) for one in plan.measures):
            template = _("→ продолжение строки {number}, обозначение {id}")
            return template.format(number=number, id=id_)
        return _("→ обозначение {id}").format(id=id_)

"""The dialog that edits a measure: its fields in one form."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from textual.app import ComposeResult

from kvartal.history.diff.matching import same
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, Plain, PlanData, measure_data
from kvartal.schema.errors import N_
from kvartal.schema.fields import BY_NAME, FIELDS
from kvartal.schema.operations import set_values
from kvartal.schema.plan_data import is_approved
from kvartal.schema.states import current_term
from kvartal.tui.forms.context import FormContext, field_clash, measure_removed
from kvartal.tui.forms.field import FixedField
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.item_fields import ItemFields
from kvartal.tui.forms.measure_fields import (
    extra_text,
    measure_field,
    plain_at,
    stored_term,
    text_for,
)
from kvartal.tui.forms.measure_form import IN_ITEMS, MeasureForm
from kvartal.tui.forms.term_field import TermField
from kvartal.tui.i18n import _
from kvartal.tui.presentation.measure_numbers import name_text

PLACE: Final = frozenset({"channel", "section"})
"""The fields that say where a measure is: it does not move by an edit."""


class EditDialog(MeasureForm):
    """Edit a measure; the result is the change that was saved."""

    ACCEPT = N_("Сохранить")
    EDITS_STORED = True

    def __init__(self, context: FormContext, measure: str) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            measure: Id of the measure.

        Raises:
            UnknownMeasure: It is not in the programme.
        """
        super().__init__(context)
        self._measure = context.plan.measure(measure)
        row = measure_data(context.data, measure)
        self.original = {field.name: plain_at(row, field.path) for field in FIELDS}
        self._row: Mapping[str, Plain] = row

    @property
    def draft_measures(self) -> tuple[str, ...]:
        """Ids of the measures that the form is about."""
        return (self._measure.id,)

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Правка мероприятия {id}").format(id=name_text(self._measure))

    def heading_texts(self) -> Sequence[str]:
        """Return what the measure is about."""
        return (self._measure.title,)

    def compose_body(self) -> ComposeResult:
        """Yield the fields of a measure, in the order of the schema, but for its place."""
        approved = is_approved(self.context.data)
        for field in FIELDS:
            key = str(field.path[0])
            if field.name in PLACE or key in self.items:
                continue
            if field.name == "term" and approved:
                yield self._fixed_term(field.label)
            elif field.name in IN_ITEMS:
                yield from self.compose_items(key, plain_at(self._row, (key,)))
            else:
                value = self.original[field.name]
                yield self.add_field(measure_field(field, value, self.context.plan))
        yield from self.compose_extras(_extra(self._row))

    def change(self) -> Change:
        """Return the change that sets the fields that were changed."""
        id_ = self._measure.id
        every = [field.key for field in self.fields.values() if field.is_changed]
        changed = [key for key in every if key in BY_NAME and key not in IN_ITEMS]
        edits = [*set_values(self.context.data, id_, self.values(changed)).edits]
        for group in self.items.values():
            edits += group.edits(id_)
        extra = self.values(key for key in every if key.startswith("extra."))
        for name, new in extra.items():
            old = self.original[name]
            if not same(old, new):
                edits.append(Edit(id_, ("extra", name.removeprefix("extra.")), old, new))
        return Change(ChangeKind.SET, tuple(edits))

    def rebase(self, before: PlanData) -> Iterator[FieldMessage]:
        """Fill what others wrote into the fields that were not touched; report the others."""
        del before
        id_ = self._measure.id
        if id_ not in self.context.plan.by_id:
            yield "", measure_removed(id_)
            return
        self._measure = self.context.plan.measure(id_)
        self._row = measure_data(self.context.data, id_)
        for field in FIELDS:
            if field.name in IN_ITEMS:
                continue
            old, new = self.original[field.name], plain_at(self._row, field.path)
            if same(old, new):
                continue
            self.original[field.name] = new
            form_field = self.fields.get(field.name)
            if form_field is not None:
                text = text_for(field, new)
                if form_field.is_changed and form_field.typed != text:
                    yield field.name, field_clash(form_field.initial, text)
                if isinstance(form_field, TermField):
                    form_field.rebase_term(stored_term(new, self.context.plan))
                else:
                    form_field.rebase(text)
        for group in self.items.values():
            yield from self._rebase_items(group)
        yield from self._rebase_extras()

    def _rebase_items(self, group: ItemFields) -> Iterator[FieldMessage]:
        """Go on with what others made of the responsible, the budget or the indicators."""
        new = plain_at(self._row, (group.kind.key,))
        if same(group.value, new):
            return
        for key, text, initial in group.rebase(new):
            yield key, field_clash(initial, text)
        for field in [*self.fields.values()]:
            if field.key.partition(".")[0] == group.kind.key:
                del self.fields[field.key]
        for field in group.fields:
            self.add_field(field)

    def _rebase_extras(self) -> Iterator[FieldMessage]:
        values = _extra(self._row)
        for key, extra in self.extras.items():
            name, new = f"extra.{key}", values.get(key, MISSING)
            if same(self.original[name], new):
                continue
            self.original[name] = new
            form_field = self.fields[name]
            text = extra_text(extra, new)
            if form_field.is_changed and form_field.typed != text:
                yield name, field_clash(form_field.initial, text)
            form_field.rebase(text)

    def _fixed_term(self, label: str) -> FixedField:
        term = current_term(self._measure)
        text = term.text
        if self._measure.postponements:
            text = _("{text} (по плану {original}, переносов: {count})").format(
                text=term.text,
                original=self._measure.term.text,
                count=len(self._measure.postponements),
            )
        return FixedField(_(label), text, _("Программа утверждена: срок меняют переносом."))


def _extra(row: Mapping[str, Plain]) -> dict[str, Plain]:
    """Return what the organisation adds to a measure, by key."""
    value = row.get("extra")
    return value if isinstance(value, dict) else {}

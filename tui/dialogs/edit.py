"""The dialog that edits a measure: its fields in one form."""

from collections.abc import Iterator, Sequence
from typing import Final

from textual.app import ComposeResult

from kvartal.history.diff.matching import same
from kvartal.schema.changes import Change, PlanData, measure_data
from kvartal.schema.errors import N_
from kvartal.schema.fields import FIELDS
from kvartal.schema.operations import is_approved, set_values
from kvartal.schema.states import current_term
from kvartal.tui.forms.context import FormContext, field_clash, measure_removed
from kvartal.tui.forms.field import FixedField
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.measure_fields import measure_field, plain_at, text_for
from kvartal.tui.forms.measure_form import MeasureForm
from kvartal.tui.i18n import _

PLACE: Final = frozenset({"number", "channel"})
"""The fields that say where a measure is."""


class EditDialog(MeasureForm):
    """Edit a measure; the result is the change that was saved."""

    ACCEPT = N_("Сохранить")

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

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Правка мероприятия {id}").format(id=self._measure.id)

    def heading_texts(self) -> Sequence[str]:
        """Return what the measure is about."""
        return (self._measure.proposal,)

    def compose_body(self) -> ComposeResult:
        """Yield the fields of a measure, in the order of the schema.

        Not its number and channel: a measure cannot be moved yet, so they would be refused.
        """
        approved = is_approved(self.context.data)
        for field in FIELDS:
            if field.name in PLACE:
                continue
            if field.name == "term" and approved:
                yield self._fixed_term(field.label)
            else:
                value = self.original[field.name]
                yield self.add_field(measure_field(field, value, self.context.plan))

    def change(self) -> Change:
        """Return the change that sets the fields that were changed."""
        changed = [field.key for field in self.fields.values() if field.is_changed]
        return set_values(self.context.data, self._measure.id, self.values(changed))

    def rebase(self, before: PlanData) -> Iterator[FieldMessage]:
        """Fill what others wrote into the fields that were not touched; report the others."""
        del before
        id_ = self._measure.id
        if id_ not in self.context.plan.by_id:
            yield "", measure_removed(id_)
            return
        self._measure = self.context.plan.measure(id_)
        row = measure_data(self.context.data, id_)
        for field in FIELDS:
            old, new = self.original[field.name], plain_at(row, field.path)
            if same(old, new):
                continue
            self.original[field.name] = new
            form_field = self.fields.get(field.name)
            if form_field is not None:
                text = text_for(field, new)
                if form_field.is_changed and form_field.typed != text:
                    yield field.name, field_clash(form_field.initial, text)
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

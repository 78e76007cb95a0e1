"""The dialog that edits a measure: every field of it, in one form."""

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from kvartal.history.diff.matching import same
from kvartal.schema.changes import Change, measure_data
from kvartal.schema.errors import N_
from kvartal.schema.fields import FIELDS
from kvartal.schema.operations import is_approved, set_values
from kvartal.schema.states import current_term
from kvartal.tui.forms.context import FormContext, clash, gone
from kvartal.tui.forms.field import FixedField
from kvartal.tui.forms.measure_fields import measure_field, plain_at, text_for
from kvartal.tui.forms.measure_form import MeasureForm
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown


class EditDialog(MeasureForm):
    """Edit a measure; the result is the change that was kept."""

    ACCEPT = N_("Сохранить")

    def __init__(self, desk: FormContext, measure: str) -> None:
        """Take the measure.

        Args:
            desk: The programme and the way to keep a change.
            measure: Id of the measure.

        Raises:
            UnknownMeasure: It is not in the programme.
        """
        super().__init__(desk)
        self._measure = desk.plan.measure(measure)
        row = measure_data(desk.data, measure)
        self.original = {field.name: plain_at(row, field.path) for field in FIELDS}

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Правка мероприятия {id}").format(id=self._measure.id)

    def compose_heading(self) -> ComposeResult:
        """Yield what the measure is about."""
        text = Content(shown(self._measure.proposal))
        yield Static(text, classes="heading-line", markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield every field of a measure, in the order of the schema."""
        approved = is_approved(self.desk.data)
        for field in FIELDS:
            if field.name == "term" and approved:
                yield self._fixed_term(field.label)
            else:
                value = self.original[field.name]
                yield self.add_field(measure_field(field, value, self.desk.plan))

    def change(self) -> Change:
        """Return the change that sets the fields that were altered."""
        altered = [field.key for field in self.fields.values() if field.is_changed]
        return set_values(self.desk.data, self._measure.id, self.values(altered))

    def news(self) -> Iterator[tuple[str, str]]:
        """Bring what others wrote into the fields that were left alone; tell of the others."""
        name = self._measure.id
        if name not in self.desk.plan.by_id:
            yield "", gone(name)
            return
        self._measure = self.desk.plan.measure(name)
        row = measure_data(self.desk.data, name)
        for field in FIELDS:
            before, now = self.original[field.name], plain_at(row, field.path)
            if same(before, now):
                continue
            self.original[field.name] = now
            control = self.fields.get(field.name)
            if control is not None:
                text = text_for(field, now)
                if control.is_changed and control.typed != text:
                    yield field.name, clash(control.initial, text)
                control.rebase(text)

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

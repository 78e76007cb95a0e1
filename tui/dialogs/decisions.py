"""The dialogs about a decision: a measure is postponed or cancelled, for a reason and on a day."""

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import ClassVar

from textual.app import ComposeResult

from kvartal.schema.changes import Change, PlanData
from kvartal.schema.checkpoints import last_day
from kvartal.schema.errors import N_
from kvartal.schema.fields import OTHER_LABELS
from kvartal.schema.operations import ReasonMissing, SameTerm, cancel, postpone
from kvartal.schema.problems import DataPath
from kvartal.schema.states import current_term, status
from kvartal.schema.terms import ImpossibleTerm, StatedReading, UnsureTerm
from kvartal.tui.forms.change_form import ChangeForm
from kvartal.tui.forms.context import FormContext, state_changes
from kvartal.tui.forms.date_field import DateField
from kvartal.tui.forms.field import FixedField, FormField, required
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.forms.long_input import LongInput
from kvartal.tui.forms.term_field import TermField
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.labels import state_label
from kvartal.tui.presentation.measure_numbers import name_text
from kvartal.tui.presentation.term_text import names_day


class DecisionDialog(ChangeForm):
    """A form about one measure that asks for a reason, a basis and a date."""

    date_field: DateField

    def __init__(self, context: FormContext, measure: str) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            measure: Id of the measure.

        Raises:
            UnknownMeasure: It is not in the programme.
        """
        super().__init__(context)
        self.measure = context.plan.measure(measure)

    @property
    def draft_measures(self) -> tuple[str, ...]:
        """Ids of the measures that the form is about."""
        return (self.measure.id,)

    def date_hint(self) -> str:
        """Return what the date means."""
        return ""

    def heading_texts(self) -> Sequence[str]:
        """Return what the measure is about."""
        return (self.measure.title,)

    def compose_decision(self) -> ComposeResult:
        """Yield the fields of a decision."""
        yield self.add_field(
            FormField(
                "reason",
                _(OTHER_LABELS["reason"]),
                LongInput(),
                required=True,
                hint=_("Почему. Причина останется в истории изменений."),
                check=required(_(OTHER_LABELS["reason"])),
            )
        )
        yield self.add_field(
            FormField(
                "basis",
                _(OTHER_LABELS["basis"]),
                LineInput(),
                hint=_("Документ, которым это разрешено, например: Приказ № 118 от 25.09.2024."),
            )
        )
        self.date_field = DateField(
            "date",
            _("Дата решения"),
            self.context.plan.period,
            self.context.as_of,
            value=self.context.as_of,
            hint=self.date_hint(),
        )
        yield self.add_field(self.date_field)

    def rebase(self, before: PlanData) -> Iterator[FieldMessage]:
        """Go on with the measure as it is now; report what became of its state."""
        self.measure = self.context.plan.by_id.get(self.measure.id, self.measure)
        for sentence in state_changes(before, self.context.data, [self.measure.id]):
            yield "", sentence

    def field_key(self, path: DataPath) -> str:
        """Return the key of the field: the facts of a decision are directly below it."""
        names = [part for part in path if isinstance(part, str)][1:]
        return names[0] if names and names[0] in self.fields else ""


class PostponeDialog(DecisionDialog):
    """Postpone a measure; the result is the change that was saved."""

    ACCEPT = N_("Перенести")
    _term: TermField
    ERROR_FIELDS: ClassVar = MappingProxyType(
        {
            SameTerm: "to",
            UnsureTerm: "to",
            ImpossibleTerm: "to",
            ReasonMissing: "reason",
        }
    )

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Перенос срока: {id}").format(id=name_text(self.measure))

    def date_hint(self) -> str:
        """Return what the date means."""
        return _("С этого дня действует новый срок. Например: 27.09, сегодня.")

    def compose_body(self) -> ComposeResult:
        """Yield the term in force, then what is decided."""
        yield self._current_term()
        self._term = TermField("to", _("Новый срок"), self.context.plan, check=self._check_term)
        yield self.add_field(self._term)
        yield from self.compose_decision()

    def change(self) -> Change:
        """Return the change that postpones the measure."""
        return postpone(
            self.context.data,
            self.measure.id,
            to=self._term.text,
            reason=self.typed("reason"),
            day=self.date_field.required_value(),
            basis=self.typed("basis"),
            stated=self._term.stated,
        )

    def field_key(self, path: DataPath) -> str:
        """Return the key of the field; what is wrong inside the term is shown at the term."""
        names = [part for part in path if isinstance(part, str)]
        return "to" if names[1:2] == ["to"] else super().field_key(path)

    def _current_term(self) -> FixedField:
        plan = self.context.plan
        term = current_term(self.measure)
        due = last_day(term, plan.calendar)
        value = term.text
        if due is not None and not names_day(term.text, due):
            value = _("{text}, до {due}").format(text=term.text, due=day(due))
        count = len(self.measure.postponements)
        note = _("Ещё не переносился.")
        if count:
            note = _("По плану: {original}. Переносов: {count}.").format(
                original=self.measure.term.text, count=count
            )
        return FixedField(_("Срок сейчас"), value, note)

    def _check_term(self, text: str, stated: StatedReading | None) -> None:
        postpone(
            self.context.data,
            self.measure.id,
            to=text,
            reason="-",
            day=self.context.as_of,
            stated=stated,
        )


class CancelDialog(DecisionDialog):
    """Cancel a measure; the result is the change that was saved."""

    ACCEPT = N_("Снять с плана")
    ERROR_FIELDS: ClassVar = MappingProxyType({ReasonMissing: "reason"})

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Снятие с плана: {id}").format(id=name_text(self.measure))

    def date_hint(self) -> str:
        """Return what the date means."""
        return _("С этого дня мероприятие не числится в плане. Например: 27.09, сегодня.")

    def compose_body(self) -> ComposeResult:
        """Yield the state of the measure, then what is decided."""
        current = status(self.measure, self.context.plan.calendar, self.context.as_of)
        kept = _("Строка остаётся в программе, отметки и история тоже.")
        yield FixedField(_("Сейчас"), f"{state_label(current)} · {current.term.text}", kept)
        yield from self.compose_decision()

    def change(self) -> Change:
        """Return the change that cancels the measure."""
        return cancel(
            self.context.data,
            self.measure.id,
            reason=self.typed("reason"),
            day=self.date_field.required_value(),
            basis=self.typed("basis"),
        )

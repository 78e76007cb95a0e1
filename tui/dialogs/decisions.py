"""The dialogs about a decision: a measure is postponed or cancelled, for a reason and on a day."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from kvartal.schema.changes import Change
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.fields import OTHER_LABELS
from kvartal.schema.operations import ReasonMissing, SameTerm, cancel, postpone
from kvartal.schema.problems import DataPath
from kvartal.schema.states import current_term, status
from kvartal.schema.terms import TermOutsideYear, UnreadableTerm, term_due, typed_term
from kvartal.tui.dates import with_year
from kvartal.tui.forms.context import FormContext, changed_meanwhile, gone
from kvartal.tui.forms.date_field import DateField
from kvartal.tui.forms.field import FixedField, FormField, required
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.inputs import LineInput, LongInput
from kvartal.tui.forms.measure_fields import term_reading
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.labels import state_label
from kvartal.tui.presentation.sanitize import shown

STATE: Final = ("term", "postponements", "records", "cancelled")
"""The parts of a measure that a decision about it hangs on."""


class DecisionDialog(FormDialog[Change]):
    """A form about one measure that asks for a reason, a basis and a date."""

    date_field: DateField

    def __init__(self, desk: FormContext, measure: str) -> None:
        """Take the measure.

        Args:
            desk: The programme and the way to keep a change.
            measure: Id of the measure.

        Raises:
            UnknownMeasure: It is not in the programme.
        """
        super().__init__()
        self.desk = desk
        self.measure = desk.plan.measure(measure)

    def date_hint(self) -> str:
        """Return what the date means."""
        return ""

    def compose_heading(self) -> ComposeResult:
        """Yield what the measure is about."""
        text = Content(shown(self.measure.proposal))
        yield Static(text, classes="heading-line", markup=False)

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
            self.desk.plan.year,
            self.desk.today,
            self.desk.as_of,
            hint=self.date_hint(),
        )
        yield self.add_field(self.date_field)

    def take_up(self) -> Iterator[tuple[str, str]]:
        """Take up what others made of the programme; tell what became of the measure's state."""
        now = self.desk.by_now()
        if now is None:
            return
        before, self.desk = self.desk.data, now
        if self.measure.id not in now.plan.by_id:
            yield "", gone(self.measure.id)
            return
        self.measure = now.plan.measure(self.measure.id)
        told = changed_meanwhile(before, now.data, [self.measure.id], STATE)
        if told:
            yield "", told

    async def catch_up(self) -> None:
        """Have the application take up what others did."""
        if self.desk.catch_up is not None:
            await self.desk.catch_up()

    def place(self, path: DataPath) -> str:
        """Return the key of the field: the facts of a decision stand right under it."""
        names = [part for part in path if isinstance(part, str)][1:]
        return names[0] if names and names[0] in self.fields else ""


class PostponeDialog(DecisionDialog):
    """Postpone a measure; the result is the change that was kept."""

    ACCEPT = N_("Перенести")
    ERROR_FIELDS: ClassVar = MappingProxyType(
        {
            SameTerm: "to",
            UnreadableTerm: "to",
            TermOutsideYear: "to",
            ReasonMissing: "reason",
        }
    )

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Перенос срока: {id}").format(id=self.measure.id)

    def date_hint(self) -> str:
        """Return what the date means."""
        return _("С этого дня действует новый срок. Например: 27.09, сегодня.")

    def compose_body(self) -> ComposeResult:
        """Yield the term in force, then what is decided."""
        yield self._term_now()
        yield self.add_field(
            FormField(
                "to",
                _("Новый срок"),
                LineInput(),
                required=True,
                hint=_("Квартал (4, III, 2-3) или дата (30.11, 30.11.{year}).").format(
                    year=self.desk.plan.year
                ),
                check=self._check_term,
                read=self._read_term,
            )
        )
        yield from self.compose_decision()

    async def keep(self) -> Change:
        """Postpone."""
        change = postpone(
            self.desk.data,
            self.measure.id,
            to=with_year(self.typed("to"), self.desk.plan.year),
            reason=self.typed("reason"),
            day=self.date_field.given(),
            basis=self.typed("basis"),
        )
        await self.desk.save(change, ())
        return change

    def place(self, path: DataPath) -> str:
        """Return the key of the field; what is wrong inside the term is told at the term."""
        names = [part for part in path if isinstance(part, str)]
        return "to" if names[1:2] == ["to"] else super().place(path)

    def _term_now(self) -> FixedField:
        year = self.desk.plan.year
        term = current_term(self.measure)
        due = term_due(term, year)
        value = _("{text}, до {due}").format(text=term.text, due=day(due)) if due else term.text
        count = len(self.measure.postponements)
        told = _("Ещё не переносился.")
        if count:
            told = _("По плану: {original}. Переносов: {count}.").format(
                original=self.measure.term.text, count=count
            )
        return FixedField(_("Срок сейчас"), value, told)

    def _check_term(self, typed: str) -> None:
        postpone(
            self.desk.data,
            self.measure.id,
            to=with_year(typed, self.desk.plan.year),
            reason="-",
            day=self.desk.as_of,
        )

    def _read_term(self, typed: str) -> str:
        year = self.desk.plan.year
        try:
            return term_reading(typed_term(with_year(typed, year), year), year)
        except KvartalError:
            return ""


class CancelDialog(DecisionDialog):
    """Take a measure off the plan; the result is the change that was kept."""

    ACCEPT = N_("Снять с плана")
    ERROR_FIELDS: ClassVar = MappingProxyType({ReasonMissing: "reason"})

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Снятие с плана: {id}").format(id=self.measure.id)

    def date_hint(self) -> str:
        """Return what the date means."""
        return _("С этого дня мероприятие не числится в плане. Например: 27.09, сегодня.")

    def compose_body(self) -> ComposeResult:
        """Yield how the measure stands, then what is decided."""
        found = status(self.measure, self.desk.plan.year, self.desk.as_of)
        told = _("Строка остаётся в программе, отметки и история тоже.")
        yield FixedField(_("Сейчас"), f"{state_label(found)} · {found.term.text}", told)
        yield from self.compose_decision()

    async def keep(self) -> Change:
        """Take it off the plan."""
        change = cancel(
            self.desk.data,
            self.measure.id,
            reason=self.typed("reason"),
            day=self.date_field.given(),
            basis=self.typed("basis"),
        )
        await self.desk.save(change, ())
        return change

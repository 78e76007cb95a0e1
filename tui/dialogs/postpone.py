"""The dialog that postpones a measure: new term, reason, basis, date."""

from types import MappingProxyType
from typing import ClassVar

from textual.app import ComposeResult

from kvartal.schema.changes import Change
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.operations import ReasonMissing, SameTerm, postpone
from kvartal.schema.problems import DataPath
from kvartal.schema.states import current_term
from kvartal.schema.terms import TermOutsideYear, UnreadableTerm, term_due, typed_term
from kvartal.tui.dates import with_year
from kvartal.tui.dialogs.decisions import DecisionDialog
from kvartal.tui.forms.field import FixedField, FormField
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.forms.measure_fields import term_reading
from kvartal.tui.i18n import _
from kvartal.tui.presentation.labels import day


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

"""The small dialogs of next year's programme: why a measure is dropped, and what its term is."""

from textual.app import ComposeResult

from kvartal.schema.errors import N_
from kvartal.schema.fields import FieldRequired
from kvartal.schema.measure import Measure, Term
from kvartal.schema.model import Plan
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.forms.term_field import TermField
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.measure_numbers import name_text


class DropDialog(FormDialog[str]):
    """Ask why a measure is not carried over; the result is the reason."""

    ACCEPT = N_("Не переносить")

    def __init__(self, measure: Measure) -> None:
        """Make the dialog.

        Args:
            measure: The measure.
        """
        super().__init__()
        self._measure = measure

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Не переносить: {id}").format(id=name_text(self._measure))

    def heading_texts(self) -> tuple[str, ...]:
        """Return what the dialog is about."""
        return (self._measure.title,)

    def compose_body(self) -> ComposeResult:
        """Yield the field."""
        hint = _("Останется в истории новой программы.")
        yield self.add_field(
            FormField(
                "reason",
                _("Причина"),
                LineInput(),
                required=True,
                hint=hint,
                check=self._checked,
            )
        )

    async def submit(self) -> str:
        """Return the reason."""
        return self._checked(self.typed("reason"))

    def action_next_field(self) -> None:
        """Accept what was typed: there is no other field to go to."""
        self.action_accept()

    def _checked(self, typed: str) -> str:
        if not typed.strip():
            raise FieldRequired(field=_("Причина"))
        return typed.strip()


class NextTermDialog(FormDialog[Term]):
    """Ask for the term of a carried measure; the result is the term."""

    ACCEPT = N_("Записать")

    def __init__(self, measure: Measure, term: Term | None, plan: Plan) -> None:
        """Make the dialog.

        Args:
            measure: The measure.
            term: The term so far; None where none is clear.
            plan: The programme, with the period of the new one.
        """
        super().__init__()
        self._measure = measure
        period = plan.period
        hint = _("Новая программа — с {first} по {last}.")
        hint = hint.format(first=day(period.start), last=day(period.due))
        self._field = TermField("term", _("Срок"), plan, term=term, hint=hint)

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Срок в новой программе: {id}").format(id=name_text(self._measure))

    def heading_texts(self) -> tuple[str, ...]:
        """Return what the dialog is about."""
        return (self._measure.title,)

    def compose_body(self) -> ComposeResult:
        """Yield the field."""
        yield self.add_field(self._field)

    async def submit(self) -> Term:
        """Return the term."""
        return self._field.term()

    def action_next_field(self) -> None:
        """Accept what was typed: there is no other field to go to."""
        self.action_accept()

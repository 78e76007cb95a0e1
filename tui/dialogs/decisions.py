"""What the dialogs about a decision have in common: reason, basis and date."""

from collections.abc import Iterator
from typing import Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from kvartal.schema.changes import Change
from kvartal.schema.fields import OTHER_LABELS
from kvartal.schema.problems import DataPath
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.date_field import DateField
from kvartal.tui.forms.field import FormField, required
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.inputs import LineInput, LongInput
from kvartal.tui.forms.meanwhile import changed_meanwhile, gone
from kvartal.tui.i18n import _
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

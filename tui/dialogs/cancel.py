"""The dialog that takes a measure off the plan: reason, basis, date."""

from types import MappingProxyType
from typing import ClassVar

from textual.app import ComposeResult

from kvartal.schema.changes import Change
from kvartal.schema.errors import N_
from kvartal.schema.operations import ReasonMissing, cancel
from kvartal.schema.states import status
from kvartal.tui.dialogs.decisions import DecisionDialog
from kvartal.tui.forms.field import FixedField
from kvartal.tui.i18n import _
from kvartal.tui.presentation.labels import state_label


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

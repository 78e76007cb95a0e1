"""The fields that say of a record what it is for and what came of it, filled with what is known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from kvartal.schema.measure import Record
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import CheckInput, LineInput
from kvartal.tui.forms.long_input import LongInput
from kvartal.tui.forms.radio_list import RadioList
from kvartal.tui.forms.record_targets import RecordTarget, RecordTargets
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

CHECKPOINT: Final = "checkpoint"
"""Key of the field for the checkpoint, whatever it is."""


@dataclass(frozen=True, slots=True)
class RecordFields:
    """What the fields are made from.

    Attributes:
        targets: What the record may be for.
        proposed: What it is likely for.
        known: The record that the fields begin with; None for a new one.
    """

    targets: RecordTargets
    proposed: RecordTarget
    known: Record | None

    def checkpoint(self) -> FormField:
        """Return the field for the checkpoint: a quarter, or a day."""
        year, targets = self.targets.plan.year, self.targets.targets
        choices = [(one.key(year), Content(self.targets.describe(one))) for one in targets]
        are_quarters = all(one.quarter is not None for one in targets)
        label = _("Квартал") if are_quarters else _("Контрольная точка")
        hint = _("За какую контрольную точку отметка: стрелки или цифра.")
        if are_quarters:
            hint = _("За какой квартал отметка: стрелки или цифра.")
        proposed = self.proposed.key(year)
        return FormField(
            CHECKPOINT,
            label,
            RadioList(choices, proposed),
            initial=proposed,
            required=True,
            hint=hint,
        )

    def reason(self) -> FormField:
        """Return the field for why it was done or recorded late."""
        text = shown(self.known.reason or "") if self.known else ""
        return FormField(
            "reason",
            _("Причина задержки"),
            LineInput(text),
            initial=text,
            hint=_("Почему исполнено или записано позже. Останется в отметке."),
        )

    def result(self) -> FormField:
        """Return the field for the actual result, with the expected one as its hint."""
        expected = " / ".join(
            filter(None, dict.fromkeys(one.result for one in self.targets.measures))
        )
        text = shown(self.known.result or "", lines=True) if self.known else ""
        return FormField(
            "result",
            _("Фактический результат"),
            LongInput(text),
            initial=text,
            hint=_("Ожидалось: {result}").format(result=expected) if expected else "",
        )

    def completion(self, read: Callable[[str], str]) -> FormField:
        """Return the field for whether the measure is done with it.

        Args:
            read: Returns what follows, as it is ticked.
        """
        offered = self.targets.completes(self.proposed)
        if self.known is not None:
            offered = self.known.complete
        field = FormField(
            "complete",
            _("Исполнение"),
            CheckInput(_("Мероприятие тем самым исполнено"), value=offered),
            initial="1" if offered else "",
            hint=_("Пробел ставит и снимает. Последняя отметка обычно завершает."),
            read=read,
        )
        field.control.disabled = self.targets.is_completed
        return field

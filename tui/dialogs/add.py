"""The dialog that adds a measure: channel, number and what it is about."""

from collections.abc import Iterable, Mapping

from textual.app import ComposeResult

from kvartal.schema.changes import Change, Missing, Plain, PlanData
from kvartal.schema.description import key_order
from kvartal.schema.errors import N_
from kvartal.schema.fields import BY_NAME, FIELDS
from kvartal.schema.operations import add, free_id, next_number
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.measure_fields import measure_field
from kvartal.tui.forms.measure_form import MeasureForm
from kvartal.tui.i18n import _


class AddDialog(MeasureForm):
    """Add a measure; the result is the change that was saved."""

    ACCEPT = N_("Добавить")

    def __init__(self, context: FormContext, channel: str = "") -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            channel: Number of the channel proposed; empty for the first one.
        """
        super().__init__(context)
        first = next(iter(context.plan.channels), "")
        self._channel = channel if channel in context.plan.channels else first

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Новое мероприятие")

    def compose_body(self) -> ComposeResult:
        """Yield the channel, the number that follows from it, and the other fields."""
        proposed = {
            "channel": self._channel,
            "number": next_number(self.context.plan, self._channel),
        }
        names = [*proposed, *(field.name for field in FIELDS if field.name not in proposed)]
        for name in names:
            field = measure_field(BY_NAME[name], proposed.get(name, ""), self.context.plan)
            if name == "number":
                field.read = self._read_number
            yield self.add_field(field)

    def on_field(self, field: FormField) -> None:
        """Let the number follow the channel until the user types one."""
        number = self.fields["number"]
        if field.key == "channel" and not number.is_changed:
            proposed = next_number(self.context.plan, field.typed)
            if proposed != number.typed:
                number.set_initial(proposed)

    def rebase(self, before: PlanData) -> Iterable[FieldMessage]:
        """Propose a different number where others took the one proposed."""
        del before
        number = self.fields["number"]
        if not number.is_changed:
            number.set_initial(next_number(self.context.plan, self.typed("channel")))
        return ()

    def change(self) -> Change:
        """Return the change that adds the measure."""
        return add(self.context.data, plain_row(self.values(self.fields)))

    def _read_number(self, typed: str) -> str:
        number = typed.strip()
        if not number:
            return ""
        id_ = free_id(number, self.context.plan.by_id)
        if id_ == number:
            return _("→ обозначение {id}").format(id=id_)
        return _("→ продолжение строки {number}, обозначение {id}").format(number=number, id=id_)


def plain_row(values: Mapping[str, Plain | Missing]) -> dict[str, Plain]:
    """Return the plain data of a measure in the schema's order of keys.

    Args:
        values: By dotted name of the field.
    """
    row: dict[str, Plain] = {}
    for name, value in values.items():
        key, _dot, inner = name.partition(".")
        if isinstance(value, Missing):
            continue
        if inner:
            group = row.setdefault(key, {})
            if isinstance(group, dict):
                group[inner] = value
        else:
            row[key] = value
    return {key: row[key] for key in key_order(("measures", 0)) if key in row}

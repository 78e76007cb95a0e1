"""What the forms of a whole measure have in common: its fields, and checking the rules ahead."""

import asyncio
from collections.abc import Iterable
from typing import Final

from textual import work
from textual.events import DescendantBlur

from kvartal.schema.changes import MISSING, Change, Missing, Plain, apply_edits, measure_index
from kvartal.schema.errors import KvartalError
from kvartal.schema.fields import FIELDS
from kvartal.schema.problems import DataPath, Problem
from kvartal.tui.forms.change_form import ChangeForm
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.measure_fields import field_name_at, value_of
from kvartal.tui.i18n import _

INDICATOR: Final = tuple(field.name for field in FIELDS if field.name.startswith("indicator."))


class MeasureForm(ChangeForm):
    """A form of the fields of a measure.

    When a field is left, the programme as it would be is validated in the background, so that a
    broken rule is shown at its field before anything is saved.
    """

    def __init__(self, context: FormContext) -> None:
        super().__init__(context)
        self.original: dict[str, Plain | Missing] = {}

    def values(self, names: Iterable[str]) -> dict[str, Plain | Missing]:
        """Return the plain values of fields as typed; MISSING for an empty one.

        Args:
            names: Of the fields.

        Raises:
            FieldRequired, NotANumber, NotAChoice, TermOutsideYear: A text does not fit its field.
        """
        return {
            field.name: value_of(
                field,
                self.typed(field.name),
                self.original.get(field.name, MISSING),
                self.context.plan,
            )
            for field in FIELDS
            if field.name in names
        }

    def field_key(self, path: DataPath) -> str:
        """Return the key of the field that a path in the measure belongs to."""
        return field_name_at(path, self.fields)

    def verify(self) -> bool:
        """Check every field, and those that go together."""
        if not super().verify():
            return False
        messages = [*self._incomplete_indicator(), *self._actions()]
        self.show_messages(messages)
        return not messages

    def _incomplete_indicator(self) -> list[FieldMessage]:
        empty = [name for name in INDICATOR if not self.typed(name).strip()]
        if len(empty) == len(INDICATOR):
            return []
        return [(name, _("Заполните все поля показателя или очистите их все.")) for name in empty]

    def _actions(self) -> list[FieldMessage]:
        own, shared = self.fields["actions"], self.fields["actions_from"]
        if not own.typed.strip() and not shared.typed.strip():
            return [("actions", _("Напишите действия или укажите, с чем они общие."))]
        if own.typed.strip() and shared.typed.strip() and own.is_changed:
            return [("actions_from", _("Оставьте одно: свои действия или общие."))]
        return []

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Check the rules ahead, when a field is left."""
        super().on_descendant_blur(event)
        if self.has_typed and not self.busy:
            self._check_ahead()

    @work(group="check ahead", exclusive=True)
    async def _check_ahead(self) -> None:
        before = {key: field.typed for key, field in self.fields.items()}
        try:
            change = self.change()
        except KvartalError:
            return
        problems = await asyncio.to_thread(self._problems_after, change)
        now = {key: field.typed for key, field in self.fields.items()}
        if self.busy or now != before:
            return
        for problem in problems:
            field = self.fields.get(self.field_key(problem.path[2:]))
            if field is not None and field.is_changed and not field.error:
                field.error = problem.message(_)
        self.update_note()

    def _problems_after(self, change: Change) -> list[Problem]:
        """Return what would be wrong with the measure after a change. Runs in a thread."""
        from kvartal.schema.validation import validate

        if not change.edits:
            return []
        try:
            data = apply_edits(self.context.data, change.edits)
            place = ("measures", measure_index(data, change.edits[0].measure))
        except KvartalError:
            return []
        return [
            problem
            for problem in validate(data)
            # What is still missing may be about to be typed.
            if problem.path[:2] == place and problem.code != "schema-required"
        ]

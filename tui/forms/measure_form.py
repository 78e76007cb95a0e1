"""What the forms of a whole measure have in common: its fields, and looking ahead at the rules."""

import asyncio
from collections.abc import Iterable
from typing import Final

from textual import work
from textual.events import DescendantBlur

from kvartal.schema.changes import (
    MISSING,
    Change,
    Missing,
    Plain,
    apply_edits,
    measure_index,
)
from kvartal.schema.errors import KvartalError
from kvartal.schema.fields import FIELDS
from kvartal.schema.problems import DataPath, Problem
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.measure_fields import field_of_path, value_of
from kvartal.tui.i18n import _

INDICATOR: Final = tuple(field.name for field in FIELDS if field.name.startswith("indicator."))


class MeasureForm(FormDialog[Change]):
    """A form of the fields of a measure.

    When a field is left, the programme as it would be is validated out of sight, so that a rule
    that is broken is told at its field before anything is saved.
    """

    def __init__(self, desk: FormContext) -> None:
        super().__init__()
        self.desk = desk
        self.original: dict[str, Plain | Missing] = {}

    def change(self) -> Change:
        """Return the change that what was typed makes.

        Raises:
            KvartalError: It makes none.
        """
        raise NotImplementedError

    def take_up(self) -> Iterable[tuple[str, str]]:
        """Take up what others made of the programme."""
        now = self.desk.by_now()
        if now is None:
            return ()
        self.desk = now
        return tuple(self.news())

    def news(self) -> Iterable[tuple[str, str]]:
        """Return what of it a person has to read; a subclass knows."""
        return ()

    async def catch_up(self) -> None:
        """Have the application take up what others did."""
        if self.desk.catch_up is not None:
            await self.desk.catch_up()

    async def keep(self) -> Change | None:
        """Keep the change."""
        change = self.change()
        if not change.edits:
            return None
        await self.desk.save(change, ())
        return change

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
                self.desk.plan.year,
            )
            for field in FIELDS
            if field.name in names
        }

    def place(self, path: DataPath) -> str:
        """Return the key of the field that a path in the measure belongs to."""
        return field_of_path(path, self.fields)

    def verify(self) -> bool:
        """Look at every field, and at those that go together."""
        if not super().verify():
            return False
        told = [*self._torn_indicator(), *self._actions()]
        self.tell_at(told)
        return not told

    def _torn_indicator(self) -> list[tuple[str, str]]:
        empty = [name for name in INDICATOR if not self.typed(name).strip()]
        if len(empty) == len(INDICATOR):
            return []
        return [(name, _("Заполните все поля показателя или очистите их все.")) for name in empty]

    def _actions(self) -> list[tuple[str, str]]:
        own, shared = self.fields["actions"], self.fields["actions_from"]
        if not own.typed.strip() and not shared.typed.strip():
            return [("actions", _("Напишите действия или укажите, с чем они общие."))]
        if own.typed.strip() and shared.typed.strip() and own.is_changed:
            return [("actions_from", _("Оставьте одно: свои действия или общие."))]
        return []

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Look ahead, when a field is left."""
        super().on_descendant_blur(event)
        if self.has_typed and not self.busy:
            self._look_ahead()

    @work(group="look ahead", exclusive=True)
    async def _look_ahead(self) -> None:
        before = {key: field.typed for key, field in self.fields.items()}
        try:
            change = self.change()
        except KvartalError:
            return
        found = await asyncio.to_thread(self._foreseen, change)
        now = {key: field.typed for key, field in self.fields.items()}
        if self.busy or now != before:
            return
        for problem in found:
            field = self.fields.get(self.place(problem.path[2:]))
            if field is not None and field.is_changed and not field.error:
                field.error = problem.message(_)
        self.explain()

    def _foreseen(self, change: Change) -> list[Problem]:
        """Return what would be wrong with the measure after a change. Runs in a thread."""
        from kvartal.schema.validation import validate

        if not change.edits:
            return []
        try:
            data = apply_edits(self.desk.data, change.edits)
            place = ("measures", measure_index(data, change.edits[0].measure))
        except KvartalError:
            return []
        return [
            problem
            for problem in validate(data)
            # What is still missing may be about to be typed.
            if problem.path[:2] == place and problem.code != "schema-required"
        ]

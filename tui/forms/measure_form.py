"""What the forms of a whole measure have in common: its fields, and checking the rules ahead."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from textual import work
from textual.app import ComposeResult
from textual.events import DescendantBlur

from kvartal.schema.changes import MISSING, Change, Missing, Plain, measure_index
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import KvartalError
from kvartal.schema.fields import FIELDS
from kvartal.schema.problems import DataPath, Problem
from kvartal.schema.writing import plain_term
from kvartal.tui.forms.change_form import ChangeForm
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.item_fields import ITEM_GROUPS, ItemFields
from kvartal.tui.forms.measure_fields import (
    extra_fields,
    extra_form_field,
    extra_value,
    field_name_at,
    value_of,
)
from kvartal.tui.forms.term_field import TermField
from kvartal.tui.forms.typed_dialog import MOST_MADE, added_index
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import message_at_field

if TYPE_CHECKING:
    from kvartal.schema.model import ExtraField

IN_ITEMS: Final = frozenset(
    field.name for field in FIELDS if field.path[0] in {kind.key for kind in ITEM_GROUPS}
)
"""The fields that `ItemFields` shows: a measure may have several of what they are about."""


class MeasureForm(ChangeForm):
    """A form of the fields of a measure.

    When a field is left, the programme as it would be is validated in the background, so that a
    broken rule is shown at its field before anything is saved.
    """

    def __init__(self, context: FormContext) -> None:
        super().__init__(context)
        self.original: dict[str, Plain | Missing] = {}
        self.items: dict[str, ItemFields] = {}
        self.extras: dict[str, ExtraField] = {}

    def compose_items(self, key: str, value: Plain | Missing) -> ComposeResult:
        """Yield the fields of what the measure has one of or several.

        Args:
            key: Of an `ItemGroup`.
            value: What the measure has of them.
        """
        kind = next(one for one in ITEM_GROUPS if one.key == key)
        self.items[key] = ItemFields(kind, value, self.context.plan)
        for field in self.items[key].fields:
            self.add_field(field)
        yield self.items[key]

    def compose_extras(self, values: dict[str, Plain]) -> ComposeResult:
        """Yield the fields that the organisation adds.

        Args:
            values: Their values now, by key.
        """
        for extra in extra_fields(self.context.plan, values):
            value = values.get(extra.key, MISSING)
            self.extras[extra.key] = extra
            self.original[f"extra.{extra.key}"] = value
            field = extra_form_field(extra, value, self.context.plan, self.context.as_of)
            yield self.add_field(field)

    def values(self, names: Iterable[str]) -> dict[str, Plain | Missing]:
        """Return the plain values of fields as typed; MISSING for an empty one.

        Args:
            names: Of the fields.

        Raises:
            FieldRequired, NotANumber, NotAChoice, UnreadableDate, NoSuchDay: A text does not fit.
            TermUnchosen, TermNotUnderstood, ImpossibleTerm: Nor does that of the term.
        """
        wanted = set(names)
        plain = {field.name: self._value(field.name) for field in FIELDS if field.name in wanted}
        for key, extra in self.extras.items():
            name = f"extra.{key}"
            if name in wanted:
                plain[name] = extra_value(extra, self.fields[name], self.original[name])
        return plain

    def _value(self, name: str) -> Plain | Missing:
        form_field = self.fields[name]
        if isinstance(form_field, TermField):
            return plain_term(form_field.term(), self.context.plan.year)
        field = next(one for one in FIELDS if one.name == name)
        return value_of(field, form_field.typed, self.original.get(name, MISSING))

    def action_more_items(self, key: str) -> None:
        """Add the fields of one more item.

        Args:
            key: Of its `ItemGroup`.
        """
        group = self.items[key]
        self._add_item(group)
        self.call_after_refresh(self.focus_field, next(iter(group.rows[-1].values())))

    def _add_item(self, group: ItemFields) -> None:
        new = group.add_row()
        for field in new:
            self.add_field(field)
        group.mount(*new, before=f"#more-{group.kind.key}")

    def make_field(self, key: str) -> None:
        """Add items up to that of a field."""
        name = key.partition(".")[0]
        index, group = added_index(key, name), self.items.get(name)
        if group is None or index is None:
            return
        # The first item gains fields by the second.
        while key not in self.fields and len(group.rows) <= min(max(index, 1), MOST_MADE):
            self._add_item(group)

    def field_key(self, path: DataPath) -> str:
        """Return the key of the field that a path in the measure belongs to."""
        return field_name_at(path, self.fields)

    def verify(self) -> bool:
        """Check every field, and those that go together."""
        if not super().verify():
            return False
        messages = [*self._incomplete_items(), *self._actions()]
        self.show_messages(messages)
        return not messages

    def _incomplete_items(self) -> Iterator[FieldMessage]:
        """Yield what lacks in items of which something was typed."""
        for row in self.items["indicator"].rows:
            yield from _incomplete(
                row.values(), _("Заполните все поля показателя или очистите их все.")
            )
        for row in self.items["responsible"].rows:
            role = row.get("role")
            if role is not None and role.typed.strip() and not row["name"].typed.strip():
                yield row["name"].key, _("Назовите исполнителя: роль есть, а имени нет.")
        for row in self.items["budget"].rows:
            amounts = (row["plan"], row["fact"])
            others = [field for name, field in row.items() if name not in {"plan", "fact"}]
            if any(one.typed.strip() for one in others) and not any(
                one.typed.strip() for one in amounts
            ):
                yield row["plan"].key, _("Напишите, сколько: есть источник или год, а суммы нет.")

    def _actions(self) -> list[FieldMessage]:
        own, shared = self.fields["actions"], self.fields["actions_from"]
        what = (self.fields["proposal"], own, shared)
        if not any(field.typed.strip() for field in what):
            return [("proposal", _("Напишите предложение или действия: хватит одного."))]
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
                field.error = message_at_field(problem)
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


def _incomplete(fields: Iterable[FormField], sentence: str) -> Iterator[FieldMessage]:
    every = list(fields)
    empty = [field.key for field in every if not field.typed.strip()]
    if len(empty) < len(every):
        yield from ((key, sentence) for key in empty)

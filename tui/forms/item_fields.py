"""The fields for what a measure has one of or several: responsible, budget, indicator.

The plan stores one of them as it is (a line, a mapping) and several as a list. A form begins with
what is there, and a button adds one more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical

from kvartal.schema.changes import MISSING, Edit, Missing, Plain
from kvartal.schema.errors import N_
from kvartal.schema.fields import Field, field_named, show
from kvartal.schema.model import Plan
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import ActionButton
from kvartal.tui.forms.measure_fields import measure_field, value_of
from kvartal.tui.i18n import _


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """What a measure has one of or several.

    Attributes:
        key: In the data of a measure.
        names: The fields of an item, in the order of the schema.
        in_list_only: Those of them that only an item of a list has.
        more: Label of the button that adds one.
    """

    key: str
    names: tuple[str, ...]
    in_list_only: frozenset[str]
    more: str

    @property
    def is_line(self) -> bool:
        """Whether a single one is stored as a line of text."""
        return self.key == "responsible"

    def single_names(self) -> tuple[tuple[str, str], ...]:
        """Return the fields of a single one: the dotted name of each, and its name in an item."""
        if self.is_line:
            return ((self.key, "name"),)
        return tuple((f"{self.key}.{n}", n) for n in self.names if n not in self.in_list_only)


ITEM_GROUPS: Final = (
    ItemGroup("responsible", ("name", "role"), frozenset({"role"}), N_("Ещё исполнитель")),
    ItemGroup(
        "budget",
        ("source", "year", "plan", "fact"),
        frozenset({"source", "year"}),
        N_("Ещё источник"),
    ),
    ItemGroup(
        "indicator",
        ("name", "unit", "direction", "target", "period"),
        frozenset(),
        N_("Ещё показатель"),
    ),
)


class ItemFields(Vertical):
    """The fields of one or several items, and the button that adds one more."""

    DEFAULT_CSS = """
    ItemFields { height: auto; }
    """

    def __init__(self, kind: ItemGroup, value: Plain | Missing, plan: Plan) -> None:
        """Make the fields.

        Args:
            kind: What the items are.
            value: What the measure has of them.
            plan: The programme.
        """
        super().__init__(id=f"items-{kind.key}")
        self.kind = kind
        self.value = value
        self._plan = plan
        self._rows: list[dict[str, FormField]] = []
        items: Sequence[Plain] = value if isinstance(value, list) else ()
        for index, item in enumerate(items):
            self._rows.append(dict(self._list_row(index, item if isinstance(item, dict) else {})))
        if not items:
            self._rows.append(dict(self._single_row()))

    def compose(self) -> ComposeResult:
        """Yield the fields and the button."""
        for row in self._rows:
            yield from row.values()
        action = f"screen.more_items('{self.kind.key}')"
        button = ActionButton(_(self.kind.more), action=action, id=f"more-{self.kind.key}")
        yield button.add_class("more-fields")

    @property
    def fields(self) -> Iterator[FormField]:
        """All fields."""
        for row in self._rows:
            yield from row.values()

    @property
    def rows(self) -> Sequence[Mapping[str, FormField]]:
        """The fields of each item, by their names in it."""
        return self._rows

    @property
    def is_changed(self) -> bool:
        """Whether anything was typed."""
        return any(field.is_changed for field in self.fields)

    def add_row(self) -> Sequence[FormField]:
        """Add an item; return its fields and those that the first one gains by it."""
        new: list[FormField] = []
        first = self._rows[0]
        if len(self._rows) == 1:
            for name in self.kind.names:
                if name not in first:
                    first[name] = self._field(0, name, MISSING)
                    new.append(first[name])
        row = dict(self._list_row(len(self._rows), {}))
        self._rows.append(row)
        return [*new, *row.values()]

    def typed_value(self) -> Plain | Missing:
        """Return what the measure has of these items, as typed; MISSING for none.

        Raises:
            FieldRequired, NotANumber, NotAChoice: A text does not fit its field.
        """
        items = [item for row in self._rows if (item := self._item(row))]
        in_list_only = self.kind.in_list_only
        is_list = isinstance(self.value, list) or len(items) > 1
        if is_list or any(name in in_list_only for item in items for name in item):
            return list[Plain](items) or MISSING
        if not items:
            return MISSING
        return items[0]["name"] if self.kind.is_line else items[0]

    def edits(self, measure: str) -> tuple[Edit, ...]:
        """Return the edits of what was typed: of single fields where no item comes or goes.

        Args:
            measure: Id of the measure.

        Raises:
            FieldRequired, NotANumber, NotAChoice: A text does not fit its field.
        """
        if not self.is_changed:
            return ()
        new, key = self.typed_value(), self.kind.key
        return tuple(_edits(measure, (key,), self.value, new))

    def rebase(self, value: Plain | Missing) -> Sequence[tuple[str, str, str]]:
        """Go on with what others made of these items; what was typed stays.

        Args:
            value: What the measure has of them now.

        Returns:
            For each field that both changed: its key, the text of others and that before.
        """
        untouched = not self.is_changed
        clashes = []
        before, self.value = self.value, value
        rows, old_rows = ItemFields(self.kind, value, self._plan).rows, self._rows
        if untouched and [*map(list, rows)] != [*map(list, old_rows)]:
            self._rows = [dict(row) for row in rows]
            self._show_rows()
            return ()
        self.value = value
        for row, new in zip(old_rows, rows, strict=False):
            for name, field in row.items():
                text = new[name].initial if name in new else ""
                if text == field.initial:
                    continue
                if field.is_changed and field.typed != text:
                    clashes.append((field.key, text, field.initial))
                field.rebase(text)
        if not clashes and not untouched and len(rows) != len(old_rows):
            first = next(iter(old_rows[0].values()))
            clashes.append((first.key, show(value), show(before)))
        return clashes

    def _show_rows(self) -> None:
        """Put the fields of other rows in place of those shown."""
        button = self.query_one(f"#more-{self.kind.key}")
        for field in self.query(FormField):
            field.remove()
        self.mount(*self.fields, before=button)

    def _item(self, row: Mapping[str, FormField]) -> dict[str, Plain]:
        item: dict[str, Plain] = {}
        for name, form_field in row.items():
            field = replace(field_named(form_field.key), required=False)
            value = value_of(field, form_field.typed, self._original(form_field))
            if not isinstance(value, Missing):
                item[name] = value
        return {name: item[name] for name in self.kind.names if name in item}

    def _original(self, form_field: FormField) -> Plain | Missing:
        value: Plain | Missing = self.value
        for part in field_named(form_field.key).path[1:]:
            if isinstance(value, dict):
                value = value.get(str(part), MISSING)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            elif part != 0:
                return MISSING
        return MISSING if isinstance(value, list | dict) else value

    def _single_row(self) -> Iterator[tuple[str, FormField]]:
        for dotted, name in self.kind.single_names():
            value = self.value.get(name, MISSING) if isinstance(self.value, dict) else self.value
            yield name, measure_field(field_named(dotted), value, self._plan)

    def _list_row(self, index: int, item: Mapping[str, Plain]) -> Iterator[tuple[str, FormField]]:
        for name in self.kind.names:
            yield name, self._field(index, name, item.get(name, MISSING))

    def _field(self, index: int, name: str, value: Plain | Missing) -> FormField:
        field: Field = field_named(f"{self.kind.key}.{index}.{name}")
        form_field = measure_field(replace(field, required=False), value, self._plan)
        if index:
            form_field.label = _("{label} ({number})").format(
                label=form_field.label, number=index + 1
            )
        return form_field


def _edits(
    measure: str, path: tuple[str | int, ...], old: Plain | Missing, new: Plain | Missing
) -> Iterator[Edit]:
    """Yield the smallest edits between two values of the same shape, else one of the whole."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _edits(measure, (*path, key), old.get(key, MISSING), new.get(key, MISSING))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _edits(measure, (*path, index), before, after)
    elif old != new or isinstance(old, bool) is not isinstance(new, bool):
        yield Edit(measure, path, old, new)

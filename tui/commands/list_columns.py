"""The columns of ``kvartal list``: their values in JSON, CSV and tables, and sorting by them."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING, Final

import click

from kvartal.schema.changes import Json
from kvartal.schema.fields import label_of, show_number
from kvartal.schema.model import Plan
from kvartal.schema.states import MeasureState
from kvartal.tui.commands.params import TextType
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.labels import MEASURE_STATES
from kvartal.tui.presentation.levels import channel_level_name, level_name
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Row = Mapping[str, Json]
"""A measure as `measure_row` and `programme_keys` describe it."""

COLUMNS: Final = (
    *("id", "number", "section", "channel", "segment", "proposal", "actions"),
    *("term", "term.text", "term.start", "term.due", "term.quarters", "term.points"),
    *("result", "state", "due", "responsible", "extra", "checkpoints"),
    *("organization", "year", "plan"),
)
_CSV: Final = tuple(name for name in COLUMNS if name not in {"term", "extra"})
_UNSORTED: Final = frozenset({"actions", "extra", "checkpoints", "term.quarters", "term.points"})
_EXTRA: Final = "extra."
_STATES: Final = tuple(state.value for state in MeasureState)
_DAYS: Final = frozenset({"due", "term.start", "term.due"})
_LABELS: Final = {
    "term.text": ("term",),
    "term.start": ("start",),
    "term.due": ("due",),
    "term.quarters": ("quarters",),
    "term.points": ("points",),
}
_DIGITS: Final = re.compile(r"([0-9]+)")
# What a spreadsheet would take for a formula.
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


class ColumnsType(TextType):
    """Names of columns, separated by commas."""

    name = "columns"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, if each name is that of a column."""
        names = [name.strip() for name in value.split(",") if name.strip()]
        unknown = [name for name in names if not _is_column(name)]
        if unknown or not names:
            template = _("Столбца «{name}» нет. Есть: {known}.")
            known = ", ".join((*COLUMNS, "extra.KEY"))
            self.fail(template.format(name=", ".join(unknown), known=known), param, ctx)
        return ",".join(dict.fromkeys(names))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        """Return the columns that the last name begins."""
        from click.shell_completion import CompletionItem

        del ctx, param
        before, comma, last = incomplete.rpartition(",")
        return [CompletionItem(before + comma + one) for one in COLUMNS if one.startswith(last)]


class SortType(TextType):
    """The name of a column to sort by; a dash before it reverses the order."""

    name = "sort"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, if rows can be sorted by it."""
        name = value.strip().removeprefix("-")
        if not _is_column(name) or name in _UNSORTED:
            known = ", ".join(one for one in COLUMNS if one not in _UNSORTED)
            template = _("Сортировать по «{name}» нельзя. Можно: {known}.")
            self.fail(template.format(name=name, known=known), param, ctx)
        return value.strip()


def value_of(row: Row, name: str) -> Json:
    """Return the value of a column in a row; None where the row has none."""
    if name in row:
        return row[name]
    head, _dot, key = name.partition(".")
    inner = row.get(head)
    return inner.get(key) if isinstance(inner, dict) else None


def sort_key(row: Row, name: str) -> tuple[object, ...]:
    """Return what rows are sorted by: numbers in a text count as numbers, states by their order."""
    value = value_of(row, "term.due" if name == "term" else name)
    if name == "state":
        return (_STATES.index(str(value)),)
    if isinstance(value, int | float):
        return (0, float(value))
    parts = _DIGITS.split(str(value).casefold())
    # Texts and numbers alternate, so that like is compared with like.
    return (1, *(int(part) if at % 2 else part for at, part in enumerate(parts)))


def is_absent(row: Row, name: str) -> bool:
    """Return whether a row has no value to sort by: it comes last either way."""
    return value_of(row, "term.due" if name == "term" else name) is None


def csv_text(rows: Iterable[Row], names: Sequence[str] | None, plans: Iterable[Plan]) -> str:
    """Return rows as CSV, headed by the names of their columns.

    Args:
        rows: The rows.
        names: The columns; None for all.
        plans: The programmes, whose own fields are columns too.
    """
    if names is None:
        own = dict.fromkeys(
            f"{_EXTRA}{key}"
            for plan in plans
            for key in (
                *(field.key for field in plan.fields),
                *(key for measure in plan.measures for key in measure.extra),
            )
        )
        at = _CSV.index("checkpoints")
        names = (*_CSV[:at], *own, *_CSV[at:])
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_csv_cell(value_of(row, name)) for name in names] for row in rows)
    return file.getvalue()


def title_of(name: str, plan: Plan) -> str:
    """Return the heading of a column, in the organisation's words where it has them."""
    if name == "section":
        return level_name(plan, 0)
    if name == "channel":
        return channel_level_name(plan, 1)
    if name.startswith(_EXTRA):
        key = name.removeprefix(_EXTRA)
        return next((field.title for field in plan.fields if field.key == key), key)
    titles = {
        "id": _("№"),
        "segment": _("Сегмент"),
        "state": _("Состояние"),
        "checkpoints": _("Контрольные точки"),
        "organization": _("Организация"),
        "year": _("Год"),
        "plan": _("Файл"),
    }
    return titles.get(name) or _(label_of(_LABELS.get(name, (name,))))


def table_text(row: Row, name: str) -> str:
    """Return the cell of a column for people."""
    value = value_of(row, name)
    if value is None:
        return ""
    if name == "state":
        return _(MEASURE_STATES[MeasureState(str(value))])
    if name in _DAYS:
        return day(date.fromisoformat(str(value)))
    return _plain_text(value)


def _csv_cell(value: Json) -> str:
    text = shown(_plain_text(value), lines=True)
    is_formula = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def _plain_text(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(map(_item_text, value))
    if isinstance(value, dict):
        if "text" in value:
            return str(value["text"])
        return "; ".join(f"{key}: {_plain_text(one)}" for key, one in value.items())
    return show_number(value) if isinstance(value, float) else str(value)


def _item_text(item: Json) -> str:
    """Return one item of a list; a checkpoint as ``3: overdue``."""
    if isinstance(item, dict):
        what = next((item[key] for key in ("quarter", "point", "due") if item.get(key)), "")
        return f"{what}: {item.get('state')}"
    return _plain_text(item)


def _is_column(name: str) -> bool:
    return name in COLUMNS or (name.startswith(_EXTRA) and len(name) > len(_EXTRA))

"""The fields of forms for the document: texts of its own, each at its path in the data."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvartal.schema.changes import MISSING, Missing, Plain, PlanData
from kvartal.schema.data_paths import value_at
from kvartal.schema.description import describe, key_order
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import LineInput, restored
from kvartal.tui.forms.long_input import LongInput
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.sanitize import shown

DOCUMENT: Final = "document"
APPROVAL_DATE: Final = (DOCUMENT, "approval", "date")
LINE: Final = 48
"""A line longer than this is wrapped in its field, to be read whole."""
CHAPTERS: Final = (
    *("information", "references", "definitions", "goals_and_tasks", "current_state"),
)
"""The chapters that have a name of their own, in printed order."""

ROW_LISTS: Final = (
    *((DOCUMENT, "information", "rows"), (DOCUMENT, "references", "documents")),
    (DOCUMENT, "definitions", "terms"),
)
"""The lists of rows in them."""

LABELS: Final = {
    "number": N_("Номер"),
    "heading": N_("Заголовок"),
    "name": N_("Название"),
    "value": N_("Значение"),
    "requisites": N_("Реквизиты акта"),
    "title": N_("Наименование"),
    "abbreviation": N_("Сокращение"),
    "definition": N_("Определение"),
    "intro": N_("Вводная фраза"),
    "marker": N_("Знак перечня"),
    "items": N_("Пункты"),
    "paragraphs": N_("Абзацы"),
    "paragraph": N_("Абзац"),
    "conclusion": N_("Заключение"),
    "caption": N_("Подпись таблицы"),
    "empty_mark": N_("Прочерк"),
}
"""What the texts of chapters are called, by their keys."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A text of the document, or a list of lines.

    Attributes:
        path: From the root of the data.
        label: What it is called.
        is_list: Whether it is a list, one item a line.
        is_long: Whether the text may have several lines.
    """

    path: DataPath
    label: str
    is_list: bool = False
    is_long: bool = False

    @property
    def key(self) -> str:
        """Name of its field in a form."""
        return ".".join(map(str, self.path))

    def form_field(self, data: PlanData) -> FormField:
        """Return its field, filled with what is there."""
        text = self.text(data)
        is_wrapped = self.is_list or self.is_long or len(text) > LINE
        control = LongInput(text) if is_wrapped else LineInput(text)
        hint = _("По одному в строке: Enter начинает строку.") if self.is_list else ""
        return FormField(self.key, self.label, control, initial=text, hint=hint)

    def text(self, data: PlanData) -> str:
        """Return what is there, as the text of the control."""
        value = value_at(data, self.path)
        if isinstance(value, list):
            return "\n".join(shown(str(one)) for one in value)
        if self.path == APPROVAL_DATE and isinstance(value, str):
            return shown(_day_as_read(value))
        return "" if isinstance(value, Missing) else shown(str(value), lines=self.is_long)

    def typed_value(self, typed: str, data: PlanData) -> Plain | Missing:
        """Return what a typed text means; MISSING for an empty one."""
        before = value_at(data, self.path)
        if self.is_list:
            every = "".join(map(str, before)) if isinstance(before, list) else ""
            lines = (restored(line.strip(), every) for line in typed.splitlines())
            return [line for line in lines if line] or MISSING
        text = "" if isinstance(before, Missing) else str(before)
        if not self.is_long:
            typed = " ".join(line.strip() for line in typed.splitlines())
        return restored(typed, text, lines=self.is_long).strip() or MISSING


def _day_as_read(text: str) -> str:
    """Return a day as the user reads and types it; what is no day, as it is."""
    with suppress(ValueError):
        return day(date.fromisoformat(text))
    return text


def with_values(data: PlanData, values: dict[DataPath, Plain | Missing]) -> PlanData:
    """Return the data with values at paths; what is left empty by a missing one goes as well.

    Paths go by the indexes before: what is removed goes last, from the end.
    """
    changed: Plain | Missing = data
    removed = [path for path, value in values.items() if isinstance(value, Missing)]
    for path in sorted((path for path in values if path not in removed), key=_indexes):
        changed = _with(changed, path, values[path])
    for path in sorted(removed, key=_indexes, reverse=True):
        changed = _with(changed, path, MISSING)
    return changed if isinstance(changed, dict) else {}


def _indexes(path: DataPath) -> tuple[int, ...]:
    return tuple(step if isinstance(step, int) else -1 for step in path)


def _with(node: Plain | Missing, path: DataPath, value: Plain | Missing) -> Plain | Missing:
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        items = [*node] if isinstance(node, list) else []
        below = _with(items[head] if head < len(items) else MISSING, rest, value)
        items[head : head + 1] = [] if isinstance(below, Missing) else [below]
        return items or MISSING
    row = dict(node) if isinstance(node, dict) else {}
    below = _with(row.get(head, MISSING), rest, value)
    if isinstance(below, Missing):
        row.pop(head, None)
    else:
        row[head] = below
    return row or MISSING


def texts_below(data: PlanData, path: DataPath) -> Iterator[DocumentText]:
    """Yield every text below a path, in the order of the schema; rows and tables are left out.

    Args:
        data: The programme.
        path: Of a chapter.
    """
    node = value_at(data, path)
    if isinstance(node, dict):
        known = key_order(path)
        optional = [key for key in ("number", "heading") if key in known]
        for key in dict.fromkeys((*optional, *(one for one in known if one in node))):
            if key not in {"page", "columns", "table"} and (*path, key) not in ROW_LISTS:
                yield from texts_below(data, (*path, key))
    elif isinstance(node, list) and all(isinstance(one, str) for one in node):
        if not any("\n" in str(one) for one in node):
            yield DocumentText(path, _label(path), is_list=True)
            return
        for index in range(len(node)):
            yield DocumentText((*path, index), _label((*path, index)), is_long=True)
    elif isinstance(node, list):
        for index in range(len(node)):
            yield from texts_below(data, (*path, index))
    else:
        yield DocumentText(path, _label(path), is_long=is_long_text(path))


def _label(path: DataPath) -> str:
    """Return what a text is called; the items of a list are counted."""
    names = [step for step in path if isinstance(step, str)]
    name = _(LABELS.get(names[-1], names[-1]))
    counts = [step for step in path[3:] if isinstance(step, int)]
    return f"{name} {counts[-1] + 1}" if counts else name


def is_long_text(path: DataPath) -> bool:
    """Return whether the schema allows line breaks: only those of a line are ruled out by it."""
    pattern = str(describe(path).get("not", {}).get("pattern", ""))
    return "u000b" in pattern or "\x0b" in pattern

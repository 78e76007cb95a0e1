"""The document's own fields, and what else a programme says of itself: levels, fields, columns."""

import json
from collections.abc import Mapping
from typing import Final

from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, Missing, Plain, PlanData
from kvartal.schema.data_paths import value_at
from kvartal.schema.description import describe, key_order, shapes, title
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import N_, KvartalError, Labels
from kvartal.schema.problems import DataPath
from kvartal.schema.typed_text import normalised

_LEVELS: Final = ("levels",)
_OF_THE_PROGRAMME: Final = (*_LEVELS, "fields", "calendar", "audit")
_COLUMNS: Final = ("document", "plan", "table", "columns")


class UnknownDocumentField(KvartalError):
    """The document has no field of this name."""

    template = N_("У документа нет поля «{field}». Можно задать: {known}.")


class NotSuchAValue(KvartalError):
    """A text is not a value of its field's type."""

    template = N_(
        "Поле «{field}»: «{text}» не подходит. Число пишут цифрами, список — построчно или как "
        'JSON: ["…", "…"].'
    )


def document_path(name: str) -> DataPath:
    """Return where in the data a field is: ``title``, ``approval.date``, ``chapters.0.heading``.

    Args:
        name: Dotted; an index counts from 0. ``levels``, ``fields``, ``calendar`` and ``audit`` are
            those of the programme, ``columns`` those of its table.

    Raises:
        UnknownDocumentField: There is no such field.
    """
    steps: DataPath = tuple(int(step) if step.isdecimal() else step for step in name.split("."))
    if steps[0] == "columns":
        path: DataPath = (*_COLUMNS, *steps[1:])
    else:
        path = steps if steps[0] in _OF_THE_PROGRAMME else ("document", *steps)
    if not describe(path):
        raise UnknownDocumentField(field=name, known=", ".join(_known_beside(path)))
    return path


def _known_beside(path: DataPath) -> tuple[str, ...]:
    """Return the names that there are where a path leads into the unknown."""
    least = 1 if path[0] == "document" else 0
    for end in range(len(path) - 1, least, -1):
        keys = key_order(path[:end]) if describe(path[:end]) else ()
        if keys:
            return tuple(f"{_name(path[:end])}.{key}" for key in keys)
    return (*key_order(("document",)), *_OF_THE_PROGRAMME, "columns")


class NoSuchRow(KvartalError):
    """A name counts further than the list that it goes through."""

    template = N_(
        "Поле «{field}»: в «{list}» записей: {count}. Счёт с нуля; "
        "новая встаёт под номером {count}."
    )


def set_document(data: PlanData, texts: Mapping[str, str]) -> Change:
    """Return the change that sets fields of the document to what a user typed.

    Indexes are those before the change. The one after the last item of a list adds an item. What is
    left without anything in it goes as well; an empty cell of a table stays, being a cell.

    Args:
        data: The programme.
        texts: Typed text by dotted name; an empty one removes the field, or the item of a list.

    Raises:
        UnknownDocumentField: There is no field of one of the names.
        NotSuchAValue: A text does not fit its field.
        NoSuchRow: A name counts further than its list.
    """
    values: dict[DataPath, Plain | Missing] = {}
    for name, text in texts.items():
        path = document_path(name)
        values[path] = _parsed(name, path, text)
    edits: list[Edit] = []
    now = data
    for path in _in_order(values):
        edit = _edit(now, path, values[path])
        if edit is not None:
            now = apply_edits(now, [edit])
            edits.append(edit)
    return Change(ChangeKind.STRUCTURE, tuple(edits))


def _in_order(values: Mapping[DataPath, Plain | Missing]) -> list[DataPath]:
    """Return the paths so that indexes stay what they were: removals last, from the end."""
    set_to = [path for path, value in values.items() if not isinstance(value, Missing)]
    removed = [path for path, value in values.items() if isinstance(value, Missing)]
    return [*sorted(set_to, key=_indexes), *sorted(removed, key=_indexes, reverse=True)]


def _indexes(path: DataPath) -> tuple[int, ...]:
    return tuple(step if isinstance(step, int) else -1 for step in path)


def _edit(data: PlanData, path: DataPath, value: Plain | Missing) -> Edit | None:
    """Return the edit that sets the value at a path; None where it is there already.

    Raises:
        NoSuchRow: An index lies beyond the item after the last.
    """
    old = value_at(data, path)
    if old == value and isinstance(old, bool) == isinstance(value, bool):
        return None
    for end in range(1, len(path)):
        below = value_at(data, path[:end])
        step = path[end]
        count = len(below) if isinstance(below, list) else 0
        if isinstance(step, int) and step > count:
            raise NoSuchRow(
                field=_name(path),
                list=Labels(((_name(path[:end]), title(path[:end])),), form="{label}"),
                count=count,
            )
    return Edit("", path, old, value)


def _name(path: DataPath) -> str:
    """Return the dotted name that a user gives a path."""
    if path[: len(_COLUMNS)] == _COLUMNS:
        path = ("columns", *path[len(_COLUMNS) :])
    return ".".join(map(str, path[1:] if path[:1] == ("document",) else path))


def _parsed(name: str, path: DataPath, text: str) -> Plain | Missing:
    typed = normalised(text).strip()
    if not typed:
        # A row without one of its cells would be another row.
        return "" if is_cell(path) else MISSING
    types = {str(shape.get("type", "string")) for shape in shapes(path)}
    if "string" in types:
        return typed
    value = _json(typed)
    if "array" in types and isinstance(value, str) and not typed.startswith(("[", "{")):
        lines = typed.splitlines()
        if path == _LEVELS and len(lines) == 1:
            # As the form of a new programme and the remark of an import write them.
            lines = typed.split(",")
        return [line.strip() for line in lines if line.strip()]
    if not _is_of(types, value):
        raise NotSuchAValue(field=name, text=typed)
    return _ordered(path, value)


def _ordered(path: DataPath, value: Plain) -> Plain:
    """Return a value with its fields in the order in which the file gets them."""
    if isinstance(value, list):
        return [_ordered((*path, index), one) for index, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    keys = dict.fromkeys((*key_order(path), *value))
    return {key: _ordered((*path, key), value[key]) for key in keys if key in value}


def is_cell(path: DataPath) -> bool:
    """Return whether a path is that of a cell of a chapter's table."""
    return path[-3:-2] == ("rows",) and path[-4:-3] == ("table",)


def _json(text: str) -> Plain:
    try:
        value: Plain = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value


def _is_of(types: set[str], value: Plain) -> bool:
    if isinstance(value, bool):
        return "boolean" in types
    if isinstance(value, int):
        return not types.isdisjoint({"integer", "number"})
    names = {float: "number", list: "array", dict: "object"}
    return names.get(type(value), "") in types

"""The document's own fields, and what else a programme says of itself: levels, fields, columns."""

import json
from collections.abc import Mapping
from typing import Final

from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, Missing, Plain, PlanData
from kvartal.schema.description import describe, key_order, shapes
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.problems import DataPath
from kvartal.schema.typed_text import normalised

_OF_THE_PROGRAMME: Final = ("levels", "fields", "calendar", "audit")
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
        known = (*key_order(("document",)), *_OF_THE_PROGRAMME, "columns")
        raise UnknownDocumentField(field=name, known=", ".join(known))
    return path


def set_document(data: PlanData, texts: Mapping[str, str]) -> Change:
    """Return the change that sets fields of the document to what a user typed.

    Args:
        data: The programme.
        texts: Typed text by dotted name; an empty one removes the field.

    Raises:
        UnknownDocumentField: There is no field of one of the names.
        NotSuchAValue: A text does not fit its field.
    """
    edits = []
    for name, text in texts.items():
        path = document_path(name)
        old, new = _at(data, path), _parsed(name, path, text)
        if old != new:
            edits.append(Edit("", path, old, new))
    return Change(ChangeKind.STRUCTURE, tuple(edits))


def _parsed(name: str, path: DataPath, text: str) -> Plain | Missing:
    typed = normalised(text).strip()
    if not typed:
        return MISSING
    types = {str(shape.get("type", "string")) for shape in shapes(path)}
    if "string" in types:
        return typed
    value = _json(typed)
    if "array" in types and isinstance(value, str) and not typed.startswith(("[", "{")):
        return [line.strip() for line in typed.splitlines() if line.strip()]
    if not _is_of(types, value):
        raise NotSuchAValue(field=name, text=typed)
    return value


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


def _at(data: PlanData, path: DataPath) -> Plain | Missing:
    value: Plain | Missing = data
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step, MISSING)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return MISSING
    return value

"""Rules about the fields that an organisation declares and the columns that it prints."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from kvartal.schema.description import key_order
from kvartal.schema.errors import N_
from kvartal.schema.fields import BY_NAME
from kvartal.schema.model import ExtraField, FieldType
from kvartal.schema.rule import Rule, Subject, Violation, repeated


def _field_duplicate(subject: Subject) -> Iterator[Violation]:
    """A key is declared once."""
    fields = subject.plan.fields
    yield from repeated([(("fields", at, "key"), field.key) for at, field in enumerate(fields)])


def _field_reserved(subject: Subject) -> Iterator[Violation]:
    """A key is none of a measure's own fields: a column of the table could mean either."""
    own = {*key_order(("measures", 0))}
    for index, field in enumerate(subject.plan.fields):
        if field.key in own:
            yield ("fields", index, "key"), {"key": field.key}


def _field_choices(subject: Subject) -> Iterator[Violation]:
    """A field has choices exactly where it is a choice."""
    for index, field in enumerate(subject.plan.fields):
        if (field.type is FieldType.CHOICE) is not bool(field.choices):
            yield ("fields", index), {"key": field.key}


def _extra_type_mismatch(subject: Subject) -> Iterator[Violation]:
    """The value of a declared field is of its type."""
    declared = {field.key: field for field in subject.plan.fields}
    for path, measure in subject.measures():
        for key, value in measure.extra.items():
            field = declared.get(key)
            if field is not None and not _fits(field, value):
                fields = {"id": measure.id, "title": field.title, "value": value}
                yield (*path, "extra", key), fields | {"expected": _EXPECTED[field.type]}


def _fits(field: ExtraField, value: str | float) -> bool:
    if field.type is FieldType.NUMBER:
        return not isinstance(value, str)
    if not isinstance(value, str):
        return False
    if field.type is FieldType.CHOICE:
        return value in field.choices
    if field.type is FieldType.DATE:
        return _is_date(value)
    return field.type is FieldType.TEXT or len(value.splitlines()) == 1


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _column_field_unknown(subject: Subject) -> Iterator[Violation]:
    """A column of the printed table names a field of a measure or a declared key."""
    document = subject.plan.document
    part = document.get("plan")
    table = part.get("table") if isinstance(part, dict) else None
    columns = table.get("columns") if isinstance(table, dict) else None
    known = {name.partition(".")[0] for name in BY_NAME} | {"id", "section"}
    known |= {field.key for field in subject.plan.fields}
    for index, column in enumerate(columns if isinstance(columns, list) else ()):
        name = column.get("field") if isinstance(column, dict) else None
        if isinstance(name, str) and name not in known | set(BY_NAME):
            path = ("document", "plan", "table", "columns", index, "field")
            yield path, {"name": name, "known": ", ".join(sorted(known))}


_EXPECTED: Final = {
    FieldType.LINE: "line",
    FieldType.TEXT: "text",
    FieldType.NUMBER: "number",
    FieldType.DATE: "date",
    FieldType.CHOICE: "choice",
}

FIELD_RULES: Final = (
    Rule(
        code="field-duplicate",
        template=N_("Поле «{name}» уже описано. Оставьте одно описание."),
        source="design 4: fields declare keys",
        check=_field_duplicate,
    ),
    Rule(
        code="field-reserved",
        template=N_(
            "Поле «{key}»: так называется собственное поле мероприятия. Дайте полю другой ключ."
        ),
        source="design 4: a column names a field of a measure or a declared key",
        check=_field_reserved,
        is_later=True,
    ),
    Rule(
        code="field-choices",
        template=N_(
            "Поле «{key}»: choices пишут тогда, когда type: choice, и только тогда. Исправьте "
            "описание поля."
        ),
        source="design 4: fields declare a type and choices",
        check=_field_choices,
    ),
    Rule(
        code="extra-type-mismatch",
        template=N_(
            "{id}: «{title}»: значение «{value}» не подходит к виду поля ({expected}). Исправьте "
            "значение или описание поля."
        ),
        source="design 4: a check comes with the declaration",
        check=_extra_type_mismatch,
    ),
    Rule(
        code="column-field-unknown",
        template=N_("Столбец печатает поле «{name}», а такого нет. Можно назвать: {known}."),
        source="design 4: a field of a measure or a declared key",
        check=_column_field_unknown,
    ),
)

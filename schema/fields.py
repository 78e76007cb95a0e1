"""The fields of a measure that a user can set, by their names in the schema.

One table serves the command line (``set ID FIELD=VALUE``), the edit dialog and the words of the
commit messages, so a field has one name and one label everywhere.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from kvartal.schema.changes import MISSING, Missing, Plain
from kvartal.schema.errors import N_, KvartalError, Labels
from kvartal.schema.measure import Direction, Period
from kvartal.schema.problems import DataPath
from kvartal.schema.typed_text import normalised, ungrouped

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,300}(?:[.][0-9]{1,300})?")


class FieldKind(Enum):
    """How a user writes the value of a field."""

    TEXT = "text"
    STEPS = "steps"
    NUMBER = "number"
    CHOICE = "choice"
    IDS = "ids"


@dataclass(frozen=True, slots=True)
class Field:
    """One settable field.

    Attributes:
        name: Dotted name in the schema, such as ``budget.plan``.
        label: Russian name, the gettext message id.
        kind: How its value is written.
        required: Whether a measure must have it.
        choices: Allowed values of a choice, with their Russian labels.
        multiline: Whether a form gives it several lines.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    multiline: bool = False

    @property
    def path(self) -> DataPath:
        """Path inside the measure's plain data; a number in the name is an index."""
        return tuple(int(part) if part.isdecimal() else part for part in self.name.split("."))


DIRECTIONS: Final = (
    (Direction.NOT_LESS.value, N_("не менее")),
    (Direction.NOT_MORE.value, N_("не более")),
    (Direction.EQUAL.value, N_("равно")),
)
PERIODS: Final = (
    (Period.MONTH.value, N_("месяц")),
    (Period.QUARTER.value, N_("квартал")),
    (Period.HALF_YEAR.value, N_("полугодие")),
    (Period.YEAR.value, N_("год")),
)

FIELDS: Final = (
    Field("number", N_("Номер"), required=True),
    Field("channel", N_("Канал обслуживания")),
    Field("section", N_("Раздел")),
    Field("proposal", N_("Предложение"), multiline=True),
    Field("actions", N_("Действия"), FieldKind.STEPS, multiline=True),
    Field("actions_from", N_("Действия общие с")),
    Field("term", N_("Срок"), required=True),
    Field("result", N_("Ожидаемый результат"), multiline=True),
    Field("responsible", N_("Ответственный исполнитель")),
    Field("notes", N_("Примечания"), multiline=True),
    Field("budget.plan", N_("Бюджет, план"), FieldKind.NUMBER),
    Field("budget.fact", N_("Бюджет, факт"), FieldKind.NUMBER),
    Field("indicator.name", N_("Показатель")),
    Field("indicator.unit", N_("Единица измерения показателя")),
    Field(
        "indicator.direction",
        N_("Показатель: не менее или не более"),
        FieldKind.CHOICE,
        choices=DIRECTIONS,
    ),
    Field("indicator.target", N_("Показатель: план"), FieldKind.NUMBER),
    Field("indicator.period", N_("Период показателя"), FieldKind.CHOICE, choices=PERIODS),
    Field("same_work", N_("Та же работа, что"), FieldKind.IDS),
)

BY_NAME: Final = {field.name: field for field in FIELDS}

_INDEXED: Final = re.compile(r"([a-z]+)\.([0-9]{1,4})\.([a-z]+)")
# The fields of the items of lists, by the name without the index.
_IN_LISTS: Final = {
    **{name: BY_NAME[name] for name in BY_NAME if name.startswith(("budget.", "indicator."))},
    **{
        field.name: field
        for field in (
            Field("budget.source", N_("Источник")),
            Field("budget.year", N_("Год"), FieldKind.NUMBER),
            Field("responsible.name", N_("Исполнитель"), required=True),
            Field("responsible.role", N_("Роль")),
        )
    },
}

# Labels of what is not a settable field but changes by a separate operation, by key.
OTHER_LABELS: Final = {
    "id": N_("Обозначение"),
    "budget": N_("Бюджет"),
    "indicator": N_("Показатель"),
    "records": N_("Отметка об исполнении"),
    "postponements": N_("Перенос срока"),
    "cancelled": N_("Снято с плана"),
    "quarter": N_("Квартал"),
    "date": N_("Дата"),
    "complete": N_("Мероприятие исполнено"),
    "values": N_("Показатель: факт"),
    "evidence": N_("Подтверждающие документы"),
    "documents": N_("Документы"),
    "files": N_("Файлы"),
    "links": N_("Ссылки"),
    "reason": N_("Причина"),
    "basis": N_("Основание"),
    "to": N_("Новый срок"),
    "text": N_("Текст"),
    "quarters": N_("Кварталы"),
    "start": N_("Начало"),
    "due": N_("Окончание"),
    "title": N_("Название"),
    "size": N_("Размер"),
    "sha256": N_("SHA-256"),
    "path": N_("Файл"),
    "original_name": N_("Исходное имя файла"),
    "period": N_("Период"),
    "point": N_("Контрольная точка"),
    "points": N_("Контрольные точки"),
    "extra": N_("Дополнительно"),
    "carried_from": N_("Перешло из"),
    "name": N_("Исполнитель"),
    "role": N_("Роль"),
    "source": N_("Источник"),
    "year": N_("Год"),
    "value": N_("Значение"),
}


class UnknownField(KvartalError):
    """No field of a measure has this name."""

    template = N_("Поля «{field}» нет. Можно задать: {known}.")


class FieldRequired(KvartalError):
    """A field that a measure must have was left empty."""

    template = N_("Поле «{field}» не может быть пустым.")


class NotANumber(KvartalError):
    """A number was expected."""

    template = N_("Поле «{field}»: «{text}» не число. Напишите, например, 95 или 1250000,50.")


class NotAChoice(KvartalError):
    """One of a few values was expected."""

    template = N_("Поле «{field}»: «{text}» не подходит. Возможные значения: {known}.")


def field_named(name: str) -> Field:
    """Return a field by its dotted name, such as ``result``, ``budget.0.plan`` or ``extra.KEY``.

    Raises:
        UnknownField: There is no such field.
    """
    if name in BY_NAME:
        return BY_NAME[name]
    parts = name.split(".")
    if parts[0] == "extra" and len(parts) == 2 and parts[1]:  # noqa: PLR2004 - extra and the key
        return Field(name, parts[1])
    indexed = _INDEXED.fullmatch(name)
    if indexed is not None:
        base = _IN_LISTS.get(f"{indexed[1]}.{indexed[3]}")
        if base is not None:
            return replace(base, name=name)
    raise UnknownField(field=name, known=", ".join((*BY_NAME, "extra.KEY")))


def label_of(path: DataPath) -> str:
    """Return the Russian label of a path inside a measure, or its last key if there is none."""
    names = [part for part in path if isinstance(part, str)]
    for name in (".".join(names), names[0] if len(names) == 1 else "", names[-1] if names else ""):
        if name in BY_NAME:
            return BY_NAME[name].label
        if name in OTHER_LABELS:
            return OTHER_LABELS[name]
    return names[-1] if names else ""


def parse(field: Field, text: str) -> Plain | Missing:
    """Return the plain value of a text that a user typed; MISSING for an empty one.

    Args:
        field: The field.
        text: As typed. Steps are separated by «;» or line breaks, ids by commas or spaces; a
            number may have a decimal comma and spaces between thousands.

    A text is returned as typed but for the space around it; what is stored of it is decided where
    it is known what stood there before (`kvartal.schema.typed_change`).

    Raises:
        FieldRequired: Nothing was typed and the field must be there.
        NotANumber: The field takes a number and the text is not one.
        NotAChoice: The field takes one of a few values and the text is none of them.
    """
    plain = normalised(text).strip()
    if not plain:
        if field.required:
            raise FieldRequired(field=_label(field.label))
        return MISSING
    if field.kind is FieldKind.STEPS:
        return steps_of(step for line in text.splitlines() for step in line.split(";")) or MISSING
    if field.kind is FieldKind.IDS:
        ids: list[Plain] = list(dict.fromkeys(re.split(r"[\s,;]+", plain.strip(" ,;"))))
        return ids
    if field.kind is FieldKind.NUMBER:
        return parse_number(text, field.label)
    if field.kind is FieldKind.CHOICE:
        return _parse_choice(field, plain)
    return text.strip()


def steps_of(lines: Iterable[str]) -> list[Plain]:
    """Return the steps typed in lines, without those in which nothing can be seen."""
    return [line.strip() for line in lines if normalised(line).strip()]


def parse_number(text: str, label: str) -> int | float:
    """Parse a number as a user types it: decimal comma, spaces between thousands.

    Raises:
        NotANumber: The text is not a number.
    """
    plain = ungrouped(normalised(text).strip()).replace(",", ".").removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(plain):
        raise NotANumber(field=_label(label), text=text)
    return float(plain) if "." in plain else int(plain)


def show(value: Plain | Missing) -> str:
    """Return a plain value as a user would type it; empty for MISSING."""
    if isinstance(value, Missing):
        return ""
    if isinstance(value, list):
        return "; ".join(show(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {show(item)}" for key, item in value.items())
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, float):
        return show_number(value)
    return str(value)


def show_number(value: float) -> str:
    """Return a number in Russian notation: a decimal comma, no trailing zeros."""
    text = repr(value)
    return text.removesuffix(".0").replace(".", ",")


def _parse_choice(field: Field, text: str) -> str:
    for value, label in field.choices:
        if text.casefold() in {value, label}:
            return value
    known = Labels(field.choices, "{name} ({label})")
    raise NotAChoice(field=_label(field.label), text=text, known=known)


def _label(text: str) -> Labels:
    return Labels((("", text),))

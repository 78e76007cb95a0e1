"""The settable fields of a measure as fields of a form."""

from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from textual.widget import Widget

from kvartal.schema.changes import MISSING, Missing, Plain
from kvartal.schema.errors import N_
from kvartal.schema.fields import Field, FieldKind, parse, show, steps_of
from kvartal.schema.measure import Term
from kvartal.schema.model import ExtraField, FieldType, Plan
from kvartal.schema.problems import DataPath
from kvartal.schema.reading import read_term
from kvartal.tui.forms.date_field import DateField
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import ChoiceInput, LineInput, restored
from kvartal.tui.forms.long_input import LongInput
from kvartal.tui.forms.term_field import TermField
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.sanitize import shown


def plain_at(row: Mapping[str, Plain], path: DataPath) -> Plain | Missing:
    """Return the value at the path of a field in the data of a measure."""
    value: Plain | Missing = dict(row)
    for part in path:
        if isinstance(value, list) and isinstance(part, int):
            value = value[part] if part < len(value) else MISSING
        else:
            value = value.get(str(part), MISSING) if isinstance(value, dict) else MISSING
    return value


def measure_field(field: Field, value: Plain | Missing, plan: Plan) -> FormField:
    """Return the form field for a field of a measure.

    Args:
        field: The field.
        value: Its value now.
        plan: The programme.
    """
    if field.name == "term":
        return TermField(field.name, _(field.label), plan, term=stored_term(value, plan))
    text = text_for(field, value)
    return FormField(
        field.name,
        _(field.label),
        _control(field, text),
        initial=text,
        required=field.required,
        hint=_(_HINTS.get(_name_in_schema(field), "")),
        check=lambda typed: value_of(field, typed, value),
    )


def stored_term(value: Plain | Missing, plan: Plan) -> Term | None:
    """Return a term as the form begins with it; None for none."""
    return read_term(value, plan.year) if isinstance(value, dict) else None


def text_for(field: Field, value: Plain | Missing) -> str:
    """Return a plain value as the text of its control."""
    if field.name == "term":
        return shown(str(value["text"])) if isinstance(value, dict) else ""
    if field.kind is FieldKind.STEPS and isinstance(value, list):
        return "\n".join(shown(show(step)) for step in value)
    return shown(show(value), lines=field.multiline)


def value_of(field: Field, typed: str, original: Plain | Missing) -> Plain | Missing:
    """Return the plain value that the text in a control means; MISSING for an empty one.

    Args:
        field: The field; not the term, which `TermField` reads.
        typed: The text.
        original: The value that the control was filled from: characters that had to be made
            visible come back from it.

    Raises:
        FieldRequired, NotANumber, NotAChoice: The text does not fit.
    """
    if field.kind is FieldKind.STEPS:
        lines = (line.strip().rstrip(";").rstrip() for line in typed.splitlines())
        return steps_of(restored(line, show(original)) for line in lines) or MISSING
    return parse(field, restored(typed, show(original), lines=field.multiline))


def extra_fields(plan: Plan, keys: Collection[str]) -> tuple[ExtraField, ...]:
    """Return the fields that an organisation adds: those declared, then other keys as text.

    Args:
        plan: The programme.
        keys: The keys that the measure has.
    """
    declared = {field.key for field in plan.fields}
    others = (key for key in keys if key not in declared)
    return (*plan.fields, *(ExtraField(key, key, FieldType.TEXT) for key in others))


def extra_form_field(
    extra: ExtraField, value: Plain | Missing, plan: Plan, as_of: date
) -> FormField:
    """Return the form field for a field that the organisation adds.

    Args:
        extra: The field.
        value: Its value now.
        plan: The programme.
        as_of: The date on the screen.
    """
    field = _field_of(extra, value)
    if extra.type is FieldType.DATE:
        stored = _stored_day(value)
        if isinstance(stored, date) or isinstance(value, Missing):
            start = None if isinstance(stored, Missing) else stored
            return DateField(
                field.name, extra.title, plan.period, as_of, value=start, required=False
            )
    text = text_for(field, value)
    return FormField(
        field.name,
        extra.title,
        _control(field, text),
        initial=text,
        hint=_("Поле вашей организации.") if extra in plan.fields else "",
        check=None if field.choices else lambda typed: value_of(field, typed, value),
    )


def extra_value(
    extra: ExtraField, form_field: FormField, original: Plain | Missing
) -> Plain | Missing:
    """Return the plain value of a field that the organisation adds, as typed.

    Raises:
        NotANumber, NotAChoice, UnreadableDate, NoSuchDay: The text does not fit.
    """
    if isinstance(form_field, DateField):
        typed = form_field.value()
        return MISSING if typed is None else typed.isoformat()
    if extra.type is FieldType.CHOICE:
        return restored(form_field.typed, show(original)) or MISSING
    return value_of(_field_of(extra, original), form_field.typed, original)


def extra_text(extra: ExtraField, value: Plain | Missing) -> str:
    """Return the value of a field that the organisation adds as the text of its control."""
    stored = _stored_day(value) if extra.type is FieldType.DATE else MISSING
    if isinstance(stored, date):
        return day(stored)
    return text_for(_field_of(extra, value), value)


def _field_of(extra: ExtraField, original: Plain | Missing = MISSING) -> Field:
    kind = _KINDS.get(extra.type, FieldKind.TEXT)
    is_number = isinstance(original, int | float)
    if extra.title == extra.key and is_number:
        # A number under a key that nobody declared stays one.
        kind = FieldKind.NUMBER
    return Field(
        f"extra.{extra.key}",
        extra.title,
        kind,
        choices=tuple((choice, choice) for choice in extra.choices),
        multiline=extra.type is FieldType.TEXT,
    )


def _stored_day(value: Plain | Missing) -> date | Missing:
    """Return the stored day; MISSING where none is stored."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return MISSING


def field_name_at(path: DataPath, known: Collection[str]) -> str:
    """Return the name of the field that a path inside a measure belongs to; empty if none does.

    The id is derived from the number, so what is wrong with it is shown there.
    """
    parts = [str(part) for part in path]
    if parts[:1] == ["id"]:
        parts = ["number"]
    names = [part for part in path if isinstance(part, str)]
    for name in (".".join(parts[:3]), ".".join(parts[:2]), ".".join(names[:2]), *parts[:1]):
        if name in known:
            return name
    return next((one for one in known if parts and one.startswith(f"{parts[0]}.")), "")


def _control(field: Field, text: str) -> Widget:
    if field.kind is FieldKind.CHOICE:
        is_data = field.name.startswith("extra.")
        labels = [(value, label if is_data else _(label)) for value, label in field.choices]
        return ChoiceInput(labels, text)
    if field.multiline:
        return LongInput(text)
    return LineInput(text)


def _name_in_schema(field: Field) -> str:
    """Return the name of a field without the indexes of lists: ``budget.plan``."""
    return ".".join(part for part in field.name.split(".") if not part.isdecimal())


_KINDS: Final = MappingProxyType(
    {FieldType.NUMBER: FieldKind.NUMBER, FieldType.CHOICE: FieldKind.CHOICE}
)

# What to type, by the name of the field.
_HINTS: Final = MappingProxyType(
    {
        "number": N_("Как напечатан в документе; у нескольких строк он может быть один."),
        "proposal": N_("Графа «Предложения»: что предлагается улучшить."),
        "actions": N_("Графа «Мероприятия»: по одному действию в строке. Enter начинает строку."),
        "actions_from": N_(
            "Обозначение мероприятия, чья графа «Мероприятия» общая с этой строкой, например "
            "2.2.1. Своих действий у строки тогда нет."
        ),
        "result": N_("К чему нужно прийти: это цель. Что сделано, пишут в отметке об исполнении."),
        "responsible": N_("Подразделение или сотрудник."),
        "responsible.name": N_("Подразделение или сотрудник. Пустая строка убирает исполнителя."),
        "responsible.role": N_("Например: соисполнитель."),
        "notes": N_("Пояснения для себя и коллег; в документе не печатаются."),
        "budget.source": N_("Откуда деньги, например: областной бюджет."),
        "budget.year": N_("На какой год эти деньги."),
        "budget.plan": N_("В рублях, например 1250000,50."),
        "budget.fact": N_("В рублях, например 1250000,50."),
        "indicator.name": N_("Что измеряют. У показателя заполняют все пять полей."),
        "indicator.unit": N_("Например: %, шт., минут."),
        "indicator.direction": N_("С какой стороны от плана должно быть значение."),
        "indicator.target": N_("Число, которого нужно достичь, например 95."),
        "indicator.period": N_("За какой срок берут значение."),
        "same_work": N_("Обозначения мероприятий с той же работой через запятую: 1.1.1, 1.2.1."),
    }
)

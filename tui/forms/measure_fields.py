"""The settable fields of a measure as fields of a form."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Final

from textual.widget import Widget

from kvartal.schema.changes import MISSING, Missing, Plain
from kvartal.schema.errors import N_
from kvartal.schema.fields import Field, FieldKind, FieldRequired, parse, show, steps_of
from kvartal.schema.model import Plan, Term
from kvartal.schema.problems import DataPath
from kvartal.schema.terms import TermOutsideYear, entered_term, term_due
from kvartal.schema.typed_text import normalised
from kvartal.schema.writing import plain_term
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import ChoiceInput, LineInput, LongInput, restored
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.sanitize import shown


def plain_at(row: Mapping[str, Plain], path: DataPath) -> Plain | Missing:
    """Return the value at the path of a field in the data of a measure."""
    value: Plain | Missing = dict(row)
    for part in path:
        value = value.get(str(part), MISSING) if isinstance(value, dict) else MISSING
    return value


def measure_field(field: Field, value: Plain | Missing, plan: Plan) -> FormField:
    """Return the form field for a field of a measure.

    Args:
        field: The field.
        value: Its value now.
        plan: The programme: a measure's channel is chosen from its channels.
    """
    text = text_for(field, value)
    return FormField(
        field.name,
        _(field.label),
        _control(field, text, plan),
        initial=text,
        required=field.required,
        hint=_(_HINTS.get(field.name, "")),
        check=lambda typed: value_of(field, typed, value, plan),
        read=_reader(field, plan),
    )


def text_for(field: Field, value: Plain | Missing) -> str:
    """Return a plain value as the text of its control."""
    if field.name == "term":
        return shown(str(value["text"])) if isinstance(value, dict) else ""
    if field.kind is FieldKind.STEPS and isinstance(value, list):
        return "\n".join(shown(show(step)) for step in value)
    return shown(show(value), lines=field.multiline)


def value_of(field: Field, typed: str, original: Plain | Missing, plan: Plan) -> Plain | Missing:
    """Return the plain value that the text in a control means; MISSING for an empty one.

    Args:
        field: The field.
        typed: The text.
        original: The value that the control was filled from: characters that had to be made
            visible come back from it.
        plan: The programme.

    Raises:
        FieldRequired, NotANumber, NotAChoice: The text does not fit.
        TermOutsideYear: A term of a different year.
    """
    if field.name == "term":
        if not normalised(typed).strip():
            raise FieldRequired(field=_(field.label))
        return plain_term(entered_term(typed, plan.year, plan.language))
    if field.kind is FieldKind.STEPS:
        lines = (line.strip().rstrip(";").rstrip() for line in typed.splitlines())
        return steps_of(restored(line, show(original)) for line in lines) or MISSING
    return parse(field, restored(typed, show(original), lines=field.multiline))


def term_reading(term: Term, year: int) -> str:
    """Return how a term is understood: in the programme's wording, with its last day."""
    due = term_due(term, year)
    if due is None:
        return _("→ без даты: сам по себе просроченным не станет")
    if day(due) in term.text:
        return f"→ {term.text}"
    return _("→ {text}, до {due}").format(text=term.text, due=day(due))


def field_name_at(path: DataPath, known: Collection[str]) -> str:
    """Return the name of the field that a path inside a measure belongs to; empty if none does.

    The id is derived from the number, so what is wrong with it is shown there.
    """
    names = [part for part in path if isinstance(part, str)]
    if names[:1] == ["id"]:
        names = ["number"]
    for name in (".".join(names[:2]), *names[:1]):
        if name in known:
            return name
    return next((one for one in known if names and one.startswith(f"{names[0]}.")), "")


def _control(field: Field, text: str, plan: Plan) -> Widget:
    if field.name == "channel":
        channels = [(one.number, f"{one.number} {one.title}") for one in plan.channels.values()]
        return ChoiceInput(channels, text, optional=False)
    if field.kind is FieldKind.CHOICE:
        return ChoiceInput([(value, _(label)) for value, label in field.choices], text)
    if field.multiline:
        return LongInput(text)
    return LineInput(text)


def _reader(field: Field, plan: Plan) -> Callable[[str], str] | None:
    if field.name != "term":
        return None

    def read(typed: str) -> str:
        try:
            if not typed.strip():
                return ""
            return term_reading(entered_term(typed, plan.year, plan.language), plan.year)
        except TermOutsideYear:
            return ""

    return read


# What to type, by the name of the field.
_HINTS: Final = MappingProxyType(
    {
        "number": N_(
            "Как в документе. Начинается с номера канала; строки-продолжения его повторяют."
        ),
        "channel": N_("Enter открывает список, буквы в нём ищут."),
        "proposal": N_("Графа «Предложения»: что предлагается улучшить."),
        "actions": N_("Графа «Мероприятия»: по одному действию в строке. Enter начинает строку."),
        "actions_from": N_(
            "Обозначение мероприятия, чья графа «Мероприятия» общая с этой строкой, например "
            "2.2.1. Своих действий у строки тогда нет."
        ),
        "term": N_("Квартал (4, III, 2-3), дата (30.11) или слова, если даты нет (постоянно)."),
        "result": N_("К чему нужно прийти: это цель. Что сделано, пишут в отметке об исполнении."),
        "responsible": N_("Подразделение или сотрудник."),
        "notes": N_("Пояснения для себя и коллег; в документе не печатаются."),
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

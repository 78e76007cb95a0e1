"""Field labels in a sentence are translated together with it."""

import pytest

from kvartal.schema.errors import Labels
from kvartal.schema.fields import BY_NAME, FieldRequired, NotAChoice, parse
from kvartal.schema.validation import validate


def upper(text: str) -> str:
    """A stand-in for a catalogue: it translates to capitals, except for named fields."""
    fields = {"{NAME}": "{name}", "{LABEL}": "{label}", "{FIELD}": "{field}", "{NAMES}": "{names}"}
    fields |= {"{TEXT}": "{text}", "{KNOWN}": "{known}"}
    translated = text.upper()
    for wrong, right in fields.items():
        translated = translated.replace(wrong, right)
    return translated


def test_a_problem_names_its_field_in_the_language_of_the_sentence() -> None:
    problem = next(one for one in validate({"year": 2024}) if one.fields["name"] == "document")
    assert "«document» (Документ)" in problem.message()
    assert "«document» (ДОКУМЕНТ)" in problem.message(upper)


def test_a_refusal_names_its_field_in_the_language_of_the_sentence() -> None:
    with pytest.raises(FieldRequired) as empty:
        parse(BY_NAME["number"], "")
    assert "«НОМЕР»" in empty.value.message(upper)
    with pytest.raises(NotAChoice) as wrong:
        parse(BY_NAME["indicator.period"], "век")
    assert "month (МЕСЯЦ)" in wrong.value.message(upper)
    assert "month (месяц)" in str(wrong.value)


def test_a_name_without_a_label_stands_alone() -> None:
    assert str(Labels((("colour", ""), ("result", "Итог")))) == "«colour», «result» (Итог)"

"""The labels of fields that stand in a sentence speak the language of the sentence."""

import pytest

from kvartal.schema.errors import Labels
from kvartal.schema.fields import BY_NAME, FieldRequired, NotAChoice, parse
from kvartal.schema.validation import validate


def loudly(text: str) -> str:
    """Stand for a catalogue: what was looked up in it is in capitals, but for its fields."""
    kept = {"{NAME}": "{name}", "{LABEL}": "{label}", "{FIELD}": "{field}", "{NAMES}": "{names}"}
    kept |= {"{TEXT}": "{text}", "{KNOWN}": "{known}"}
    loud = text.upper()
    for wrong, right in kept.items():
        loud = loud.replace(wrong, right)
    return loud


def test_a_problem_names_its_field_in_the_language_of_the_sentence() -> None:
    problem = next(one for one in validate({"year": 2024}) if one.fields["name"] == "document")
    assert "«document» (Документ)" in problem.message()
    assert "«document» (ДОКУМЕНТ)" in problem.message(loudly)


def test_a_refusal_names_its_field_in_the_language_of_the_sentence() -> None:
    with pytest.raises(FieldRequired) as empty:
        parse(BY_NAME["result"], "")
    assert "«ОЖИДАЕМЫЙ РЕЗУЛЬТАТ»" in empty.value.message(loudly)
    with pytest.raises(NotAChoice) as wrong:
        parse(BY_NAME["indicator.period"], "век")
    assert "month (МЕСЯЦ)" in wrong.value.message(loudly)
    assert "month (месяц)" in str(wrong.value)


def test_a_name_without_a_label_stands_alone() -> None:
    assert str(Labels((("colour", ""), ("result", "Итог")))) == "«colour», «result» (Итог)"

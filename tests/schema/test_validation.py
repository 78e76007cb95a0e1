"""Validation as a whole: data of any shape, what is reported and what is not."""

import json
import sys
import tracemalloc
from copy import deepcopy
from functools import cache
from math import isfinite
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import extend

from kvartal.history.yaml_text.loader import UnreadablePlan, read
from kvartal.schema import conformance
from kvartal.schema import problems as problems_module
from kvartal.schema.checker import faults, is_valid
from kvartal.schema.conformance import LONGEST_SHOWN, violations
from kvartal.schema.description import plan_schema
from kvartal.schema.reading import read_plan
from kvartal.schema.validation import validate

ROOT = Path(__file__).resolve().parents[2]
# The first has every field a measure can have, the others have the rest.
NAMES = ("records", "postponements", "cancelled", "continuing-rows", "optional-fields")
SAMPLES = {name: read(ROOT / f"tests/plans/valid/{name}.yaml").data for name in NAMES}
PLAN = read(ROOT / "plan/2024.yaml").data

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**400),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        [
            "1.1.1",
            "2024-02-30",
            "2024-07",
            "0000-07",
            "0000-Q3",
            "a" * 64,
            "evidence/../x",
            "not_less",
        ]
    ),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda below: st.one_of(
        st.lists(below, max_size=3), st.dictionaries(st.text(max_size=8), below, max_size=3)
    ),
    max_leaves=12,
)


def sample(name: str) -> Any:  # noqa: ANN401 - plain data, to be modified
    return deepcopy(SAMPLES[name])


def codes(data: object) -> list[str]:
    return [problem.code for problem in validate(data)]


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401
    found = [path] if path else []
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in pairs:
        below = (*path, key)
        found += places(value, below) if isinstance(value, dict | list) else [below]
    return found


@st.composite
def broken_plans(draw: st.DrawFn) -> Any:  # noqa: ANN401 - of any shape
    """Valid plans with a few values removed or replaced by anything."""
    data = sample(draw(st.sampled_from(NAMES)))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(places(data) or [("year",)]))
        at = data
        for key in path[:-1]:
            at = at[key]
        if draw(st.booleans()) and (isinstance(at, list) or path[-1] in at):
            at.pop(path[-1])  # pyright: ignore[reportArgumentType] - an index of a list
        elif isinstance(at, dict) and draw(st.booleans()):
            at[draw(st.text(max_size=8))] = draw(ANYTHING)
        elif isinstance(at, dict) or at:
            at[path[-1]] = draw(ANYTHING)
    return data


@given(ANYTHING)
def test_data_of_any_shape_gets_an_answer(data: object) -> None:
    problems = validate(data)
    assert problems
    assert all(problem.message() for problem in problems)


@given(broken_plans())
def test_a_broken_plan_gets_readable_messages(data: object) -> None:
    for problem in validate(data):
        message = problem.message()
        assert problem.code
        assert len(message) < 400 + 4 * LONGEST_SHOWN


@pytest.mark.parametrize("name", NAMES)
def test_what_the_schema_accepts_can_be_read(name: str) -> None:
    values: tuple[Any, ...] = (None, "", "x", "2024-09-27", 4, 0.5, True, [], {})
    accepted = []
    for path in places(SAMPLES[name]):
        for value in values:
            data = at = sample(name)
            for key in path[:-1]:
                at = at[key]
            if value is None:
                at.pop(path[-1])
            else:
                at[path[-1]] = value
            if is_valid(data):
                accepted.append((path, value))
                assert len(read_plan(data).measures) == len(data["measures"]), (path, value)
    assert len(accepted) > 20


@given(broken_plans())
def test_a_path_leads_to_something_that_is_there(data: Any) -> None:  # noqa: ANN401 - of any shape
    for problem in validate(data):
        at = data
        for key in problem.path:
            at = at[key]


@given(broken_plans())
def test_the_data_is_left_alone(data: Any) -> None:  # noqa: ANN401 - of any shape
    before = repr(data)
    validate(data)
    assert repr(data) == before


@pytest.mark.parametrize("data", [None, [], "year: 2024", 2024, True, [{"year": 2024}]])
def test_what_is_not_a_mapping_is_reported_as_one_fault(data: object) -> None:
    assert [(one.code, one.path) for one in validate(data)] == [("schema-type", ())]


def test_the_real_plan_has_no_fault() -> None:
    assert validate(PLAN) == ()


def test_nothing_of_a_large_value_is_printed() -> None:
    data = sample("records")
    data["language"] = "x" * 100_000
    data["year"] = ["y" * 100_000]
    data["measures"][0]["z" * 100_000] = 1
    messages = [problem.message() for problem in validate(data)]
    assert len(messages) == 3
    assert all(len(message) < 500 for message in messages)


def test_a_misspelt_field_is_one_fault_that_names_the_right_one() -> None:
    data = sample("records")
    row = data["measures"][1]
    row["resutl"] = row.pop("result")
    (problem,) = validate(data)
    assert problem.code == "schema-unknown-property"
    assert "«result» (Ожидаемый результат)" in problem.message()


def test_a_field_that_is_there_is_not_suggested() -> None:
    data = sample("records")
    data["measures"][1]["results"] = "Обеспечено"
    (problem,) = validate(data)
    assert "suggestion" not in problem.fields


def test_several_missing_fields_are_each_reported_once() -> None:
    data = sample("optional-fields")
    row = data["measures"][1]
    row["indicator"] = {"name": "Доля"}
    del row["records"]
    found = validate(data)
    assert {one.code for one in found} == {"schema-required"}
    assert [one.fields["name"] for one in found] == ["unit", "direction", "target", "period"]


def test_what_one_field_asks_for_beside_it_is_missing() -> None:
    data = sample("optional-fields")
    data["fields"] = [{"key": "а", "title": "А"}, {"key": "б", "title": "Б", "choices": ["в"]}]
    (found,) = validate(data)
    assert (found.code, found.path) == ("schema-required", ("fields", 1))
    assert found.message() == "Нет обязательного поля «type» (Вид поля). Добавьте его."


def test_one_value_has_one_fault() -> None:
    data = sample("records")
    data["measures"][1]["result"] = ""
    data["measures"][1]["records"][0]["date"] = "2024-09-31x\n"
    assert codes(data) == ["schema-length", "schema-pattern"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), True, "1", None])
def test_an_amount_is_a_finite_number(value: object) -> None:
    data = sample("optional-fields")
    data["measures"][1]["budget"]["plan"] = value
    assert codes(data) == ["schema-type"]


@pytest.mark.parametrize("value", [-0.01, -1, 10**16, 10**400, 1e300])
def test_an_amount_has_its_limits(value: object) -> None:
    data = sample("optional-fields")
    data["measures"][1]["budget"]["plan"] = value
    assert codes(data) == ["schema-range"]


@pytest.mark.parametrize("value", [2024.0, True, "2024"])
def test_a_year_is_a_whole_number(value: object) -> None:
    assert codes({**sample("records"), "year": value}) == ["schema-type"]


def test_a_fault_in_one_measure_hides_none_in_others() -> None:
    data = sample("records")
    data["measures"][0]["result"] = 1
    data["measures"][1]["records"][0]["quarter"] = 2
    found = validate(data)
    assert (found[0].code, found[0].path) == ("schema-type", ("measures", 0, "result"))
    assert "record-quarter-not-in-term" in {one.code for one in found}


def test_rules_count_measures_as_the_file_does() -> None:
    data = sample("records")
    data["measures"][0]["result"] = 1
    data["measures"][1]["channel"] = "1.9"
    assert [one.path for one in validate(data)] == [
        ("measures", 0, "result"),
        ("measures", 1, "channel"),
    ]


def test_a_measure_with_some_other_fault_still_has_its_id() -> None:
    data = sample("continuing-rows")
    data["measures"][1]["result"] = 1
    assert codes(data) == ["schema-type"]


def test_nothing_is_called_unknown_while_an_id_is_in_doubt() -> None:
    data = sample("continuing-rows")
    data["measures"][1]["id"] = "1.1.2 "
    assert codes(data) == ["schema-pattern"]
    del data["measures"][1]["id"]
    assert codes(data) == ["schema-required"]
    data["measures"][1] = None
    assert codes(data) == ["schema-type"]


def test_no_channel_is_called_unknown_while_the_sections_are_in_doubt() -> None:
    data = sample("records")
    data["sections"][0]["channels"][0]["number"] = ""
    assert codes(data) == ["schema-length"]
    del data["sections"]
    assert set(codes(data)) == {"channel-unknown"}


def test_no_date_is_judged_without_a_year() -> None:
    data = sample("records")
    data["measures"][1]["records"][0]["date"] = "1999-01-01"
    del data["year"]
    assert codes(data) == ["schema-choice"]


def test_keys_that_are_not_texts_are_reported_at_their_mapping() -> None:
    data = sample("records")
    data["measures"][1][2024] = "x"
    assert [(one.code, one.path) for one in validate(data)] == [
        ("schema-unknown-property", ("measures", 1))
    ]


def test_a_date_object_is_no_text() -> None:
    data = sample("records")
    data["measures"][1]["records"][0]["date"] = object()
    assert codes(data) == ["schema-type"]


# ------------------------------------------------------------- the verdicts of both libraries


def test_importing_it_imports_no_schema_library() -> None:
    program = (
        "import sys, json; import kvartal.schema.validation;"
        "print(json.dumps(sorted(name.partition('.')[0] for name in sys.modules)))"
    )
    done = run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    libraries = {"jsonschema", "jsonschema_rs", "referencing", "ruamel", "textual"}
    assert not libraries & set(json.loads(done.stdout))


@cache
def stock_validator() -> Any:  # noqa: ANN401 - a class made by the library
    """Return jsonschema's validator, with numbers as strict as a plan needs them."""
    kinds = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {
            "integer": lambda _, value: type(value) is int,
            "number": lambda _, value: (
                type(value) is int or (type(value) is float and isfinite(value))
            ),
        }
    )
    strict = extend(Draft202012Validator, type_checker=kinds)  # type: ignore[no-untyped-call]  # stubs lack it
    return strict(plan_schema(), format_checker=FormatChecker(["date"]))


def assert_same_verdict(data: object) -> None:
    """Assert that what jsonschema-rs lets pass is exactly what jsonschema does."""
    is_accepted = next(stock_validator().iter_errors(data), None) is None
    assert bool(violations(data).problems) is not is_accepted
    # A number such as 1.0 is looked at by jsonschema alone.
    assert is_accepted or not is_valid(data)


@given(broken_plans())
def test_a_broken_plan_is_refused_by_both_libraries(data: object) -> None:
    assert_same_verdict(data)


@given(ANYTHING)
def test_data_of_any_shape_is_refused_by_both_libraries(data: object) -> None:
    assert_same_verdict(data)
    assert_same_verdict({**sample("records"), "measures": [data]})


@given(st.text(max_size=4), st.sampled_from(("result", "responsible", "number")))
def test_a_text_is_taken_by_both_libraries_or_by_none(text: str, field: str) -> None:
    """Their regular expressions differ in what is white space."""
    data = sample("records")
    data["measures"][0][field] = text
    assert_same_verdict(data)


def test_every_test_plan_has_the_same_verdict() -> None:
    for path in sorted((ROOT / "tests/plans").glob("*valid/*.yaml")):
        try:
            data = read(path).data
        except UnreadablePlan:
            continue
        assert_same_verdict(data)


@pytest.mark.parametrize("number", [2024.0, float("nan"), float("inf"), 10**30, -(2**63) - 1])
def test_numbers_that_libraries_differ_about(number: float) -> None:
    assert_same_verdict({**sample("records"), "year": number})
    data = sample("records")
    data["measures"][0]["budget"] = {"plan": number}
    assert_same_verdict(data)


LISTS = [
    *([1, 1.0], [1, True], [0, False, 0.0], ["1", 1], [[1], [1.0]], [[1], [True]]),
    *([{"a": 1, "b": 2}, {"b": 2, "a": 1}], [{"a": 1}, {"a": True}], [None, None], [None, 0]),
]


@pytest.mark.parametrize("items", LISTS, ids=repr)
def test_what_counts_as_repeated_is_what_a_stock_validator_says(items: list[object]) -> None:
    data = sample("continuing-rows")
    data["measures"][0]["same_work"] = items
    stock = {str(error.validator) for error in stock_validator().iter_errors(data)}
    found = {problem.code for problem in violations(data).problems}
    assert ("uniqueItems" in stock) is ("schema-unique" in found)


# -------------------------------------------------------------------------------- very many faults


MANY = 20
"""How many problems are kept in the tests below."""


@pytest.fixture
def few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (conformance, problems_module):
        monkeypatch.setattr(module, "MOST_KEPT", MANY)


@pytest.mark.usefixtures("few_are_kept")
def test_of_very_many_faults_the_first_are_kept_and_all_are_counted() -> None:
    data = sample("records")
    rows = data["measures"]
    rows += [{**rows[1], "extra": 1, "number": "9.9.9"} for _ in range(4 * MANY)]
    data["measures"][3]["result"] = ""
    data |= {f"key{number}": 1 for number in range(2 * MANY)}
    problems = validate(data)
    kept = [one for one in problems if one.code.startswith("schema")]
    assert {one.path for one in kept} <= {(f"key{number}",) for number in range(2 * MANY)}
    assert len(kept) == MANY
    # Each row repeats an id; what has a fault is not checked by the other rules.
    assert problems.total == 4 * MANY + 1 + 2 * MANY + 4 * MANY
    assert len([one for one in problems if one.code == "id-duplicate"]) == MANY


@pytest.mark.usefixtures("few_are_kept")
def test_a_million_faults_are_not_counted_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conformance, "MOST_COUNTED", 3 * MANY)
    data = sample("records")
    data["measures"] = [1] * (3 * MANY)
    assert (validate(data).total, validate(data).is_cut) == (3 * MANY, False)
    data["measures"] = [1] * (3 * MANY + 1)
    problems = validate(data)
    assert (len(problems), problems.total, problems.is_cut) == (MANY, 3 * MANY, True)
    assert {problem.code for problem in problems} == {"schema-type"}


@pytest.mark.usefixtures("few_are_kept")
def test_a_misspelt_field_in_each_of_very_many_rows_is_one_fault_each() -> None:
    data = sample("records")
    row = {**data["measures"][1], "resutl": "x"}
    del row["result"]
    data["measures"] = [{**row} for _ in range(3 * MANY)]
    found = violations(data).problems
    assert found.total == 3 * MANY
    assert {one.fields["suggestion"] for one in found} == {"result"}


@pytest.mark.usefixtures("few_are_kept")
def test_of_very_many_faulty_values_in_one_place_the_first_are_kept() -> None:
    """Not any of them, other ones at each run."""
    data = sample("records")
    data["measures"][0]["extra"] = {f"key{number}": [1] for number in range(3 * MANY)}
    found = [problem.path[-1] for problem in violations(data).problems]
    assert found == [f"key{number}" for number in range(MANY)]


def test_what_is_wrong_in_a_value_of_several_shapes_comes_one_by_one() -> None:
    data = sample("records")
    data["measures"][0]["responsible"] = [{"nam": "x"}] * 2000
    next(faults(data))
    tracemalloc.start()
    try:
        next(faults(data))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()

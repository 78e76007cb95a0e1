"""Numbers as they are printed, and the ids that are made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.schema.conformance import violations
from kvartal.schema.numbering import RESERVED_NAMES, free_id, next_number
from tests.schema.models import a_measure, a_plan


@pytest.mark.parametrize(
    ("number", "taken", "name"),
    [
        ("1.1.1", [], "1.1.1"),
        ("1.", [], "1"),
        ("п. 3", [], "п-3"),
        ("V-0001", [], "V-0001"),
        ("1/2", [], "1-2"),
        ("№", [], "1"),
        ("1.1.1", ["1.1.1"], "1.1.1-2"),
        ("1.1.1", ["1.1.1", "1.1.1-2"], "1.1.1-3"),
        ("v-1", ["V-1"], "v-1-2"),
        ("con", [], "con-2"),
    ],
)
def test_an_id_of_a_number(number: str, taken: list[str], name: str) -> None:
    assert free_id(number, taken) == name


@given(st.text(min_size=1, max_size=40), st.lists(st.text(max_size=8), max_size=4))
def test_an_id_is_one_that_the_schema_accepts(number: str, taken: list[str]) -> None:
    name = free_id(number, taken)
    row = {"id": name, "number": "1", "proposal": "П", "term": {"text": "постоянно"}}
    document = {"organization": "О", "title": "П"}
    data = {"year": 2024, "language": "ru", "document": document, "measures": [row]}
    assert not violations(data).total
    assert name.casefold() not in {one.casefold() for one in taken} | RESERVED_NAMES


@pytest.mark.parametrize(
    ("numbers", "following"),
    [
        ((), "1.1.1"),
        (("1.1.1", "1.1.4"), "1.1.5"),
        (("V-0009",), "V-0010"),
        (("п. 3",), "п. 4"),
        (("I",), "1.1.1"),
    ],
)
def test_the_next_number(numbers: tuple[str, ...], following: str) -> None:
    plan = a_plan(*(a_measure(1, name=number) for number in numbers))
    assert next_number(plan, ("1.1", None)) == following

"""Which values are taken: of indicators by their periods, of declared keys by their type."""

from typing import Any

import pytest

from kvartal.schema.validation import validate
from tests.schema.test_rules import codes, data, row

__all__ = ["data", "row"]


@pytest.mark.parametrize(
    ("kind", "checkpoint", "period", "fine"),
    [
        ("quarter", {"quarter": 2}, "2024-Q2", True),
        ("quarter", {"quarter": 2}, "2024-Q1", False),
        ("month", {"quarter": 2}, "2024-04", True),
        ("month", {"quarter": 2}, "2024-06", True),
        ("month", {"quarter": 2}, "2024-07", False),
        ("half_year", {"quarter": 1}, "2024-H1", True),
        ("half_year", {"quarter": 2}, "2024-H1", True),
        ("half_year", {"quarter": 2}, "2024-H2", False),
        ("year", {"quarter": 1}, "2024", True),
        ("year", {"quarter": 4}, "2024", True),
        ("year", {"quarter": 4}, "2025", False),
        ("quarter", {"point": "2024-06-30"}, "2024-Q2", True),
        ("quarter", {"point": "2024-06-30"}, "2024-Q1", False),
        ("quarter", {"point": "2024-06-30"}, "2024-Q3", False),
        ("quarter", {"point": "2024-03-31"}, "2024-Q1", True),
    ],
)
def test_the_periods_of_values(
    data: object,
    row: Any,  # noqa: ANN401
    kind: str,
    checkpoint: dict[str, object],
    period: str,
    *,
    fine: bool,
) -> None:
    numbers: dict[str, object] = {"text": "1–4 кварталы", "quarters": [1, 2, 3, 4]}
    days = {"text": "март, июнь", "points": ["2024-03-31", "2024-06-30"]}
    row["term"] = days if "point" in checkpoint else numbers
    row["indicator"] = {
        "name": "Доля",
        "unit": "%",
        "direction": "not_less",
        "target": 80,
        "period": kind,
    }
    value = {"period": period, "value": 90}
    row["records"] = [{**checkpoint, "date": "2024-12-01", "values": [value]}]
    assert codes(data) == ([] if fine else ["value-period-mismatch"])


@pytest.mark.parametrize(
    ("kind", "value", "fine"),
    [
        ("choice", "да", True),
        ("choice", "может быть", False),
        ("line", "да", True),
        ("line", "да\nнет", False),
        ("text", "да\nнет", True),
        ("date", "2024-02-29", True),
        ("date", "20240229", False),
        ("date", "да", False),
        ("number", 1.5, True),
        ("number", "1", False),
        ("line", 1, False),
    ],
)
def test_the_value_of_a_declared_key(
    data: Any,  # noqa: ANN401
    row: Any,  # noqa: ANN401
    kind: str,
    value: str | float,
    *,
    fine: bool,
) -> None:
    field: dict[str, object] = {"key": "шифр", "title": "Шифр", "type": kind}
    data["fields"] = [field | ({"choices": ["да", "нет"]} if kind == "choice" else {})]
    row["extra"] = {"шифр": value}
    assert codes(data) == ([] if fine else ["extra-type-mismatch"])


@pytest.mark.parametrize(
    ("value", "shown"), [(["ru"], "…"), ("р" * 60, "р" * 60), ("р" * 61, "р" * 59 + "…")]
)
def test_of_a_wrong_word_at_most_its_beginning_is_printed(
    data: Any,  # noqa: ANN401
    value: object,
    shown: str,
) -> None:
    data["language"] = value
    assert [one.message() for one in validate(data)] == [
        f"Поле «language» (Язык программы): «{shown}» не подходит. Возможные значения: ru, en."
    ]


@pytest.mark.parametrize("data", [[], None])
def test_what_is_no_mapping_is_no_programme(data: object) -> None:
    (problem,) = validate(data)
    assert problem.message().startswith("Это не программа мероприятий: файл должен состоять из ")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("proposal", "а\nб", ""),
        ("proposal", "а\x07б", "(Предложение): в тексте есть управляющие символы. "),
        ("number", "а\nб", "(Номер): текст должен стоять в одной строке, "),
        ("number", "а\x07б", "(Номер): текст должен стоять в одной строке, "),
    ],
)
def test_the_signs_of_a_text(data: Any, row: Any, name: str, text: str, sentence: str) -> None:  # noqa: ANN401
    row[name] = text
    found = [one.message() for one in validate(data)]
    assert len(found) == bool(sentence)
    assert all(f"Поле «{name}» {sentence}" in one for one in found)

"""Fields of what there may be one or several of: one stays one, a line stays a line."""

from typing import Any

import pytest

from kvartal.schema.edited_data import apply_edits
from kvartal.schema.fields import UnknownField
from kvartal.schema.list_fields import ItemNotNamed, ItemSetAndRemoved, NoSuchItem
from kvartal.schema.operations import set_fields

LINE, TWO = "Отдел ОК", [{"name": "Отдел ОК"}, {"name": "Юристы", "role": "соисполнитель"}]
MONEY, FUNDS = {"plan": 5}, [{"plan": 5}, {"plan": 7, "source": "Грант"}]


def after(key: str, stored: Any, texts: dict[str, str]) -> Any:  # noqa: ANN401 - plain data
    row = {"id": "1", "number": "1", "proposal": "П", "term": {"text": "постоянно"}}
    data: Any = {"year": 2024, "measures": [{**row, **({key: stored} if stored else {})}]}
    change = set_fields(data, "1", {f"{key}.{name}": text for name, text in texts.items()})
    changed: Any = apply_edits(data, change.edits)
    return changed["measures"][0].get(key)


@pytest.mark.parametrize(
    ("key", "stored", "texts", "expected"),
    [
        ("budget", None, {"0.plan": "5"}, MONEY),
        ("budget", None, {"plan": "5"}, MONEY),
        ("budget", MONEY, {"0.plan": "6"}, {"plan": 6}),
        ("budget", MONEY, {"plan": ""}, None),
        ("budget", MONEY, {"1.plan": "7", "1.source": "Грант"}, FUNDS),
        ("budget", None, {"0.source": "Грант", "0.plan": "5"}, [{"source": "Грант", "plan": 5}]),
        ("budget", MONEY, {"0.year": "2024"}, [{"plan": 5, "year": 2024}]),
        ("budget", FUNDS[1:], {"0.source": ""}, [{"plan": 7}]),
        ("budget", [MONEY], {"plan": "6"}, [{"plan": 6}]),
        ("budget", FUNDS, {"1.source": ""}, [{"plan": 5}, {"plan": 7}]),
        ("budget", FUNDS, {"0.plan": "6", "2.plan": "8"}, [{"plan": 6}, FUNDS[1], {"plan": 8}]),
        ("responsible", None, {"0.name": LINE}, LINE),
        ("responsible", LINE, {"0.name": "Юристы"}, "Юристы"),
        ("responsible", LINE, {"0.role": "отв."}, [{"name": LINE, "role": "отв."}]),
        ("responsible", LINE, {"1.name": "Юристы", "1.role": "соисполнитель"}, TWO),
        ("responsible", TWO, {"1.role": ""}, [TWO[0], {"name": "Юристы"}]),
    ],
)
def test_a_field_of_an_item(key: str, stored: Any, texts: dict[str, str], expected: Any) -> None:  # noqa: ANN401 - plain data
    assert after(key, stored, texts) == expected


@pytest.mark.parametrize(
    ("key", "stored", "texts", "expected"),
    [
        ("budget", FUNDS, {"budget.0": ""}, FUNDS[1:]),
        ("budget", FUNDS, {"budget.1": "", "budget.0.plan": "6"}, [{"plan": 6}]),
        ("budget", FUNDS, {"budget.0": "", "budget.1": " "}, None),
        ("budget", MONEY, {"budget.0": ""}, None),
        ("indicator", FUNDS, {"indicator": ""}, None),
        ("responsible", TWO, {"responsible.1": ""}, TWO[:1]),
        ("responsible", LINE, {"responsible.0": ""}, None),
        ("responsible", TWO, {"responsible": ""}, None),
        ("budget", MONEY, {"indicator": ""}, MONEY),
    ],
)
def test_an_item_named_without_a_field_is_removed(
    key: str,
    stored: Any,  # noqa: ANN401 - plain data
    texts: dict[str, str],
    expected: Any,  # noqa: ANN401 - plain data
) -> None:
    row = {"id": "1", "number": "1", "proposal": "П", "term": {"text": "постоянно"}}
    data: Any = {"year": 2024, "measures": [{**row, key: stored}]}
    change = set_fields(data, "1", texts)
    changed: Any = apply_edits(data, change.edits)
    assert changed["measures"][0].get(key) == expected
    with pytest.raises(NoSuchItem):
        set_fields(data, "1", {f"{key}.7": ""})
    with pytest.raises(UnknownField):
        set_fields(data, "1", {f"{key}.0": "x"})
    for removed in (key, f"{key}.0", f"{key}.00"):
        with pytest.raises(ItemSetAndRemoved, match=f"«{removed}=»"):
            set_fields(data, "1", {removed: "", f"{key}.0.name": "Отдел"})


def test_an_item_has_to_be_there_or_the_next() -> None:
    with pytest.raises(NoSuchItem, match="столько записей: 2"):
        after("budget", FUNDS, {"3.plan": "1"})
    with pytest.raises(ItemNotNamed, match=r"budget\.0\.plan"):
        after("budget", FUNDS, {"plan": "1"})


def test_an_extra_number_is_a_number() -> None:
    data: Any = {
        "year": 2024,
        "fields": [{"key": "cost", "title": "Цена", "type": "number"}],
        "measures": [{"id": "1", "number": "1", "term": {"text": "постоянно"}}],
    }
    (one, other) = set_fields(data, "1", {"extra.cost": "1 000,5", "extra.code": "007"}).edits
    assert (one.new, other.new) == (1000.5, "007")

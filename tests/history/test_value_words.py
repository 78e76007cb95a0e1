"""Where a value stands and what it is, in words: of everything that a merge may ask about."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from kvartal.history.diff.words import Words
from kvartal.history.merge.paths import with_value
from kvartal.history.merge.place_text import place_text
from kvartal.history.merge.threeway import Sides, Value
from kvartal.history.merge.value_text import changes_text, distinct_texts, labelled, value_text
from kvartal.schema.changes import MISSING, Plain
from kvartal.schema.data_paths import value_at
from kvartal.schema.problems import DataPath
from tests.history.test_conflict_words import BASE, BLOCKS, MEASURE, changed

GOLDEN: Final = Path(__file__).parent / "golden"
_CHANNELS: Plain = [{"number": "1.1", "title": "К"}]
_LISTS: Plain = [*BLOCKS, {"list": {"items": ["а", "б"]}}, {"list": {"items": ["в"]}}]
_PARTED: Any = changed(("sections", 0, "channels"), _CHANNELS)
_LISTED: Any = with_value(_PARTED, ("document", "chapters", 0, "blocks"), _LISTS)
DATA: Any = with_value(_LISTED, ("measures", 0, "actions"), ["а", "б"])
"""The programme of `places.tsv`: with steps, a channel and two lists in the chapter."""


def rows(name: str) -> list[list[str]]:
    """Return the cells of a table: a path first."""
    lines = (GOLDEN / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines]


def path(text: str) -> DataPath:
    return tuple(int(one) if one.isdecimal() else one for one in text.split(".") if one)


@pytest.mark.parametrize(("where", "said"), rows("places.tsv"))
def test_where_a_value_stands(where: str, said: str) -> None:
    at = path(where)
    old = value_at(DATA, at)
    measure = "1" if at[:1] == ("measures",) else ""
    sides = Sides(old, 1, 2)
    assert place_text(measure, at, DATA, Words(), sides) == said


@pytest.mark.parametrize(("where", "value", "said", "with_names"), rows("values.tsv"))
def test_what_a_value_is(where: str, value: str, said: str, with_names: str) -> None:
    at, one = path(where), json.loads(value) if value else MISSING
    assert value_text(one, at, Words()) == said
    assert labelled(one, at, Words()) == with_names


def test_an_item_that_both_added_is_called_as_it_is_now_and_another_as_it_was() -> None:
    at = path("measures.0.indicator.0")
    sides = Sides({"name": "Прежний"}, 1, 2)
    assert place_text("1", at, BASE, Words(), sides) == "1, показатель, Прежний"
    sides = Sides(MISSING, 1, 2)
    assert place_text("1", at, BASE, Words(), sides) == "1, показатель, Жалобы"
    at, new = path("measures.0.records.1.result"), Sides(MISSING, "а", "б")
    named = "1, отметка за II квартал от 29.06.2026, фактический результат"
    assert place_text("1", at, BASE, Words(), new) == named
    at = path("measures.0.responsible.0.name")
    sides = Sides("Бюро", "а", "б")
    assert place_text("1", at, BASE, Words(), sides).startswith(
        "1, ответственный исполнитель, Бюро"
    )


@pytest.mark.parametrize(
    ("where", "values", "texts"),
    [
        ("measures.0.result", (MISSING, "а", "б"), ("—", "а", "б")),
        ("measures.0.result", ("а", "а", "б"), ("а", "а", "б")),
        (
            "measures.0.term",
            ({"text": "I", "quarters": [1]}, {"text": "I", "quarters": [2]}, MISSING),
            ("срок словами: I, кварталы: 1", "срок словами: I, кварталы: 2", "—"),
        ),
        ("measures.0.notes", ("", MISSING, "а"), ("—", "—", "а")),
    ],
)
def test_versions_that_differ_are_told_apart(
    where: str, values: tuple[Any, ...], texts: tuple[str, ...]
) -> None:
    assert distinct_texts(values, path(where), Words()) == texts


_ROW: Any = MEASURE


@pytest.mark.parametrize(
    ("where", "before", "after", "place", "said"),
    [
        ("measures.0", _ROW, {**_ROW, "notes": "а"}, "", "Примечания: — → а"),
        (
            *("measures.0", _ROW, {**_ROW, "proposal": "Р", "notes": "а"}, ""),
            "Предложение: П → Р; Примечания: — → а",
        ),
        ("measures.0", _ROW, {**_ROW, "notes": "а"}, "1", "примечания: — → а"),
        (
            *("measures.0.indicator.0", {"name": "Ж", "target": 5}, {"name": "Ж", "target": 7}),
            *("показатель, Ж", "план: 5 → 7"),
        ),
        (
            *("measures.0.responsible.0", {"name": "А"}, {"name": "А", "role": "б"}, ""),
            "А → А (б)",
        ),
        ("measures.0.notes", "а", "б", "", "а → б"),
        ("measures.0.notes", MISSING, "б", "", ""),
        ("measures.0.notes", "а", MISSING, "", ""),
        (
            *("sections.0", {"number": "1", "title": "А"}, {"number": "1", "title": "Б"}, ""),
            "1 «А» → 1 «Б»",
        ),
        (
            *("sections.0", {"number": "1", "title": "А"}, {"number": "2", "title": "А"}, ""),
            "номер раздела: 1 → 2",
        ),
        (
            *("fields.0", {"key": "a", "title": "А"}, {"key": "a", "type": "line"}, ""),
            "название поля: А → —; вид поля: — → line",
        ),
        ("document.title", "А", "Б", "", "А → Б"),
        (
            *("document.plan.table.columns.0", "№", {"heading": "Н", "field": "number"}, ""),
            "№ → заголовок столбца: Н, поле столбца: number",
        ),
    ],
)
def test_what_a_side_made_of_a_value(
    where: str,
    before: Value,
    after: Value,
    place: str,
    said: str,
) -> None:
    assert changes_text(before, after, path(where), BASE, Words(), place=place) == said

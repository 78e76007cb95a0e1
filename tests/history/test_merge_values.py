"""What the log of a merge is made of: parts of values, where an item is, where measures return."""

import pytest

from kvartal.history.diff.items import as_list, as_row
from kvartal.history.log.merge_changes import counterpart, names_of, overlap, plain, with_part
from kvartal.history.log.restore import _with_items_restored, _with_row
from kvartal.history.merge.threeway import Value
from kvartal.schema.changes import MISSING, Plain, PlanData
from kvartal.schema.problems import DataPath


@pytest.mark.parametrize(
    ("value", "path", "new", "made"),
    [
        ({"a": 1}, (), 2, 2),
        ({"a": 1, "b": 2}, ("a",), 3, {"a": 3, "b": 2}),
        ({"a": [1, 2, 3]}, ("a", 1), 9, {"a": [1, 9, 3]}),
        ({"a": [1, 2, 3]}, ("a", 1), MISSING, {"a": [1, 3]}),
        ({"a": [1, 2]}, ("a", 2), 9, {"a": [1, 2]}),
        ({"a": [{"b": 1, "c": 2}]}, ("a", 0, "b"), 9, {"a": [{"b": 9, "c": 2}]}),
        ({"a": {"b": 1, "c": 2}}, ("a", "b"), MISSING, {"a": {"c": 2}}),
        ({"a": {"b": 1}, "c": 2}, ("a", "b"), MISSING, {"c": 2}),
        ({"a": {"b": 1}}, ("a", "b"), MISSING, MISSING),
        (MISSING, ("a", "b"), 1, {"a": {"b": 1}}),
        ("текст", ("a",), 1, {"a": 1}),
    ],
)
def test_a_value_with_one_part_replaced(
    value: Value, path: tuple[str | int, ...], new: Value, made: Value
) -> None:
    assert with_part(value, path, new) == made
    assert (plain(MISSING), plain("а")) == ({}, "а")


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ((), ()),
        (("notes",), ("notes",)),
        (("term", "due"), ("term", "due")),
        (("budget", 0, "plan"), ("budget",)),
        ((0, "plan"), ()),
    ],
)
def test_the_names_on_a_path(path: DataPath, names: tuple[str, ...]) -> None:
    assert names_of(path) == names


def test_fields_overlap_where_one_is_a_part_of_the_other() -> None:
    term, due = ("1", ("term",)), ("1", ("term", "due"))
    assert overlap(term, due)
    assert overlap(due, term)
    assert overlap(("1", ()), due)
    assert not overlap(due, ("1", ("term", "start")))
    assert not overlap(due, ("2", ("term", "due")))


MERGED: Plain = {
    "year": 2024,
    "measures": [
        {"id": "1", "budget": [{"source": "а", "plan": 1}, {"source": "б", "plan": 2}]},
        {
            "id": "2",
            "notes": "да",
            "budget": [{"source": "а", "plan": 1}, {"source": "а", "plan": 2}, "строка"],
        },
    ],
}


A: Plain = {"source": "а", "plan": 1}
TWO: Plain = {"source": "а", "plan": 2}
TWINS = ("measures", 1, "budget")
FIRST = ("budget", 0, "plan")


@pytest.mark.parametrize(
    ("made", "path", "where", "value"),
    [
        ({"year": 2025}, ("year",), ("year",), 2025),
        ({}, ("year",), ("year",), MISSING),
        # A measure is found by its id, wherever it stands; an item by what else is in it.
        (
            {"measures": [{"id": "2", "notes": "нет"}, {"id": "1"}]},
            *(("measures", 1, "notes"), ("notes",), "нет"),
        ),
        ({"measures": [{"id": "1"}]}, ("measures", 1, "notes"), ("notes",), MISSING),
        ({}, ("measures", 1, "notes"), ("notes",), MISSING),
        (
            {"measures": [{"id": "1", "budget": [{"source": "б", "plan": 9}]}]},
            *(("measures", 0, "budget", 1, "plan"), ("budget", 0, "plan"), 9),
        ),
        (
            {"measures": [{"id": "1", "budget": [{"source": "в", "plan": 1}]}]},
            *(("measures", 0, "budget", 1), ("budget", 1), MISSING),
        ),
        ({"measures": [{"id": "2"}]}, ("measures", 1), (), {"id": "2"}),
        (
            {"measures": [{"id": "1", "budget": [{"source": "б", "plan": 9}, A]}]},
            *(("measures", 0, "budget", 1, "plan"), ("budget", 0, "plan"), 9),
        ),
        # Of two that differ in the disputed field alone only an equal one is the same.
        ({"measures": [{"id": "2", "budget": [TWO]}]}, (*TWINS, 0, "plan"), FIRST, MISSING),
        (
            {"measures": [{"id": "2", "budget": [TWO]}]},
            *((*TWINS, 1, "plan"), ("budget", 0, "plan"), 2),
        ),
        ({"measures": [{"id": "2", "budget": ["строка"]}]}, (*TWINS, 2), ("budget", 0), "строка"),
        ({"measures": [{"id": "2", "budget": ["а", A, TWO]}]}, (*TWINS, 2), ("budget", 2), MISSING),
    ],
)
def test_where_a_value_of_the_merged_programme_is_in_the_merge(
    made: Plain, path: DataPath, where: DataPath, value: Value
) -> None:
    assert counterpart(MERGED, made, path) == (where, value)


@pytest.mark.parametrize(
    ("now", "name", "made"),
    [
        ("1 4", "3", "1 3 4"),
        ("1 2 4", "3", "1 2 3 4"),
        ("2 3", "1", "1 2 3"),
        ("4 2", "3", "4 2 3"),
        ("9 4", "3", "9 3 4"),
        ("9", "3", "9 3"),
        ("", "3", "3"),
        ("1 2 3 4", "3", "1 2 3 4"),
    ],
)
def test_a_deleted_measure_returns_beside_its_nearest_neighbour(
    now: str, name: str, made: str
) -> None:
    row: dict[str, Plain] = {"id": name, "notes": "да"}
    found = _with_row(measures(now), measures("1 2 3 4"), name, row)
    rows = list(map(as_row, as_list(found["measures"])))
    assert [one["id"] for one in rows] == made.split()
    assert row in rows


def measures(names: str) -> PlanData:
    return {"measures": [{"id": name} for name in names.split()]}


@pytest.mark.parametrize(
    ("then", "now", "made"),
    [
        ("абв", "абв", []),
        ("абв", "ав", ["абв"]),
        ("ав", "абв", ["ав"]),
        ("аб", "вг", ["аг", "вб"]),
        ("", "аб", ["б", "а"]),
        ("аб", "", ["а", "б"]),
    ],
)
def test_a_list_with_each_item_restored(then: str, now: str, made: list[str]) -> None:
    assert ["".join(map(str, one)) for one in _with_items_restored([*then], [*now])] == made

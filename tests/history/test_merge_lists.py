"""By what the items of each list are the same, and lists that a side states as one thing."""

from collections.abc import Sequence

import pytest

from kvartal.history.merge.matching import (
    ANY,
    Item,
    Shape,
    has_unique_keys,
    item_kind,
    match_items,
)
from kvartal.history.merge.merge import merge
from kvartal.history.merge.moved_ids import is_edited
from kvartal.history.merge.needed_parts import is_removal
from kvartal.history.merge.part_conflicts import part_rollbacks
from kvartal.history.merge.threeway import Sides, merge_values
from kvartal.schema.changes import MISSING, Missing, Plain, PlanData
from kvartal.schema.problems import DataPath, Problem
from kvartal.schema.validation import validate
from tests.history.programme import PROGRAMME, measure

Value = Plain | Missing
MEASURE: Shape = ("measures", ANY)
RESPONSIBLE: Shape = (*MEASURE, "responsible")


def merged(shape: Shape, base: Value, ours: Value, theirs: Value) -> Value:
    """Merge without a conflict, and the same from both sides."""
    one, other = (merge_values(Sides(base, *sides), shape) for sides in pairs(ours, theirs))
    assert [*one.conflicts(), *other.conflicts()] == []
    assert one.value == other.value
    return one.value


def conflicts(shape: Shape, base: Value, ours: Value, theirs: Value) -> list[DataPath]:
    """Return where the sides conflict, the same from both."""
    one, other = (
        [where for where, _ in merge_values(Sides(base, *sides), shape).conflicts()]
        for sides in pairs(ours, theirs)
    )
    assert one == other
    return one


def pairs(ours: Value, theirs: Value) -> Sequence[tuple[Value, Value]]:
    return (ours, theirs), (theirs, ours)


@pytest.mark.parametrize(
    ("shape", "key", "like"),
    [
        (("measures",), "id", "number"),
        (("fields",), "key", "title"),
        (("sections",), "number", "title"),
        (("sections", ANY, "sections", ANY, "channels"), "number", "title"),
        (RESPONSIBLE, "name", "role"),
        ((*MEASURE, "indicator"), "name", "unit"),
    ],
)
def test_an_item_is_the_same_by_its_key_whatever_else_it_takes_over(
    shape: Shape, key: str, like: str
) -> None:
    base: Plain = [{key: "а", like: "П", "x": 1}, {key: "б", like: "Р", "x": 1}]
    ours: Plain = [{key: "б", like: "П", "x": 1}, {key: "а", like: "Р", "x": 1}]
    theirs: Plain = [{key: "а", like: "П", "x": 2}, {key: "б", like: "Р", "x": 1}]
    found = merged(shape, base, ours, theirs)
    assert isinstance(found, list)
    both: list[Plain] = [{key: "б", like: "П", "x": 1}, {key: "а", like: "Р", "x": 2}]
    assert sorted(found, key=str) == sorted(both, key=str)


@pytest.mark.parametrize(
    ("shape", "first", "second", "third"),
    [
        ((*MEASURE, "records"), {"quarter": 1}, {"quarter": 2}, {"quarter": 3}),
        ((*MEASURE, "records"), {"point": "1"}, {"point": "2"}, {"point": "3"}),
        ((*MEASURE, "postponements"), {"date": "1"}, {"date": "2"}, {"date": "3"}),
        ((*MEASURE, "budget"), {"source": "а"}, {"source": "б"}, {"source": "в"}),
        ((*MEASURE, "budget"), {"year": 1}, {"year": 2}, {"year": 3}),
        ((*MEASURE, "records", ANY, "values"), {"period": "1"}, {"period": "2"}, {"period": "3"}),
        (
            (*MEASURE, "records", ANY, "evidence", "documents"),
            *({"title": "а"}, {"title": "б"}, {"title": "в"}),
        ),
        (
            (*MEASURE, "records", ANY, "evidence", "documents"),
            *({"number": "а"}, {"number": "б"}, {"number": "в"}),
        ),
    ],
)
def test_an_item_without_a_key_is_the_same_by_what_tells_it_from_the_others(
    shape: Shape, first: dict[str, Plain], second: dict[str, Plain], third: dict[str, Plain]
) -> None:
    """One side removes the first and changes the second, the other adds one before them."""
    base: Plain = [{**first, "x": 1, "y": 1}, {**second, "x": 1, "y": 1}]
    ours: Plain = [{**second, "x": 1, "y": 2}]
    theirs: Plain = [
        {**third, "x": 1, "y": 1},
        {**first, "x": 1, "y": 1},
        {**second, "x": 2, "y": 1},
    ]
    found = merged(shape, base, ours, theirs)
    assert isinstance(found, list)
    expected: list[Plain] = [{**second, "x": 2, "y": 2}, {**third, "x": 1, "y": 1}]
    assert all(item in found for item in expected)
    assert len(found) == 2


def test_documents_that_both_sides_added_are_ordered_by_date_and_title() -> None:
    dated: list[Plain] = [
        {"date": "2024-03-01", "title": "А", "number": "2"},
        {"date": "2024-03-01", "title": "Б", "number": "1"},
        {"date": "2024-03-02", "title": "А"},
    ]
    ours: list[Plain] = [dated[1]]
    theirs: list[Plain] = [{"title": "В"}, dated[0], dated[2]]
    shape = (*MEASURE, "records", ANY, "evidence", "documents")
    assert merged(shape, [], ours, theirs) == [{"title": "В"}, *dated]


A: dict[str, Plain] = {"name": "А", "role": "р"}
B: dict[str, Plain] = {"name": "Б"}


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "both"),
    [
        # Of several the one that there was is found, wherever it stands.
        (A, {"name": "А", "role": "н"}, [B, A], [B, {"name": "А", "role": "н"}]),
        (A, {"name": "А", "role": "н"}, [A, B], [{"name": "А", "role": "н"}, B]),
        ("А", "В", [B, A], [B, {"name": "В", "role": "р"}]),
        ("А", "А", [B], [B]),
        (A, MISSING, [B, A], [B]),
        (MISSING, "А", [B], [{"name": "А"}, B]),
        ([A], {"name": "А", "role": "н"}, [A, B], [{"name": "А", "role": "н"}, B]),
        ([A], "А", [A, B], [{"name": "А"}, B]),
    ],
)
def test_one_thing_here_and_several_there(
    base: Value, ours: Value, theirs: Value, both: Value
) -> None:
    assert merged(RESPONSIBLE, base, ours, theirs) == both


@pytest.mark.parametrize(
    ("shape", "base", "ours", "theirs", "places"),
    [
        (RESPONSIBLE, "А", "В", [B], [()]),
        (RESPONSIBLE, A, {**A, "name": "Г"}, {**A, "name": "Д"}, [("name",)]),
        (RESPONSIBLE, [A], "В", {"name": "Д"}, [()]),
        # One value: half of one with half of another would be one that nobody set.
        ((*MEASURE, "term"), {"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 2}, [()]),
        (
            *((*MEASURE, "postponements", ANY, "to"), {"a": 1, "b": 1}),
            *({"a": 2, "b": 1}, {"a": 1, "b": 2}, [()]),
        ),
        (
            *((*MEASURE, "records", ANY, "evidence", "files", ANY), {"a": 1, "b": 1}),
            *({"a": 2, "b": 1}, {"a": 1, "b": 2}, [()]),
        ),
        # Which of two is meant nobody knows.
        (
            *(("measures",), [{"id": "1", "x": 1}, {"id": "1", "x": 1}]),
            *(
                [{"id": "1", "x": 2}, {"id": "1", "x": 1}],
                [{"id": "1", "x": 1}, {"id": "1", "x": 3}],
            ),
            [()],
        ),
        (
            ("document", "chapters", ANY, "blocks"),
            [{"a": 1}],
            [{"a": 2}, {"b": 1}],
            [{"a": 3}],
            [()],
        ),
    ],
)
def test_where_the_sides_conflict(
    shape: Shape, base: Value, ours: Value, theirs: Value, places: list[DataPath]
) -> None:
    assert conflicts(shape, base, ours, theirs) == places


@pytest.mark.parametrize(
    ("items", "is_unique"),
    [
        ([], True),
        ([{"id": "а"}, {"id": "б"}], True),
        ([{"id": "а"}, {"id": "а"}], False),
        *(([{"id": "а"}, other], False) for other in ({"id": ""}, {"id": 1}, {}, "б", None)),
    ],
)
def test_whether_each_item_has_a_key_of_its_own(items: list[Plain], *, is_unique: bool) -> None:
    assert has_unique_keys(items, "id") is is_unique


@pytest.mark.parametrize(
    ("where", "is_part"),
    [
        (("sections", 0), True),
        (("sections", 0, "channels", 1), True),
        (("sections", 0, "title"), False),
        (("sections", 0, "channels"), False),
        (("measures", 0), False),
    ],
)
def test_which_conflict_is_a_removed_part(where: DataPath, *, is_part: bool) -> None:
    part: Plain = {"number": "1"}
    for sides in pairs(part, MISSING):
        assert is_removal(where, Sides(part, *sides)) is is_part
    assert not is_removal(where, Sides(part, part, {"number": "2"}))


@pytest.mark.parametrize("shape", [(*MEASURE, "extra"), (*MEASURE, "records", ANY, "evidence")])
def test_a_mapping_goes_with_its_last_field_and_not_with_the_other_sides(shape: Shape) -> None:
    base: Plain = {"links": ["а"]}
    assert merged(shape, base, MISSING, {"links": ["а"], "files": ["б"]}) == {"files": ["б"]}
    assert conflicts((*MEASURE, "cancelled"), base, MISSING, {"links": ["б"]}) == [()]


def test_of_two_items_with_one_name_the_one_that_agrees_is_the_old_one() -> None:
    kind = item_kind(RESPONSIBLE)
    old: list[Plain] = [{"name": "А", "role": "р"}]
    new: list[Plain] = [*old, {"name": "А", "role": "с"}]
    assert match_items(old, new, old, kind) == [Item(0, 0, 0), Item(None, 1, None)]


def test_a_measure_is_an_edited_one_by_its_words_and_not_by_its_place() -> None:
    row: dict[str, Plain] = {"id": "1", "number": "1", "channel": "1.1", "a": 1, "b": 2, "c": 3}
    elsewhere: dict[str, Plain] = {"id": "2", "number": "2", "channel": "2.1"}
    assert is_edited({**elsewhere, "a": 1, "b": 2, "c": 4}, row)
    assert not is_edited({**elsewhere, "a": 1, "b": 3, "c": 4}, row)
    assert not is_edited({**elsewhere, "a": 1, "b": 3}, row)
    assert not is_edited({"id": "1", "number": "1", "channel": "1.1"}, row)
    assert is_edited({**elsewhere, "a": 1, "d": 4, "e": 5}, row)


@pytest.mark.parametrize("name", ["same_work", "links"])
def test_texts_that_each_refer_to_something_merge_one_by_one(name: str) -> None:
    shape = (*MEASURE, name)
    assert merged(shape, ["1", "2"], ["1", "2", "3"], ["2"]) == ["2", "3"]
    assert conflicts((*MEASURE, "actions"), ["1", "2"], ["1", "2", "3"], ["2"]) == [()]


def test_a_part_whose_number_is_taken_goes_with_its_list_where_it_is_alone() -> None:
    channel: Plain = {"number": "1.1", "title": "Касса"}
    other: Plain = {"number": "1.2", "title": "Зал"}
    data: PlanData = {
        "sections": [
            {"number": "1", "title": "а", "channels": [channel]},
            {"number": "2", "title": "б", "channels": [other, channel]},
        ]
    }
    problem = Problem("channel-duplicate", "", fields={"name": "1.1"})
    edits = list(part_rollbacks(data, {}, problem))
    assert [(edit.path, edit.old, edit.new) for edit in edits] == [
        (("sections", 0, "channels"), [channel], MISSING),
        (("sections", 1, "channels", 1), channel, MISSING),
    ]
    # One that was there before is not to go.
    assert list(part_rollbacks(data, data, problem)) == []
    other_rule = Problem("channel-unknown", "", fields={"name": "1.1"})
    assert list(part_rollbacks(data, {}, other_rule)) == []


def test_a_term_that_the_other_sides_period_makes_unclear_is_to_choose_whole() -> None:
    """Each side is valid alone; half of a term with half of another is none that anybody set."""
    row = measure("1.1.1", "П", "Работы", 4)
    assert isinstance(row, dict)
    by_day: Plain = {"text": "до 20.12.2024", "due": "2024-12-20"}
    base: PlanData = {**PROGRAMME, "measures": [{**row, "term": by_day}]}
    period: Plain = {"start": "2024-01-01", "due": "2025-12-31"}
    ours = {key: value for key, value in base.items() if key != "year"} | {"period": period}
    theirs: PlanData = {**base, "measures": [row]}
    assert not validate(ours)
    assert not validate(theirs)
    for one, other in pairs(ours, theirs):
        assert isinstance(one, dict)
        assert isinstance(other, dict)
        (conflict,) = merge(base, one, other).conflicts
        assert conflict.where == ("measures", 0, "term")
        assert conflict.problem is not None
        assert conflict.problem.path == ("measures", 0, "term", "quarters", 0)

"""Changes: applied, refused if stale, reverted."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.schema.changes import (
    MISSING,
    Change,
    ChangeKind,
    Edit,
    Missing,
    Plain,
    PlanData,
    StaleChange,
    UnknownMeasure,
    measure_data,
    measure_index,
)
from kvartal.schema.edited_data import EditedData, apply_edits
from kvartal.schema.numbering import FreeIds
from kvartal.schema.plan_data import rows_of
from tests.support.work import lines_run

TEXTS = st.text(max_size=3)
LEAVES = st.one_of(TEXTS, st.integers(), st.booleans())
KEYS = st.sampled_from(["result", "notes", "responsible"])


def some_data() -> PlanData:
    """Return two measures with a few facts."""
    return {
        "year": 2024,
        "measures": [
            {"id": "1", "result": "a", "records": [{"quarter": 1}, {"quarter": 2}]},
            {"id": "2", "result": "b"},
        ],
    }


def test_a_field_is_set_added_and_removed() -> None:
    """The original data is not modified."""
    data = some_data()
    edits = [
        Edit("2", ("result",), "b", "c"),
        Edit("2", ("budget", "plan"), MISSING, 5),
        Edit("1", ("result",), "a", MISSING),
    ]
    changed = apply_edits(data, edits)
    assert measure_data(changed, "2") == {"id": "2", "result": "c", "budget": {"plan": 5}}
    assert "result" not in measure_data(changed, "1")
    assert data == some_data()


def test_lists_come_and_go_with_their_items() -> None:
    """No empty list or mapping is left behind."""
    data = some_data()
    changed = apply_edits(data, [Edit("2", ("records", 0), MISSING, {"quarter": 3})])
    assert measure_data(changed, "2")["records"] == [{"quarter": 3}]
    back = apply_edits(changed, [Edit("2", ("records", 0), {"quarter": 3}, MISSING)])
    assert back == data


def test_items_go_in_at_their_index() -> None:
    """Insertion shifts the rest; replacement does not."""
    data = some_data()
    inserted = apply_edits(data, [Edit("1", ("records", 1), MISSING, {"quarter": 4})])
    assert measure_data(inserted, "1")["records"] == [
        {"quarter": 1},
        {"quarter": 4},
        {"quarter": 2},
    ]
    inside = apply_edits(data, [Edit("1", ("records", 1, "quarter"), 2, 3)])
    assert measure_data(inside, "1")["records"] == [{"quarter": 1}, {"quarter": 3}]


def test_an_id_that_a_measure_had_is_free_again() -> None:
    edited = EditedData(some_data())
    edited.apply(Edit("1", ("id",), "1", "9"))
    edited.apply(Edit("1", (), MISSING, {"id": "1", "proposal": "Новое"}, 0))
    assert [row["id"] for row in rows_of(edited.data)][:2] == ["1", "9"]


def test_whole_measures_are_added_and_removed() -> None:
    """At their position."""
    data = some_data()
    changed = apply_edits(data, [Edit("3", (), MISSING, {"id": "3"}, 1)])
    rows = changed["measures"]
    assert isinstance(rows, list)
    assert [row["id"] for row in rows if isinstance(row, dict)] == ["1", "3", "2"]
    assert apply_edits(changed, [Edit("3", (), {"id": "3"}, MISSING, 1)]) == data


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (Edit("1", ("result",), "other", "c"), "result"),
        (Edit("1", ("result",), MISSING, "c"), "result"),
        (Edit("1", ("notes",), "a", "c"), "notes"),
        (Edit("1", ("records", 5), MISSING, {}), "records.5"),
        (Edit("1", ("records", -1), {"quarter": 2}, MISSING), "records.-1"),
        (Edit("1", ("records", 2), {"quarter": 2}, {"quarter": 3}), "records.2"),
        (Edit("1", ("records", 2, "quarter"), 2, 3), "records.2.quarter"),
        (Edit("1", ("result", "deeper"), "a", "c"), "result.deeper"),
        (Edit("1", ("records", "first"), MISSING, {}), "records.first"),
        (Edit("1", ("records", 0), {"quarter": 9}, MISSING), "records.0"),
        (Edit("1", ("records", 0, "quarter"), True, 2), "records.0.quarter"),
        (Edit("1", (), {"id": "1"}, MISSING, 0), "id"),
        (Edit("1", (), MISSING, {"id": "1"}, 0), "id"),
        (Edit("3", (), MISSING, MISSING, 0), "id"),
        (Edit("3", (), MISSING, {"id": "3"}, 3), "id"),
        (Edit("3", (), MISSING, {"id": "3"}, -1), "id"),
        (Edit("", (), {}, {"year": 2025}), ""),
        (Edit("", ("year",), 2023, 2025), "year"),
        (Edit("", ("year", 0), 2, 3), "year.0"),
    ],
)
def test_a_stale_edit_is_refused(edit: Edit, field: str) -> None:
    """The data no longer holds what the edit was made from."""
    with pytest.raises(StaleChange, match=f"{edit.measure}: поле «{field}» уже не такое") as caught:
        apply_edits(some_data(), [edit])
    assert caught.value.fields == {"measure": edit.measure, "field": field}


def test_where_the_measures_are_no_list_nothing_applies() -> None:
    with pytest.raises(StaleChange, match="«measures»"):
        apply_edits({"measures": "none"}, [Edit("1", ("result",), "a", "b")])
    with pytest.raises(StaleChange):
        apply_edits({"measures": [{"id": "1"}]}, [Edit("1", ("id",), "1", MISSING)])
    no_lists: tuple[Plain, ...] = ({"id": "1"}, 5)
    for rows in no_lists:
        with pytest.raises(UnknownMeasure, match="«1»"):
            measure_data({"measures": rows}, "1")
    with pytest.raises(UnknownMeasure, match="«1»"):
        measure_data({"measures": ["1", 5, {"id": "2"}]}, "1")


def test_what_belongs_to_the_programme_is_changed_from_the_root() -> None:
    """A key that loses its last value goes, and so may the whole."""
    data = some_data()
    edits = [
        Edit("", ("year",), 2024, 2025),
        Edit("", ("document", "title"), MISSING, "Программа"),
        Edit("", ("sections", 0), MISSING, {"number": "1"}),
    ]
    changed = apply_edits(data, edits)
    assert changed == {
        "year": 2025,
        "measures": data["measures"],
        "document": {"title": "Программа"},
        "sections": [{"number": "1"}],
    }
    assert Change(ChangeKind.SET, tuple(edits)).measures == ()
    back = Change(ChangeKind.SET, tuple(edits)).inverse()
    assert apply_edits(changed, back.edits) == data
    assert apply_edits({"year": 1}, [Edit("", ("year",), 1, MISSING)]) == {}


def test_a_whole_measure_is_replaced_where_it_stands_or_added_at_the_end() -> None:
    data = some_data()
    row = measure_data(data, "1")
    changed = apply_edits(
        data,
        [Edit("1", (), row, {"id": "1", "result": "z"}), Edit("3", (), MISSING, {"id": "3"})],
    )
    assert changed["measures"] == [
        {"id": "1", "result": "z"},
        {"id": "2", "result": "b"},
        {"id": "3"},
    ]
    last = apply_edits(data, [Edit("3", (), MISSING, {"id": "3"}, 2)])
    assert measure_index(last, "3") == 2
    assert apply_edits({"year": 1}, [Edit("3", (), MISSING, {"id": "3"})])["measures"] == [
        {"id": "3"}
    ]


def test_a_change_names_its_measures_once_in_order() -> None:
    edits = [Edit(name, ("notes",), MISSING, "x") for name in ("2", "1", "", "2")]
    assert Change(ChangeKind.SET, tuple(edits)).measures == ("2", "1")


def test_a_whole_number_and_the_same_with_a_fraction_are_one_value() -> None:
    data = some_data()
    changed = apply_edits(data, [Edit("1", ("records", 0, "quarter"), 1.0, 3)])
    assert measure_data(changed, "1")["records"] == [{"quarter": 3}, {"quarter": 2}]


def test_an_unknown_measure_is_named() -> None:
    """And the command that lists the known ones."""
    with pytest.raises(UnknownMeasure, match=r"9\.9.*kvartal list"):
        apply_edits(some_data(), [Edit("9.9", ("result",), "a", "b")])


@st.composite
def histories(draw: st.DrawFn) -> tuple[PlanData, tuple[Edit, ...]]:
    """Draw data and a few edits that apply in order."""
    data = some_data()
    edits: list[Edit] = []
    for _step in range(draw(st.integers(0, 5))):
        measure = draw(st.sampled_from(["1", "2"]))
        row = measure_data(apply_edits(data, edits), measure)
        if draw(st.booleans()):
            key = draw(KEYS)
            new: Plain | Missing = draw(st.one_of(LEAVES, st.just(MISSING)))
            old: Plain | Missing = row.get(key, MISSING)
            if old is not MISSING or new is not MISSING:
                edits.append(Edit(measure, (key,), old, new))
            continue
        records = row.get("records", [])
        assert isinstance(records, list)
        index = draw(st.integers(0, len(records)))
        if index < len(records) and draw(st.booleans()):
            edits.append(Edit(measure, ("records", index), records[index], MISSING))
        else:
            edits.append(Edit(measure, ("records", index), MISSING, {"quarter": draw(LEAVES)}))
    return data, tuple(edits)


@given(histories())
def test_a_change_and_its_inverse_leave_everything_as_it_was(
    history: tuple[PlanData, tuple[Edit, ...]],
) -> None:
    """Undo is the inverse, and the inverse of undo is the change."""
    data, edits = history
    before = deepcopy(data)
    change = Change(ChangeKind.SET, edits)
    changed = apply_edits(data, change.edits)
    assert data == before
    assert apply_edits(changed, change.inverse().edits) == data
    assert change.inverse().inverse(ChangeKind.SET) == change


def test_the_words_for_what_was_done_are_those_of_old_histories() -> None:
    """They stand in the trailers of commits, so none may ever change."""
    words = "record set postpone cancel add remove undo redo merge import edit accept"
    since = "correct copy move structure"
    assert {kind.value for kind in ChangeKind} == {*words.split(), *since.split()}


ROW_EDITS = st.lists(
    st.tuples(
        st.sampled_from(["add", "set", "drop", "swap"]), st.sampled_from("abc"), st.integers(0, 3)
    )
)


@given(ROW_EDITS)
def test_many_edits_are_the_same_as_one_after_the_other(steps: list[tuple[str, str, int]]) -> None:
    """An invalid plan may have an id twice: then the first row is meant, as ever."""
    data: PlanData = {"measures": [{"id": "a", "n": 0}, {"id": "b"}, {"id": "a", "n": 1}]}
    edited, now = EditedData(data), data
    for kind, name, number in steps:
        row = next((one for one in rows_of(now) if one["id"] == name), None)
        if kind == "add":
            edit = Edit(name, (), MISSING, {"id": name, "n": number}, number)
        elif kind == "set":
            edit = Edit(name, ("n",), row.get("n", MISSING) if row else 0, number)
        else:
            new: Plain | Missing = MISSING
            if kind == "swap":
                new = {"id": name, "n": number}
            edit = Edit(name, (), row or {}, new)
        try:
            now = apply_edits(now, [edit])
        except (StaleChange, UnknownMeasure) as error:
            with pytest.raises(type(error)):
                edited.apply(edit)
        else:
            edited.apply(edit)
        assert edited.data == now


def test_adding_a_row_takes_the_same_work_however_many_there_are() -> None:
    def added(rows: int) -> None:
        edited = EditedData({})
        names = FreeIds(())
        for count in range(rows):
            name = names.take("1")
            edited.apply(Edit(name, (), MISSING, {"id": name}, count // 2))
            edited.apply(Edit(name, ("n",), MISSING, count))
            assert edited.index(name) == count // 2

    once, twice, thrice = (lines_run(added, rows) for rows in (200, 400, 600))
    assert thrice - twice <= 1.05 * (twice - once)

"""The difference of two plans: what it finds, and that applying it always gives the new plan."""

import copy
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kvartal.history.diff.diff import FieldChange, difference, field_changes
from kvartal.history.diff.matching import aligned, common_ends, increasing, same
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, Plain, PlanData
from kvartal.schema.edited_data import apply_edits


def measure(name: str, **fields: Plain) -> dict[str, Plain]:
    return {"id": name, "proposal": f"Предложение {name}", **fields}


def plan(*measures: Plain, **rest: Plain) -> PlanData:
    return {"year": 2024, "document": {"title": "Программа"}, **rest, "measures": list(measures)}


# ------------------------------------------------------------------------------ known differences


def test_equal_plans_have_no_difference() -> None:
    assert difference(plan(measure("1.1.1")), plan(measure("1.1.1"))) == ()


def test_whole_and_decimal_numbers_are_the_same_fact_but_yes_and_one_are_not() -> None:
    old = plan(measure("1.1.1", budget={"plan": 1}, flag=1))
    new = plan(measure("1.1.1", budget={"plan": 1.0}, flag=True))
    assert difference(old, new) == (Edit("1.1.1", ("flag",), 1, True),)


def test_a_field_set_added_and_removed() -> None:
    old = plan(measure("1.1.1", result="Было", notes="Уйдёт", budget={"plan": 1}))
    new = plan(measure("1.1.1", result="Стало", responsible="Отдел", budget={"plan": 1, "fact": 2}))
    assert difference(old, new) == (
        Edit("1.1.1", ("result",), "Было", "Стало"),
        Edit("1.1.1", ("responsible",), MISSING, "Отдел"),
        Edit("1.1.1", ("budget", "fact"), MISSING, 2),
        Edit("1.1.1", ("notes",), "Уйдёт", MISSING),
    )


def test_the_quarters_of_a_term_are_one_value() -> None:
    old = plan(measure("1.1.1", term={"text": "1-2", "quarters": [1, 2]}))
    new = plan(measure("1.1.1", term={"text": "1-3", "quarters": [1, 2, 3]}))
    assert [edit.path for edit in difference(old, new)] == [("term", "text"), ("term", "quarters")]


def test_a_record_inserted_at_the_front_is_one_insertion() -> None:
    second: Plain = {"quarter": 2, "date": "2024-06-28"}
    first: Plain = {"quarter": 1, "date": "2024-03-28"}
    old = plan(measure("1.1.1", records=[second]))
    new = plan(measure("1.1.1", records=[first, second]))
    assert difference(old, new) == (Edit("1.1.1", ("records", 0), MISSING, first),)
    assert difference(new, old) == (Edit("1.1.1", ("records", 0), first, MISSING),)


def test_a_corrected_record_is_one_field_even_when_a_record_is_inserted_before_it() -> None:
    first: Plain = {"quarter": 1, "date": "2024-03-28", "result": "Да"}
    second: Plain = {"quarter": 2, "date": "2024-06-28", "result": "Да"}
    corrected: Plain = {"quarter": 2, "date": "2024-06-27", "result": "Да"}
    old = plan(measure("1.1.1", records=[second]))
    new = plan(measure("1.1.1", records=[first, corrected]))
    assert difference(old, new) == (
        Edit("1.1.1", ("records", 0), MISSING, first),
        Edit("1.1.1", ("records", 1, "date"), "2024-06-28", "2024-06-27"),
    )


def test_evidence_added_to_a_record() -> None:
    bare: Plain = {"quarter": 1, "date": "2024-03-28"}
    file: Plain = {"path": "evidence/2024/1.1.1/а.pdf", "size": 1, "sha256": "0" * 64}
    proved: Plain = {"quarter": 1, "date": "2024-03-28", "evidence": {"files": [file]}}
    edits = difference(
        plan(measure("1.1.1", records=[bare])), plan(measure("1.1.1", records=[proved]))
    )
    assert edits == (Edit("1.1.1", ("records", 0, "evidence"), MISSING, {"files": [file]}),)


def test_the_first_record_and_the_last_are_reported_as_records() -> None:
    first: Plain = {"quarter": 1, "date": "2024-03-28"}
    none, one = plan(measure("1.1.1")), plan(measure("1.1.1", records=[first]))
    assert difference(none, one) == (Edit("1.1.1", ("records", 0), MISSING, first),)
    assert difference(one, none) == (Edit("1.1.1", ("records", 0), first, MISSING),)


def test_a_reworded_step_is_reported_in_its_place() -> None:
    old = plan(measure("1.1.1", actions=["Первый", "Второй", "Третий"]))
    new = plan(measure("1.1.1", actions=["Первый", "Второй, иначе", "Третий"]))
    assert difference(old, new) == (Edit("1.1.1", ("actions", 1), "Второй", "Второй, иначе"),)


def test_measures_added_and_removed_keep_their_positions() -> None:
    old = plan(measure("1.1.1"), measure("1.1.2"), measure("1.1.3"))
    new = plan(measure("1.1.1"), measure("1.1.3"), measure("1.1.4"))
    assert difference(old, new) == (
        Edit("1.1.2", (), measure("1.1.2"), MISSING, 1),
        Edit("1.1.4", (), MISSING, measure("1.1.4"), 2),
    )


def test_a_moved_measure_is_one_move_and_its_changed_field() -> None:
    old = plan(measure("1"), measure("2"), measure("3"), measure("4"))
    new = plan(measure("4", notes="Срочно"), measure("1"), measure("2"), measure("3"))
    edits = difference(old, new)
    assert [(edit.measure, edit.path) for edit in edits] == [
        ("4", ()),
        ("4", ()),
        ("4", ("notes",)),
    ]
    assert field_changes(edits) == (
        FieldChange("4", "position", 4, 1),
        FieldChange("4", "notes", None, "Срочно"),
    )


def test_a_move_is_reported_as_positions_in_the_whole_table() -> None:
    old = plan(measure("1"), measure("2"), measure("3"), measure("4"))
    new = plan(measure("4"), measure("2"), measure("3"))
    changes = [row for row in field_changes(difference(old, new)) if row.field == "position"]
    assert changes == [FieldChange("4", "position", 4, 1)]


def test_the_inverse_moves_the_same_measure_back() -> None:
    """Of two measures that changed places, the undo moves the one that the change had moved."""
    rows = [measure(name) for name in ("1.1.1", "1.1.2", "1.1.3", "1.1.4")]
    for swapped in ([1, 0, 2, 3], [0, 2, 1, 3], [1, 0, 3, 2], [3, 1, 2, 0]):
        one, other = plan(*rows), plan(*(rows[at] for at in swapped))
        moved = {edit.measure for edit in difference(one, other)}
        assert moved == {edit.measure for edit in difference(other, one)}


def test_an_empty_list_of_measures_differs_from_none() -> None:
    none: PlanData = {"year": 2024}
    empty: PlanData = {"year": 2024, "measures": []}
    assert difference(none, empty) == (Edit("", ("measures",), MISSING, []),)
    assert difference(empty, none) == (Edit("", ("measures",), [], MISSING),)


def test_an_item_is_matched_by_its_name_before_its_content() -> None:
    first: Plain = {"quarter": 1, "date": "2024-03-28", "result": "Да"}
    second: Plain = {"quarter": 2, "date": "2024-06-28", "result": "Нет"}
    rewritten: Plain = {"quarter": 2, "date": "2024-03-28", "result": "Да"}
    assert aligned([first, second], [rewritten]) == ((1, 0),)


def test_fields_outside_the_measures_are_reported_without_a_measure() -> None:
    old = plan(measure("1.1.1"), sections=[{"number": "1", "title": "ОЧНОЕ"}])
    new = plan(measure("1.1.1"), sections=[{"number": "1", "title": "Очное"}])
    new["document"] = {"title": "Программа", "code": "ЛНА"}
    edits = difference(old, new)
    assert edits == (
        Edit("", ("document", "code"), MISSING, "ЛНА"),
        Edit("", ("sections", 0, "title"), "ОЧНОЕ", "Очное"),
    )
    assert Change(ChangeKind.EDIT, edits).measures == ()
    assert field_changes(edits)[0].as_json() == {
        "id": None,
        "field": "document.code",
        "old": None,
        "new": "ЛНА",
    }


def test_a_new_plan_is_reported_field_by_field() -> None:
    new = plan(measure("1.1.1"))
    edits = difference({}, new)
    assert apply_edits({}, edits) == new
    assert field_changes(edits)[-2:] == (
        FieldChange("1.1.1", "id", None, "1.1.1"),
        FieldChange("1.1.1", "proposal", None, "Предложение 1.1.1"),
    )


def test_measures_with_the_same_id_are_matched_by_position() -> None:
    old = plan(measure("1.1.1"), measure("1.1.2"))
    new = plan(measure("1.1.1"), measure("1.1.2"), measure("1.1.2", notes="Двойник"))
    edits = difference(old, new)
    assert [edit.path for edit in edits] == [("measures", 2)]
    assert apply_edits(old, edits) == new


def test_a_very_long_list_is_matched_by_position() -> None:
    old: list[Plain] = [f"шаг {number}" for number in range(300)]
    new: list[Plain] = [f"этап {number}" for number in range(300)]
    assert len(aligned(old, new)) == 300


def test_common_ends_never_overlap_and_may_leave_something_between() -> None:
    assert common_ends("abcxyz", "abcz") == (3, 1)
    assert common_ends("abab", "ab") == (2, 0)
    assert common_ends("abab", "ab", spare=1) == (1, 0)
    assert common_ends("aba", "aba", spare=1) == (2, 0)
    assert common_ends([1, True], [1.0, 1], same) == (1, 0)
    assert common_ends("", "a", spare=1) == (0, 0)


# ------------------------------------------------------------------------------------- properties

texts = st.sampled_from(["а", "б", "в", "2024-03-28", "Акт ввода № 12", ""])
scalars = st.one_of(texts, st.integers(-1, 2), st.booleans(), st.sampled_from([0.5, 95.4]))
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "date", "quarter", "files", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
records = st.fixed_dictionaries(
    {"quarter": st.integers(1, 4), "date": st.sampled_from(["2024-03-28", "2024-06-28"])},
    optional={
        "result": texts,
        "evidence": st.fixed_dictionaries(
            {},
            optional={
                "links": st.lists(texts, max_size=2),
                "files": st.lists(anything, max_size=2),
            },
        ),
    },
)
rows = st.fixed_dictionaries(
    {"proposal": texts},
    optional={
        "notes": anything,
        "actions": st.lists(texts, max_size=4),
        "budget": st.dictionaries(st.sampled_from(["plan", "fact"]), scalars),
        "records": st.lists(records, max_size=4),
    },
)


@st.composite
def plans(draw: st.DrawFn) -> PlanData:
    ids = draw(st.lists(st.sampled_from("123456"), unique=True, max_size=6))
    data = dict(draw(st.dictionaries(st.sampled_from(["year", "document", "sections"]), anything)))
    if ids or draw(st.sampled_from(["absent", "empty"])) == "empty":
        data["measures"] = [{"id": name, **draw(rows)} for name in ids]
    return data


any_plan = st.one_of(
    plans(),
    st.dictionaries(st.sampled_from(["year", "measures", "document"]), anything, max_size=3),
)


@given(any_plan, any_plan)
def test_applying_the_difference_gives_the_new_plan(old: PlanData, new: PlanData) -> None:
    before = copy.deepcopy(old)
    made = apply_edits(old, difference(old, new))
    assert made == new
    assert same(made, new)
    assert old == before


@given(plans(), plans())
def test_the_inverse_of_a_difference_undoes_it(old: PlanData, new: PlanData) -> None:
    change = Change(ChangeKind.EDIT, difference(old, new))
    restored = apply_edits(new, change.inverse().edits)
    # The first measure makes the list; taking it back leaves the list empty.
    assert restored in (old, {**old, "measures": []})


@given(plans(), plans())
def test_every_edit_really_changes_something(old: PlanData, new: PlanData) -> None:
    assert all(edit.old != edit.new or edit.old is not edit.new for edit in difference(old, new))
    assert difference(new, copy.deepcopy(new)) == ()


@given(st.lists(scalars, max_size=6), st.lists(scalars, max_size=6))
def test_pairs_rise_on_both_sides(old: list[Plain], new: list[Plain]) -> None:
    pairs = aligned(old, new)
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs))


@given(st.lists(anything, max_size=5), anything, st.integers(0, 5))
def test_one_item_inserted_is_one_pair_fewer(items: list[Plain], item: Plain, place: int) -> None:
    longer = [*items[:place], item, *items[place:]]
    pairs = aligned(items, longer)
    assert len(pairs) == len(items)
    assert all(same(items[one], longer[other]) for one, other in pairs)


@given(st.permutations(range(7)))
def test_what_stays_is_a_longest_rising_run(places: list[int]) -> None:
    kept = increasing(places)
    assert [places[index] for index in kept] == sorted(places[index] for index in kept)
    assert len(kept) >= 3 or len(increasing(places[::-1])) >= 3

"""What merges, what is a conflict, and how it is described: known answers."""

import pytest

from kvartal.history.audit.merge_compare import merge_differences
from kvartal.history.diff.words import Words
from kvartal.history.merge.conflict import Merged
from kvartal.history.merge.conflict_text import conflict_text
from kvartal.history.merge.matching import Item, ItemKind, match_items
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.merge.paths import with_value
from kvartal.schema.changes import MISSING, Edit, Missing, Plain, PlanData, measure_data
from kvartal.schema.data_paths import value_at
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.validation import validate
from tests.history.programme import (
    PROGRAMME,
    after,
    called_off,
    completed,
    corrected,
    measure,
    postponed,
    quarterly,
    set_,
)


def with_row(data: PlanData, name: str, **fields: Plain) -> PlanData:
    """Return the programme with fields of a measure set, unchecked."""
    rows = data["measures"]
    assert isinstance(rows, list)
    new: list[Plain] = [
        {**row, **fields} if isinstance(row, dict) and row["id"] == name else row for row in rows
    ]
    return {**data, "measures": new}


def without(data: PlanData, name: str) -> PlanData:
    rows = data["measures"]
    assert isinstance(rows, list)
    return {
        **data,
        "measures": [row for row in rows if isinstance(row, dict) and row["id"] != name],
    }


def added(data: PlanData, row: Plain, at: int | None = None) -> PlanData:
    rows = data["measures"]
    assert isinstance(rows, list)
    at = len(rows) if at is None else at
    return {**data, "measures": [*rows[:at], row, *rows[at:]]}


def both_ways(base: PlanData, ours: PlanData, theirs: PlanData) -> Merged:
    """Merge, and check that it does not matter which side is ours."""
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert apply_edits(ours, one.edits) == one.data
    assert [(each.where, each.sides.ours, each.sides.theirs) for each in one.conflicts] == [
        (each.where, each.sides.theirs, each.sides.ours) for each in other.conflicts
    ]
    assert [note.message() for note in one.notes] == [note.message() for note in other.notes]
    if not one.conflicts:
        assert one.data == other.data
    return one


def record(quarter: int, day: str, **more: Plain) -> Plain:
    return {"quarter": quarter, "date": day, **more}


def ids(data: PlanData) -> list[Plain]:
    rows = data["measures"]
    assert isinstance(rows, list)
    return [row["id"] for row in rows if isinstance(row, dict)]


def conflict_texts(merged: Merged) -> list[str]:
    return [conflict_text(one, merged.data, Words()) for one in merged.conflicts]


# --------------------------------------------------------------------------------- what merges


def test_channels_that_both_added_stand_in_the_order_of_their_numbers() -> None:
    def with_channel(number: str) -> PlanData:
        new: Plain = {"number": number, "title": f"Новый {number}"}
        return with_value(PROGRAMME, ("sections", 0, "channels"), [*old, new])  # type: ignore[misc, return-value]

    old = value_at(PROGRAMME, ("sections", 0, "channels"))
    assert isinstance(old, list)
    merged = both_ways(PROGRAMME, with_channel("1.10"), with_channel("1.9"))
    assert not merged.conflicts
    channels = value_at(merged.data, ("sections", 0, "channels"))
    assert isinstance(channels, list)
    assert [one["number"] for one in channels if isinstance(one, dict)] == [
        *("1.1", "1.2", "1.9", "1.10"),
    ]


def test_what_has_no_name_is_the_same_thing_where_most_of_its_fields_are() -> None:
    """Here the fields of a chapter's table, of which a side may have more or fewer."""

    def pairs(old: dict[str, Plain], new: dict[str, Plain]) -> list[Item]:
        return match_items([old], [new], [new], ItemKind("", ("t",)))

    old: dict[str, Plain] = {"a": 1, "b": 2, "c": 3}
    same = [Item(0, 0, 0)]
    assert pairs(old, {"a": 1, "b": 2}) == same
    assert pairs(old, {"a": 1, "b": 2, "d": 4}) == [Item(0, 0, 0)]
    assert pairs({"a": 1, "b": 2}, {"a": 1, "b": 5}) == same
    assert pairs({"a": 1, "b": 2}, {"a": 4, "b": 5}) != same
    assert pairs({"a": 1, "b": 2}, {"t": 1, "a": 1, "b": 2}) == same
    assert pairs({"t": 1, "a": 1, "b": 2}, {"a": 1, "b": 2}) == same
    assert pairs({"t": 1, "a": 1, "b": 2}, {"t": 1, "a": 3, "b": 4}) == same


def test_different_fields_of_one_measure_merge() -> None:
    ours, theirs = after(set_("1.1.2", responsible="Отдел ОК")), after(completed())
    merged = both_ways(PROGRAMME, ours, theirs)
    assert not merged.conflicts
    assert merged.data == after(set_("1.1.2", responsible="Отдел ОК"), completed())


def test_plan_and_fact_of_a_budget_set_by_two_people_merge() -> None:
    ours, theirs = after(set_("1.1.2", budget__plan="100")), after(set_("1.1.2", budget__fact="95"))
    merged = both_ways(PROGRAMME, ours, theirs)
    assert measure_data(merged.data, "1.1.2")["budget"] == {"plan": 100, "fact": 95}


def test_records_of_both_sides_stay_in_the_order_of_their_dates() -> None:
    first, second = record(1, "2024-03-28"), record(2, "2024-06-28")
    ours = with_row(PROGRAMME, "1.1.1", records=[second])
    theirs = with_row(PROGRAMME, "1.1.1", records=[first])
    merged = both_ways(PROGRAMME, ours, theirs)
    assert measure_data(merged.data, "1.1.1")["records"] == [first, second]


def test_a_record_that_both_sides_added_is_there_once() -> None:
    one, other = record(1, "2024-03-28"), record(2, "2024-06-28")
    ours = with_row(PROGRAMME, "1.1.1", records=[one, other])
    theirs = with_row(PROGRAMME, "1.1.1", records=[dict(one)] if isinstance(one, dict) else [])
    merged = both_ways(PROGRAMME, ours, theirs)
    assert measure_data(merged.data, "1.1.1")["records"] == [one, other]


def test_a_record_is_merged_by_field_and_its_evidence_by_item() -> None:
    base = after(completed())
    row = measure_data(base, "1.1.2")["records"]
    assert isinstance(row, list)
    assert isinstance(row[0], dict)
    links: Plain = ["https://example.org/act"]
    evidence = row[0]["evidence"]
    assert isinstance(evidence, dict)
    ours = after(completed(), corrected())
    theirs = with_row(base, "1.1.2", records=[{**row[0], "evidence": {**evidence, "links": links}}])
    merged = both_ways(base, ours, theirs)
    assert not merged.conflicts
    assert measure_data(merged.data, "1.1.2")["records"] == [
        {**row[0], "date": "2024-09-26", "evidence": {**evidence, "links": links}}
    ]


def test_two_postponements_are_ordered_by_date_so_that_the_last_one_counts() -> None:
    def put_off(day: str, quarter: int) -> Plain:
        to: Plain = {"text": f"{quarter} квартал 2024", "quarters": [quarter]}
        return {"date": day, "to": to, "reason": "Поставка"}

    base = with_row(PROGRAMME, "1.1.2", term={"text": "2 квартал 2024", "quarters": [2]})
    late, early = put_off("2024-06-20", 4), put_off("2024-05-20", 3)
    ours = with_row(base, "1.1.2", postponements=[late])
    theirs = with_row(base, "1.1.2", postponements=[early])
    merged = both_ways(base, ours, theirs)
    assert not merged.conflicts
    assert measure_data(merged.data, "1.1.2")["postponements"] == [early, late]


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    same = after(set_("1.1.2", result="Иначе"), completed())
    merged = both_ways(PROGRAMME, same, after(set_("1.1.2", result="Иначе"), completed()))
    assert merged.data == same
    assert merged.edits == ()


def test_what_one_side_removed_and_the_other_left_alone_is_removed() -> None:
    assert ids(both_ways(PROGRAMME, without(PROGRAMME, "1.1.3"), PROGRAMME).data) == ids(
        without(PROGRAMME, "1.1.3")
    )
    gone = without(PROGRAMME, "1.1.3")
    assert both_ways(PROGRAMME, gone, without(PROGRAMME, "1.1.3")).data == gone


def test_measures_that_both_sides_added_in_one_place_are_ordered_by_number() -> None:
    one, other = measure("1.1.6", "Пандусы", "Установка", 4), measure("1.1.5", "Кофе", "Покупка", 4)
    merged = both_ways(PROGRAMME, added(PROGRAMME, one, 4), added(PROGRAMME, other, 4))
    assert ids(merged.data)[3:7] == ["1.1.4", "1.1.5", "1.1.6", "1.2.1"]
    assert not merged.notes


def test_a_move_and_a_change_of_one_measure_merge() -> None:
    rows = PROGRAMME["measures"]
    assert isinstance(rows, list)
    moved: PlanData = {**PROGRAMME, "measures": [rows[-1], *rows[:-1]]}
    merged = both_ways(PROGRAMME, moved, after(set_("2.2.1", result="Иначе")))
    assert ids(merged.data) == ids(moved)
    assert measure_data(merged.data, "2.2.1")["result"] == "Иначе"


def test_fields_outside_the_measures_merge_by_key_and_channels_by_number() -> None:
    sections = PROGRAMME["sections"]
    assert isinstance(sections, list)
    assert isinstance(sections[0], dict)
    channels = sections[0]["channels"]
    assert isinstance(channels, list)
    new: Plain = {"number": "1.3", "title": "Выездное обслуживание В2В"}
    other: Plain = {"number": "1.2", "title": "Офис В2С"}
    ours: PlanData = {**PROGRAMME, "sections": [{**sections[0], "channels": [*channels, new]}]}
    theirs: PlanData = {
        **PROGRAMME,
        "sections": [{**sections[0], "channels": [channels[0], other]}],
    }
    theirs = {**theirs, "document": {"title": "Программа", "code": "ЛНА-0015-1"}}
    merged = both_ways(PROGRAMME, ours, theirs)
    assert not merged.conflicts
    assert merged.data["document"] == {"title": "Программа", "code": "ЛНА-0015-1"}
    assert merged.data["sections"] == [{**sections[0], "channels": [channels[0], other, new]}]


# -------------------------------------------------------------------------------- what conflicts


def test_one_field_changed_in_two_ways_is_reported_with_all_values() -> None:
    ours, theirs = after(set_("1.1.2", result="Наше")), after(set_("1.1.2", result="Их"))
    merged = both_ways(PROGRAMME, ours, theirs)
    values = "у нас «Наше», с другой стороны «Их», было «Обеспечено исполнение»."
    assert conflict_texts(merged) == [f"1.1.2, ожидаемый результат: {values}"]
    assert merged.conflicts[0].path == ("result",)
    assert resolve(merged, ["Оба"]) == after(set_("1.1.2", result="Оба"))


def test_a_field_that_both_sides_added_is_reported_without_a_base_value() -> None:
    ours, theirs = after(set_("1.1.2", notes="Наше")), after(set_("1.1.2", notes="Их"))
    assert conflict_texts(both_ways(PROGRAMME, ours, theirs)) == [
        "1.1.2, примечания: у нас «Наше», с другой стороны «Их»."
    ]


def test_half_of_one_term_and_half_of_another_is_a_conflict() -> None:
    ours = with_row(PROGRAMME, "1.1.2", term={"text": "III квартал 2024", "quarters": [3]})
    theirs = with_row(PROGRAMME, "1.1.2", term={"text": "3 квартал 2024", "quarters": [4]})
    merged = both_ways(PROGRAMME, ours, theirs)
    assert [one.path for one in merged.conflicts] == [("term",)]
    assert "кварталы: 4" in conflict_texts(merged)[0]


def test_steps_merge_by_number_and_are_one_value_where_one_is_added_or_removed() -> None:
    def steps(text: str) -> PlanData:
        return with_row(PROGRAMME, "1.1.2", actions=list(text))

    base, first, last, removed = map(steps, ("абв", "Абв", "абВ", "ав"))
    assert measure_data(both_ways(base, first, last).data, "1.1.2")["actions"] == list("АбВ")
    assert [one.path for one in both_ways(base, first, removed).conflicts] == [("actions",)]
    ours = with_row(PROGRAMME, "1.1.2", actions=["Установка", "Приёмка"])
    theirs = with_row(PROGRAMME, "1.1.2", actions=["Закупка", "Установка"])
    merged = both_ways(PROGRAMME, ours, theirs)
    assert [one.path for one in merged.conflicts] == [("actions",)]


@pytest.mark.parametrize("removed_here", [True, False])
def test_a_measure_removed_here_and_changed_there(removed_here: bool) -> None:  # noqa: FBT001
    gone, changed = without(PROGRAMME, "1.1.2"), after(set_("1.1.2", result="Иначе"))
    sides = (gone, changed) if removed_here else (changed, gone)
    merged = both_ways(PROGRAMME, *sides)
    (conflict,) = merged.conflicts
    assert (conflict.measure, conflict.path) == ("1.1.2", ())
    assert measure_data(merged.data, "1.1.2")["result"] == "Иначе"
    assert "удалено" in conflict_texts(merged)[0]
    assert "Ожидаемый результат: Обеспечено исполнение → Иначе" in conflict_texts(merged)[0]
    assert resolve(merged, [MISSING]) == gone
    assert resolve(merged, [conflict.value]) == changed


def test_a_record_removed_here_and_corrected_there() -> None:
    base = after(completed(), quarterly("1.1.3"))
    ours, theirs = after(quarterly("1.1.3")), after(completed(), quarterly("1.1.3"), corrected())
    merged = both_ways(base, ours, theirs)
    (conflict,) = merged.conflicts
    assert conflict.path == ("records", 0)
    assert resolve(merged, [conflict.sides.ours]) == ours
    assert resolve(merged, [conflict.sides.theirs]) == theirs


def test_the_last_record_removed_here_and_a_new_one_added_there() -> None:
    one, other = record(3, "2024-09-10"), record(3, "2024-09-20")
    base = with_row(PROGRAMME, "1.1.2", records=[one])
    merged = both_ways(base, PROGRAMME, with_row(PROGRAMME, "1.1.2", records=[one, other]))
    assert not merged.conflicts
    assert measure_data(merged.data, "1.1.2")["records"] == [other]


def test_a_list_that_both_emptied_together_is_not_there() -> None:
    one, other = record(1, "2024-03-10"), record(3, "2024-09-20")
    base, ours, theirs = (
        with_row(PROGRAMME, "1.1.2", records=rows) for rows in ([one, other], [one], [other])
    )
    merged = both_ways(base, ours, theirs)
    assert not merged.conflicts
    assert merged.data == PROGRAMME


def test_what_both_added_on_one_day_is_in_the_order_of_quarters() -> None:
    later, earlier = record(2, "2024-06-28", result="а"), record(1, "2024-06-28", result="б")
    ours = with_row(PROGRAMME, "1.1.1", records=[later])
    theirs = with_row(PROGRAMME, "1.1.1", records=[earlier])
    merged = both_ways(PROGRAMME, ours, theirs)
    assert measure_data(merged.data, "1.1.1")["records"] == [earlier, later]


def test_each_side_replaces_the_only_record() -> None:
    days = ("2024-07-10", "2024-08-10", "2024-09-10")
    base, ours, theirs = (
        with_row(PROGRAMME, "1.1.2", records=[record(quarter, day)])
        for quarter, day in zip((1, 2, 3), days, strict=True)
    )
    merged = both_ways(base, ours, theirs)
    assert not merged.conflicts
    assert measure_data(merged.data, "1.1.2")["records"] == [record(2, days[1]), record(3, days[2])]


def test_the_last_figure_of_the_budget_removed_here_and_a_new_one_added_there() -> None:
    base = with_row(PROGRAMME, "1.1.2", budget={"plan": 10})
    merged = both_ways(
        base, PROGRAMME, with_row(PROGRAMME, "1.1.2", budget={"plan": 10, "fact": 9})
    )
    assert not merged.conflicts
    assert measure_data(merged.data, "1.1.2")["budget"] == {"fact": 9}


@pytest.mark.parametrize("count", [1, 201], ids=["", "more than are compared"])
def test_a_role_is_not_given_to_whoever_took_the_place_of_its_department(count: int) -> None:
    """Items of one field each are the same thing only where that is equal."""
    base, ours, theirs = (
        with_row(PROGRAMME, "1.1.2", responsible=[{"name": f"{name} {at}"} for at in range(count)])
        for name in ("Отдел", "Служба", "Отдел")
    )
    theirs = apply_edits(theirs, [Edit("1.1.2", ("responsible", 0, "role"), MISSING, "ведёт")])
    (conflict,) = both_ways(base, ours, theirs).conflicts
    assert conflict.path == ("responsible", 0)
    assert conflict.sides.ours is MISSING


def test_a_cancellation_revoked_here_and_corrected_there_is_one_conflict() -> None:
    base, theirs = (
        with_row(PROGRAMME, "1.1.2", cancelled={"date": "2024-06-01", "reason": reason})
        for reason in ("Нет средств", "Нет подрядчика")
    )
    (conflict,) = both_ways(base, PROGRAMME, theirs).conflicts
    assert conflict.path == ("cancelled",)


def test_two_completions_break_a_rule_only_together() -> None:
    done: list[Plain] = [record(3, f"2024-09-{day}", complete=True) for day in (26, 27)]
    ours = with_row(PROGRAMME, "1.1.2", records=done[:1])
    theirs = with_row(PROGRAMME, "1.1.2", records=done[1:])
    merged = both_ways(PROGRAMME, ours, theirs)
    (conflict,) = merged.conflicts
    assert conflict.problem is not None
    assert conflict.problem.code == "completion-twice"
    assert conflict.path == ("records", 1, "complete")
    assert "мероприятие уже исполнено другой отметкой" in conflict_texts(merged)[0]
    settled_data = resolve(merged, [MISSING])
    assert not [one for one in validate(settled_data) if one.code == "completion-twice"]
    assert measure_data(settled_data, "1.1.2")["records"] == [
        done[0],
        record(3, "2024-09-27"),
    ]
    # Where the other's completion is kept, ours is rolled back, and its record stays.
    for one in (merged, merge(PROGRAMME, theirs, ours)):
        kept = resolve(one, [True])
        assert measure_data(kept, "1.1.2")["records"] == [record(3, "2024-09-26"), done[1]]


def test_a_broken_rule_that_no_choice_in_the_measure_resolves_is_to_be_chosen_about_too() -> None:
    done: list[Plain] = [record(3, f"2024-09-{day}", complete=True) for day in (26, 27)]
    ours, theirs = (
        with_row(PROGRAMME, "1.1.2", records=[one], notes=text)
        for one, text in zip(done, "аб", strict=True)
    )
    merged = both_ways(PROGRAMME, ours, theirs)
    assert [(one.measure, one.path) for one in merged.conflicts] == [
        ("1.1.2", ("records", 1, "complete")),
        ("1.1.2", ("notes",)),
    ]
    assert merged.doubts == ()
    # It was not until 2026-11.
    earlier = merge(PROGRAMME, ours, theirs, as_in_2026_11=True)
    assert [one.path for one in earlier.conflicts] == [("notes",)]
    assert [one.code for one in earlier.doubts] == ["completion-twice"]


def test_a_broken_rule_is_a_doubt_where_a_choice_in_the_measure_may_resolve_it() -> None:
    cancelled: dict[str, Plain] = {"date": "2024-09-01", "reason": "а", "basis": "Приказ"}
    base = with_row(PROGRAMME, "1.1.2", cancelled=cancelled)
    ours = with_row(PROGRAMME, "1.1.2", cancelled={**cancelled, "reason": "б"})
    theirs = with_row(PROGRAMME, "1.1.2", records=[record(3, "2024-09-26")])
    merged = both_ways(base, ours, theirs)
    assert [(one.measure, one.path) for one in merged.conflicts] == [("1.1.2", ("cancelled",))]
    assert [one.code for one in merged.doubts] == ["record-after-cancellation"]


def test_conflicts_are_in_the_order_of_the_programme() -> None:
    """A broken rule stands among the others, where its measure does."""
    done: list[Plain] = [record(3, f"2024-09-{day}", complete=True) for day in (26, 27)]
    ours, theirs = (
        with_row(
            with_row(with_row(PROGRAMME, "1.1.2", records=[one]), "1.1.1", notes=text),
            *("1.2.1",),
            result=text,
            actions=[text],
        )
        for one, text in zip(done, "аб", strict=True)
    )
    merged = both_ways(PROGRAMME, ours, theirs)
    assert [(one.measure, one.path) for one in merged.conflicts] == [
        ("1.1.1", ("notes",)),
        ("1.1.2", ("records", 1, "complete")),
        ("1.2.1", ("actions",)),
        ("1.2.1", ("result",)),
    ]


def test_a_place_that_both_gave_to_a_new_measure_may_be_left_out() -> None:
    """As the merge of several ancestors does."""
    new = measure("1.1.9", "Новое", "Работы", 4)
    assert isinstance(new, dict)
    ours, theirs = (added(PROGRAMME, {**new, "channel": channel}) for channel in ("1.1", "1.2"))
    merged = both_ways(PROGRAMME, ours, theirs)
    (conflict,) = merged.conflicts
    assert conflict.path == ("channel",)
    assert "channel" not in measure_data(resolve(merged, [conflict.sides.base]), "1.1.9")


def test_a_record_after_the_cancellation_of_the_other_side_is_a_conflict() -> None:
    after_it = record(3, "2024-09-20")
    theirs = with_row(PROGRAMME, "1.1.4", records=[after_it])
    merged = both_ways(PROGRAMME, after(called_off()), theirs)
    (conflict,) = merged.conflicts
    assert conflict.problem is not None
    assert conflict.problem.code == "record-after-cancellation"
    assert conflict.path == ("records", 0)
    assert resolve(merged, [MISSING]) == after(called_off())
    kept = measure_data(resolve(merged, [conflict.value]), conflict.measure)
    assert "cancelled" not in kept
    assert kept["records"] == [conflict.value]


def test_postponements_on_one_day_to_two_terms_are_a_conflict() -> None:
    ours = after(postponed())
    theirs = with_row(
        PROGRAMME,
        "1.1.2",
        postponements=[
            {
                "date": "2024-09-10",
                "to": {"text": "31.10.2024", "due": "2024-10-31"},
                "reason": "Монтаж",
            }
        ],
    )
    merged = both_ways(PROGRAMME, ours, theirs)
    (conflict,) = merged.conflicts
    assert conflict.problem is not None
    assert conflict.problem.code == "merge-postponed-twice"
    assert conflict.problem.message().startswith("1.1.2: с двух сторон срок перенесён одним днём, ")
    for data in (resolve(merged, [MISSING]), resolve(merged, [conflict.value])):
        left = measure_data(data, "1.1.2")["postponements"]
        assert isinstance(left, list)
        assert len(left) == 1
    assert resolve(merged, [conflict.sides.ours]) == ours
    assert resolve(merged, [conflict.sides.theirs]) == theirs


def test_a_reference_to_what_the_other_side_removed() -> None:
    theirs = with_row(PROGRAMME, "1.2.2", same_work=["1.1.2"])
    merged = both_ways(PROGRAMME, without(PROGRAMME, "1.1.2"), theirs)
    (conflict,) = merged.conflicts
    assert (conflict.measure, conflict.path) == ("1.2.2", ("same_work", 0))


def test_a_problem_that_one_side_had_before_is_no_conflict() -> None:
    ours = with_row(PROGRAMME, "1.1.1", unknown="поле")
    merged = both_ways(PROGRAMME, ours, after(set_("1.1.2", result="Иначе")))
    assert not merged.conflicts
    assert not merged.notes


# ------------------------------------------------------------------------------- duplicate ids


def twins() -> tuple[Plain, Plain]:
    return (
        measure("1.1.5", "Пандусы", "Установка пандусов", 4),
        measure("1.1.5", "Кофе", "Покупка кофемашин", 4),
    )


def test_an_identical_measure_added_by_both_is_there_once() -> None:
    row = twins()[0]
    merged = both_ways(PROGRAMME, added(PROGRAMME, row), added(PROGRAMME, row))
    assert merged.data == added(PROGRAMME, row)
    assert not merged.notes


def test_of_two_measures_with_one_id_one_is_renumbered_with_its_references() -> None:
    one, other = twins()
    # What both added alike, under the id before, is one measure.
    base = added(PROGRAMME, measure("1.1.4-2", "Общее", "Общее дело", 4))
    ours = with_row(added(base, one), "1.2.1", same_work=["1.1.5"])
    theirs = with_row(added(base, other), "1.2.2", same_work=["1.1.5"])
    merged = both_ways(PROGRAMME, ours, theirs)
    assert not merged.conflicts
    assert ids(merged.data)[-3:] == ["1.1.4-2", "1.1.5", "1.1.5-2"]
    for name, proposal in (("1.2.1", "Пандусы"), ("1.2.2", "Кофе")):
        references = measure_data(merged.data, name)["same_work"]
        assert isinstance(references, list)
        assert measure_data(merged.data, str(references[0]))["proposal"] == proposal
    (note,) = merged.notes
    assert note.code == "merge-renumbered"
    assert "получает обозначение 1.1.5-2" in note.message()


def test_a_measure_that_both_added_follows_the_side_that_renumbered_it() -> None:
    first, second = (row for row in twins() if isinstance(row, dict))
    name = str(first["id"])
    ours = added(added(PROGRAMME, first), {**second, "id": f"{name}-2"})
    theirs = added(PROGRAMME, {**second, "notes": "Их"})
    merged = both_ways(PROGRAMME, ours, theirs)
    assert not merged.conflicts
    assert measure_data(merged.data, name) == first
    assert measure_data(merged.data, f"{name}-2") == {
        **second,
        "id": f"{name}-2",
        "notes": "Их",
    }
    assert [note.code for note in merged.notes] == ["merge-followed"]


def test_orders_that_contradict_each_other_lose_no_measure() -> None:
    rows = PROGRAMME["measures"]
    assert isinstance(rows, list)
    one, two, three, *rest = rows
    ours: PlanData = {**PROGRAMME, "measures": [two, one, three, *rest]}
    theirs: PlanData = {**PROGRAMME, "measures": [one, three, two, *rest]}
    # Neither order is better: that with the lower ids.
    assert both_ways(PROGRAMME, ours, theirs).data == theirs


def test_an_id_with_a_suffix_gets_the_next_one() -> None:
    ours, theirs = (
        added(PROGRAMME, {**row, "id": "1.1.9-2", "number": "1.1.9"})
        for row in twins()
        if isinstance(row, dict)
    )
    merged = both_ways(PROGRAMME, ours, theirs)
    assert set(ids(merged.data)) - set(ids(PROGRAMME)) == {"1.1.9-2", "1.1.9"}


def test_a_used_id_is_not_given_again() -> None:
    one, other = twins()
    base = added(PROGRAMME, {**dict(one), "id": "1.1.5-2"} if isinstance(one, dict) else one)
    ours, theirs = added(without(base, "1.1.5-2"), one), added(base, other)
    assert set(ids(both_ways(base, ours, theirs).data)) >= {"1.1.5", "1.1.5-3"}


def test_one_measure_that_reached_both_sides_separately_is_merged_by_field() -> None:
    row = twins()[0]
    ours = added(PROGRAMME, row)
    theirs = with_row(added(PROGRAMME, row), "1.1.5", records=[record(4, "2024-10-20")])
    merged = both_ways(PROGRAMME, ours, theirs)
    assert merged.data == theirs


def test_changes_under_the_old_id_follow_the_measure_to_its_new_id() -> None:
    one, other = twins()
    mine, theirs = added(PROGRAMME, one), added(PROGRAMME, other)
    settled_once = merge(PROGRAMME, mine, theirs).data
    done: Plain = record(4, "2024-10-20")
    for base, proposal in ((mine, "Пандусы"), (theirs, "Кофе")):
        went_on = with_row(base, "1.1.5", records=[done])
        merged = both_ways(base, went_on, settled_once)
        assert not merged.conflicts
        rows = merged.data["measures"]
        assert isinstance(rows, list)
        assert ids(merged.data) == ids(settled_once)
        assert [row["proposal"] for row in rows if isinstance(row, dict) and "records" in row] == [
            proposal
        ]


def test_of_two_items_of_a_list_each_may_be_removed_by_choice() -> None:
    rows = [record(quarter, f"2024-0{quarter * 3}-01") for quarter in (1, 2, 3)]
    base = with_row(PROGRAMME, "1.1.1", records=rows)
    kept = [{**row, "result": "Иное"} for row in rows[:2] if isinstance(row, dict)]
    ours = with_row(PROGRAMME, "1.1.1", records=[*kept, rows[2]])
    merged = merge(base, ours, with_row(PROGRAMME, "1.1.1", records=rows[2:]))
    assert [one.where[2:] for one in merged.conflicts] == [("records", 0), ("records", 1)]
    cases: list[list[Plain | Missing]] = [
        [MISSING, MISSING],
        [kept[0], MISSING],
        [MISSING, kept[1]],
    ]
    for choices in cases:
        chosen = measure_data(resolve(merged, choices), "1.1.1")["records"]
        assert chosen == [*(one for one in choices if one is not MISSING), rows[2]]


def test_a_record_that_was_rolled_back_whole_until_2026_11_is_explained_still() -> None:
    """Today the field alone goes that breaks the rule, and what else was corrected stays."""
    first: Plain = {"quarter": 1, "date": "2024-03-28"}
    base = with_row(PROGRAMME, "1.1.1", records=[first])
    last: Plain = {"quarter": 4, "date": "2024-12-20", "complete": True}
    ours = with_row(PROGRAMME, "1.1.1", records=[first, last])
    corrected: Plain = {"quarter": 1, "date": "2024-03-28", "complete": True, "result": "Да"}
    theirs = with_row(PROGRAMME, "1.1.1", records=[corrected])
    made = [
        resolve(merged, [one.sides.ours for one in merged.conflicts])
        for merged in (
            merge(base, ours, theirs),
            merge(base, ours, theirs, as_in_2026_11=True),
        )
    ]
    kept: Plain = {"quarter": 1, "date": "2024-03-28", "result": "Да"}
    records = [measure_data(one, "1.1.1")["records"] for one in made]
    assert records == [[kept, last], [first, last]]
    for one in made:
        assert merge_differences(base, [ours, theirs], one) == ()
        assert merge_differences(base, [theirs, ours], one) == ()

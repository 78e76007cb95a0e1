"""Measures whose ids were changed manually, and items whose names were rewritten."""

from typing import Any

import pytest

from kvartal.history.audit.merge_compare import merge_differences
from kvartal.history.merge.conflict import Merged
from kvartal.history.merge.merge import merge, resolve
from kvartal.schema.changes import Plain, PlanData, measure_data
from tests.history.programme import PROGRAMME, measure
from tests.history.test_merge import added, both_ways, ids, with_row, without

NOTED = "Сделано под прежним обозначением"


def renumbered(data: PlanData, **moves: str) -> PlanData:
    """Return the programme with measures moved: ``m1_1_3="1.2.9"``."""
    names = {old[1:].replace("_", "."): new for old, new in moves.items()}
    rows: Any = data["measures"]
    return {
        **data,
        "measures": [
            {**row, "id": (new := names[row["id"]]), "number": new, "channel": new[:3]}
            if row["id"] in names
            else row
            for row in rows
        ],
    }


def noted(merged: Merged) -> dict[str, Plain]:
    """Return the proposals of the measures that a test added a note to, by id."""
    rows: Any = merged.data["measures"]
    return {row["id"]: row["proposal"] for row in rows if row.get("notes") == NOTED}


def proposal(name: str) -> Plain:
    return measure_data(PROGRAMME, name)["proposal"]


def test_changes_follow_a_measure_moved_to_a_different_channel() -> None:
    ours = renumbered(PROGRAMME, m1_1_3="1.2.9")
    theirs = with_row(PROGRAMME, "1.1.3", notes=NOTED)
    merged = both_ways(PROGRAMME, ours, with_row(theirs, "1.1.1", same_work=["1.1.3"]))
    assert not merged.conflicts
    assert noted(merged) == {"1.2.9": proposal("1.1.3")}
    assert measure_data(merged.data, "1.1.1")["same_work"] == ["1.2.9"]
    assert [note.code for note in merged.notes] == ["merge-followed"]


@pytest.mark.parametrize(
    ("first", "second", "free"), [("1.1.3", "1.1.9", "1.1.2"), ("1.1.9", "1.1.2", "1.1.3")]
)
def test_measures_renumbered_after_an_insertion_keep_their_changes(
    first: str, second: str, free: str
) -> None:
    moved = renumbered(PROGRAMME, m1_1_2=first, m1_1_3=second)
    ours = added(moved, measure(free, "Новое", "Новое дело", 4), 1)
    theirs = with_row(with_row(PROGRAMME, "1.1.3", notes=NOTED), "1.1.2", notes=NOTED)
    merged = both_ways(PROGRAMME, ours, theirs)
    assert not merged.conflicts
    assert noted(merged) == {first: proposal("1.1.2"), second: proposal("1.1.3")}
    assert merge(PROGRAMME, ours, theirs, as_in_2026_11=True).data == merged.data
    assert sorted(map(str, ids(merged.data))) == sorted(map(str, ids(ours)))


@pytest.mark.parametrize("again", ["by nobody", "by one", "by both"])
def test_a_measure_moved_by_both_to_different_ids_is_one_measure_with_a_conflict(
    again: str,
) -> None:
    """Its old id may be that of a new measure."""
    ours, theirs = (renumbered(PROGRAMME, m1_1_3=new) for new in ("1.2.8", "1.2.9"))
    new = measure("1.1.3", "Новое", "Новое дело", 4)
    ours = ours if again == "by nobody" else added(ours, new)
    theirs = added(theirs, new) if again == "by both" else theirs
    merged = both_ways(PROGRAMME, ours, theirs)
    assert [(one.measure, one.path) for one in merged.conflicts] == [("1.2.8", ("number",))]
    assert len(ids(merged.data)) == len(ids(PROGRAMME)) + (again != "by nobody")
    # With its old id given again, earlier versions took it for two: what they merged then is no
    # finding now.
    earlier = merge(PROGRAMME, ours, theirs, as_in_2026_11=True)
    assert (earlier.data == merged.data) is (again == "by nobody")
    chosen = resolve(earlier, [one.sides.ours for one in earlier.conflicts])
    assert not merge_differences(PROGRAMME, (ours, theirs), chosen)


def test_a_measure_moved_here_and_removed_there_is_a_conflict() -> None:
    merged = both_ways(
        PROGRAMME, renumbered(PROGRAMME, m1_1_3="1.2.9"), without(PROGRAMME, "1.1.3")
    )
    assert [(one.measure, one.path) for one in merged.conflicts] == [("1.2.9", ())]


def test_a_third_measure_under_the_new_id_is_renumbered_and_noted() -> None:
    theirs = added(PROGRAMME, measure("1.2.9", "Третье", "Третье дело", 4))
    merged = both_ways(
        PROGRAMME,
        renumbered(PROGRAMME, m1_1_3="1.2.9"),
        with_row(theirs, "1.1.3", notes=NOTED),
    )
    assert noted(merged) == {"1.2.9": proposal("1.1.3")}
    assert measure_data(merged.data, "1.2.9-2")["proposal"] == "Третье"
    followed, renumbered_here = merged.notes
    assert (followed.code, renumbered_here.code) == ("merge-followed", "merge-renumbered")
    assert followed.message() == (
        f"Мероприятие «{proposal('1.1.3')}» с одной стороны уже получило обозначение 1.2.9 вместо "
        "1.1.3: изменения, сделанные под прежним обозначением, перенесены к нему."
    )
    assert renumbered_here.message() == (
        f"Обозначение 1.2.9 с двух сторон дали разным мероприятиям. «{proposal('1.1.3')}» остаётся "
        "1.2.9, «Третье» получает обозначение 1.2.9-2."
    )


@pytest.mark.parametrize("agreed", [True, False])
def test_a_copy_does_not_get_the_changes_of_its_original(agreed: bool) -> None:  # noqa: FBT001
    copy = {**measure_data(PROGRAMME, "1.1.2"), "id": "1.1.2-2"}
    edited = with_row(PROGRAMME, "1.1.2", actions=["Иначе"])
    theirs = with_row(edited if agreed else PROGRAMME, "1.1.2", notes=NOTED)
    merged = both_ways(PROGRAMME, added(edited, copy), theirs)
    assert not merged.conflicts
    assert noted(merged) == {"1.1.2": proposal("1.1.2")}
    assert measure_data(merged.data, "1.1.2-2") == copy


def test_changes_do_not_follow_to_another_number_with_the_same_proposal() -> None:
    """Nor to the same number with other words."""
    copies: list[Plain] = [
        {
            **measure_data(PROGRAMME, "1.1.3"),
            "id": "1.1.3-2",
            "number": "1.1.9",
            "actions": ["Иное"],
        },
        {**measure_data(PROGRAMME, "1.1.1"), "id": "1.1.3-2", "number": "1.1.3"},
    ]
    for new in copies:
        replaced = with_row(PROGRAMME, "1.1.3", proposal="Новое", actions=["Иначе"], number="7")
        theirs = with_row(PROGRAMME, "1.1.3", notes=NOTED)
        merged = both_ways(PROGRAMME, added(replaced, new), theirs)
        assert noted(merged) == {"1.1.3": "Новое"}
        assert not merged.notes


def test_a_copy_whose_original_is_removed_here_is_not_made_twice() -> None:
    copied = added(PROGRAMME, {**measure_data(PROGRAMME, "1.1.2"), "id": "1.1.2-2"})
    merged = both_ways(PROGRAMME, without(copied, "1.1.2"), copied)
    assert merged.data == without(copied, "1.1.2")
    assert not merged.notes


def test_measures_carried_over_from_different_ones_are_two() -> None:
    def carried(origin: str, text: str) -> PlanData:
        source: Plain = {"plan": "plan/2023.yaml", "id": origin}
        return added(PROGRAMME, measure("1.1.5", text, text, 4, carried_from=source))

    merged = both_ways(PROGRAMME, carried("1", "Пандусы"), carried("2", "Кофе"))
    assert sorted(map(str, ids(merged.data)))[4:6] == ["1.1.5", "1.1.5-2"]
    (note,) = merged.notes
    assert note.code == "merge-renumbered"
    one = both_ways(PROGRAMME, carried("1", "Пандусы"), carried("1", "Кофе"))
    assert (len(ids(one.data)), one.notes) == (len(ids(PROGRAMME)) + 1, ())


def test_a_measure_with_the_number_of_another_is_not_taken_for_it() -> None:
    ours = with_row(PROGRAMME, "1.1.2", number="1.1.7", proposal="Иное", actions=["Дело"])
    ours = with_row(ours, "1.1.2", term={"text": "I", "quarters": [1]}, result="Р")
    ours = added(ours, measure("1.1.2-2", "Третье", "Сбор", 4, number="1.1.2", channel="1.1"))
    merged = both_ways(PROGRAMME, ours, with_row(PROGRAMME, "1.1.2", notes=NOTED))
    assert merged.notes == ()
    assert list(noted(merged)) == ["1.1.2"]


def chapters(**fields: Plain) -> PlanData:
    return {**PROGRAMME, "document": fields}


def of_document(merged: Merged) -> dict[str, Plain]:
    document = merged.data["document"]
    assert isinstance(document, dict)
    return document


ROWS: Plain = [{"name": "Краткое описание", "value": "Да"}, {"name": "Ограничения", "value": "Нет"}]


def test_a_row_of_the_document_is_one_row_whichever_cell_is_changed() -> None:
    def row(**cells: str) -> PlanData:
        assert isinstance(ROWS, list)
        assert isinstance(ROWS[0], dict)
        return chapters(rows=[{**ROWS[0], **cells}, ROWS[1]])

    merged = both_ways(chapters(rows=ROWS), row(value="Наше"), row(name="Их"))
    assert not merged.conflicts
    assert of_document(merged) == row(value="Наше", name="Их")["document"]
    for cell in ("name", "value"):
        merged = both_ways(chapters(rows=ROWS), row(**{cell: "Наше"}), row(**{cell: "Их"}))
        assert [one.where for one in merged.conflicts] == [("document", "rows", 0, cell)]
        assert of_document(merged) == row(**{cell: "Наше"})["document"]


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        ("Абвг", "абвгД", "АбвгД"),  # each changed other items
        ("Абвг", "аБвг", "АБвг"),  # next to each other
        ("абв", "Эабвг", "Эабв"),
        ("абЭвг", "абЮвг", None),  # both put something in one place
        ("аЭвг", "абЮвг", "аЭЮвг"),  # beside what stayed as many
        ("аЭЯг", "абвЮг", "аЭЯЮг"),
        ("аЭЯвг", "абЮвг", None),  # beside what became more or fewer: where is not clear
        ("авг", "абЮвг", None),
        ("аЭЯвг", "аЮбвг", None),
        ("аЭЯвг", "абвЮг", "аЭЯвЮг"),
        ("Абвг", "Ббвг", None),
        ("бавг", "бвгаЭ", None),  # what both moved would stand twice
        ("абг", "абВг", None),
    ],
)
def test_paragraphs_merge_where_the_sides_changed_different_ones(
    ours: str, theirs: str, both: str | None
) -> None:
    base, one, other = (chapters(paragraphs=list(text)) for text in ("абвг", ours, theirs))
    merged = both_ways(base, one, other)
    if both is None:
        assert [conflict.where for conflict in merged.conflicts] == [("document", "paragraphs")]
    else:
        assert of_document(merged)["paragraphs"] == list(both)
        assert not merged.conflicts


@pytest.mark.parametrize(
    ("items", "name"),
    [
        (["https://a.ru/1", "https://a.ru/2", "https://a.ru/3"], "links"),
        (
            [{"title": title, "date": "2024-09-10"} for title in ("Акт", "Акт А", "Акт Б")],
            "documents",
        ),
    ],
)
def test_evidence_renamed_by_both_is_one_conflict(items: list[Plain], name: str) -> None:
    base, ours, theirs = (
        with_row(
            PROGRAMME,
            "1.1.2",
            records=[{"quarter": 3, "date": "2024-09-10", "evidence": {name: [item]}}],
        )
        for item in items
    )
    (conflict,) = both_ways(base, ours, theirs).conflicts
    assert conflict.path[:5] == ("records", 0, "evidence", name, 0)
    assert merge(base, ours, base).data == ours


def test_the_moves_of_both_sides_are_kept() -> None:
    rows: Any = PROGRAMME["measures"]
    first, second, *between, last = rows
    ours: PlanData = {**PROGRAMME, "measures": [second, first, *between, last]}
    theirs: PlanData = {**PROGRAMME, "measures": [first, second, last, *between]}
    assert both_ways(PROGRAMME, ours, theirs).data["measures"] == [second, first, last, *between]


def test_measures_of_the_same_work_named_by_both_are_all_named() -> None:
    def named(*names: str) -> PlanData:
        return with_row(PROGRAMME, "1.1.2", same_work=list(names))

    ours, theirs = named("1.1.1", "1.1.3"), named("1.2.1")
    assert measure_data(both_ways(PROGRAMME, ours, theirs).data, "1.1.2")["same_work"] == [
        "1.1.1",
        "1.1.3",
        "1.2.1",
    ]
    (conflict,) = both_ways(named("1.1.1"), named("1.1.3"), named("1.2.1")).conflicts
    assert conflict.path == ("same_work", 0)


def test_which_measure_keeps_an_id_does_not_depend_on_what_its_evidence_is_called() -> None:
    # A sync may rename a file before the merge; verify sees the old name.
    kept = set()
    for number in range(8):
        files: Plain = [{"path": f"evidence/2024/1.1.5/{number}.pdf"}]
        done: Plain = [{"quarter": 4, "date": "2024-10-20", "evidence": {"files": files}}]
        ours = added(PROGRAMME, measure("1.1.5", "Пандусы", "Установка", 4, records=done))
        theirs = added(PROGRAMME, measure("1.1.5", "Кофе", "Покупка", 4))
        kept.add(measure_data(both_ways(PROGRAMME, ours, theirs).data, "1.1.5")["proposal"])
    assert len(kept) == 1

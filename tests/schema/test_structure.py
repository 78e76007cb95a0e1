"""The structure of the table and the places of measures, changed as values."""

from pathlib import Path
from typing import Any

import pytest

from kvartal.history.yaml_text.loader import read
from kvartal.schema.changes import Change, ChangeKind, Plain, PlanData, UnknownMeasure, measure_data
from kvartal.schema.document_fields import (
    NoSuchRow,
    NotSuchAValue,
    UnknownDocumentField,
    document_path,
    set_document,
)
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.moving import AlreadyThere, Destination, copy, move
from kvartal.schema.printed_order import in_printed_order
from kvartal.schema.reading import read_plan
from kvartal.schema.structure import (
    ChannelNeedsSection,
    PartElsewhere,
    PartExists,
    PartInsideItself,
    PartKind,
    PartNotEmpty,
    UnknownPart,
    add_part,
    move_part,
    part_numbered,
    parts,
    remove_part,
    set_part,
)


def a_row(name: str, place: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    return {"id": name, **place, "number": name, "proposal": "П", **more}


DATA: PlanData = {
    "year": 2024,
    "document": {"organization": "О", "title": "П"},
    "sections": [
        {
            "number": "1",
            "title": "Очное",
            "channels": [{"number": "1.1", "title": "Офис"}, {"number": "1.2", "title": "Выезд"}],
        },
        {
            "number": "2",
            "title": "Заочное",
            "sections": [
                {"number": "2.1", "title": "Сайт", "channels": [{"number": "а", "title": "Чат"}]}
            ],
        },
    ],
    "measures": [
        a_row("1.1.1", {"channel": "1.1"}, records=[{"quarter": 1}], cancelled={"reason": "Р"}),
        a_row("1.1.2", {"channel": "1.1"}),
        a_row("2.1", {"section": "2.1"}),
    ],
}


def done(change: Change) -> dict[str, Any]:
    """Return the data after a change, which its inverse takes back."""
    after = apply_edits(DATA, change.edits)
    assert apply_edits(after, change.inverse().edits) == DATA
    return after


def ids(data: dict[str, Any]) -> list[str]:
    return [row["id"] for row in data["measures"]]


def numbers(data: PlanData) -> list[str]:
    return [part.number for part in parts(data)]


def test_parts_are_found_in_printed_order() -> None:
    assert numbers(DATA) == ["1", "1.1", "1.2", "2", "2.1", "а"]
    assert part_numbered(DATA, "а").path == ("sections", 1, "sections", 0, "channels", 0)
    # A number that the other kind has is not said to be missing from the programme.
    for number, kind, sentence in (
        ("3", None, "Раздела или канала «3» нет в программе. Есть: 1, 1.1, 1.2, 2, 2.1, а."),
        ("1", PartKind.CHANNEL, "Канала обслуживания «1» нет в программе. Есть: 1.1, 1.2, а."),
        ("а", PartKind.SECTION, "Раздела «а» нет в программе. Есть: 1, 2, 2.1."),
    ):
        with pytest.raises(UnknownPart) as caught:
            part_numbered(DATA, number, kind)
        assert caught.value.message() == sentence
    with pytest.raises(UnknownPart, match=r"^Канала обслуживания «1» нет: в программе их ещё нет"):
        part_numbered({"sections": [{"number": "1"}]}, "1", PartKind.CHANNEL)
    alike: PlanData = {
        "sections": [{"number": "1", "channels": [{"number": "2"}]}, {"number": "2"}]
    }
    assert part_numbered(alike, "2").path == ("sections", 1)


def test_a_section_and_a_channel_are_added() -> None:
    change = add_part(DATA, PartKind.SECTION, {"number": "3", "title": " Новый "}, after="1")
    assert change.kind is ChangeKind.STRUCTURE
    assert numbers(done(change)) == ["1", "1.1", "1.2", "3", "2", "2.1", "а"]
    row = {"number": "2.2", "title": "Чат", "segment": ""}
    change = add_part(DATA, PartKind.CHANNEL, row, under="2")
    assert done(change)["sections"][1]["channels"] == [{"number": "2.2", "title": "Чат"}]
    deep = add_part(DATA, PartKind.SECTION, {"number": "2.1.1", "title": "Д"}, under="2.1")
    assert numbers(done(deep)) == ["1", "1.1", "1.2", "2", "2.1", "а", "2.1.1"]
    with pytest.raises(PartExists):
        add_part(DATA, PartKind.CHANNEL, {"number": "1.1", "title": "Ещё"}, under="2")
    with pytest.raises(ChannelNeedsSection):
        add_part(DATA, PartKind.CHANNEL, {"number": "9", "title": "Ещё"})
    with pytest.raises(PartElsewhere, match=r"^«1\.1» стоит в другом месте.* есть: 1, 2\.$"):
        add_part(DATA, PartKind.SECTION, {"number": "9", "title": "Ещё"}, after="1.1")
    known = r"^Раздела или канала «7» нет в программе\. Есть: 1, 1\.1, 1\.2, 2, 2\.1, а\.$"
    with pytest.raises(UnknownPart, match=known):
        add_part(DATA, PartKind.SECTION, {"number": "9", "title": "Ещё"}, after="7")


def test_the_first_section_of_a_flat_programme() -> None:
    change = add_part({"measures": []}, PartKind.SECTION, {"number": "1", "title": "Р"})
    after = apply_edits({"measures": []}, change.edits)
    assert after["sections"] == [{"number": "1", "title": "Р"}]


def test_measures_follow_the_number_of_their_part() -> None:
    part = part_numbered(DATA, "1.1")
    after = done(set_part(DATA, part, {"number": "1.9", "title": "Офис", "segment": "b2b"}))
    assert [row.get("channel") for row in after["measures"]] == ["1.9", "1.9", None]
    assert after["sections"][0]["channels"][0] == {
        "number": "1.9",
        "title": "Офис",
        "segment": "b2b",
    }
    assert not set_part(DATA, part, {"title": "Офис"}).edits
    with pytest.raises(PartExists):
        set_part(DATA, part, {"number": "1.2"})


def test_a_part_moves_with_what_is_in_it() -> None:
    after = done(move_part(DATA, part_numbered(DATA, "2.1"), after="1"))
    assert numbers(after) == ["1", "1.1", "1.2", "2.1", "а", "2"]
    assert "sections" not in after["sections"][2]
    after = done(move_part(DATA, part_numbered(DATA, "1.1"), under="1", after="1.2"))
    assert numbers(after)[:3] == ["1", "1.2", "1.1"]
    assert not move_part(DATA, part_numbered(DATA, "1.2"), under="1").edits
    assert not move_part(DATA, part_numbered(DATA, "2"), after="2").edits
    with pytest.raises(PartElsewhere):
        move_part(DATA, part_numbered(DATA, "2"), after="2.1")
    with pytest.raises(PartInsideItself):
        move_part(DATA, part_numbered(DATA, "2"), under="2.1")
    with pytest.raises(ChannelNeedsSection):
        move_part(DATA, part_numbered(DATA, "а"))


def test_only_an_empty_part_is_removed() -> None:
    assert numbers(done(remove_part(DATA, part_numbered(DATA, "1.2")))) == [
        *("1", "1.1", "2", "2.1", "а"),
    ]
    for number, inside in (("1.1", "1.1.1, 1.1.2"), ("2", "2.1"), ("2.1", "а")):
        with pytest.raises(PartNotEmpty, match=f"не пуст: {inside}"):
            remove_part(DATA, part_numbered(DATA, number))


def test_a_measure_moves_and_keeps_its_id() -> None:
    change = move(DATA, "1.1.1", Destination(channel="а", number="2.2"))
    assert change.kind is ChangeKind.MOVE
    assert change.measures == ("1.1.1",)
    after = done(change)
    assert ids(after) == ["1.1.2", "2.1", "1.1.1"]
    row = measure_data(after, "1.1.1")
    assert (row["channel"], row["number"]) == ("а", "2.2")
    after = done(move(DATA, "1.1.1", Destination(section="1")))
    assert ids(after) == ids(DATA)
    assert measure_data(after, "1.1.1")["number"] == "1.1.1"
    assert "channel" not in measure_data(after, "1.1.1")
    flat = done(move(DATA, "2.1", Destination()))
    assert ids(flat) == ["2.1", "1.1.1", "1.1.2"]


def test_a_number_alone_changes_in_place() -> None:
    change = move(DATA, "1.1.1", Destination(number=" 7 ", is_kept=True))
    assert [edit.field for edit in change.edits] == ["number"]
    assert ids(done(change)) == ids(DATA)
    with pytest.raises(AlreadyThere):
        move(DATA, "1.1.1", Destination(channel="1.1", number="1.1.1"))
    with pytest.raises(UnknownMeasure):
        move(DATA, "9", Destination())


def test_nothing_has_happened_to_a_copy() -> None:
    change = copy(DATA, "1.1.1", Destination(is_kept=True))
    assert change.kind is ChangeKind.COPY
    after = done(change)
    assert ids(after) == ["1.1.1", "1.1.1-2", "1.1.2", "2.1"]
    assert measure_data(after, "1.1.1-2") == a_row("1.1.1-2", {"channel": "1.1"}) | {
        "number": "1.1.1"
    }
    after = done(copy(DATA, "1.1.1", Destination(section="2.1", number="2.2")))
    assert ids(after)[-1] == "2.2"
    assert measure_data(after, "2.2")["section"] == "2.1"


@pytest.mark.parametrize(
    ("typed", "levels"),
    [
        ("Цель, Мера", ["Цель", "Мера"]),
        ("Цель,Мера", ["Цель", "Мера"]),
        ("Цель", ["Цель"]),
        ("Цель, общая\nМера", ["Цель, общая", "Мера"]),
        ('["Цель, общая"]', ["Цель, общая"]),
    ],
)
def test_levels_are_typed_as_an_import_says_them(typed: str, levels: list[str]) -> None:
    assert done(set_document(DATA, {"levels": typed}))["levels"] == levels


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("foo", "title"),
        ("foo.bar", "title"),
        ("title.foo", "title"),
        ("approval.foo", "approval.date"),
        ("approval.date.x", "approval.date"),
        ("audit.foo", "audit.evidence"),
        ("audit.evidence.foo", "audit.evidence.nothing-heard"),
        ("chapters.0.foo", "chapters.0.heading"),
    ],
)
def test_an_unknown_field_is_answered_with_those_beside_it(name: str, known: str) -> None:
    with pytest.raises(UnknownDocumentField) as refused:
        document_path(name)
    assert known in str(refused.value.fields["known"]).split(", ")


def test_fields_of_the_document() -> None:
    texts = {
        "title": " Новое ",
        "approval.date": "2024-01-10",
        "approval.lines": "УТВЕРЖДАЮ\nДиректор",
        "levels": '["Глава"]',
        "columns": '["№", {"heading": "Риск", "field": "риск"}]',
        "audit.backdating_days": "14",
        "plan.number": "6",
        "plan.heading": "План",
    }
    after = done(set_document(DATA, texts))
    assert after["document"] == {
        "organization": "О",
        "title": "Новое",
        "approval": {"date": "2024-01-10", "lines": ["УТВЕРЖДАЮ", "Директор"]},
        "plan": {
            "number": "6",
            "heading": "План",
            "table": {"columns": ["№", {"heading": "Риск", "field": "риск"}]},
        },
    }
    assert after["levels"] == ["Глава"]
    assert after["audit"] == {"backdating_days": 14}
    assert not set_document(DATA, {"title": "П", "code": ""}).edits


@pytest.mark.parametrize(
    ("name", "title", "count"),
    [
        ("levels.2", "Уровни", 1),
        ("fields.1.title", "Дополнительные поля", 0),
        ("columns.3", "Заголовки столбцов", 2),
        ("references.documents.2.title", "Нормативные акты", 0),
        ("chapters.1.heading", "Главы", 0),
        ("columns.5.heading", "Заголовки столбцов", 2),
    ],
)
def test_a_name_that_counts_too_far(name: str, title: str, count: int) -> None:
    columns: Plain = {"table": {"columns": ["№", "А"]}}
    data: PlanData = {"document": {"plan": columns}, "levels": ["Раздел"], "fields": []}
    with pytest.raises(NoSuchRow) as refused:
        set_document(data, {name: "х"})
    assert str(refused.value) == (
        f"Поле «{name}»: в «{title}» записей: {count}. Счёт с нуля; новая встаёт под номером "
        f"{count}."
    )


def test_tables_and_rows_of_the_document() -> None:
    """An index after the last adds; removals count as before; an empty cell stays one."""
    table = "chapters.0.blocks.0.table"
    begun = done(
        set_document(
            DATA,
            {
                "chapters.0.heading": "Итоги",
                f"{table}.columns": "Что\nСколько",
                f"{table}.rows": '[["а", "1"], ["б", "2"], ["в", "3"]]',
            },
        )
    )
    texts = {f"{table}.rows.0": "", f"{table}.rows.2": "", f"{table}.rows.3": '["г", "4"]'}
    change = set_document(begun, {**texts, f"{table}.rows.1.1": ""})
    after: Any = apply_edits(begun, change.edits)
    assert after["document"]["chapters"][0]["blocks"][0]["table"] == {
        "columns": ["Что", "Сколько"],
        "rows": [["б", ""], ["г", "4"]],
    }
    whole: Any = apply_edits(begun, set_document(begun, {"chapters.0": ""}).edits)
    assert "chapters" not in whole["document"]
    with pytest.raises(NoSuchRow, match="записей: 3"):
        set_document(begun, {f"{table}.rows.9.0": "х"})
    ordered: Any = done(
        set_document(DATA, {"references.documents.0": '{"title": "б", "requisites": "а"}'})
    )
    assert [*ordered["document"]["references"]["documents"][0]] == ["requisites", "title"]


@pytest.mark.parametrize("name", ["", "tittle", "measures.0.id", "year"])
def test_an_unknown_field_of_the_document(name: str) -> None:
    with pytest.raises(UnknownDocumentField, match="organization, title"):
        set_document(DATA, {name: "1"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("audit.backdating_days", "x"),
        ("plan.page", "true"),
        ("calendar", "[1]"),
        ("chapters", "{"),
        ("levels", "[1"),
    ],
)
def test_a_value_of_another_type(name: str, text: str) -> None:
    with pytest.raises(NotSuchAValue, match=f"«{name}»"):
        set_document(DATA, {name: text})


def test_rows_are_printed_where_the_structure_has_them(root: Path) -> None:
    """The file keeps its order: nothing but the section itself moves in it."""
    data = read(root / "plan/2024.yaml").data
    before = read_plan(data)
    assert in_printed_order(before) is before
    channel = move_part(data, part_numbered(data, "1.1", PartKind.CHANNEL), under="3")
    moved = apply_edits(data, channel.edits)
    moved = apply_edits(moved, move_part(moved, part_numbered(moved, "2"), after="3").edits)
    assert moved["measures"] == data["measures"]
    printed = in_printed_order(read_plan(moved)).measures
    places = list(dict.fromkeys(one.channel for one in printed))
    assert places == ["1.2", "3.1", "3.2", "3.3", "3.4", "1.1", "2.2"]
    of_channel = [one.id for one in printed if one.channel == "1.1"]
    assert of_channel == [one.id for one in before.measures if one.channel == "1.1"]

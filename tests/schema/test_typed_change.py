"""Values as a user types them, and what is stored of them: only what is new gets its one form."""

from typing import Any

import pytest

from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, Missing, Plain
from kvartal.schema.fields import FieldKind, UnknownField, field_named, parse, show
from kvartal.schema.operations import set_fields
from kvartal.schema.typed_change import normalised_change
from kvartal.schema.validation import validate

SOFT = "\u00ad"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "да"),
        (False, "нет"),
        (MISSING, ""),
        (7, "7"),
        (7.5, "7,5"),
        ("текст", "текст"),
        (["а", 2], "а; 2"),
        ({"а": True, "б": ["в"]}, "а: да, б: в"),
    ],
)
def test_a_value_is_shown_as_it_is_typed(value: Plain | Missing, shown: str) -> None:
    assert show(value) == shown


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("same_work", " ,1.1; 1.2  1.1,\n2;", ["1.1", "1.2", "2"]),
        ("actions", "Раз; два;;\n три \n", ["Раз", "два", "три"]),
        ("notes", " текст ", "текст"),
        ("notes", f" {SOFT}", MISSING),
        ("budget.plan", "1 250,5", 1250.5),
        ("budget.plan", "12", 12),
        ("indicator.direction", "Не менее", "not_less"),
        ("indicator.period", "half_year", "half_year"),
    ],
)
def test_a_typed_text_is_read(name: str, text: str, value: Plain | Missing) -> None:
    assert parse(field_named(name), text) == value


@pytest.mark.parametrize(
    ("name", "label", "kind", "required"),
    [
        ("budget.0.source", "Источник", FieldKind.TEXT, False),
        ("budget.12.year", "Год", FieldKind.NUMBER, False),
        ("responsible.0.name", "Исполнитель", FieldKind.TEXT, True),
        ("responsible.9999.role", "Роль", FieldKind.TEXT, False),
        ("extra.шифр", "шифр", FieldKind.TEXT, False),
    ],
)
def test_a_field_of_an_item_is_named_with_its_index(
    name: str, label: str, kind: FieldKind, *, required: bool
) -> None:
    field = field_named(name)
    assert (field.name, field.label, field.kind) == (name, label, kind)
    assert field.required is required
    assert field_named("budget.0.plan").label == field_named("budget.plan").label


@pytest.mark.parametrize("name", ["extra.", "budget.x.plan", "responsible.0.plan", "links.0.x"])
def test_there_is_no_other_field(name: str) -> None:
    with pytest.raises(UnknownField):
        field_named(name)


@pytest.mark.parametrize(
    ("old", "new", "stored"),
    [
        (MISSING, f"дого{SOFT}вор", "договор"),
        # What stood there stays, also beside a change.
        (f"дого{SOFT}вор 1", f"дого{SOFT}вор 2", f"дого{SOFT}вор 2"),
        (f"дого{SOFT}вор", f"дого{SOFT}вор и ак{SOFT}т", f"дого{SOFT}вор и акт"),
        ("и\u0306", "и\u0306 и\u0306", "и\u0306 й"),
        ("а", f"а {SOFT}", "а"),
        ("а", f"а{SOFT} ", "а "),
        ("а", f"а{SOFT}", "а"),
        ([f"а{SOFT}", "б"], [f"а{SOFT}", f"в{SOFT}"], [f"а{SOFT}", "в"]),
        ([f"а{SOFT}"], [f"в{SOFT}", f"а{SOFT}"], ["в", f"а{SOFT}"]),
        ([f"а{SOFT} 1"], [f"а{SOFT} 2"], [f"а{SOFT} 2"]),
        (MISSING, [f"а{SOFT}"], ["а"]),
        (MISSING, {"x": f"а{SOFT}"}, {"x": "а"}),
        # An accent belongs to the letter before it; the first one to none.
        ("и", "и\u0306", "й"),
        ("б", "\u0306б", "\u0306б"),
        (f"а б{SOFT}в", f"а г{SOFT} б{SOFT}в", f"а г б{SOFT}в"),
        ({"x": f"а{SOFT}"}, {"x": f"а{SOFT}", "y": f"б{SOFT}"}, {"x": f"а{SOFT}", "y": "б"}),
        ({}, {"files": [{"path": f"а{SOFT}"}]}, {"files": [{"path": f"а{SOFT}"}]}),
        ("а", MISSING, MISSING),
        ("а", 5, 5),
    ],
)
def test_only_what_is_new_gets_its_one_form(
    old: Plain | Missing, new: Plain | Missing, stored: Plain | Missing
) -> None:
    change = Change(ChangeKind.SET, (Edit("1", ("notes",), old, new),))
    found = normalised_change(change).edits
    assert [one.new for one in found] == ([] if stored == old else [stored])
    for kind in (ChangeKind.UNDO, ChangeKind.REDO, ChangeKind.MERGE, ChangeKind.EDIT):
        as_it_stood = Change(kind, change.edits)
        assert normalised_change(as_it_stood) is as_it_stood


def test_what_the_program_states_of_a_file_stays_to_the_byte() -> None:
    at = ("records", 0, "evidence", "files", 0, "path")
    change = Change(ChangeKind.SET, (Edit("1", at, "а", f"б{SOFT}"),))
    assert normalised_change(change).edits == change.edits


def test_a_value_that_is_there_already_is_no_edit() -> None:
    budget: Plain = [{"source": "М", "plan": 1}, {"plan": 2}]
    data: Any = {"measures": [{"id": "1", "notes": "а", "budget": budget}]}
    assert set_fields(data, "1", {"notes": "а", "budget.0.plan": "1"}).edits == ()
    (edit,) = set_fields(data, "1", {"budget.0.plan": "1", "budget.1.plan": "3"}).edits
    assert (edit.path, edit.old, edit.new) == (("budget", 1, "plan"), 2, 3)


def test_a_field_without_a_value_is_said_to_be_empty() -> None:
    data: Any = {"year": None}
    sentences = [one.message() for one in validate(data) if one.path == ("year",)]
    assert len(sentences) == 1
    assert "пуст" in sentences[0]

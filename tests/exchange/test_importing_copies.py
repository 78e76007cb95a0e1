"""Edited copies of our own export, their hidden part, and values that are the plan's own."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

import pytest

from kvartal.exchange.grid import Grid, GridCell, Paragraph, Run, SourceDocument
from kvartal.exchange.importing.edited_copy import OwnExport, import_copy, restored
from kvartal.exchange.importing.hidden import KEY, NAMESPACE, hidden_plan, hidden_text
from kvartal.exchange.importing.importing import Import
from kvartal.exchange.importing.same_values import (
    is_printed_alike,
    is_read_alike,
    merged_budget,
    same_people,
)
from kvartal.exchange.measure_mark import mark_of
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import NO_PLACE
from kvartal.exchange.tables.layout import HIDDEN_SHEET
from kvartal.exchange.tables.programme import SourceMeasure
from kvartal.schema.changes import MISSING, Missing, Plain, PlanData
from kvartal.schema.edited_data import apply_edits
from tests.exchange.shapes import drawn
from tests.exchange.sources import DAY, HERE, changed, part, plan, programme, row, said, source


@pytest.mark.parametrize(
    ("old", "new", "is_alike"),
    [
        ("а\nб", "а б", True),
        ("а б", "а\nб", False),
        ("а  б", "а б", True),
        ("а", "б", False),
        ("-5", "'-5", True),
        ("5", "'5", False),
        (["а", "б"], ["а б"], True),
        (["а б"], ["а", "б"], False),
        (["а; б"], ["а", "б"], True),
        (["=а"], ["'=а"], True),
        ([], [], True),
        ("а", ["а"], False),
        (["а"], "а", False),
        (MISSING, "а", False),
        (MISSING, ["а"], False),
    ],
)
def test_which_texts_are_printed_alike(old: Plain | Missing, new: Plain, *, is_alike: bool) -> None:
    assert is_printed_alike(old, new) is is_alike


def test_which_terms_are_read_alike() -> None:
    first: dict[str, Plain] = {"text": "1 квартал", "quarters": [1]}
    assert is_read_alike(first, {"text": "I квартал", "quarters": [1]})
    assert not is_read_alike(first, {"text": "1 квартал", "quarters": [2]})
    assert not is_read_alike({"text": "а"}, {"text": "б"})


OF_M: Plain = {"source": "М", "plan": 1, "fact": 5}
OF_K: Plain = {"source": "К", "plan": 2}


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        ({"plan": 1, "fact": 2}, {"plan": 3}, {"plan": 3, "fact": 2}),
        ({"plan": 1}, [{"source": "М", "plan": 3}], [{"source": "М", "plan": 3}]),
        ({"plan": 1}, [{"year": 2026, "plan": 3}], [{"year": 2026, "plan": 3}]),
        # Without what they are of, in the order of the programme.
        (
            *([OF_M, OF_K], [{"plan": 3}, {"plan": 4}]),
            [{"source": "М", "plan": 3, "fact": 5}, {"source": "К", "plan": 4}],
        ),
        (
            *([OF_M, OF_K], [{"source": "К", "plan": 3}, {"source": "Ф", "plan": 4}]),
            [OF_M, {"source": "К", "plan": 3}, {"source": "Ф", "plan": 4}],
        ),
        (
            *([{"year": 2026, "plan": 1}, {"year": 2027, "plan": 2}],),
            [{"year": 2027, "plan": 3}, {"year": 2028, "plan": 4}],
            [{"year": 2026, "plan": 1}, {"year": 2027, "plan": 3}, {"year": 2028, "plan": 4}],
        ),
        ([OF_M, OF_K], [{"source": "К", "plan": 3}], [OF_M, {"source": "К", "plan": 3}]),
        ([OF_M], [{"plan": 2}, OF_K], [OF_M, {"plan": 2}, OF_K]),
    ],
)
def test_money_of_a_document_is_merged_with_what_it_does_not_carry(
    old: Plain, new: Plain, merged: Plain
) -> None:
    assert merged_budget(old, new) == merged


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ("Отдел", "Отдел", True),
        ("Отдел", "Бюро", False),
        ({"name": "Иванов", "role": "нач."}, "Иванов", True),
        ({"name": "Иванов", "role": "нач."}, "Иванов (нач.)", True),
        ({"name": "Иванов"}, "Иванов (нач.)", False),
        ([{"name": "Иванов"}, {"name": "Петров"}], "Иванов Петров", True),
        ([{"name": "Иванов"}, "Петров"], [{"name": "Иванов"}, {"name": "Петров"}], True),
        (MISSING, "", True),
        (MISSING, "Отдел", False),
    ],
)
def test_which_people_are_the_same(old: Plain | Missing, new: Plain, *, is_same: bool) -> None:
    assert same_people(old, new) is is_same


def copied(now: PlanData, before: PlanData, *edited: SourceMeasure, **values: object) -> Import:
    """Return what an edited copy of an export of a plan does to it as it is now."""
    rows: Any = before["measures"]
    original = programme(*map(printed, rows))
    return import_copy(now, OwnExport(before, programme(*edited, **values), original), day=DAY)


def printed(own: Mapping[str, Any], **edited: object) -> SourceMeasure:
    """Return a measure as our own export prints it: all but its notes."""
    values = {"result": own.get("result", ""), "extra": own.get("extra", {})}
    place = {"part": own.get("section", ""), "mark": mark_of(own["id"])}
    action = str(edited.pop("action", own["actions"][0]))
    return source(own["number"], action, **{**values, **place, **edited})


def test_only_what_was_edited_in_a_copy_changes_the_plan() -> None:
    first, second = row("1", "а", result="р", notes="н"), row("2", "б")
    before = plan(first, second)
    now = plan({**first, "result": "иное"}, second)
    assert copied(now, before, printed(first), printed(second)).change.edits == ()
    result = copied(now, before, printed(first, action="в"), printed(second))
    assert changed(result) == [("1", "actions", ["а"], ["в"])]
    result = copied(now, before, printed(first, result="правка"), printed(second))
    assert changed(result) == [("1", "result", "иное", "правка")]
    # The plan has the edited value already.
    result = copied(now, before, printed(first, result="иное"), printed(second))
    assert result.change.edits == ()
    # Deleting a row from the copy removes nothing; a measure gone from the plan is not restored.
    assert copied(now, before, printed(first)).left == ("2",)
    assert copied(plan(first), before, printed(first)).left == ()
    # So does a row that the export had left out.
    part_of_it = OwnExport(before, programme(printed(first)), programme(printed(first)))
    assert import_copy(before, part_of_it, day=DAY).left == ()
    assert changed(copied(plan(first), before, printed(first), printed(second, action="в"))) == []


def test_a_row_that_was_added_to_a_copy_has_an_id_that_is_free_now() -> None:
    first, second, third = row("1", "а"), row("2", "б"), row("3", "в")
    added = (source("3", "новое"), source("4", "новое", shares_actions=True))
    for now, before, names in (
        ([first, second], [first, second], ["3", "4"]),
        ([first, second, third], [first, second], ["3-2", "4"]),
        # An id that was free in the copy stays, whatever is free now.
        ([first, second], [first, second, third], ["3-2", "4"]),
    ):
        kept, *others = map(printed, before)
        result = copied(plan(*now), plan(*before), kept, *added, *others)
        after: Any = apply_edits(plan(*now), result.change.edits)
        assert list(result.added) == names
        assert [one["id"] for one in after["measures"]][-2:] == names
        assert [one["number"] for one in after["measures"]][-2:] == ["3", "4"]
        # Those who share the actions of a new row share them under the id that it got.
        assert after["measures"][-1]["actions_from"] == names[0]


def test_extra_values_parts_and_fields_of_a_copy_are_taken_one_by_one() -> None:
    sections: Plain = [{"number": "I", "title": "А"}, {"number": "II", "title": "Б"}]
    own = row("1", "а", extra={"k": "1", "m": "2", "x": "9", "y": "0"}, section="I")
    now = plan({**own, "extra": {"k": "5", "m": "2", "y": "7"}}, sections=sections)
    before = plan(own, sections=sections)
    edited = printed(own, extra={"k": "1", "m": "3", "n": "4", "y": "7"})
    assert changed(copied(now, before, edited)) == [
        ("1", "extra.m", "2", "3"),
        ("1", "extra.n", MISSING, "4"),
    ]
    bare = {key: value for key, value in own.items() if key != "extra"}
    with_none, edited = plan(bare, sections=sections), printed(own, extra={"k": "1", "m": "3"})
    assert changed(copied(with_none, before, edited)) == [("1", "extra", MISSING, {"m": "3"})]
    assert changed(copied(now, with_none, edited)) == [
        ("1", "extra.k", "5", "1"),
        ("1", "extra.m", "2", "3"),
    ]
    result = copied(now, before, printed(own, budget=({"plan": 5},)))
    assert changed(result) == [("1", "budget", MISSING, {"plan": 5})]
    result = copied(now, before, printed(own, part="II"))
    assert changed(result) == [("1", "section", "I", "II")]
    fields = ({"key": "n", "title": "Н", "type": "text"},)
    parts = (part("I", "Сеть"), part("II", "Б"))
    result = copied(now, before, printed(own), parts=parts, fields=fields)
    assert [(one.measure, one.path, one.new) for one in result.change.edits] == [
        ("", ("sections",), [{"number": "I", "title": "Сеть"}, {"number": "II", "title": "Б"}]),
        ("", ("fields",), [*fields]),
    ]


def test_only_what_is_new_is_said_of_a_copy() -> None:
    first = row("1", "а", notes="н")
    before = plan(first)
    old, new = Remark("a", HERE, "Было."), Remark("a", HERE, "Новое.")
    edited = programme(printed(first, action="б"), remarks=(old, new))
    copy = OwnExport(before, edited, programme(printed(first), remarks=(old,)))
    assert said(import_copy(before, copy, day=DAY)) == ["Новое."]
    data, result = restored(copy, DAY)
    assert data == plan({**first, "actions": ["б"]})
    assert (result.added, result.changed) == (("1",), ())
    assert [(one.code, one.place) for one in result.remarks] == [
        ("hidden-part", NO_PLACE),
        ("a", HERE),
    ]
    assert said(result)[0] == (
        "Это наш экспорт: взята и скрытая часть файла, то, что не напечатано (отметки, примечания)."
    )


EMPTY = drawn("Пусто")


def with_part(*contents: str, namespace: str = NAMESPACE) -> SourceDocument:
    """Return a document with custom XML parts."""
    xml = tuple(f'<p xmlns="{namespace}">{one}</p>' for one in contents)
    return SourceDocument("п.docx", "", 0, EMPTY.format, (), custom_xml=xml)


def test_a_hidden_plan_counts_only_where_it_is_a_valid_one() -> None:
    valid = plan(row("1", "а < б & «в» \"г\" 'д'"))
    text = escape(hidden_text({KEY: valid}), {'"': "&quot;", "'": "&apos;"})
    assert hidden_plan(with_part(text)) == valid
    wrong = ("{", "[]", "{}", '{"plan": []}', '{"plan": {"year": 1}}', "[" * 100_000)
    for content in wrong:
        assert hidden_plan(with_part(content)) is None
    assert hidden_plan(with_part(*wrong, text)) == valid
    assert hidden_plan(with_part(text, namespace="urn:other")) is None
    assert hidden_text({"б": "\ud800", "а": "я\uffff"}) == '{"а": "я\\uffff", "б": "\\ud800"}'


def test_a_hidden_plan_stands_in_a_hidden_sheet_with_our_name() -> None:
    valid = plan(row("1", "а"))
    text = hidden_text({KEY: valid})

    def sheet(name: str, *, hidden: bool) -> SourceDocument:
        cells = tuple(
            GridCell(at, 0, blocks=(Paragraph((Run(half),)),))
            for at, half in ((0, text[:20]), (2, text[20:]))
        )
        grid = Grid(3, 1, cells, name=name, hidden=hidden)
        return SourceDocument("п.xlsx", "", 0, EMPTY.format, (grid,))

    assert hidden_plan(sheet(HIDDEN_SHEET, hidden=True)) == valid
    assert hidden_plan(sheet(HIDDEN_SHEET, hidden=False)) is None
    assert hidden_plan(sheet("Лист1", hidden=True)) is None

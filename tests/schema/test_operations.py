"""Operations: what a user does, as changes with old and new values."""

from datetime import date
from typing import Any

import pytest

from kvartal.schema.calendar_change import with_calendar
from kvartal.schema.changes import (
    MISSING,
    ChangeKind,
    Edit,
    Plain,
    PlanData,
    UnknownMeasure,
    measure_data,
)
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import KvartalError
from kvartal.schema.fields import (
    FieldRequired,
    NotAChoice,
    NotANumber,
    UnknownField,
    label_of,
    parse_number,
    show,
)
from kvartal.schema.measure import Document, EvidenceFile, IndicatorValue
from kvartal.schema.measure_position import position_for
from kvartal.schema.operations import (
    AlreadyCancelled,
    MeasureExists,
    ReasonMissing,
    SameTerm,
    TermIsApproved,
    add,
    cancel,
    postpone,
    record,
    remove,
    set_fields,
)
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.terms import (
    ImpossibleTerm,
    StatedReading,
    TermMissing,
    TermReadOtherwise,
    UnsureTerm,
)
from kvartal.schema.writing import RecordDraft

DAY = date(2024, 9, 27)
Q3 = CalendarQuarter(2024, 3)


def row(name: str, channel: str = "1.1", **more: Plain) -> dict[str, Plain]:
    """Return the plain data of a measure."""
    return {
        "id": name,
        "channel": channel,
        "number": name.split("-", maxsplit=1)[0],
        "proposal": "Предложение",
        "actions": ["Шаг 1", "Шаг 2"],
        "term": {"text": "3 квартал 2024", "quarters": [3]},
        "result": "Обеспечено",
        **more,
    }


@pytest.fixture
def data() -> PlanData:
    """Return a plan with two channels, approved."""
    channels: list[Plain] = [{"number": "1.1", "title": "А"}, {"number": "1.2", "title": "Б"}]
    return {
        "year": 2024,
        "document": {"approval": {"date": "2023-09-28"}},
        "sections": [{"number": "1", "title": "ОЧНОЕ", "channels": channels}],
        "measures": [row("1.1.1"), row("1.1.2"), row("1.2.1", "1.2")],
    }


def edited(data: PlanData, measure: str, edits: tuple[Edit, ...]) -> dict[str, Any]:
    """Return a measure after the edits."""
    return dict(measure_data(apply_edits(data, edits), measure))


def test_a_record_holds_what_was_entered_and_nothing_else(data: PlanData) -> None:
    """Empty parts are not written to the file."""
    bare = record(data, ["1.1.1"], RecordDraft(Q3, DAY))
    assert edited(data, "1.1.1", bare.edits)["records"] == [{"quarter": 3, "date": "2024-09-27"}]
    draft = RecordDraft(
        Q3,
        DAY,
        complete=True,
        result=" Установлен ",
        values=(IndicatorValue("2024-Q3", 95.5),),
        documents=(Document("Акт ввода", "12", DAY), Document("Справка")),
        files={"1.1.1": (EvidenceFile("evidence/2024/1.1.1/a.pdf", 4, "0" * 64),)},
        links=("https://example.org/",),
    )
    full = record(data, ["1.1.1"], draft)
    assert full.kind is ChangeKind.RECORD
    assert edited(data, "1.1.1", full.edits)["records"] == [
        {
            "quarter": 3,
            "date": "2024-09-27",
            "complete": True,
            "result": "Установлен",
            "values": [{"period": "2024-Q3", "value": 95.5}],
            "evidence": {
                "documents": [
                    {"title": "Акт ввода", "number": "12", "date": "2024-09-27"},
                    {"title": "Справка"},
                ],
                "files": [
                    {"path": "evidence/2024/1.1.1/a.pdf", "size": 4, "sha256": "0" * 64},
                ],
                "links": ["https://example.org/"],
            },
        }
    ]


def test_one_record_for_several_measures_is_one_change(data: PlanData) -> None:
    """With each measure once, and its own files for each."""
    change = record(data, ["1.1.1", "1.2.1", "1.1.1"], RecordDraft(Q3, DAY))
    assert change.measures == ("1.1.1", "1.2.1")
    assert len(change.edits) == 2


def test_setting_fields(data: PlanData) -> None:
    """Texts become values; an unchanged value is not an edit."""
    change = set_fields(
        data,
        "1.1.1",
        {"responsible": "Отдел", "budget.plan": "1 250 000,50", "result": "Обеспечено"},
    )
    assert change.edits == (
        Edit("1.1.1", ("responsible",), MISSING, "Отдел"),
        Edit("1.1.1", ("budget",), MISSING, {"plan": 1250000.5}),
    )
    assert not set_fields(data, "1.1.1", {"actions": "Шаг 1; Шаг 2"}).edits
    assert not set_fields(data, "1.1.1", {"notes": ""}).edits


def test_own_actions_replace_shared_ones(data: PlanData) -> None:
    """A row has its own actions or those of another row, never both."""
    shared = apply_edits(data, set_fields(data, "1.1.2", {"actions_from": "1.1.1"}).edits)
    assert "actions" not in measure_data(shared, "1.1.2")
    own = edited(shared, "1.1.2", set_fields(shared, "1.1.2", {"actions": "Новый"}).edits)
    assert own["actions"] == ["Новый"]
    assert "actions_from" not in own


@pytest.mark.parametrize(
    ("texts", "error", "sentence"),
    [
        ({"colour": "red"}, UnknownField, "Поля «colour» нет. Можно задать: number, channel, "),
        ({"number": " "}, FieldRequired, "Поле «Номер» не может быть пустым."),
        ({"budget.plan": "много"}, NotANumber, "Поле «Бюджет, план»: «много» не число. "),
        (
            {"indicator.direction": "ровно"},
            NotAChoice,
            "Поле «Показатель: не менее или не более»: «ровно» не подходит. ",
        ),
        ({"term": "4 квартал 2024"}, TermIsApproved, "1.1.1: программа утверждена, поэтому срок "),
    ],
)
def test_what_does_not_fit_a_field_is_refused(
    data: PlanData, texts: dict[str, str], error: type[KvartalError], sentence: str
) -> None:
    """And the sentence names the field."""
    with pytest.raises(error) as refused:
        set_fields(data, "1.1.1", texts)
    assert refused.value.message().startswith(sentence)


def test_the_term_is_set_while_the_plan_is_not_approved(data: PlanData) -> None:
    """Typing an approved term again unchanged is not a change, however it would be read now."""
    for kept in ("3 квартал 2024", "с 01.07.2024", "до 15 числа (уточняется)"):
        data["measures"][0]["term"] = {"text": kept, "due": "2024-12-25"}  # type: ignore[index, call-overload]
        for typed in (kept, f" {kept} "):
            assert not set_fields(data, "1.1.1", {"term": typed}).edits
    with pytest.raises(TermIsApproved):
        set_fields(data, "1.1.1", {"term": "до 25.12.2024"})
    draft: PlanData = {**data, "document": {}}
    after = edited(draft, "1.1.1", set_fields(draft, "1.1.1", {"term": "постоянно"}).edits)
    assert after["term"] == {"text": "постоянно"}


def test_postponing_keeps_the_original_term(data: PlanData) -> None:
    """Each postponement is one more fact."""
    change = postpone(data, "1.1.1", to="IV", reason=" нет поставки ", day=DAY, basis="Приказ 5")
    after = edited(data, "1.1.1", change.edits)
    assert after["term"] == {"text": "3 квартал 2024", "quarters": [3]}
    assert after["postponements"] == [
        {
            "date": "2024-09-27",
            "to": {"text": "IV", "quarters": [4]},
            "reason": "нет поставки",
            "basis": "Приказ 5",
        }
    ]
    again = apply_edits(data, change.edits)
    with pytest.raises(SameTerm, match="IV"):
        postpone(again, "1.1.1", to="4 квартал", reason="снова", day=DAY)
    second = postpone(again, "1.1.1", to="до 30.11", reason="снова", day=DAY)
    assert edited(again, "1.1.1", second.edits)["postponements"][1]["to"] == {
        "text": "до 30.11",
        "due": "2024-11-30",
    }
    opened = apply_edits(data, postpone(data, "1.1.1", to="постоянно", reason="а", day=DAY).edits)
    with pytest.raises(SameTerm, match="постоянно"):
        postpone(opened, "1.1.1", to="постоянно", reason="б", day=DAY)
    assert postpone(opened, "1.1.1", to="по мере поступления", reason="б", day=DAY).edits


def test_postponing_and_cancelling_require_a_reason(data: PlanData) -> None:
    """And a term that can be read."""
    with pytest.raises(ReasonMissing):
        postpone(data, "1.1.1", to="IV", reason=" ", day=DAY)
    with pytest.raises(ReasonMissing):
        cancel(data, "1.1.1", reason="", day=DAY)
    with pytest.raises(UnsureTerm):
        postpone(data, "1.1.1", to="потом", reason="так", day=DAY)
    with pytest.raises(SameTerm):
        postpone(data, "1.1.1", to="III", reason="так", day=DAY)


@pytest.mark.parametrize(
    ("text", "error"),
    [("4", UnsureTerm), ("31.02.2024", ImpossibleTerm), (" ", TermMissing), ("чушь", UnsureTerm)],
)
def test_a_term_that_is_not_understood_is_not_stored(
    data: PlanData, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        postpone(data, "1.1.1", to=text, reason="так", day=DAY)


def test_an_unsure_term_says_how_to_say_each_reading(data: PlanData) -> None:
    with pytest.raises(UnsureTerm) as unsure:
        postpone(data, "1.1.1", to="до декабря", reason="так", day=DAY)
    sentence = str(unsure.value)
    assert "«до декабря»" in sentence
    assert "--due 2024-11-30" in sentence
    assert "--due 2024-12-31" in sentence
    assert "--open" in sentence


def test_the_reading_of_an_unsure_term_is_stated(data: PlanData) -> None:
    stated = StatedReading(due=date(2024, 11, 30))
    change = postpone(data, "1.1.1", to="до декабря", reason="так", day=DAY, stated=stated)
    moved = edited(data, "1.1.1", change.edits)["postponements"][0]["to"]
    assert moved == {"text": "до декабря", "due": "2024-11-30"}
    with pytest.raises(TermReadOtherwise, match="--due 2024-12-01"):
        postpone(data, "1.1.1", to="до 01.12", reason="так", day=DAY, stated=stated)
    with pytest.raises(ImpossibleTerm):
        postpone(data, "1.1.1", to="31.11.2024", reason="так", day=DAY, stated=stated)


def test_cancelling_once(data: PlanData) -> None:
    """A second time is refused with the date of the first."""
    change = cancel(data, "1.1.1", reason="приказ", day=DAY)
    assert edited(data, "1.1.1", change.edits)["cancelled"] == {
        "date": "2024-09-27",
        "reason": "приказ",
    }
    with pytest.raises(AlreadyCancelled, match=r"27\.09\.2024"):
        cancel(apply_edits(data, change.edits), "1.1.1", reason="ещё", day=DAY)


def test_what_is_off_the_plan_has_no_term_to_postpone(data: PlanData) -> None:
    after = apply_edits(data, cancel(data, "1.1.2", reason="приказ", day=DAY).edits)
    with pytest.raises(AlreadyCancelled, match=r"27\.09\.2024"):
        postpone(after, "1.1.2", to="4 квартал", reason="позже", day=DAY)


def test_a_new_measure_is_added_to_its_channel(data: PlanData) -> None:
    """After the others; its id is the printed number with a suffix if that is taken."""
    new = {key: value for key, value in row("1.1.2").items() if key != "id"}
    change = add(data, new)
    assert change.edits[0].measure == "1.1.2-2"
    assert change.edits[0].position == 2
    assert add(data, row("1.2.2", "1.2")).edits[0].position == 3
    with pytest.raises(MeasureExists):
        add(data, row("1.1.2"))


def test_removing_a_measure_keeps_all_of_its_data(data: PlanData) -> None:
    """So that it can be restored."""
    change = remove(data, "1.1.2")
    after = apply_edits(data, change.edits)
    with pytest.raises(UnknownMeasure):
        measure_data(after, "1.1.2")
    assert apply_edits(after, change.inverse().edits) == data


@pytest.mark.parametrize(
    ("text", "number"), [("95", 95), ("95,5 %", 95.5), ("-1 000.25", -1000.25), ("1 000", 1000)]
)
def test_numbers_as_people_type_them(text: str, number: float) -> None:
    """Decimal comma, spaces between thousands, a percent sign."""
    assert parse_number(text, "Поле") == number
    assert parse_number(show(number), "Поле") == number


@pytest.mark.parametrize("text", ["", "1,2,3", "١٢", "1e5", "nan", "--1", "10 20", "2026 100"])
def test_what_is_no_number(text: str) -> None:
    """Other digits and exponents are not numbers either."""
    with pytest.raises(NotANumber):
        parse_number(text, "Поле")


def test_every_path_of_a_measure_has_a_label() -> None:
    """So that no message shows a key of the file."""
    assert label_of(("budget", "plan")) == "Бюджет, план"
    assert label_of(("records", 0)) == "Отметка об исполнении"
    assert label_of(("records", 0, "date")) == "Дата"
    assert label_of((0,)) == ""
    assert label_of(("extra", "key")) == "key"


def test_a_year_without_special_days_gets_no_calendar() -> None:
    data: PlanData = {"year": 2024, "calendar": {"days_off": ["2024-05-10"]}}
    assert with_calendar(data, 2025, (), ()) == data
    assert with_calendar({"year": 2024}, 2024, (), ()) == {"year": 2024}
    both = with_calendar(data, 2025, [date(2025, 5, 2)], [date(2025, 11, 1)])
    assert both["calendar"] == {
        "days_off": ["2024-05-10", "2025-05-02"],
        "workdays": ["2025-11-01"],
    }


def test_sections_that_are_none_do_not_hide_where_a_measure_is_printed() -> None:
    sections: list[Plain] = [3, {"number": "1", "channels": 5, "sections": "x"}, {"number": "2"}]
    rows = [{"section": "1"}, {"section": "2"}]
    assert position_for({"sections": sections}, {"section": "1"}, rows) == 1

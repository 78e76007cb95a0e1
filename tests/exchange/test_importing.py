"""What importing a programme into a plan does and says: title page, fields, parts, measures."""

from datetime import date
from typing import Any

import pytest

from kvartal.exchange.importing.choosing import (
    ImportForOtherYears,
    of_same_years,
    programme_for,
    remark_sentences,
)
from kvartal.exchange.importing.declared_fields import with_declared_fields
from kvartal.exchange.importing.importing import new_programme
from kvartal.exchange.importing.matching import matched
from kvartal.exchange.importing.plain import new_plan
from kvartal.exchange.importing.severity import not_understood
from kvartal.exchange.measure_mark import mark_of
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import SourcePlace
from kvartal.exchange.tables.programme import SourceMeasure
from kvartal.schema.changes import MISSING, Plain
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import untranslated
from kvartal.schema.measure import Term
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.reading import read_plan
from tests.exchange.shapes import drawn
from tests.exchange.sources import (
    DAY,
    HERE,
    YEAR,
    changed,
    imported,
    part,
    plan,
    programme,
    row,
    said,
    source,
)


@pytest.mark.parametrize(
    ("name", "old", "new", "shown"),
    [
        ("organization", "О", "АО «Б»", "АО «Б»"),
        ("title", "План на 2026 год", "Программа", "Программа"),
        ("code", "", "П-1", "П-1"),
        ("approval", "", {"caption": "Приказ", "date": "2026-01-12"}, "Приказ 2026-01-12"),
    ],
)
def test_a_field_of_the_title_page_that_differs_is_named(
    name: str, old: str, new: Plain, shown: str
) -> None:
    result = imported(plan(), document={name: new})
    (sentence,) = said(result)
    assert sentence == (
        f"В документе {name} «{shown}», в программе «{old}»: не взято. Задать: `kvartal document "
        f"set {name}=…`."
    )
    assert [one.code for one in result.remarks] == ["document-differs"]
    assert result.change.edits == ()
    document: Plain = {"organization": "О", "title": "План на 2026 год", name: new}
    assert said(imported(plan(document=document), document={name: new})) == []
    assert said(imported(plan(), document={name: ""})) == []


def test_no_field_of_the_title_page_is_shown_as_code() -> None:
    own: Plain = {"date": "2026-01-12", "lines": ["УТВЕРЖДАЮ", "И.И. Иванов"]}
    document: Plain = {"organization": "О", "title": "План на 2026 год", "approval": own}
    (sentence,) = said(imported(plan(document=document), document={"approval": {"number": "7"}}))
    assert "в программе «2026-01-12 УТВЕРЖДАЮ, И.И. Иванов»" in sentence


def test_names_of_levels_that_differ_are_named() -> None:
    result = imported(plan(), levels=("Цель", "Задача"))
    (sentence,) = said(result)
    assert sentence == (
        "Уровни в документе названы «Цель, Задача», в программе — «-»: не взято. Задать: `kvartal "
        "document set levels='Цель, Задача'`."
    )
    assert [one.code for one in result.remarks] == ["document-differs"]
    own = plan(levels=["Раздел", "Канал"])
    assert "в программе — «Раздел, Канал»" in said(imported(own, levels=("Цель",)))[0]
    assert said(imported(own, levels=("Раздел", "Канал"))) == []
    assert said(imported(own)) == []


def test_a_programme_of_other_years_is_refused_with_both() -> None:
    data = read_plan(plan())
    other = programme(period=ProgrammePeriod(date(2025, 1, 1), date(2026, 12, 31)))
    with pytest.raises(ImportForOtherYears) as refused:
        of_same_years(other, data, "2026.yaml")
    assert str(refused.value) == (
        "Документ «п.docx» на 2025-2026, а программа 2026.yaml на 2026. Скажите, в какую программу "
        "его взять: --into ПУТЬ, или начните новую: `kvartal init ПАПКА --from ФАЙЛ`."
    )
    assert of_same_years(programme(), data, "2026.yaml").period == YEAR
    assert YEAR.years_text == "2026"


TABLE = "№ | Мероприятия | Срок\n1 | а | март"
SCHOOL_YEAR: Plain = {"start": "2026-09-01", "due": "2027-08-31"}


@pytest.mark.parametrize(
    ("own", "title", "years", "asked", "is_taken"),
    [
        # The same years, other days of them: the plan knows which.
        (SCHOOL_YEAR, "Программа", "2026-2027 годы", None, True),
        (SCHOOL_YEAR, "Программа", "2026-2027 годы", 2026, False),
        # The plan's own title says the year of the document, and they have a day in common.
        ({"start": "2026-01-01", "due": "2026-06-30"}, "Программа", "2026 год", None, True),
        (SCHOOL_YEAR, "План на 2026 год", "2026 год", None, True),
        (SCHOOL_YEAR, "План на 2027 год", "2027 год", None, True),
        (SCHOOL_YEAR, "План на 2027 год", "2026 год", None, False),
        (SCHOOL_YEAR, "План", "2026 год", None, False),
        ({"start": "2026-12-31", "due": "2027-08-31"}, "План на 2026 год", "2026 год", None, True),
        ({"start": "2025-09-01", "due": "2026-01-01"}, "План на 2026 год", "2026 год", None, True),
        ({"start": "2027-01-01", "due": "2028-08-31"}, "План на 2026 год", "2026 год", None, False),
        ({"start": "2024-01-01", "due": "2025-12-31"}, "План на 2026 год", "2026 год", None, False),
    ],
)
def test_a_document_says_its_years_and_the_plan_which_days_of_them(
    own: Plain, title: str, years: str, asked: int | None, *, is_taken: bool
) -> None:
    data = plan(period=own, document={"organization": "О", "title": title})
    del data["year"]
    ours = read_plan(data)
    document = drawn(
        f"План мероприятий по качеству на {years}\n№ | Мероприятия | Срок\n1 | а | март"
    )
    if is_taken:
        assert programme_for(document, ours, "plan.yaml", year=asked).period == ours.period
    else:
        with pytest.raises(ImportForOtherYears):
            programme_for(document, ours, "plan.yaml", year=asked)


def test_a_year_that_the_user_says_goes_before_that_of_the_document() -> None:
    document = drawn(
        "План мероприятий по качеству на 2025 год\n№ | Мероприятия | Срок\n1 | а | март"
    )
    with pytest.raises(ImportForOtherYears):
        programme_for(document, read_plan(plan()), "2026.yaml")
    found = programme_for(document, read_plan(plan()), "2026.yaml", year=2026)
    assert (found.period, found.measures[0].term.start) == (YEAR, date(2026, 3, 1))


def test_remarks_with_one_sentence_are_said_once_with_all_places() -> None:
    remarks = (
        Remark("a", SourcePlace(table=1, row=2), "Срока нет."),
        Remark("b", SourcePlace(), "Нет разделов."),
        Remark("a", SourcePlace(), "Срока нет."),
        Remark("a", SourcePlace(table=1, row=5), "Срока нет."),
    )
    assert remark_sentences(remarks, untranslated) == (
        "таблица 1, строка 2; таблица 1, строка 5: Срока нет.",
        "Нет разделов.",
    )


FIELDS: Plain = [
    {"key": "hosts", "title": "Узлов", "type": "number"},
    {"key": "found", "title": "Найдено", "type": "date"},
    {"key": "risk", "title": "Риск", "type": "choice", "choices": ["высокий", "низкий"]},
    {"key": "owner", "title": "Владелец", "type": "text"},
]


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("hosts", "4", 4),
        ("hosts", " 1 234,50 ", 1234.5),
        ("hosts", "-0.25", -0.25),
        ("hosts", "7,0", 7),
        ("hosts", "7,", None),
        ("hosts", "4 5", None),
        ("hosts", "1" * 15, 111111111111111),
        ("hosts", "1" * 16, None),
        ("hosts", "около 3", None),
        ("found", "31.03.2026", "2026-03-31"),
        ("found", "1 march 2026", "2026-03-01"),
        ("found", "31 December 2026", "2026-12-31"),
        ("found", "2026-03-31", "2026-03-31"),
        ("found", "31.02.2026", None),
        ("found", "31 Marz 2026", None),
        ("found", "март", None),
        ("risk", "низкий", "низкий"),
        ("risk", "средний", None),
        ("owner", "Отдел ИТ", "Отдел ИТ"),
        ("other", "как есть", "как есть"),
    ],
)
def test_a_text_is_stored_as_its_declared_field_is_typed(
    key: str, text: str, value: Plain | None
) -> None:
    ours = read_plan(plan(fields=FIELDS))
    before = programme(source("1", "а", extra={key: text}), remarks=(Remark("x", HERE, "Было."),))
    after = with_declared_fields(before, ours)
    assert after.measures[0].extra == ({} if value is None else {key: value})
    assert type(after.measures[0].extra.get(key)) is type(value)
    lost = [(one.code, one.place, one.message()) for one in after.remarks[1:]]
    title = {"hosts": "Узлов", "found": "Найдено", "risk": "Риск"}.get(key)
    sentence = f"«{text}» — не значение поля «{title}»: не взято."
    assert lost == ([("cell-left-out", HERE, sentence)] if value is None else [])
    assert after.remarks[0] == before.remarks[0]


def test_fields_that_the_plan_has_not_declared_are_added_after_its_own() -> None:
    new: Any = ({"key": "hosts", "title": "X"}, {"key": "a", "title": "А"}, {"key": "b"})
    data = plan(fields=[{"key": "hosts", "title": "Узлов"}])
    after = apply_edits(data, imported(data, fields=new).change.edits)
    assert after["fields"] == [{"key": "hosts", "title": "Узлов"}, *new[1:]]
    assert apply_edits(plan(), imported(plan(), fields=new).change.edits)["fields"] == [*new]


PARTS = (
    part("1", "Сеть"),
    part("1.1", "Сайт", 1, is_channel=True, under="1", segment="b2b"),
    part("1.2", "Почта", 1, is_channel=True, under="1"),
    part("2", "Люди"),
    part("2.1", "Обучение", 1, under="2"),
    part("2.1.1", "Курсы", 2, under="2.1", is_channel=True),
)
_SITE: Plain = {"number": "1.1", "title": "Сайт", "segment": "b2b"}
_MAIL: Plain = {"number": "1.2", "title": "Почта"}
_COURSES: Plain = {"number": "2.1.1", "title": "Курсы"}
SECTIONS: Plain = [
    {"number": "1", "title": "Сеть", "channels": [_SITE, _MAIL]},
    {
        "number": "2",
        "title": "Люди",
        "sections": [{"number": "2.1", "title": "Обучение", "channels": [_COURSES]}],
    },
]


def test_parts_of_a_document_begin_the_sections_of_a_plan_or_join_them() -> None:
    data = plan()
    assert apply_edits(data, imported(data, parts=PARTS).change.edits)["sections"] == SECTIONS
    begun, _ = new_programme(programme(parts=PARTS), organization="О", title="Т", day=DAY)
    assert begun["sections"] == SECTIONS
    own = plan(sections=[{"number": "1", "title": "Сеть"}])
    result = imported(own, parts=(part("1", "Связь"), PARTS[3]))
    assert apply_edits(own, result.change.edits)["sections"] == [
        {"number": "1", "title": "Связь"},
        {"number": "2", "title": "Люди"},
    ]
    # Whom a part serves is said of channels only.
    bare: Plain = {"number": "1.1", "title": "Сайт"}
    cases: tuple[tuple[dict[str, Plain], dict[str, Plain]], ...] = (
        ({"channels": [_MAIL]}, {"channels": [_MAIL, _SITE]}),
        ({}, {"sections": [bare]}),
    )
    for others, joined in cases:
        own = plan(sections=[{"number": "1", "title": "Сеть", **others}])
        after = apply_edits(own, imported(own, parts=PARTS[:2]).change.edits)
        assert after["sections"] == [{"number": "1", "title": "Сеть", **joined}]
    empty = plan(sections=[])
    assert apply_edits(empty, imported(empty, parts=PARTS).change.edits)["sections"] == SECTIONS
    # A title that was only broken in lines is the same one.
    own = plan(sections=[{"number": "1", "title": "Сеть и\nпочта"}])
    assert imported(own, parts=(part("1", "Сеть и почта"),)).change.edits == ()


@pytest.mark.parametrize("kind", ["channel", "section"])
def test_the_lowest_parts_are_channels_where_the_plan_has_channels(kind: str) -> None:
    lowest: Plain = [{"number": "1.1", "title": "Б"}]
    data = plan(sections=[{"number": "1", "title": "А", f"{kind}s": lowest}])
    as_read = kind != "channel"
    new = part("1.2", "Почта", 1, under="1", is_channel=True)
    measure = source("1", "а", part="1.2", in_channel=as_read)
    after: Any = apply_edits(
        data, imported(data, measure, parts=(part("1", "А"), new)).change.edits
    )
    assert [one["number"] for one in after["sections"][0][f"{kind}s"]] == ["1.1", "1.2"]
    assert after["measures"][0][kind] == "1.2"
    # The parts that the plan has already are what they are there.
    kept = part("1.1", "Б", 1, under="1", is_channel=as_read)
    assert imported(data, parts=(part("1", "А"), kept)).change.edits == ()


IN_I = row("1", "а", section="I")


@pytest.mark.parametrize(
    ("theirs", "ours", "pairs"),
    [
        # The mark goes before everything else.
        ([source("1", "опрос", mark=mark_of("2"))], [row("1", "опрос"), row("2", "иное")], (1,)),
        ([source("1", "опрос", mark="kvartal_00")], [row("1", "опрос")], (0,)),
        # Number and text, then the number where the text is alike, then the text, then the number.
        ([source("1", "крыша")], [row("1", "крыши"), row("1", "крыша")], (1,)),
        ([source("2", "ремонт крыш")], [row("1", "ремонт крыш"), row("2", "ремонт крыши")], (1,)),
        ([source("2", "ремонт крыши")], [row("1", "ремонт крыши"), row("2", "окна")], (0,)),
        ([source("2", "совсем другое")], [row("1", "ремонт"), row("2", "окна")], (1,)),
        # Neither: by its place in the order, if as many are left over and the texts are alike.
        ([source("9", "ремонт крыш")], [row("1", "ремонт крыши")], (0,)),
        ([source("9", "окна")], [row("1", "ремонт крыши")], (None,)),
        ([source("9", "ремонт крыш")], [row("1", "ремонт крыши"), row("2", "окна")], (None,)),
        # Look-alike letters and case are no difference of a text; the proposal is part of it.
        ([source("9", "РЕМОНТ В2В")], [row("1", "иное"), row("2", "ремонт B2B")], (1,)),
        ([source("9", "а", proposal="б")], [row("1", "а"), row("2", "а", proposal="б")], (1,)),
        # In a part; a flat document says nothing of parts.
        ([source("1", "а", part="II")], [IN_I, row("2", "а", channel="II")], (1,)),
        ([source("1", "а", part="II")], [IN_I], (None,)),
        ([source("1", "а")], [IN_I], (0,)),
        ([source("1", "а"), source("2", "б", part="I")], [IN_I], (None, None)),
        # Of each part by itself: in one there are more, in the other as many.
        (
            [source("7", "окна", part="I"), source("8", "ремонт крыш", part="II")],
            [IN_I, row("2", "б", section="I"), row("3", "ремонт крыши", section="II")],
            (None, 2),
        ),
        # A row is one measure only.
        ([source("1", "а"), source("1", "а")], [row("1", "а")], (0, None)),
    ],
)
def test_which_measure_a_row_is(
    theirs: list[SourceMeasure], ours: list[dict[str, Plain]], pairs: tuple[int | None, ...]
) -> None:
    assert matched(theirs, ours, lambda: None) == pairs


@pytest.mark.parametrize(("text", "index"), [("аааааа бвг", 0), ("ааааа бвгд", None)])
def test_texts_are_alike_from_six_tenths_on(text: str, index: int | None) -> None:
    assert matched([source("9", text)], [row("1", "аааааааааа")], lambda: None) == (index,)


def test_new_rows_stand_after_the_one_above_them_or_last_in_their_part() -> None:
    sections: Plain = [{"number": "I", "title": "А"}, {"number": "II", "title": "Б"}]
    data = plan(IN_I, row("2", "б", section="I"), row("3", "в", section="II"), sections=sections)
    result = imported(
        data,
        source("1", "а", part="I"),
        source("1a", "новое", part="I"),
        source("2", "б", part="I"),
        source("4", "первое", part="II"),
        source("5", "ещё", part="II"),
    )
    after: Any = apply_edits(data, result.change.edits)
    assert [one["id"] for one in after["measures"]] == ["1", "1a", "2", "3", "4", "5"]
    assert (result.added, result.left, result.changed) == (("1a", "4", "5"), ("3",), ())
    channels: Plain = [{"number": "I.1", "title": "В"}, {"number": "I.2", "title": "Г"}]
    of_channels = plan(
        *(row("1", "а", channel="I.1"), row("2", "б", channel="I.2")),
        sections=[{"number": "I", "title": "А", "channels": channels}],
    )
    places = {"part": "I.2", "in_channel": True}
    new = (source("1", "а", part="I.1", in_channel=True), source("3", "третье", **places))
    parts = tuple(
        part(number, title, 1, under="I", is_channel=True)
        for number, title in (("I.1", "В"), ("I.2", "Г"))
    )
    after = apply_edits(of_channels, imported(of_channels, *new, parts=parts).change.edits)
    assert [one["id"] for one in after["measures"]] == ["1", "2", "3"]
    others = (source("7", "седьмое", part="II"), source("6", "шестое", part="I"))
    after = apply_edits(data, imported(data, *others).change.edits)
    assert [one["id"] for one in after["measures"]] == ["1", "2", "6", "3", "7"]


def test_actions_in_one_cell_are_shared_and_stay_so() -> None:
    first, third = source("1", "общее", result="р1"), source("3", "общее", shares_actions=True)
    second = source("2", "общее", shares_actions=True, result="р2")
    after: Any = apply_edits(plan(), imported(plan(), first, second, third).change.edits)
    assert [one.get("actions_from") for one in after["measures"]] == [None, "1", "1"]
    assert [one.get("actions") for one in after["measures"]] == [["общее"], None, None]
    assert imported(after, first, second, third).change.edits == ()
    # The document has them apart, or they are apart in the plan: the texts are the same ones.
    apart = source("2", "общее", result="р2")
    assert imported(after, first, apart, third).change.edits == ()
    own = plan(row("1", "общее", result="р1"), row("2", "общее", result="р2"))
    assert imported(own, first, second).change.edits == ()
    # A document that has them apart may have fewer line breaks in them.
    broken = plan(row("1", "общее\nи ещё"), row("2", actions_from="1"))
    assert imported(broken, source("2", "общее и ещё")).change.edits == ()
    # Those that it shared are now others, and it keeps what they were.
    shared = plan(row("1", "было"), row("2", actions_from="1"))
    taken: Any = apply_edits(
        shared, imported(shared, source("1", "стало"), source("2", "было")).change.edits
    )
    assert [one.get("actions") for one in taken["measures"]] == [["стало"], ["было"]]
    # Other actions of its own; or actions of another row, where it had its own: never both.
    other = source("2", "другое", result="р2")
    assert changed(imported(after, first, other, third)) == [
        ("2", "actions_from", "1", MISSING),
        ("2", "actions", MISSING, ["другое"]),
    ]
    own = plan(row("1", "общее", result="р1"), row("2", "своё", result="р2"))
    assert changed(imported(own, first, second)) == [
        ("2", "actions", ["своё"], MISSING),
        ("2", "actions_from", MISSING, "1"),
    ]


def test_what_differs_in_a_measure_is_taken_field_by_field() -> None:
    data = plan(row("1", "а", result="было", notes="стоит", extra={"k": "1", "m": "2"}))
    texts = {"proposal": "новое", "result": "стало", "responsible": ("Отдел",)}
    theirs = source("2", "а", **texts, extra={"k": "1", "m": "3", "n": "4"}, mark=mark_of("1"))
    result = imported(data, theirs)
    assert changed(result) == [
        ("1", "proposal", MISSING, "новое"),
        ("1", "result", "было", "стало"),
        ("1", "responsible", MISSING, "Отдел"),
        ("1", "extra.m", "2", "3"),
        ("1", "extra.n", MISSING, "4"),
        ("1", "number", "1", "2"),
    ]
    after: Any = apply_edits(data, result.change.edits)
    assert after["measures"][0]["notes"] == "стоит"


I_QUARTER = Term("I квартал", quarters=(CalendarQuarter(2026, 1),))
NOT_TAKEN = (
    "1: в документе срок «{}», в программе «{}». Программа утверждена: срок не взят. Перенести: "
    "`kvartal postpone 1 --to '{}' --reason …`."
)
SAME_READING = (
    "1: срок в документе назван «I квартал», в программе «1 квартал», читаются они одинаково: не "
    "взят."
)


@pytest.mark.parametrize(
    ("is_approved", "postponed", "new", "taken", "sentences"),
    [
        (False, "", Term("1 квартал"), None, []),
        (False, "", Term("2 квартал"), {"text": "2 квартал"}, []),
        (False, "2 квартал", Term("2 квартал"), None, []),
        # The first term, after it was postponed: an old document.
        (False, "2 квартал", Term("1 квартал"), None, []),
        (True, "", Term("1  квартал"), None, []),
        (True, "", I_QUARTER, None, [SAME_READING]),
        (True, "", Term("май"), None, [NOT_TAKEN.format("май", "1 квартал", "май")]),
        (True, "май", I_QUARTER, None, [NOT_TAKEN.format("I квартал", "май", "I квартал")]),
    ],
)
def test_a_term_is_taken_or_it_is_said_why_not(
    postponed: str, new: Term, taken: Plain, sentences: list[str], *, is_approved: bool
) -> None:
    approval: dict[str, Plain] = {"approval": {"date": "2026-01-12"}} if is_approved else {}
    later: Plain = [{"date": "2026-02-01", "reason": "п", "to": {"text": postponed}}]
    own = row("1", "а", **({"postponements": later} if postponed else {}))
    data = plan(own, document={"organization": "О", "title": "План на 2026 год", **approval})
    result = imported(data, source("1", "а", term=new))
    assert changed(result) == ([("1", "term", own["term"], taken)] if taken else [])
    assert said(result) == sentences
    assert all(one.place == HERE for one in result.remarks)
    unsaid = imported(data, source("1", "а", term=Term("—"), has_term=False))
    assert (changed(unsaid), said(unsaid)) == ([], [])


def test_a_measure_of_an_approved_plan_may_lack_a_term() -> None:
    own = {key: value for key, value in row("1", "а").items() if key != "term"}
    document: Plain = {"organization": "О", "title": "Т", "approval": {"date": "2026-01-12"}}
    result = imported(plan(own, document=document), source("1", "а"))
    not_taken = NOT_TAKEN.format("1 квартал", "", "1 квартал")
    assert [one for one in said(result) if "срок" in one] == [not_taken]
    assert changed(result) == []


def test_a_marked_row_goes_to_the_part_where_it_stands_now() -> None:
    channel: Plain = [{"number": "I.1", "title": "В"}]
    sections: Plain = [
        {"number": "I", "title": "А", "channels": channel},
        {"number": "II", "title": "Б"},
    ]
    data = plan(row("1", "а", section="II"), row("2", "б", section="II"), sections=sections)
    parts = (part("I", "А"), part("I.1", "В", 1, under="I", is_channel=True), part("II", "Б"))
    second = source("2", "б", part="II")
    moved = source("1", "а", mark=mark_of("1"), part="I.1")
    new = source("3", "в", part="I.1")
    result = imported(data, moved, second, new, parts=parts)
    assert changed(result) == [("1", "channel", MISSING, "I.1"), ("1", "section", "II", MISSING)]
    after: Any = apply_edits(data, result.change.edits)
    assert [one["id"] for one in after["measures"]] == ["1", "3", "2"]
    unmarked = source("1", "а", part="I.1")
    assert changed(imported(data, unmarked, second, parts=parts)) == []
    placeless = source("1", "а", mark=mark_of("1"))
    assert changed(imported(data, placeless, second, parts=parts)) == []


def test_a_new_plan_has_what_its_document_says_and_no_more() -> None:
    bare = new_plan(programme(source("1", "Опрос")), organization="О", title="Т")
    assert bare == {
        **plan(row("1", "Опрос")),
        "document": {"organization": "О", "title": "Т"},
    }
    texts = {"proposal": "Ask", "responsible": ("A", "B"), "notes": "n", "budget": ({"plan": 1},)}
    full = new_plan(
        programme(
            source("1", "Survey", part="1", **texts),
            period=ProgrammePeriod(date(2026, 9, 1), date(2027, 8, 31)),
            document={"title": "Plan", "code": "P-1"},
            levels=("Goal",),
            fields=({"key": "k", "title": "K"},),
            parts=(part("1", "Net"),),
        ),
        organization="O",
        title="T",
    )
    measures = full.pop("measures")
    assert full == {
        "period": SCHOOL_YEAR,
        "language": "en",
        "document": {"organization": "O", "title": "Plan", "code": "P-1"},
        "levels": ["Goal"],
        "fields": [{"key": "k", "title": "K"}],
        "sections": [{"number": "1", "title": "Net"}],
    }
    assert measures == [
        {
            "id": "1",
            "section": "1",
            "number": "1",
            "proposal": "Ask",
            "actions": ["Survey"],
            "term": {"text": "1 квартал", "quarters": ["2026-Q1"]},
            "responsible": [{"name": "A"}, {"name": "B"}],
            "notes": "n",
            "budget": {"plan": 1},
        }
    ]
    as_many = new_plan(programme(source("1", "аб ab")), organization="", title="")
    assert as_many["language"] == "ru"


def test_what_no_drawing_shows_is_a_doubt_or_none() -> None:
    """The other codes stand in the golden file, after a question mark where they are doubts."""
    known = (
        *("column-hidden", "comments-left-out", "document-differs", "footnote", "hidden-part"),
        *("row-deleted", "row-hidden", "row-struck", "same-work", "sheet-hidden", "table-nested"),
        *("term-differs", "term-worded", "text-hidden"),
    )
    doubts = (
        *("characters-dropped", "characters-lost", "covered-cell", "fact-unclear"),
        *("formula-without-value", "inserted-document", "money-unclear", "row-not-divided"),
    )
    remarks = [Remark(code, HERE, "…") for code in (*known, *doubts)]
    assert [one.code for one in not_understood(remarks)] == [*doubts]


def test_whether_to_go_on_is_asked_before_each_comparison() -> None:
    asked: list[None] = []
    ours = [row("1", "ремонт крыши"), row("2", "замена окна")]
    theirs = [source("8", "ремонт крыш"), source("9", "замена окон")]
    assert matched(theirs, ours, lambda: asked.append(None)) == (0, 1)
    assert len(asked) == len(ours)

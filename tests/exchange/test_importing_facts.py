"""What a document says of the fact, and what its texts suggest: offered, compared, or taken."""

from datetime import date
from typing import Any

import pytest

from kvartal.exchange.importing.importing import import_into, new_programme
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.programme import SourceFact, SourceMeasure
from kvartal.schema.changes import Plain
from kvartal.schema.edited_data import apply_edits
from tests.exchange.sources import DAY, HERE, changed, imported, plan, programme, row, said, source

UNCLEAR = (
    "1: отметка «{}» не взята: нет даты факта, она в будущем или не видно, за какой срок. Внесите "
    "её: `kvartal record 1`."
)
OFFERED = (
    "1: в документе отметка «{}». Взять её как запись: --records, или внести: `kvartal record 1`."
)
ACT: Plain = {"documents": [{"title": "Акт"}]}
OF_FILE: Plain = {"documents": [{"title": "Взято из файла «п.docx»"}]}
DONE = SourceFact("Исполнено", "20.03.2026")


def facts(
    fact: SourceFact, own: dict[str, Plain], *, records: bool = True, day: date = DAY
) -> tuple[list[Any], list[str]]:
    """Return the records that a document adds to a measure, and what is said."""
    data = plan({**row("1", "а"), **own})
    wanted = programme(source("1", "а", fact=fact, has_term=False))
    result = import_into(data, wanted, day=day, records=records)
    assert all(one.place == HERE for one in result.remarks)
    assert [one[:2] for one in changed(result)] == [
        (one.measure, one.field) for one in result.change.edits
    ]
    return [one.new for one in result.change.edits], said(result)


@pytest.mark.parametrize(
    ("fact", "term", "wanted"),
    [
        # The only checkpoint, or the only one of the day's quarter.
        (DONE, {}, {"quarter": 1, "complete": True}),
        (SourceFact("Завершён", "20.03.2026"), {}, {"quarter": 1, "complete": True}),
        (SourceFact("Идёт", "2026-03-20"), {}, {"quarter": 1}),
        (SourceFact("Исполнено 20.03.2026"), {}, {"quarter": 1, "complete": True}),
        (SourceFact("", "20.03.2026"), {}, {"quarter": 1}),
        (DONE, {"text": "2 квартал", "quarters": [2]}, {"quarter": 2, "complete": True}),
        (DONE, {"text": "1-2 кварталы", "quarters": [1, 2]}, {"quarter": 1}),
        (DONE, {"text": "2-3 кварталы", "quarters": [2, 3]}, None),
        # Two days of one quarter: it is not clear which.
        (DONE, {"text": "15.01, 15.03", "points": ["2026-01-15", "2026-03-15"]}, None),
        (
            *(DONE, {"text": "15.03, 15.05", "points": ["2026-03-15", "2026-05-15"]}),
            {"point": "2026-03-15"},
        ),
        # An open term: the quarter of the day.
        (DONE, {"text": "постоянно"}, {"quarter": 1, "complete": True}),
        # No day, none that there is, and a day to come.
        (SourceFact("Исполнено"), {}, None),
        (SourceFact("Идёт"), {"text": "1-2 кварталы", "quarters": [1, 2]}, None),
        (SourceFact("Исполнено", "31.02.2026"), {}, None),
        (SourceFact("Исполнено", "21.03.2026"), {}, None),
    ],
)
def test_a_mark_becomes_a_record_where_its_day_and_checkpoint_are_clear(
    fact: SourceFact, term: Plain, wanted: dict[str, Plain] | None
) -> None:
    own = {"term": term} if term else {}
    day = date(2026, 3, 20)
    text = " ".join(filter(None, (fact.result, fact.date)))
    found, sentences = facts(fact, own, day=day)
    assert sentences == ([UNCLEAR.format(text)] if wanted is None else [])
    result = {"result": fact.result} if fact.result else {}
    record = {**(wanted or {}), "date": "2026-03-20", **result, "evidence": OF_FILE}
    assert found == ([] if wanted is None else [record])
    # What was taken is known; without being asked for, it is only offered.
    assert facts(fact, {**own, "records": found}, day=day)[1] == sentences
    assert facts(fact, own, records=False) == ([], [OFFERED.format(text)])


@pytest.mark.parametrize(
    "text",
    [
        *("Не исполнено", "Мероприятие не выполнено: нет средств", "Частично выполнено"),
        *("в работе", "Not completed", "in progress", "Не закуплено", "Нет"),
    ],
)
def test_a_mark_of_what_is_not_done_becomes_no_record(text: str) -> None:
    sentence = (
        f"1: отметка «{text} 20.03.2026» не взята: в ней не сказано, что мероприятие исполнено."
    )
    fact = SourceFact(text, "20.03.2026")
    for records in (True, False):
        assert facts(fact, {}, records=records, day=date(2026, 4, 1)) == ([], [sentence])


@pytest.mark.parametrize(
    ("text", "is_done"),
    [
        ("Исполнено, нарушений не выявлено", True),
        ("Done, recorded in document 5", True),
        ("Completed in complete accordance with the order", True),
        ("Неисправность устранена", False),
        ("Независимая оценка проведена", False),
        ("Не менее пяти обучений проведено", False),
    ],
)
def test_a_mark_that_denies_something_else_than_the_work_becomes_a_record(
    text: str, *, is_done: bool
) -> None:
    ((new,), remarks) = facts(SourceFact(text, "20.03.2026"), {}, day=date(2026, 4, 1))
    assert (isinstance(new, dict) and new.get("complete", False), remarks) == (is_done, [])


@pytest.mark.parametrize(
    ("own", "is_known"),
    [
        ({"result": "Исполнено", "evidence": ACT}, True),
        ({"evidence": OF_FILE}, True),
        ({"result": "Иное", "evidence": OF_FILE}, True),
        ({"result": "Иное", "evidence": ACT}, False),
        ({"evidence": ACT}, False),
        ({"date": "2026-03-19", "result": "Исполнено", "evidence": OF_FILE}, False),
    ],
)
def test_a_mark_is_known_by_its_day_with_its_words_or_its_document(
    own: dict[str, Plain], *, is_known: bool
) -> None:
    record: Plain = {"quarter": 1, "date": "2026-03-20", **own}
    _, sentences = facts(DONE, {"records": [record]}, records=False)
    assert (sentences == []) is is_known


def test_a_day_alone_is_known_by_a_record_of_that_day_without_words() -> None:
    record: dict[str, Plain] = {"quarter": 1, "date": "2026-03-20", "evidence": ACT}
    day = SourceFact("", "20.03.2026")
    assert facts(day, {"records": [record]}) == ([], [])
    assert facts(day, {"records": [{**record, "result": "Иное"}]}) != ([], [])


def test_what_programs_know_the_remarks_on_facts_by() -> None:
    fact = SourceFact("Исполнено", states=("Green",), percents=("50%",))
    wanted = programme(source("1", "а", fact=fact))
    for records, code in ((True, "fact-unclear"), (False, "fact-offered")):
        result = import_into(plan(row("1", "а")), wanted, day=DAY, records=records)
        codes = [one.code for one in result.remarks]
        assert codes == [code, "state-differs", "percent-differs"]


PARTLY: dict[str, Plain] = {"quarter": 1, "date": "2026-03-20", "evidence": ACT}
CLOSED: Plain = [{**PARTLY, "complete": True}]
LATE: Plain = [{**PARTLY, "date": "2026-05-20", "complete": True, "reason": "п"}]
HALF: Plain = {"text": "1-2 кварталы", "quarters": [1, 2]}
CANCELLED: Plain = {"date": "2026-03-20", "reason": "а"}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Запланировано", "Запланировано"),
        ("не начато", "Запланировано"),
        ("Open", "Запланировано"),
        ("В работе", "В работе"),
        ("частично исполнено", "В работе"),
        ("Выполняется", "В работе"),
        ("Исполнено", "Исполнено"),
        ("Завершён", "Исполнено"),
        ("Исполнено с нарушением срока", "Исполнено с нарушением срока"),
        ("Не исполнено", "Просрочено"),
        ("Просрочено", "Просрочено"),
        ("Снято с плана", "Снято с плана"),
        ("Withdrawn", "Снято с плана"),
        ("Green", ""),
    ],
)
def test_a_state_is_compared_with_that_of_the_records(text: str, state: str) -> None:
    states: tuple[tuple[str, date, dict[str, Plain]], ...] = (
        ("Запланировано", date(2025, 12, 1), {}),
        ("В работе", DAY, {"term": HALF, "records": [PARTLY]}),
        ("Просрочено", date(2026, 4, 10), {}),
        ("Исполнено", DAY, {"records": CLOSED}),
        ("Исполнено с нарушением срока", date(2026, 6, 1), {"records": LATE}),
        ("Снято с плана", DAY, {"cancelled": CANCELLED}),
    )
    for real, day, own in states:
        _, sentences = facts(SourceFact(states=(text,)), own, day=day)
        differs = (
            f"1: в документе состояние «{text}», а по отметкам — {real}. Состояние не берётся: оно "
            "следует из отметок об исполнении."
        )
        assert sentences == ([] if real == state else [differs])


@pytest.mark.parametrize(
    ("text", "fits_done", "fits_open"),
    [
        ("100%", True, False),
        ("100 %", True, False),
        ("100", True, False),
        ("1", True, False),
        ("1%", False, False),
        ("0", False, True),
        ("0,0 %", False, True),
        ("50%", False, False),
        ("0,5", False, False),
        ("2", False, False),
    ],
)
def test_a_percentage_is_compared_with_what_is_closed(
    text: str, *, fits_done: bool, fits_open: bool
) -> None:
    cases: tuple[tuple[dict[str, Plain], str, bool], ...] = (
        ({"records": CLOSED}, "Исполнено", fits_done),
        ({"cancelled": CANCELLED}, "Снято с плана", fits_done),
        ({}, "Запланировано", fits_open),
    )
    for own, real, fits in cases:
        _, sentences = facts(SourceFact(percents=(text,)), own, day=date(2026, 3, 31))
        differs = (
            f"1: в документе выполнено {text}, а по отметкам — {real}. Процент не берётся: он "
            "следует из отметок об исполнении."
        )
        assert sentences == ([] if fits else [differs])


def test_a_percentage_in_words_is_compared_as_a_state() -> None:
    done: dict[str, Plain] = {"records": CLOSED}
    cases: tuple[tuple[str, dict[str, Plain], str], ...] = (
        ("не начато", {}, ""),
        ("нет", {}, ""),
        ("да", done, ""),
        ("no", {}, ""),
        ("Yes", done, ""),
        ("почти", {}, "Запланировано"),
        ("нет", done, "Исполнено"),
    )
    for text, own, real in cases:
        _, sentences = facts(SourceFact(percents=(text,)), own, day=date(2026, 3, 31))
        differs = (
            f"1: в документе состояние «{text}», а по отметкам — {real}. Состояние не берётся: "
            "оно следует из отметок об исполнении."
        )
        assert sentences == ([differs] if real else [])


def test_a_record_of_a_new_measure_is_no_change_of_another() -> None:
    wanted = programme(source("1", "а", fact=DONE))
    for language, title in (
        ("ru", "Взято из файла «п.docx»"),
        ("en", 'Taken from the file "п.docx"'),
    ):
        data = plan(language=language)
        result = import_into(data, wanted, day=DAY, records=True)
        assert (result.added, result.changed) == (("1",), ())
        after: Any = apply_edits(data, result.change.edits)
        assert after["measures"][0]["records"][0]["evidence"]["documents"] == [{"title": title}]


def test_beginning_with_a_document_compares_the_fact_and_takes_none() -> None:
    mark = SourceFact("Готово", "20.03.2026", states=("Исполнено",))
    wanted = programme(source("1", "а", fact=mark), remarks=(Remark("x", HERE, "Было."),))
    data, result = new_programme(wanted, organization="О", title="Т", day=DAY)
    assert [one.code for one in result.remarks] == ["x", "fact-offered", "state-differs"]
    assert data["measures"] == [row("1", "а")]
    assert (result.added, result.change.edits) == (("1",), ())


TWIN = "2: то же, что 1. Одна и та же работа? Связать: `kvartal set 2 same_work=1`."
TARGET = (
    "1: в тексте есть цель «не менее 95 %». Показатель по ней не заведён, завести: `kvartal set 1 "
    "indicator.0.name=…`."
)
WORK = "Заменить лампы"


@pytest.mark.parametrize(
    ("first", "second", "offered"),
    [
        (source("1", WORK, part="I"), source("2", WORK, part="II"), ("same-work", TWIN)),
        (source("1", WORK, part="I"), source("2", WORK, part="I"), None),
        (source("1", WORK, part="I", result="а"), source("2", WORK, part="II", result="б"), None),
        # Short texts are alike by chance: twelve characters, with the bars between the fields.
        (source("1", "123456", part="I"), source("2", "123456", part="II"), ("same-work", TWIN)),
        (source("1", "12345", part="I"), source("2", "12345", part="II"), None),
        (
            *(source("1", "а", result="Доля не менее 95 %"), source("2", "б")),
            ("target-offered", TARGET),
        ),
        (
            *(source("1", "а", proposal="Доля не менее 95 %"), source("2", "б")),
            ("target-offered", TARGET),
        ),
        (source("1", "Доля не менее 95 %"), source("2", "б"), None),
    ],
)
def test_the_same_work_in_another_part_and_a_target_are_offered(
    first: SourceMeasure, second: SourceMeasure, offered: tuple[str, str] | None
) -> None:
    _, result = new_programme(programme(first, second), organization="О", title="Т", day=DAY)
    assert [(one.code, one.message()) for one in result.remarks] == ([offered] if offered else [])
    assert all(one.place == HERE for one in result.remarks)


def test_nothing_is_offered_for_measures_that_the_plan_has() -> None:
    known = source("1", "а", result="Доля не менее 95 %")
    data = plan(row("1", "а", result="Доля не менее 95 %"))
    assert said(imported(data, known)) == []
    (sentence,) = said(imported(data, known, source("2", "б", result="Доля не ниже 5 %")))
    assert sentence.startswith("2: в тексте есть цель «не ниже 5 %»")

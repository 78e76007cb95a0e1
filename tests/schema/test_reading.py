"""Reading: every field of the data arrives in the model, and no other shape is read."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from kvartal.schema.measure import (
    Budget,
    Cancellation,
    Direction,
    Document,
    Evidence,
    EvidenceFile,
    Indicator,
    IndicatorValue,
    Measure,
    Period,
    Postponement,
    Record,
    Responsible,
    Term,
)
from kvartal.schema.model import Audit, Channel, Plan, Section, Segment
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.reading import MalformedPlan, read_audit, read_plan, read_term
from tests.schema.models import quarter

SHA = "0" * 64
FIRST: dict[str, Any] = {
    "id": "1.1.1",
    "channel": "1.1",
    "number": "1.1.1",
    "proposal": "Предложение",
    "actions": ["Первое", "Второе"],
    "term": {"text": "до 30.11.2024", "start": "2024-03-01", "due": "2024-11-30"},
    "result": "Обеспечено",
    "responsible": [{"name": "Отдел", "role": "отвечает"}],
    "notes": "Примечание",
    "budget": [{"plan": 10.5, "fact": 7}, {"source": "М", "year": 2024, "plan": 1}],
    "indicator": {
        "name": "Доля",
        "unit": "%",
        "direction": "not_less",
        "target": 80,
        "period": "quarter",
    },
    "same_work": ["1.1.1-2"],
    "postponements": [
        {
            "date": "2024-02-01",
            "to": {"text": "3-4", "quarters": [4, 3]},
            "reason": "Задержка",
            "basis": "Приказ",
        },
        {"date": "2024-03-01", "to": {"text": "4", "quarters": [4]}, "reason": "Снова"},
    ],
    "records": [
        {
            "quarter": 3,
            "date": "2024-09-27",
            "complete": True,
            "result": "Сделано",
            "reason": "Поставка",
            "values": [{"period": "2024-Q3", "value": 81}],
            "evidence": {
                "documents": [
                    {"title": "Акт", "number": "12", "date": "2024-09-26"},
                    {"title": "Справка"},
                ],
                "files": [{"path": "evidence/a.pdf", "size": 5, "sha256": SHA}],
                "links": ["https://example.com/"],
            },
        },
        {"quarter": 4, "date": "2024-12-27", "complete": False},
    ],
    "cancelled": {"date": "2024-12-28", "reason": "Снято", "basis": "Протокол"},
}
SECOND: dict[str, Any] = {
    "id": "1.1.1-2",
    "channel": "1.1",
    "number": "1.1.1",
    "proposal": "Ещё",
    "actions_from": "1.1.1",
    "term": {"text": "постоянно"},
    "result": "Есть",
    "budget": {},
    "cancelled": {"date": "2024-12-28", "reason": "Снято"},
}
DATA: dict[str, Any] = {
    "year": 2024,
    "language": "ru",
    "document": {"title": "Программа", "paragraphs": ["а"]},
    "sections": [
        {
            "number": "1",
            "title": "Очное",
            "channels": [
                {"number": "1.1", "title": "Офис"},
                {"number": "1.2", "title": "Сайт", "segment": "b2b"},
            ],
        }
    ],
    "measures": [FIRST, SECOND],
    "audit": {"backdating_days": 60, "signatures": "required"},
}
CHANNELS = (Channel("1.1", "Офис"), Channel("1.2", "Сайт", Segment.B2B))
PLAN = Plan(
    ProgrammePeriod.of_year(2024),
    "ru",
    {"title": "Программа", "paragraphs": ["а"]},
    (Section("1", "Очное", CHANNELS),),
    (
        Measure(
            *("1.1.1", "1.1.1"),
            channel="1.1",
            proposal="Предложение",
            actions=("Первое", "Второе"),
            term=Term("до 30.11.2024", (), date(2024, 3, 1), date(2024, 11, 30)),
            result="Обеспечено",
            responsible=(Responsible("Отдел", "отвечает"),),
            notes="Примечание",
            budget=(Budget(10.5, 7), Budget(1, source="М", year=2024)),
            indicators=(Indicator("Доля", "%", Direction.NOT_LESS, 80, Period.QUARTER),),
            same_work=("1.1.1-2",),
            postponements=(
                Postponement(
                    date(2024, 2, 1), Term("3-4", (quarter(3), quarter(4))), "Задержка", "Приказ"
                ),
                Postponement(date(2024, 3, 1), Term("4", (quarter(4),)), "Снова"),
            ),
            records=(
                Record(
                    quarter(3),
                    date(2024, 9, 27),
                    complete=True,
                    result="Сделано",
                    reason="Поставка",
                    values=(IndicatorValue("2024-Q3", 81),),
                    evidence=Evidence(
                        (Document("Акт", "12", date(2024, 9, 26)), Document("Справка")),
                        (EvidenceFile("evidence/a.pdf", 5, SHA),),
                        ("https://example.com/",),
                    ),
                ),
                Record(quarter(4), date(2024, 12, 27), complete=False),
            ),
            cancelled=Cancellation(date(2024, 12, 28), "Снято", "Протокол"),
        ),
        Measure(
            *("1.1.1-2", "1.1.1"),
            channel="1.1",
            proposal="Ещё",
            actions=("Первое", "Второе"),
            term=Term("постоянно"),
            result="Есть",
            actions_from="1.1.1",
            budget=(Budget(),),
            cancelled=Cancellation(date(2024, 12, 28), "Снято"),
        ),
    ),
    year=2024,
    audit=Audit(60, signatures=True),
)


def test_every_field_arrives_in_the_model() -> None:
    assert read_plan(DATA) == PLAN
    assert not Record(quarter(4), date(2024, 12, 27)).complete
    header = {key: DATA[key] for key in ("year", "language", "document")}
    bare: dict[str, Any] = {**header, "measures": []}
    assert read_plan(bare) == Plan(PLAN.period, "ru", DATA["document"], (), (), year=2024)


def test_what_is_asked_of_the_model() -> None:
    plan = read_plan(DATA)
    assert list(plan.channels) == list(plan.section_of_channel) == ["1.1", "1.2"]
    assert plan.section_of_channel["1.2"].number == "1"
    first, second = (plan.measure(name) for name in ("1.1.1", "1.1.1-2"))
    assert plan.continuing == {"1.1.1-2"}
    assert [first.term.is_open, second.term.is_open] == [False, True]
    assert [bool(record.evidence) for record in first.records] == [True, False]
    assert [plan.header(name) for name in ("title", "paragraphs", "code")] == ["Программа", "", ""]
    above = first.indicator(None)
    assert above is not None
    assert [above.is_met(value) for value in (79.9, 80, 81)] == [False, True, True]
    assert [period.value for period in Period] == ["month", "quarter", "half_year", "year"]
    below = Indicator("Доля", "%", Direction.NOT_MORE, 5, Period.MONTH)
    assert [below.is_met(value) for value in (4.9, 5, 5.1)] == [True, True, False]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("year",), "2024"),
        (("year",), True),
        (("year",), 0),
        (("year",), 10000),
        (("language",), 5),
        (("document",), []),
        (("sections",), {}),
        (("sections", 0, "channels"), "1.1"),
        (("sections", 0, "channels", 1, "segment"), "b2x"),
        (("measures",), {}),
        (("measures", 0), "1.1.1"),
        (("measures", 0, "id"), 1),
        (("measures", 0, "actions"), "Первое"),
        (("measures", 0, "actions", 0), 1),
        (("measures", 0, "notes"), 7),
        (("measures", 0, "term", "quarters"), [0]),
        (("measures", 0, "term", "quarters"), [5]),
        (("measures", 0, "term", "quarters"), [True]),
        (("measures", 0, "term", "due"), "2024-02-30"),
        (("measures", 0, "term", "due"), 20241130),
        (("measures", 0, "records", 0, "quarter"), 5),
        (("measures", 0, "records", 0, "values", 0, "value"), "81"),
        (("measures", 0, "records", 0, "values", 0, "value"), True),
        (("measures", 0, "records", 0, "evidence", "files", 0, "size"), 5.5),
        (("measures", 0, "indicator", "direction"), "more"),
        (("measures", 0, "budget", 0, "plan"), "10"),
        (("measures", 0, "cancelled"), None),
        (("audit",), []),
        (("audit", "backdating_days"), "60"),
    ],
)
def test_another_shape_is_not_read(path: tuple[str | int, ...], value: object) -> None:
    data = deepcopy(DATA)
    at: Any = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(MalformedPlan, match="не похож на программу"):
        read_plan(data)


@pytest.mark.parametrize("key", ["language", "document", "measures"])
def test_what_is_required_is_not_taken_for_empty(key: str) -> None:
    """A list of measures that is misspelt is no list without any: nothing would be overdue."""
    with pytest.raises(MalformedPlan):
        read_plan({name: value for name, value in DATA.items() if name != key})


@pytest.mark.parametrize("key", ["id", "number", "term"])
def test_a_measure_without_a_required_field_is_not_read(key: str) -> None:
    row = {name: value for name, value in FIRST.items() if name != key}
    with pytest.raises(MalformedPlan):
        read_plan({**DATA, "measures": [row]})


def test_what_is_required_of_the_history_is_read_from_any_data() -> None:
    assert read_audit(DATA) == Audit(60, signatures=True)
    assert read_audit({"audit": {"signatures": "optional"}}) == Audit(31, signatures=False)
    unreadable: list[dict[str, Any]] = [{}, {"audit": []}, {"audit": "x"}]
    for data in (*unreadable, {"audit": {"backdating_days": "60"}}):
        assert read_audit(data) == Audit(31, signatures=False)


def test_a_quarter_written_in_both_forms_is_one() -> None:
    term = read_term({"text": "2 квартал", "quarters": [2, "2024-Q2", 1]}, 2024)
    assert term.quarters == (quarter(1), quarter(2))


def test_who_is_responsible_is_named_with_the_role() -> None:
    assert PLAN.measures[0].responsible_line == "Отдел (отвечает)"
    assert str(Responsible("Отдел")) == "Отдел"

"""Search: ignores case, ё/е and look-alike letters."""

from dataclasses import replace
from datetime import date

import pytest

from kvartal.schema.measure import (
    Direction,
    Document,
    Evidence,
    EvidenceFile,
    Indicator,
    Measure,
    Period,
    Record,
    Responsible,
    Term,
)
from kvartal.schema.model import Channel, Plan, Section, Segment
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.search import fold, matches, searchable

CYRILLIC_B2B = "\u04122\u0412"


def a_plan(measure: Measure) -> Plan:
    """Return a plan whose only channel is written with Cyrillic letters."""
    channel = Channel("1.1", f"Офис обслуживания клиентов {CYRILLIC_B2B}", Segment.B2B)
    sections = (Section("1", "ОЧНОЕ", (channel,)),)
    return Plan(ProgrammePeriod.of_year(2024), "ru", {}, sections, (measure,), 2024)


MEASURE = Measure(
    "1.1.2",
    "1.1.2",
    Term("3 квартал"),
    channel="1.1",
    proposal="Учёт очереди",
    actions=("Установка",),
    result="Обеспечено",
)


@pytest.mark.parametrize(
    "query", ["B2B", CYRILLIC_B2B, "b2b", "УЧЕТ", "учёт очереди", "1.1.2", "установка офис", ""]
)
def test_found(query: str) -> None:
    """Whichever alphabet is typed."""
    assert matches(searchable(a_plan(MEASURE), MEASURE), query)


def test_every_text_of_a_measure_is_searched() -> None:
    evidence = Evidence(
        documents=(Document("Приказ", "17-к"), Document("Письмо")),
        files=(EvidenceFile("evidence/2024/1.1.2/akt.pdf", 5, "0" * 64, "Акт ввода.pdf"),),
        links=(),
    )
    whole = replace(
        MEASURE,
        responsible=(Responsible("Отдел", "исполнитель"), Responsible("Филиал")),
        notes="Примечание",
        indicators=(Indicator("Доля", "%", Direction.EQUAL, 80, Period.YEAR),),
        extra={"шифр": "V-7", "этажей": 12},
        records=(
            Record(CalendarQuarter(2024, 3), date(2024, 9, 1), evidence=evidence),
            Record(CalendarQuarter(2024, 4), date(2024, 12, 1), result="Сделано всё"),
        ),
    )
    channel = a_plan(whole).channels["1.1"]
    shown = f"{channel.number} {channel.title}"
    texts = searchable(a_plan(whole), whole).split("\n")
    assert texts == [
        *map(fold, ("1.1.2", "1.1.2", "Учёт очереди", "Установка", "Обеспечено", "3 квартал")),
        *map(fold, ("Отдел (исполнитель); Филиал", "Примечание", "Доля", "V-7", "12", shown)),
        *map(fold, ("1 ОЧНОЕ", "B2B", "", "Приказ 17-к", "Письмо ")),
        *map(fold, ("evidence/2024/1.1.2/akt.pdf Акт ввода.pdf", "Сделано всё")),
    ]
    # A channel that the plan does not have is found by its number.
    lost = replace(whole, channel="9.9")
    assert matches(searchable(a_plan(lost), lost), "9.9")
    assert not matches(searchable(a_plan(lost), lost), "B2B")


@pytest.mark.parametrize("query", ["B2C", "1.1.3", "учёт ремонта"])
def test_not_found(query: str) -> None:
    """Every word must occur in the measure."""
    assert not matches(searchable(a_plan(MEASURE), MEASURE), query)


def test_folding_is_stable() -> None:
    """Folding again changes nothing."""
    assert fold(fold("Ёлка ABC")) == fold("Ёлка ABC")

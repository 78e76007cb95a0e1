"""Search: ignores case, ё/е and look-alike letters."""

import pytest

from kvartal.schema.measure import Measure, Term
from kvartal.schema.model import Channel, Plan, Section, Segment
from kvartal.schema.period import ProgrammePeriod
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


@pytest.mark.parametrize("query", ["B2C", "1.1.3", "учёт ремонта"])
def test_not_found(query: str) -> None:
    """Every word must occur in the measure."""
    assert not matches(searchable(a_plan(MEASURE), MEASURE), query)


def test_folding_is_stable() -> None:
    """Folding again changes nothing."""
    assert fold(fold("Ёлка ABC")) == fold("Ёлка ABC")

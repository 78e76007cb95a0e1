"""Thin evidence: what each rule finds, and that a programme can switch it."""

from dataclasses import replace
from datetime import date

import pytest

from kvartal.schema.gaps import GAP_RULES, GapSeverity, gaps
from kvartal.schema.measure import (
    Direction,
    Document,
    Evidence,
    EvidenceFile,
    Indicator,
    IndicatorValue,
    Measure,
    Period,
    Record,
    Responsible,
    Term,
)
from kvartal.schema.model import Audit, Plan
from tests.schema.models import a_measure, a_plan, quarter

AS_OF = date(2024, 12, 31)
FILE = EvidenceFile("evidence/2024/1.1.1/Акт.pdf", 5, "0" * 64)
PROOF = Evidence(links=("https://example.com/",))
INDICATOR = Indicator("Доля", "%", Direction.NOT_LESS, 80, Period.QUARTER)


def a_record(
    number: int, day: date, evidence: Evidence = PROOF, value: float | None = None
) -> Record:
    values = () if value is None else (IndicatorValue(f"2024-Q{number}", value),)
    return Record(quarter(number), day, values=values, evidence=evidence)


def plan_of(*measures: Measure) -> Plan:
    """Return a plan whose measures have somebody responsible, so that only one rule is asked."""
    people = (Responsible("Отдел"),)
    return a_plan(*(replace(one, responsible=one.responsible or people) for one in measures))


def found(plan: Plan, as_of: date = AS_OF) -> list[tuple[str, str, str]]:
    return [(gap.code, gap.measure, gap.message()) for gap in gaps(plan, as_of)]


def test_a_record_without_evidence() -> None:
    day = date(2024, 3, 29)
    plan = plan_of(a_measure(1, records=(a_record(1, day, Evidence()),)))
    (gap,) = gaps(plan, AS_OF)
    assert (gap.code, gap.severity) == ("record-without-evidence", GapSeverity.WARNING)
    assert (gap.quarter, gap.point) == (quarter(1), None)
    assert gap.message() == "Отметка за 2024-Q1 ничем не подтверждена."
    assert not gaps(plan, date(2024, 3, 28))


def test_one_file_for_two_checkpoints() -> None:
    records = tuple(
        a_record(number, day, Evidence(files=(FILE,)))
        for number, day in ((1, date(2024, 3, 29)), (2, date(2024, 6, 28)))
    )
    plan = plan_of(a_measure(1, 2, records=records))
    assert found(plan) == [
        ("file-used-twice", "1.1.1", "Файл «Акт.pdf» подтверждает и 2024-Q2, и 2024-Q1 (1.1.1).")
    ]
    assert not found(plan_of(a_measure(1, 2, records=records[:1])), date(2024, 6, 1))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2023, 12, 31), "время контрольной точки 2024-Q1 началось позже."),
        (date(2024, 1, 1), ""),
        (date(2024, 3, 29), ""),
        (date(2024, 3, 30), "он позже даты исполнения, 2024-03-29."),
    ],
)
def test_a_document_outside_its_checkpoint(day: date, words: str) -> None:
    evidence = Evidence(documents=(Document("Письмо"), Document("Акт", "1", day)))
    plan = plan_of(a_measure(1, records=(a_record(1, date(2024, 3, 29), evidence),)))
    message = f"Документ «Акт» от {day}: {words}"
    assert found(plan) == [("document-outside-window", "1.1.1", message)] * bool(words)


def test_a_document_of_a_quarter_is_dated_in_it_also_where_the_term_begins_earlier() -> None:
    evidence = Evidence(documents=(Document("Акт", None, date(2024, 3, 31)),))
    plan = plan_of(a_measure(1, 2, records=(a_record(2, date(2024, 6, 28), evidence),)))
    assert [code for code, *_ in found(plan, date(2024, 6, 28))] == ["document-outside-window"]


def test_a_document_of_the_first_point_may_be_of_any_earlier_day() -> None:
    days = (date(2024, 3, 5), date(2024, 4, 5))
    evidence = Evidence(documents=(Document("Акт", None, date(2023, 12, 1)),))
    record = Record(None, date(2024, 3, 5), point=days[0], evidence=evidence)
    plan = plan_of(a_measure(term=Term("до 5 числа", points=days), records=(record,)))
    assert found(plan, date(2024, 3, 6)) == []


def test_a_document_of_a_point_is_dated_after_the_point_before_it() -> None:
    days = (date(2024, 3, 5), date(2024, 4, 5))
    term = Term("ежемесячно до 5 числа", points=days)
    for day, codes in ((date(2024, 3, 4), ["document-outside-window"]), (date(2024, 3, 6), [])):
        evidence = Evidence(documents=(Document("Акт", None, day),))
        record = Record(None, date(2024, 4, 5), point=days[1], evidence=evidence)
        plan = plan_of(a_measure(term=term, records=(record,)))
        assert [code for code, *_ in found(plan, date(2024, 4, 6))] == codes


@pytest.mark.parametrize(
    ("value", "is_near"), [(79.9, False), (80, True), (83.9, True), (84, False)]
)
def test_an_indicator_near_its_target(value: float, is_near: bool) -> None:  # noqa: FBT001 - a case
    records = (
        a_record(1, date(2024, 3, 29), value=80),
        a_record(2, date(2024, 6, 28), value=value),
    )
    plan = plan_of(replace(a_measure(1, 2, records=records), indicators=(INDICATOR,)))
    assert [code for code, *_ in found(plan)] == ["indicator-near-target"] * is_near


def test_an_indicator_that_is_to_be_equal_is_not_met_by_little() -> None:
    indicator = replace(INDICATOR, direction=Direction.EQUAL)
    assert [indicator.is_met(value) for value in (79, 80, 81)] == [False, True, False]
    records = (a_record(1, date(2024, 3, 29), value=indicator.target),)
    assert found(plan_of(replace(a_measure(1, records=records), indicators=(indicator,)))) == []


def test_nobody_is_responsible() -> None:
    open_term = Term("постоянно")
    plan = a_plan(a_measure(term=open_term))
    assert found(plan, date(2024, 2, 1)) == [
        ("responsible-missing", "1.1.1", "Ответственный исполнитель не назначен.")
    ]
    done = replace(a_record(1, date(2024, 3, 29)), complete=True)
    assert not found(a_plan(a_measure(1, records=(done,))))


def test_nothing_was_heard_for_a_quarter() -> None:
    plan = plan_of(a_measure(term=Term("постоянно")))
    assert not found(plan, date(2024, 4, 2))
    assert [code for code, *_ in found(plan, date(2024, 4, 3))] == ["nothing-heard"]
    late = plan_of(a_measure(1))
    assert not found(late), "what is overdue is no gap"


def test_a_programme_switches_the_rules() -> None:
    plan = a_plan(a_measure(term=Term("постоянно")))
    off = {rule.code: "off" for rule in GAP_RULES}
    assert not gaps(replace(plan, audit=Audit(evidence=off)), AS_OF)
    # Each by itself: those behind it are asked all the same.
    first = {GAP_RULES[0].code: "off"}
    codes = [gap.code for gap in gaps(replace(plan, audit=Audit(evidence=first)), AS_OF)]
    assert codes == ["responsible-missing", "nothing-heard"]
    louder = replace(plan, audit=Audit(evidence={"responsible-missing": "warning"}))
    severities = {gap.code: gap.severity for gap in gaps(louder, AS_OF)}
    assert severities["responsible-missing"] is GapSeverity.WARNING

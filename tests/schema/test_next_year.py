"""The next year's programme: what is carried over, with which terms and numbers."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kvartal.history.yaml_text.loader import load
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.grammar.reader import read_term
from kvartal.schema.measure import Term
from kvartal.schema.next_year import (
    Candidate,
    NewTermUnsure,
    TermNotCarried,
    candidates,
    next_programme,
)
from kvartal.schema.operations import cancel, postpone, record, set_values
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.reading import read_plan
from kvartal.schema.terms import StatedReading, term_of
from kvartal.schema.validation import validate
from kvartal.schema.writing import RecordDraft
from tests.schema.models import a_measure, a_plan, quarter

SEED = Path(__file__).parents[2] / "plan/2024.yaml"
NEXT = ProgrammePeriod.of_year(2025)
AS_OF = date(2024, 12, 31)


def seed() -> PlanData:
    return load(SEED.read_bytes(), SEED.name).data


def carried(data: PlanData, as_of: date = AS_OF) -> list[Candidate]:
    return [one for one in candidates(read_plan(data), NEXT, as_of) if one.is_carried]


def following(data: PlanData, found: list[Candidate], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - of options
    options: dict[str, Any] = {"period": NEXT, "source": "plan/2024.yaml", "terms": {}, **more}
    new = next_programme(data, found, **options)
    assert not validate(new)
    return new


def test_structure_and_measures_come_along() -> None:
    data: PlanData = {**seed(), "calendar": {"rule": "keep", "days_off": ["2024-05-10"]}}
    new = following(data, carried(data))
    assert new["year"] == 2025
    assert new["calendar"] == {"rule": "keep"}  # The days off are those of the old year.
    assert new["sections"] == data["sections"]
    assert "approval" not in new["document"]
    assert new["document"]["title"].endswith("на 2025 год")
    assert len(new["measures"]) == 20
    first = new["measures"][0]
    assert first["term"] == {"text": "1-4 кварталы 2025", "quarters": [1, 2, 3, 4]}
    assert first["carried_from"] == {"plan": "plan/2024.yaml", "id": "1.1.1"}


@pytest.mark.parametrize(
    ("days", "title", "following"),
    [
        ("2026-09-01 2027-06-30", "План на 2026/2027 учебный год", "План на 2027/2028 учебный год"),
        ("2026-09-01 2027-06-30", "Plan 2026/27", "Plan 2027/28"),
        ("2026-01-01 2026-12-31", "Сезон 2026/27", "Сезон 2027/28"),
        ("2026-01-01 2026-12-31", "Сезоны 2026/28", "Сезоны 2026/28"),
        ("2025-01-01 2027-12-31", "Карта на 2025/27", "Карта на 2028/30"),
        ("2025-01-01 2027-12-31", "Карта на 2025–2027 годы", "Карта на 2028–2030 годы"),
        ("2025-01-01 2027-12-31", "К стратегии-2030, 2025 год", "К стратегии-2030, 2028 год"),
        (
            "2026-01-01 2026-12-31",
            "По приказу от 12.01.2026 на 2026 год",
            "… от 12.01.2026 на 2027",
        ),
        ("2026-01-01 2026-12-31", "Зал 120260, 2026-05-12", "Зал 120260, 2026-05-12"),
    ],
)
def test_the_years_of_the_title_go_on_with_the_period(
    days: str, title: str, following: str
) -> None:
    start, due = days.split()
    old = ProgrammePeriod(date.fromisoformat(start), date.fromisoformat(due))
    data: PlanData = {"period": {"start": start, "due": due}, "document": {"title": title}}
    if old.year is not None:
        data = {"year": old.year, "document": {"title": title}}
    new = next_programme(data, [], period=old.following, source="plan/x.yaml", terms={})
    document: Any = new["document"]
    assert following.removeprefix("…") in document["title"]


def test_what_is_finished_or_cancelled_stays_behind() -> None:
    data = seed()
    draft = RecordDraft(quarter(3), date(2024, 9, 27), complete=True)
    data = apply_edits(data, record(data, ["1.1.2"], draft).edits)
    day = date(2024, 6, 15)
    data = apply_edits(data, cancel(data, "1.1.1", reason="Закрыто", day=day).edits)
    names = [one.measure.id for one in carried(data)]
    assert "1.1.2" not in names
    assert "1.1.1" not in names
    new = following(data, carried(data))
    assert all("records" not in row and "cancelled" not in row for row in new["measures"])
    assert new["measures"][0]["id"] == "1.1.3"
    assert "same_work" not in next(row for row in new["measures"] if row["id"] == "1.2.1")


def test_a_term_postponed_into_the_new_year_is_its_term() -> None:
    data = seed()
    stated = StatedReading(quarters=(CalendarQuarter(2025, 1),))
    change = postpone(
        *(data, "1.1.2"),
        to="1 квартал 2025",
        reason="Поставка",
        day=date(2024, 9, 1),
        stated=stated,
    )
    data = apply_edits(data, change.edits)
    row = next(row for row in following(data, carried(data))["measures"] if row["id"] == "1.1.2")
    assert row["term"] == {"text": "1 квартал 2025", "quarters": [1]}


@pytest.mark.parametrize(
    ("before", "period", "texts"),
    [
        (
            "2026-01-01 2028-12-31",
            "2029-01-01 2031-12-31",
            {
                "2026-2028 годы": "2029-2031 годы",
                "2 квартал 2027": "2 квартал 2030",
                "до 20.10.2025": "до 20.10.2029",
            },
        ),
        (
            "2026-09-01 2027-05-31",
            "2027-09-01 2028-05-31",
            {
                "IV квартал 2026, I квартал 2027": "IV квартал 2027, I квартал 2028",
                "октябрь, январь, апрель": "октябрь, январь, апрель",
                "декабрь 2026 - январь 2027": "декабрь 2027 - январь 2028",
            },
        ),
        (  # What is due in part before the new period would be overdue in it at once: asked for.
            "2025-09-01 2026-08-31",
            "2026-09-01 2027-08-31",
            {
                "1 и 3 кварталы 2026": None,
                "25.12.2025 и 25.09.2026": None,
                "3 квартал 2026": "3 квартал 2026",
                "1 квартал 2026": "1 квартал 2027",
            },
        ),
    ],
)
def test_the_years_of_a_term_move_as_far_as_the_period(
    before: str, period: str, texts: dict[str, str | None]
) -> None:
    old, new = (ProgrammePeriod(*map(date.fromisoformat, one.split())) for one in (before, period))
    terms = [term_of(text, read_term(text, old).span) for text in texts]
    plan = replace(a_plan(*(a_measure(term=term) for term in terms)), period=old, year=None)
    found = candidates(plan, new, old.start)
    assert [one.term.text if one.term else None for one in found] == [*texts.values()]


@pytest.mark.parametrize(
    ("term", "is_long"),
    [
        (Term("год", start=date(2024, 1, 1), due=date(2024, 12, 31)), True),
        (Term("год", (CalendarQuarter(2024, 1), CalendarQuarter(2024, 4))), True),
        (Term("с лета", start=date(2023, 6, 1), due=date(2025, 6, 1)), True),
        (Term("до конца года", due=date(2024, 12, 31)), False),
        (Term("полгода", start=date(2024, 1, 1), due=date(2024, 12, 30)), False),
        (Term("полгода", start=date(2024, 1, 2), due=date(2024, 12, 31)), False),
        (Term("постоянно"), True),
        (Term("точки", points=tuple(date(2024, month, 1) for month in range(1, 13))), True),
        (Term("точки", points=tuple(date(2024, month, 1) for month in (2, 4, 6, 8))), True),
        (Term("точки", points=tuple(date(2024, month, 1) for month in (2, 4, 6))), False),
    ],
)
def test_what_lasts_all_year_is_offered_for_the_next(term: Term, *, is_long: bool) -> None:
    plan = a_plan(a_measure(term=term))
    (found,) = candidates(plan, ProgrammePeriod.of_year(2025), date(2024, 6, 1))
    assert found.is_year_long is is_long


@pytest.mark.parametrize(
    ("period", "following"),
    [
        ("2026-01-01 2026-12-31", "2027-01-01 2027-12-31"),
        ("2026-01-01 2028-12-31", "2029-01-01 2031-12-31"),
        ("2026-07-01 2027-06-30", "2027-07-01 2028-06-30"),
        ("2026-09-01 2027-05-31", "2027-09-01 2028-05-31"),
        ("2026-10-15 2027-04-15", "2027-10-15 2028-04-15"),
        ("2026-11-01 2028-02-29", "2028-03-01 2029-06-30"),
        ("2026-10-15 2028-10-14", "2028-10-15 2030-10-14"),
        ("2026-01-01 2026-06-30", "2026-07-01 2026-12-31"),
        ("2026-11-01 2027-04-30", "2027-11-01 2028-04-30"),
        ("2027-03-01 2028-02-29", "2028-03-01 2029-02-28"),
        ("2026-01-01 2026-05-31", "2027-01-01 2027-05-31"),
        ("2026-01-15 2027-01-15", "2027-01-16 2028-01-16"),
        ("2026-01-31 2027-01-30", "2027-01-31 2028-01-30"),
        ("2028-02-29 2029-02-27", "2029-02-28 2030-02-27"),
        ("2028-02-29 2029-02-28", "2029-03-01 2030-02-28"),
        ("2026-08-31 2028-02-28", "2028-02-29 2029-08-28"),
        ("2026-10-31 2028-02-29", "2028-03-01 2029-06-30"),
    ],
)
def test_the_period_of_the_next_programme(period: str, following: str) -> None:
    old, new = (
        ProgrammePeriod(*map(date.fromisoformat, one.split())) for one in (period, following)
    )
    assert old.following == new


@pytest.mark.parametrize("months", [1, 2, 5, 6, 11, 12, 13, 18, 24, 36])
def test_the_next_programme_neither_overlaps_nor_leaves_a_gap_after_a_year(months: int) -> None:
    day = timedelta(days=1)
    # Every day of the year, the 29th of February among them, and lengths of which many end on it.
    for start in (date(2027, 3, 1) + day * number for number in range(366)):
        month = start.month - 1 + months
        year, month = start.year + month // 12, month % 12 + 1
        end = date(year, month, min(start.day, monthrange(year, month)[1]))
        for due in (end - day, end, end + 9 * day):
            new = ProgrammePeriod(start, due).following
            assert new.start > due
            assert abs((new.due - new.start) - (due - start)) <= 4 * day, (start, due)
            if months >= 12:
                assert new.start == due + day
            elif start.day > 1:
                for before, after in ((start, new.start), (due, new.due)):
                    is_same_day = before.day == after.day or before.day > 28 <= after.day
                    assert (after.year, after.month) == (before.year + 1, before.month)
                    assert is_same_day


def test_an_unclear_term_is_asked_for() -> None:
    data = seed()
    unclear: Plain = {"text": "по итогам 3 квартала"}
    data = apply_edits(data, set_values(data, "1.1.2", {"term": unclear}).edits)
    found = [
        Candidate(one.measure, one.is_year_long, one.is_unfinished, None)
        if one.measure.id == "1.1.2"
        else one
        for one in carried(data)
    ]
    with pytest.raises(TermNotCarried, match=r"^1\.1\.2: срок в программе 2025 не ясен"):
        following(data, found)
    with pytest.raises(NewTermUnsure, match=r"^1\.1\.2: .*«2 квартал 2024».*«31\.12\.2025»\.$"):
        following(data, found, terms={"1.1.2": "2 квартал 2024"})
    new = following(data, found, terms={"1.1.2": "до 01.07.2025"})
    row = next(row for row in new["measures"] if row["id"] == "1.1.2")
    assert row["term"] == {"text": "до 01.07.2025", "due": "2025-07-01"}


def test_numbers_begin_anew_and_ids_stay() -> None:
    data = seed()
    found = [one for one in carried(data) if one.measure.id not in {"1.1.1", "2.2.1"}]
    new = following(data, found, renumbered=True)
    numbers = {row["id"]: row["number"] for row in new["measures"]}
    assert numbers["1.1.2"] == "1.1.1"
    assert numbers["1.1.3"] == numbers["1.1.3-2"] == "1.1.2"
    # In each channel from one, and in each section that a measure hangs on by itself.
    first = {row["channel"]: row["number"] for row in reversed(new["measures"])}
    assert first == {channel: f"{channel}.1" for channel in first}
    assert len(first) > 3
    actions = {row["id"]: row.get("actions") for row in new["measures"]}
    old: Any = data["measures"]
    assert actions["2.2.1-2"] == next(row["actions"] for row in old if row["id"] == "2.2.1")

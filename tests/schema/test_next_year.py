"""The next year's programme: what is carried over, with which terms and numbers."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kvartal.history.yaml_text.loader import load
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.next_year import Candidate, TermNotCarried, candidates, next_programme
from kvartal.schema.operations import cancel, postpone, record, set_values
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.reading import read_plan
from kvartal.schema.terms import StatedReading
from kvartal.schema.validation import validate
from kvartal.schema.writing import RecordDraft
from tests.schema.models import quarter

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
    data = seed()
    new = following(data, carried(data))
    assert new["year"] == 2025
    assert new["sections"] == data["sections"]
    assert "approval" not in new["document"]
    assert new["document"]["title"].endswith("на 2025 год")
    assert len(new["measures"]) == 20
    first = new["measures"][0]
    assert first["term"] == {"text": "1-4 кварталы 2025", "quarters": [1, 2, 3, 4]}
    assert first["carried_from"] == {"plan": "plan/2024.yaml", "id": "1.1.1"}


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
    with pytest.raises(TermNotCarried, match=r"^1\.1\.2: срок на 2025 год не ясен"):
        following(data, found)
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
    actions = {row["id"]: row.get("actions") for row in new["measures"]}
    old: Any = data["measures"]
    assert actions["2.2.1-2"] == next(row["actions"] for row in old if row["id"] == "2.2.1")

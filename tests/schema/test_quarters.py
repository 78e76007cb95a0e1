"""Quarters: they divide the year without gaps, and a day belongs to exactly one."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.schema.indicator_periods import period_days, period_kind
from kvartal.schema.measure import Period
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import (
    QUARTERS,
    first_day,
    last_day,
    quarter_of,
    runs,
)
from kvartal.schema.rules_quarters import quarters_without_year

YEARS = st.integers(1990, 2100)


@given(YEARS, st.sampled_from(QUARTERS))
def test_the_days_of_a_quarter_belong_to_it(year: int, quarter: int) -> None:
    """Its first and last days do; the days before and after do not."""
    assert quarter_of(first_day(year, quarter)) == quarter
    assert quarter_of(last_day(year, quarter)) == quarter
    assert quarter_of(last_day(year, quarter) + timedelta(days=1)) == quarter % 4 + 1
    assert quarter_of(first_day(year, quarter) - timedelta(days=1)) == (quarter - 2) % 4 + 1


@pytest.mark.parametrize(
    ("period", "kind", "first", "last"),
    [
        ("2024-02", Period.MONTH, "02-01", "02-29"),
        ("2024-12", Period.MONTH, "12-01", "12-31"),
        ("2024-Q1", Period.QUARTER, "01-01", "03-31"),
        ("2024-Q4", Period.QUARTER, "10-01", "12-31"),
        ("2024-H1", Period.HALF_YEAR, "01-01", "06-30"),
        ("2024-H2", Period.HALF_YEAR, "07-01", "12-31"),
        ("2024", Period.YEAR, "01-01", "12-31"),
    ],
)
def test_the_days_of_a_period_of_values(period: str, kind: Period, first: str, last: str) -> None:
    assert period_kind(period) is kind
    assert [f"{day:%m-%d}" for day in period_days(period)] == [first, last]


def test_the_months_of_a_period_are_those_that_it_touches() -> None:
    touched = ProgrammePeriod(date(2026, 11, 30), date(2027, 2, 1))
    assert touched.months == ((2026, 11), (2026, 12), (2027, 1), (2027, 2))


@given(YEARS)
def test_the_quarters_divide_the_year(year: int) -> None:
    """Each begins the day after the previous one; together they make up the year."""
    assert first_day(year, 1) == date(year, 1, 1)
    assert last_day(year, 4) == date(year, 12, 31)
    for quarter in (1, 2, 3):
        assert last_day(year, quarter) + timedelta(days=1) == first_day(year, quarter + 1)


@given(st.sets(st.sampled_from(QUARTERS)))
def test_runs_hold_just_the_quarters(quarters: set[int]) -> None:
    """Nothing is lost or added, and neighbouring runs are separate."""
    found = runs(quarters)
    assert {q for first, last in found for q in range(first, last + 1)} == quarters
    assert all(after[0] > before[1] + 1 for before, after in pairwise(found))


def test_every_quarter_of_several_years_needs_its_year() -> None:
    """Wherever in a measure it stands, and whatever else stands there."""
    data: dict[str, Any] = {
        "period": {"start": "2026-01-01", "due": "2027-12-31"},
        "measures": [
            None,
            {
                "term": {"quarters": ["2026-Q1", 2]},
                "postponements": [5, {"to": {"quarters": [3]}}, {"to": None}, {}],
                "records": ["x", {"quarter": 4}, {"quarter": "2026-Q4"}, {"point": "2026-01-01"}],
            },
            {"term": {"quarters": 1}, "records": {}},
        ],
    }
    found = [(problem.path[1:], problem.message()[:10]) for problem in quarters_without_year(data)]
    assert found == [
        ((1, "term", "quarters", 1), "Квартал 2:"),
        ((1, "postponements", 1, "to", "quarters", 0), "Квартал 3:"),
        ((1, "records", 1, "quarter"), "Квартал 4:"),
    ]
    others: list[dict[str, Any]] = [
        {**data, "year": 2026},
        {**data, "measures": None},
        {"measures": []},
    ]
    for other in others:
        assert not list(quarters_without_year(other))

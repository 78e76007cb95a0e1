from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.tui.dates import NoSuchDay, UnreadableDate, typed_date, with_year

TODAY = date(2024, 3, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-09-27", date(2024, 9, 27)),
        ("27.09.2024", date(2024, 9, 27)),
        ("27.9.24", date(2024, 9, 27)),
        (" 27.09 ", date(2024, 9, 27)),
        ("27. 09. 2024 г.", date(2024, 9, 27)),
        ("27,09", date(2024, 9, 27)),
        ("27ю09ю2025", date(2025, 9, 27)),
        ("29.02", date(2024, 2, 29)),
        ("Сегодня", TODAY),
        ("вчера", date(2024, 2, 29)),
        ("yesterday", date(2024, 2, 29)),
    ],
)
def test_a_date_is_read_as_people_type_it(text: str, expected: date) -> None:
    assert typed_date(text, year=2024, today=TODAY) == expected


@pytest.mark.parametrize("text", ["31.04", "30.02.2024", "2024-13-01", "0.1", "29.02.2023"])
def test_a_day_that_the_calendar_does_not_have(text: str) -> None:
    with pytest.raises(NoSuchDay, match=text):
        typed_date(text, year=2024, today=TODAY)


@pytest.mark.parametrize(
    "text", ["", "скоро", "27", "27.09.024", "27.09.2024.1", "٢٧.٠٩", "{text}"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(UnreadableDate, match="не понята"):
        typed_date(text, year=2024, today=TODAY)


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y"]))
def test_a_date_written_out_is_read_back(day: date, form: str) -> None:
    assert typed_date(day.strftime(form), year=2024, today=TODAY) == day


@given(st.text())
def test_any_text_is_a_date_or_refused_in_words(text: str) -> None:
    with suppress(UnreadableDate, NoSuchDay):
        assert isinstance(typed_date(text, year=2024, today=TODAY), date)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30.11", "30.11.2024"),
        ("с 1.10 до 30.11", "с 1.10.2024 до 30.11.2024"),
        ("30.11.2025", "30.11.2025"),
        ("до 30.11.", "до 30.11.2024."),
        ("4", "4"),
        ("2024-11-30", "2024-11-30"),
    ],
)
def test_the_year_is_put_to_days_typed_without_one(text: str, expected: str) -> None:
    assert with_year(text, 2024) == expected

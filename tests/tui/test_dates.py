from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.dates import NoSuchDay, UnreadableDate, typed_date
from kvartal.tui.i18n import LANGUAGES, use_language

TODAY = date(2024, 3, 1)
YEAR = ProgrammePeriod.of_year(2024)


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
        ("1 апреля", date(2024, 4, 1)),
        ("1-го  Апр. 25 г.", date(2025, 4, 1)),
        ("27 сентября 2025 года", date(2025, 9, 27)),
        ("1 april", date(2024, 4, 1)),
        ("1st of May 2025", date(2025, 5, 1)),
        ("27-Sep-2025", date(2025, 9, 27)),
        ("April 1", date(2024, 4, 1)),
        ("Sept. 27th, 2025", date(2025, 9, 27)),
        ("Сегодня", TODAY),
        ("сегодня", TODAY),
        (" today ", TODAY),
        ("TODAY", TODAY),
        ("вчера", date(2024, 2, 29)),
        ("ВЧЕРА", date(2024, 2, 29)),
        ("yesterday", date(2024, 2, 29)),
        ("Yesterday", date(2024, 2, 29)),
        ("позавчера", date(2024, 2, 28)),
        ("Позавчера", date(2024, 2, 28)),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_date_is_read_as_people_type_it(text: str, expected: date, language: str) -> None:
    use_language(language)
    assert typed_date(text, period=YEAR, today=TODAY) == expected


@pytest.mark.parametrize(
    "text", ["31.04", "30.02.2024", "2024-13-01", "0.1", "29.02.2023", "31 апреля"]
)
def test_a_day_that_the_calendar_does_not_have(text: str) -> None:
    with pytest.raises(NoSuchDay, match=text):
        typed_date(text, period=YEAR, today=TODAY)


@pytest.mark.parametrize(
    "text",
    ["", "скоро", "27", "27.09.024", "27.09.2024.1", "٢٧.٠٩", "{text}", "12dec", "апрель", "1 раз"],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(UnreadableDate, match="не понята"):
        typed_date(text, period=YEAR, today=TODAY)


@pytest.mark.parametrize("text", ["вчера", "позавчера"])
def test_there_is_no_day_before_the_first(text: str) -> None:
    day = date(1, 1, 2)
    assert typed_date(text, period=YEAR, today=TODAY, as_of=day) == date.min


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y"]))
def test_a_date_written_out_is_read_back(day: date, form: str) -> None:
    assert typed_date(day.strftime(form), period=YEAR, today=TODAY) == day


@given(
    st.integers(0, 40),
    st.integers(0, 15),
    st.none() | st.integers(0, 99) | st.integers(1900, 2100),
    st.sampled_from(".,/ю-"),
)
def test_what_looks_like_a_date_is_that_day_or_refused_in_words(
    day: int, month: int, year: int | None, sign: str
) -> None:
    text = f"{day}{sign}{month}" if year is None else f"{day}{sign}{month}{sign}{year:02}"
    meant = 2024 if year is None else year + (2000 if year < 100 else 0)
    try:
        expected = date(meant, month, day)
    except ValueError:
        with pytest.raises(NoSuchDay, match=f"Дня «{text}» нет в календаре"):
            typed_date(text, period=YEAR, today=TODAY)
    else:
        assert typed_date(text, period=YEAR, today=TODAY) == expected


@given(st.text(), st.text("0123456789.,/ю- г"))
def test_any_text_is_a_date_or_refused_in_words(any_text: str, nearly: str) -> None:
    for text in (any_text, nearly):
        try:
            found = typed_date(text, period=YEAR, today=TODAY)
        except (UnreadableDate, NoSuchDay) as error:
            assert f"«{text.strip()}»" in str(error)  # noqa: PT017 - a text may be a date
        else:
            assert str(found.day) in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("27.09", date(2024, 9, 27)),
        ("27.02", date(2025, 2, 27)),
        ("01.08", date(2025, 8, 1)),
        ("01.08.2024", date(2024, 8, 1)),
    ],
)
def test_a_day_without_its_year_lies_in_the_period_where_one_does(
    text: str, expected: date
) -> None:
    academic = ProgrammePeriod(date(2024, 9, 1), date(2025, 6, 30))
    assert typed_date(text, period=academic, today=TODAY) == expected

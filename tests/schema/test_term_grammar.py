"""The grammar of terms: what a printed or typed text means, and how sure that is."""

import csv
from collections.abc import Mapping
from datetime import date
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kvartal.schema.grammar import wordings
from kvartal.schema.grammar import words as term_words
from kvartal.schema.grammar.answer import Certainty
from kvartal.schema.grammar.parts import NOTHING
from kvartal.schema.grammar.reader import TermReading, read_term
from kvartal.schema.period import ProgrammePeriod
from tests.schema.wordings import GOLDEN, read_wordings

YEAR = ProgrammePeriod.of_year(2026)
ACADEMIC = ProgrammePeriod(date(2026, 9, 1), date(2027, 5, 31))
FISCAL = ProgrammePeriod(date(2026, 7, 1), date(2027, 6, 30))
THREE_YEARS = ProgrammePeriod(date(2026, 1, 1), date(2028, 12, 31))
PERIODS = {"year": YEAR, "academic": ACADEMIC, "three years": THREE_YEARS}
_CASES = Path(__file__).with_name("terms.tsv")
# The words that the grammar knows, and the numbers and signs between them.
_WORDS = sorted(
    {
        word
        for module in (term_words, wordings)
        for name, known in vars(module).items()
        if not name.startswith("__") and isinstance(known, tuple | frozenset | Mapping)
        for word in known
        if isinstance(word, str)
    }
)
_SIGNS = [
    *("Q3'26", "«30»", "30-Jun-2026", "2026-07", "&"),
    *("1", "3", "5", "31", "2026", "2027", "26", "Q2", "2026-Q3", "01.07.2026", "31.02.2026"),
    *("15.04", "-", "–", ",", ";", "и", "(", ")", "№", "I", "IV", "05/06/2026", "46203", "2-е"),
]
_TEXTS = st.lists(st.sampled_from(_WORDS) | st.sampled_from(_SIGNS), max_size=7).map(" ".join)


def _cases() -> list[list[str]]:
    with _CASES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row]
    return [row[:7] for row in rows if not row[0].startswith("#")]


def _shown(reading: TermReading) -> list[str]:
    span = reading.span
    return [
        str(span.start or "-"),
        str(span.due or "-"),
        ",".join(str(quarter.number) for quarter in span.quarters) or "-",
        ",".join(map(str, span.points)) or "-",
        str(reading.certainty),
    ]


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case[0])
def test_a_printed_wording(case: list[str]) -> None:
    """Wordings of published programmes are read as people read them."""
    text, year, *expected = case
    assert _shown(read_term(text, ProgrammePeriod.of_year(int(year)))) == expected


def test_every_word_and_wording_is_read_as_the_golden_file_says() -> None:
    golden = GOLDEN.read_text(encoding="utf-8").splitlines()
    assert [line for line, old in zip_longest(read_wordings(), golden) if line != old] == []


@pytest.mark.parametrize(
    ("text", "start", "due", "quarters", "points"),
    [
        ("I–IV", "01-01", "12-31", "1234", ""),
        ("II, IV", "04-01", "12-31", "24", ""),
        ("со 2 по 4 квартал", "04-01", "12-31", "234", ""),
        ("первый - третий кварталы", "01-01", "09-30", "123", ""),
        ("2026-Q3", "07-01", "09-30", "3", ""),
        ("Q3/2026", "07-01", "09-30", "3", ""),
        ("3 кв./2026", "07-01", "09-30", "3", ""),
        ("third quarter of 2026", "07-01", "09-30", "3", ""),
        ("в течение I квартала", "01-01", "03-31", "1", ""),
        ("2 полугодие", "07-01", "12-31", "34", ""),
        ("first half of 2026", "01-01", "06-30", "12", ""),
        ("весь год", "01-01", "12-31", "1234", ""),
        ("III-й квартал", "07-01", "09-30", "3", ""),
        ("III кв-л 2026", "07-01", "09-30", "3", ""),
        ("в I квартале и в IV квартале", "01-01", "12-31", "14", ""),
        ("в марте и в июне", "", "06-30", "", "03-31 06-30"),
        ("ежеквартально в течение года", "01-01", "12-31", "1234", ""),
        ("ноябрь 2026", "11-01", "11-30", "", ""),
        ("с марта по май 2026", "03-01", "05-31", "", ""),
        ("с 1 по 15 июня 2026", "06-01", "06-15", "", ""),
        ("between 1 March and 31 May 2026", "03-01", "05-31", "", ""),
        ("до конца 3 квартала", "", "09-30", "", ""),
        ("не позднее марта", "", "03-31", "", ""),
        ("by March 31, 2026", "", "03-31", "", ""),
        ("by year-end", "", "12-31", "", ""),
        ("31/12/2026", "", "12-31", "", ""),
        ("до 20 апреля ежегодно", "", "04-20", "", ""),
        ("15, 20 и 25 марта", "", "03-25", "", "03-15 03-20 03-25"),
        ("до 30 июня, до 30 декабря", "", "12-30", "", "06-30 12-30"),
        ("ежемесячно с марта по май", "", "05-31", "", "03-31 04-30 05-31"),
        ("monthly from March to May", "", "05-31", "", "03-31 04-30 05-31"),
        ("раз в полгода", "", "12-31", "", "06-30 12-31"),
        ("«30» июня 2026 г.", "", "06-30", "", ""),
        ("by 30/06/2026", "", "06-30", "", ""),
        ("30-Jun-2026", "", "06-30", "", ""),
        ("30 Jun 26", "", "06-30", "", ""),
        ("Due date: June 30, 2026", "", "06-30", "", ""),
        ("до 1 июня (первый этап)", "", "06-01", "", ""),
        ("by EOY 2026", "", "12-31", "", ""),
        ("Q3'26", "07-01", "09-30", "3", ""),
        ("Q3-26", "07-01", "09-30", "3", ""),
        ("III кв.26", "07-01", "09-30", "3", ""),
        ("2026 г. 3 кв.", "07-01", "09-30", "3", ""),
        ("2H2026", "07-01", "12-31", "34", ""),
        ("Q1 & Q3", "01-01", "09-30", "13", ""),
        ("круглогодично", "01-01", "12-31", "1234", ""),
        ("at the end of each quarter", "01-01", "12-31", "1234", ""),
        ("не менее 1 раза в квартал", "01-01", "12-31", "1234", ""),
        ("до конца каждого полугодия", "", "12-31", "", "06-30 12-31"),
        (
            "ежеквартально, до 25 числа последнего месяца квартала",
            *("", "12-25", "", "03-25 06-25 09-25 12-25"),
        ),
    ],
)
def test_what_is_sure(text: str, start: str, due: str, quarters: str, points: str) -> None:
    """Other wordings of the same kinds; days without their year, which is 2026."""
    reading = read_term(text, YEAR)
    assert reading.certainty is Certainty.SURE
    days = [f"{day:%m-%d}" if day else "" for day in (reading.span.start, reading.span.due)]
    assert days == [start, due]
    assert "".join(str(quarter.number) for quarter in reading.span.quarters) == quarters
    assert " ".join(f"{day:%m-%d}" for day in reading.span.points) == points


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("4", Certainty.ASK),
        ("июнь 26", Certainty.ASK),
        ("by 05/06/2026", Certainty.ASK),
        ("к 30 июня, далее постоянно", Certainty.ASK),
        ("ежеквартально до 10 числа", Certainty.ASK),
        ("2-3", Certainty.ASK),
        ("2026-13", Certainty.ASK),
        ("ежемесячно с 5 марта по 31 мая", Certainty.ASK),
        ("4-1 квартал", Certainty.ASK),
        ("декабрь - февраль 2026", Certainty.ASK),
        ("до 01.07.2027", Certainty.ASK),
        ("в течение года, постоянно", Certainty.ASK),
        ("по мере поступления, до 1 июля", Certainty.ASK),
        ("до 1 июля (до 1 августа для филиалов)", Certainty.ASK),
        ("1 октября - далее постоянно", Certainty.ASK),
        ("III квартал (сентябрь)", Certainty.ASK),
        ("before 1 July 2026", Certainty.ASK),
        ("чушь", Certainty.ASK),
        ("1-5 квартал", Certainty.ERROR),
        ("3-7 квартал", Certainty.ERROR),
        ("29.02.2026", Certainty.ERROR),
        ("30/02/2026", Certainty.ERROR),
        ("31 апреля", Certainty.ERROR),
        ("по мере поступления обращений", Certainty.OPEN),
        ("в течение 30 дней с момента получения заявки", Certainty.OPEN),
        ("within 10 working days of approval", Certainty.OPEN),
        ("mid-March", Certainty.OPEN),
        ("середина 2026 г.", Certainty.OPEN),
        ("каждый понедельник", Certainty.OPEN),
        ("незамедлительно", Certainty.OPEN),
        ("bi-weekly", Certainty.OPEN),
        ("—", Certainty.NONE),
        ("n/a", Certainty.NONE),
        ("не применимо", Certainty.NONE),
    ],
)
def test_what_is_not_sure(text: str, certainty: Certainty) -> None:
    """A text with several readings, or none, is never stored as one."""
    assert read_term(text, YEAR).certainty is certainty


@pytest.mark.parametrize(
    ("text", "due"),
    [("25 апреля", "2027-04-25"), ("октябрь", "2026-10-31"), ("1 квартал", "2027-03-31")],
)
def test_a_day_without_its_year_lies_in_the_period(text: str, due: str) -> None:
    """In an academic year there is but one such day."""
    assert str(read_term(text, ACADEMIC).span.due) == due


def test_a_day_without_its_year_is_asked_about_where_it_has_several() -> None:
    reading = read_term("25 апреля", THREE_YEARS)
    assert reading.certainty is Certainty.ASK
    assert [span.due.year for span in reading.readings if span.due] == [2026, 2027, 2028]


@example("2026, 2028 годы", "three years")
@example("Q2 II г.", "year")
@given(_TEXTS, st.sampled_from([*PERIODS]))
def test_any_text_has_a_reading_that_agrees_with_itself(text: str, period: str) -> None:
    """A sure reading has days in order; any other certainty never has exactly one."""
    reading = read_term(text, PERIODS[period])
    span = reading.span
    assert reading.text == text
    if reading.certainty is Certainty.SURE:
        assert span.due is not None
        assert span.start is None or span.start <= span.due
        assert not (span.quarters and span.points)
        assert [*span.points] == sorted(set(span.points))
        assert not span.points or (span.start is None and span.points[-1] == span.due)
    elif reading.certainty is not Certainty.ASK:
        assert span == NOTHING


@given(
    st.sampled_from(_cases()), st.sampled_from(("{} чушь", "чушь {}", "{} 7", "{}, но не позже"))
)
def test_what_is_not_consumed_whole_is_never_sure(case: list[str], frame: str) -> None:
    """One more word that says nothing known makes a text a question."""
    text, year, *_ = case
    # What follows a dash may be an explanation, in any words.
    assume(" – " not in text)
    reading = read_term(frame.format(text), ProgrammePeriod.of_year(int(year)))
    assert reading.certainty in {Certainty.ASK, Certainty.OPEN, Certainty.ERROR}
    assert reading.certainty is not Certainty.OPEN or "7" not in frame


@given(st.sampled_from(_cases()))
def test_signs_and_spaces_do_not_matter(case: list[str]) -> None:
    """Dashes, spaces, soft hyphens and capitals are as editors happened to leave them."""
    text, year, *_ = case
    period = ProgrammePeriod.of_year(int(year))
    other = f" {text.upper()} ".replace(" ", "\N{NO-BREAK SPACE}").replace("-", "\N{EN DASH}")
    assert read_term(other + "\N{SOFT HYPHEN}", period).span == read_term(text, period).span


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("к 25 декабря", "- 2026-12-25 - - sure"),
        ("к 31 июня", "- - - - error"),
        ("3 кваpтал", "2026-07-01 2026-09-30 3 - sure"),
        ("Ш кв. 2026", "2026-07-01 2026-09-30 3 - sure"),
        ("IУ квартал", "2026-10-01 2026-12-31 4 - sure"),
        ("lll квартал", "2026-07-01 2026-09-30 3 - sure"),
        ("июнь, 2026", "2026-06-01 2026-06-30 - - sure"),
        ("01.04.-15.04.2026", "2026-04-01 2026-04-15 - - sure"),
        ("25-12-2026", "- 2026-12-25 - - sure"),
        ("05/06/2026", "- 2026-06-05 - - ask"),
        ("13/14/2026", "- - - - error"),
        ("05/06/2026 07/08/2026", "- - - - ask"),
        ("не реже одного раза в квартал", "2026-01-01 2026-12-31 1,2,3,4 - sure"),
        ("ежемесячно до 35 числа", "- - - - error"),
        ("весь срок реализации программы", "- - - - open"),
        ("until further notice", "- - - - open"),
        ("every Monday", "- - - - open"),
        ("по май 2026", "- 2026-05-31 - - sure"),
        ("до мая включительно", "- 2026-05-31 - - sure"),
        ("3 квартал - сентябрь", "- - - - ask"),
        ("01.03.2026 (начало)", "- 2026-03-01 - - ask"),
    ],
)
def test_a_typed_wording(text: str, reading: str) -> None:
    """Look-alike letters and careless punctuation are read as a person reads them."""
    assert _shown(read_term(text, YEAR)) == reading.split()


@pytest.mark.parametrize(
    ("text", "quarters", "points"),
    [
        ("20 апреля ежегодно", "", "2026-04-20 2027-04-20 2028-04-20"),
        ("by 31 December of each year", "", "2026-12-31 2027-12-31 2028-12-31"),
        ("до 31 декабря каждого года", "", "2026-12-31 2027-12-31 2028-12-31"),
        (
            "каждый год 1 мая и 1 июня",
            "",
            "2026-05-01 2026-06-01 2027-05-01 2027-06-01 2028-05-01 2028-06-01",
        ),
        ("ежегодно до 1 февраля следующего года", "", "2027-02-01 2028-02-01 2029-02-01"),
        ("ежегодно в июне", "", "2026-06-30 2027-06-30 2028-06-30"),
        ("ежегодно во 2 квартале", "2026-Q2 2027-Q2 2028-Q2", ""),
        ("2 квартал ежегодно", "2026-Q2 2027-Q2 2028-Q2", ""),
        ("ежегодно до 20 апреля 2027", "", ""),
        ("ежегодно в 2027 году", "", ""),
    ],
)
def test_what_comes_every_year_of_several(text: str, quarters: str, points: str) -> None:
    reading = read_term(text, ProgrammePeriod(date(2026, 1, 1), date(2028, 12, 31)))
    assert reading.certainty is Certainty.SURE
    assert " ".join(map(str, reading.span.quarters)) == quarters
    assert " ".join(map(str, reading.span.points)) == points
    if not quarters and not points:
        assert (reading.span.due or date.min).year == 2027


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("до 1 мая следующего года", "- 2027-05-01|- 2028-05-01|- 2029-05-01"),
        ("by 1 May next year", "- 2027-05-01|- 2028-05-01|- 2029-05-01"),
        ("до 1 мая текущего года", "- 2026-05-01|- 2027-05-01|- 2028-05-01"),
        ("до конца следующего года", "- 2027-12-31|- 2028-12-31|- 2029-12-31"),
        (
            "в следующем году",
            "2027-01-01 2027-12-31|2028-01-01 2028-12-31|2029-01-01 2029-12-31",
        ),
        (
            "с 1 декабря текущего года по 1 марта следующего года",
            "2026-12-01 2027-03-01|2027-12-01 2028-03-01|2028-12-01 2029-03-01",
        ),
        (
            "апрель-май следующего года",
            "2027-04-01 2027-05-31|2028-04-01 2028-05-31|2029-04-01 2029-05-31",
        ),
    ],
)
def test_the_year_after_one_of_several_is_asked_about(text: str, readings: str) -> None:
    reading = read_term(text, THREE_YEARS)
    assert reading.certainty is Certainty.ASK
    shown = "|".join(f"{one.start or '-'} {one.due or '-'}" for one in reading.readings)
    assert shown == readings


@pytest.mark.parametrize("text", ["ежегодно до марта", "до марта ежегодно", "annually by March"])
def test_before_a_month_of_every_year_is_without_it_or_with_it(text: str) -> None:
    reading = read_term(text, THREE_YEARS)
    assert reading.certainty is Certainty.ASK
    assert [" ".join(map(str, span.points)) for span in reading.readings] == [
        "2026-02-28 2027-02-28 2028-02-29",
        "2026-03-31 2027-03-31 2028-03-31",
    ]
    assert read_term("ежегодно до 2027 года", THREE_YEARS).certainty is Certainty.ASK


def test_an_academic_year_is_the_programmes_own_where_it_is_for_one() -> None:
    for period in (ACADEMIC, ProgrammePeriod(date(2026, 8, 15), date(2027, 8, 14))):
        reading = read_term("в течение учебного года", period)
        assert reading.certainty is Certainty.SURE
        assert (reading.span.start, reading.span.due) == (period.start, period.due)
    for period in (YEAR, THREE_YEARS, FISCAL):
        assert read_term("в течение учебного года", period).certainty is Certainty.ASK


@pytest.mark.parametrize("text", ["за I квартал – потом", "за I квартал – до апреля", "0000-07"])
def test_a_half_said_report_and_a_foreign_age_are_asked_about(text: str) -> None:
    assert read_term(text, YEAR).certainty is Certainty.ASK


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("через месяц после подписания", Certainty.OPEN),
        ("через 10 рабочих дней со дня утверждения", Certainty.OPEN),
        ("сразу после утверждения", Certainty.OPEN),
        ("после июля", Certainty.ASK),
        ("после III квартала", Certainty.ASK),
        ("после утверждения, до 1 июля", Certainty.ASK),
        ("два раза в год", Certainty.ASK),
        ("не реже двух раз в год", Certainty.ASK),
        ("at least twice a year", Certainty.ASK),
    ],
)
def test_what_waits_for_something_and_what_comes_a_few_times(
    text: str, certainty: Certainty
) -> None:
    reading = read_term(text, YEAR)
    assert reading.certainty is certainty
    if "год" in text or "year" in text:
        (span,) = reading.readings
        assert (span.start, span.due) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    "text",
    ["5th of every month", "5th of each month", "5th of month", "5th day of every month"],
)
def test_a_day_of_every_month(text: str) -> None:
    assert [day.day for day in read_term(text, YEAR).span.points] == [5] * 12


@pytest.mark.parametrize("text", ["2026-07", "07.2026"])
def test_a_month_in_numbers_is_sure(text: str) -> None:
    """Two digits that cannot be a later year are a month."""
    reading = read_term(text, YEAR)
    assert reading.certainty is Certainty.SURE
    assert (reading.span.start, reading.span.due) == (date(2026, 7, 1), date(2026, 7, 31))


def test_a_month_in_numbers_that_may_be_two_years_is_asked_about() -> None:
    reading = read_term("2007-08", ProgrammePeriod.of_year(2007))
    assert reading.certainty is Certainty.ASK
    assert [span.due for span in reading.readings] == [date(2007, 8, 31)]


def test_a_month_in_roman_numerals() -> None:
    numerals = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
    readings = [read_term(f"15.{numeral}.2026", YEAR) for numeral in numerals]
    days = [date(2026, month, 15) for month in range(1, 13)]
    assert [(one.span.due, one.certainty) for one in readings] == [
        (day, Certainty.SURE) for day in days
    ]
    assert read_term("15.XIII.2026", YEAR).certainty is Certainty.ASK


def test_a_year_of_four_digits_is_that_year() -> None:
    """«0026» is not 2026."""
    assert read_term("01.07.0026", YEAR).certainty is Certainty.ASK


@pytest.mark.parametrize(
    ("text", "period", "certainty"),
    [
        ("I полугодие", ACADEMIC, Certainty.ASK),
        ("до конца I полугодия", ACADEMIC, Certainty.ASK),
        ("I полугодие 2027", ACADEMIC, Certainty.SURE),
        ("ежеквартально", ACADEMIC, Certainty.ASK),
        ("раз в полугодие", ACADEMIC, Certainty.ASK),
        ("ежегодно", ACADEMIC, Certainty.ASK),
        ("1 квартал", ACADEMIC, Certainty.SURE),
        ("Q1", FISCAL, Certainty.ASK),
        ("H1", FISCAL, Certainty.ASK),
        ("Q1 2027", FISCAL, Certainty.SURE),
        ("quarterly", FISCAL, Certainty.SURE),
        ("с октября до конца года", ACADEMIC, Certainty.ASK),
        ("ежемесячно с октября до конца года", ACADEMIC, Certainty.ASK),
        ("ежемесячно с октября по апрель", ACADEMIC, Certainty.SURE),
        ("quarterly in 2027", THREE_YEARS, Certainty.SURE),
    ],
)
def test_a_part_of_a_year_that_is_not_the_calendars(
    text: str, period: ProgrammePeriod, certainty: Certainty
) -> None:
    """An academic or fiscal year has halves and quarters of its own: which are meant is asked."""
    assert read_term(text, period).certainty is certainty


def test_a_bracket_with_a_word_of_time_may_change_the_term() -> None:
    words = (
        *("до", "начало", "начала", "старт", "после", "начиная", "ранее", "раньше", "кроме"),
        *("через", "далее", "затем", "потом", "постоянно", "ежедневно", "еженедельно"),
        *("ежемесячно", "ежеквартально", "ежегодно", "start", "beginning", "except", "until"),
        *("after", "before", "then", "ongoing", "daily", "weekly", "monthly", "quarterly"),
        "annually",
    )
    found = {word: read_term(f"до 01.07.2026 (отдел {word})", YEAR).certainty for word in words}
    assert found == dict.fromkeys(words, Certainty.ASK)
    assert read_term("до 01.07.2026 (отдел кадров)", YEAR).certainty is Certainty.SURE


@pytest.mark.parametrize(
    ("note", "certainty"),
    [
        ("приказ № 5 от 12 мая 2025 г.", Certainty.SURE),
        ("приказ № 5, 1 квартал 2025", Certainty.ASK),
        ("приказ № 5, 12 писем 2025", Certainty.ASK),
    ],
)
def test_a_bracket_with_a_document_may_have_its_day_only(note: str, certainty: Certainty) -> None:
    assert read_term(f"до 01.07.2026 ({note})", YEAR).certainty is certainty

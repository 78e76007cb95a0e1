"""Terms: the meaning of a printed or typed text, and its days."""

from datetime import date

import pytest
from hypothesis import given

from kvartal.schema.model import Term
from kvartal.schema.quarters import last_day
from kvartal.schema.terms import (
    TermOutsideYear,
    UnreadableTerm,
    checkpoint_days,
    dates_text,
    entered_term,
    quarters_text,
    read_text,
    term_due,
    term_quarters,
    term_start,
    typed_term,
)
from tests.schema.models import YEAR, quarter_terms, terms

ALL = (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("text", "quarters"),
    [
        ("1-4 кварталы 2024", ALL),
        ("3 квартал 2024", (3,)),
        ("IV квартал 2024 года", (4,)),
        ("I–IV", ALL),
        ("Q3", (3,)),
        ("3-й квартал", (3,)),
        ("2-3 кв. 2024 г.", (2, 3)),
        ("1 и 3 кварталы", (1, 3)),
        ("с 1 по 3 квартал", (1, 2, 3)),
        ("2, 4", (2, 4)),
        ("I полугодие", (1, 2)),
        ("1 полугодие 2024 года", (1, 2)),
        ("І полугодие", (1, 2)),  # the Ukrainian letter
        ("II полугодие 2024 года", (3, 4)),
        ("2 полугодие", (3, 4)),
        ("| полугодие", (1, 2)),  # a vertical bar, as scanned texts have it
        ("ӀV квартал", (4,)),  # the Caucasian letter
        ("весь год", ALL),
        ("3 quarter 2024", (3,)),
        ("2..3", (2, 3)),
        ("1; 3 and 4", (1, 3, 4)),
        ("в течение года", ALL),
        ("ежеквартально", ALL),
        ("постоянно", ()),
        ("в течение месяца со дня утверждения", ()),
        ("III полугодие", ()),
        ("0 квартал", ()),
        ("5 квартал", ()),
        ("1-5 квартал", ()),
        ("3-7 квартал", ()),
        ("0-3 кварталы", ()),
        ("1-2-3 кварталы", ()),
        ("1, 5 кварталы", ()),
        ("4-1", ()),
        ("", ()),
    ],
)
def test_quarters_in_a_text(text: str, quarters: tuple[int, ...]) -> None:
    """Quarters are recognised in every spelling; any other text names none."""
    assert read_text(text, YEAR) == Term(text, quarters)


@pytest.mark.parametrize(
    ("text", "start", "due"),
    [
        ("до 30.09.2024", None, date(2024, 9, 30)),
        ("2024-11-30", None, date(2024, 11, 30)),
        ("01.03.2024-31.05.2024", date(2024, 3, 1), date(2024, 5, 31)),
        ("с 2024-03-01 по 2024-05-31", date(2024, 3, 1), date(2024, 5, 31)),
    ],
)
def test_dates_in_a_text(text: str, start: date | None, due: date) -> None:
    """One date is the last day, two are the first and the last."""
    assert read_text(text, YEAR) == Term(text, (), start, due)


def test_an_impossible_day_is_not_a_date() -> None:
    """30 February does not exist, so the term is not understood."""
    assert read_text("30.02.2024", YEAR).is_open
    with pytest.raises(UnreadableTerm, match=r"30\.02\.2024"):
        typed_term("30.02.2024", YEAR)
    assert entered_term(" 31.02 и далее", YEAR) == Term("31.02 и далее")


@pytest.mark.parametrize("text", ["1 квартал 2025", "31.01.2025", "2023-12-31"])
def test_a_different_year_is_refused(text: str) -> None:
    """Changing a term does not move a measure to the programme of a different year."""
    with pytest.raises(TermOutsideYear, match="2024"):
        read_text(text, YEAR)


def test_another_year_in_the_text_of_an_open_term_is_no_term() -> None:
    """What is not a term cannot lie in another year."""
    assert read_text("по плану 2025 года", YEAR).is_open


@pytest.mark.parametrize(
    "text",
    [
        *("1-5 квартал", "3-7 квартал", "5 квартал", "0-3 кварталы", "1, 5 кварталы", "1-2-3"),
        *("4-1", "III полугодие", "постоянно", " "),
    ],
)
def test_a_typed_term_that_names_no_quarters_of_a_year_is_refused(text: str) -> None:
    """Half of such a range is not what was meant; the refusal shows what was typed."""
    with pytest.raises(UnreadableTerm) as caught:
        typed_term(text, YEAR)
    assert f"Срок «{text}» не понят: напишите квартал" in str(caught.value)
    assert "30.11.2024" in str(caught.value)


def test_a_typed_term_gets_the_wording_of_the_programme() -> None:
    """So that a postponed term reads like the printed ones."""
    assert typed_term(" IV ", YEAR) == Term("4 квартал 2024", (4,))
    assert typed_term("2-3", YEAR) == Term("2-3 кварталы 2024", (2, 3))
    assert typed_term("2 полугодие", YEAR) == Term("3-4 кварталы 2024", (3, 4))
    assert typed_term("1, 3-4", YEAR) == Term("1, 3-4 кварталы 2024", (1, 3, 4))
    last = date(2024, 11, 30)
    assert typed_term(" 30.11.2024 ", YEAR) == Term("до 30.11.2024", (), None, last)
    between = Term("01.03.2024-30.11.2024", (), date(2024, 3, 1), last)
    assert typed_term("2024-03-01..2024-11-30", YEAR) == between
    assert dates_text(None, None) == ""  # an open term
    assert typed_term("3 ква\u00adртал", YEAR) == Term("3 квартал 2024", (3,))


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        *(("IV", "Q4 2024"), ("1-3", "Q1-Q3 2024"), ("1-2,4", "Q1-Q2, Q4 2024")),
        *(("by 30.11", "by 2024-11-30"), ("01.03-31.05", "2024-03-01 to 2024-05-31")),
    ],
)
def test_an_english_programme_words_a_term_in_english(typed: str, text: str) -> None:
    """And what it is worded as is read as the same term."""
    term = entered_term(typed, YEAR, "en")
    assert term.text == text
    assert read_text(text, YEAR) == term
    assert entered_term(text, YEAR, "en") == term


@given(quarter_terms())
def test_the_wording_reads_back(term: Term) -> None:
    """The program can read what it prints for quarters."""
    text = quarters_text(term.quarters, YEAR)
    assert read_text(text, YEAR).quarters == term.quarters


@given(terms())
def test_checkpoints_fill_the_term(term: Term) -> None:
    """One at the end of each quarter of the term, the last on the last day of the term."""
    found = checkpoint_days(term, YEAR)
    assert tuple(quarter for quarter, _due in found) == term_quarters(term)
    assert [due for _quarter, due in found] == sorted({due for _quarter, due in found})
    if term.is_open:
        assert not found
        assert term_due(term, YEAR) is None
    else:
        assert found[-1][1] == term_due(term, YEAR)
        assert all(due == last_day(YEAR, quarter) for quarter, due in found[:-1])


def test_start_of_a_term() -> None:
    """The first quarter's first day, the named date, or nothing."""
    assert term_start(Term("", (2, 3)), YEAR) == date(2024, 4, 1)
    assert term_start(Term("", (), date(2024, 3, 5), date(2024, 5, 1)), YEAR) == date(2024, 3, 5)
    assert term_start(Term("", (), None, date(2024, 5, 1)), YEAR) is None
    assert term_start(Term("постоянно", ()), YEAR) is None


def test_quarters_of_a_term_by_dates() -> None:
    """Those from the first day to the last; of the last day alone, its own."""
    assert term_quarters(Term("", (), date(2024, 2, 1), date(2024, 7, 1))) == (1, 2, 3)
    assert term_quarters(Term("", (), None, date(2024, 7, 1))) == (3,)
    found = checkpoint_days(Term("", (), date(2024, 2, 1), date(2024, 4, 1)), YEAR)
    assert found == ((1, date(2024, 3, 31)), (2, date(2024, 4, 1)))

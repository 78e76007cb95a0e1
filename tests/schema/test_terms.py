"""What is stored for a typed term, and what is said where it cannot be."""

from datetime import date

import pytest

from kvartal.schema.errors import KvartalError
from kvartal.schema.grammar.answer import Certainty
from kvartal.schema.grammar.open_wordings import is_open_wording
from kvartal.schema.grammar.reader import read_term
from kvartal.schema.measure import Term
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.terms import StatedReading, typed_term

YEAR = ProgrammePeriod.of_year(2026)
SCHOOL_YEAR = ProgrammePeriod(date(2026, 9, 1), date(2027, 8, 31))
THIRD = (CalendarQuarter(2026, 3),)
MONTH_ENDS = (date(2026, 3, 31), date(2026, 6, 30))
MISSING = "Срок не указан. Напишите его словами, например «3 квартал» или «постоянно»."
UNSURE = "Срок «{}» можно понять по-разному. Скажите, как: {}, «--open» (без срока)."
OTHERWISE = "Срок «{}» читается однозначно: «{}». Исправьте текст срока или уберите параметры."


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("март, июнь", Term("март, июнь", points=MONTH_ENDS)),
        (" 3 квартал ", Term("3 квартал", THIRD)),
        ("до 01.07.2026", Term("до 01.07.2026", due=date(2026, 7, 1))),
        ("с марта по май", Term("с марта по май", (), date(2026, 3, 1), date(2026, 5, 31))),
        ("постоянно", Term("постоянно")),
    ],
)
def test_a_term_is_stored_as_typed_and_as_read(text: str, term: Term) -> None:
    assert typed_term(text, YEAR) == term
    stated = StatedReading(term.start, term.due, term.quarters, term.points)
    assert typed_term(text, YEAR, stated) == term


@pytest.mark.parametrize(
    ("text", "period", "sentence"),
    [
        ("", YEAR, "Срок не указан. Напишите его словами, например «3 квартал» или «постоянно»."),
        (
            " \u00ad",
            YEAR,
            "Срок не указан. Напишите его словами, например «3 квартал» или «постоянно».",
        ),
        (
            *("31.02.2026", YEAR),
            "Срок «31.02.2026»: такого дня или квартала не бывает. Исправьте число или месяц.",
        ),
        ("4", YEAR, UNSURE.format("4", "«--quarters 4», «--start 2026-04-01 --due 2026-04-30»")),
        ("до марта", YEAR, UNSURE.format("до марта", "«--due 2026-02-28», «--due 2026-03-31»")),
        ("2, 3", YEAR, UNSURE.format("2, 3", "«--quarters 2,3»")),
        (
            *("начиная со 2 квартала", YEAR),
            UNSURE.format(
                "начиная со 2 квартала",
                "«--start 2026-04-01», «--start 2026-04-01 --due 2026-12-31»",
            ),
        ),
        (
            *("3 квартал", SCHOOL_YEAR),
            UNSURE.format("3 квартал", "«--quarters 2026-Q3», «--quarters 2027-Q3»"),
        ),
        ("до 01.07.2026", SCHOOL_YEAR, UNSURE.format("до 01.07.2026", "«--due 2026-07-01»")),
    ],
)
def test_what_is_asked_about_a_term(text: str, period: ProgrammePeriod, sentence: str) -> None:
    with pytest.raises(KvartalError) as refused:
        typed_term(text, period)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("stated", "term"),
    [
        (StatedReading(quarters=(*THIRD, *THIRD)), Term("4", THIRD)),
        (StatedReading(due=date(2026, 7, 1)), Term("4", due=date(2026, 7, 1))),
        (StatedReading(points=(*MONTH_ENDS[::-1], MONTH_ENDS[0])), Term("4", points=MONTH_ENDS)),
        (StatedReading(), Term("4")),
    ],
)
def test_a_stated_reading_is_stored_in_order_and_once(stated: StatedReading, term: Term) -> None:
    assert typed_term("4", YEAR, stated) == term


@pytest.mark.parametrize(
    ("text", "stated", "sure"),
    [
        ("3 квартал", StatedReading(), "--quarters 3"),
        ("до 01.07.2026", StatedReading(quarters=THIRD), "--due 2026-07-01"),
        ("март, июнь", StatedReading(quarters=THIRD), "--points 2026-03-31,2026-06-30"),
        ("с марта по май", StatedReading(), "--start 2026-03-01 --due 2026-05-31"),
    ],
)
def test_a_sure_term_is_not_read_otherwise(text: str, stated: StatedReading, sure: str) -> None:
    with pytest.raises(KvartalError) as refused:
        typed_term(text, YEAR, stated)
    assert str(refused.value) == OTHERWISE.format(text, sure)


OPEN = """
постоянно; весь период, постоянно; бессрочно; регулярно; на постоянной основе; в рабочем порядке
на системной основе; в режиме реального времени; по мере поступления заявок; по необходимости
при наличии средств; по запросу клиента; согласно отдельному графику; по плану работы
в установленный срок; в сроки, установленные законом; до завершения работ; до полного исполнения
в 10-дневный срок со дня обращения; в месячный срок после приёмки; в ходе проверок
в течение 5 рабочих дней со дня обращения; не позднее 3 дней с момента обращения
через 10 дней после подписания; сразу после ввода; в течение всего срока реализации программы
в период действия программы; весь период действия; в течение всего периода; весь период
ежедневно; 2 раза в неделю; срок не установлен; без срока; до особого распоряжения; немедленно
каждый понедельник; по четвергам; раз в две недели; early 2026; начало марта; beginning of 2026
ongoing; as needed; as and when required; on request; upon receipt of funds; daily
3 times a week; once per week; every two weeks; bi-weekly; asap; every Monday; every week
according to the schedule; within 10 days of request; throughout the duration of the contract
during the project; tbd; to be confirmed; until further notice; open-ended
"""
NOT_OPEN = "по мере; до; в срок; через 10 дней; в течение 5 дней; throughout the duration; every"


def wordings(text: str) -> list[str]:
    return [one.strip() for line in text.splitlines() for one in line.split(";") if one.strip()]


@pytest.mark.parametrize("text", wordings(OPEN))
def test_an_open_wording_is_a_term_without_a_day(text: str) -> None:
    reading = read_term(text, YEAR)
    assert (reading.certainty, reading.readings) == (Certainty.OPEN, ())


@pytest.mark.parametrize("text", wordings(NOT_OPEN))
def test_half_of_an_open_wording_is_asked_about(text: str) -> None:
    assert not is_open_wording(text)
    assert read_term(text, YEAR).certainty is Certainty.ASK

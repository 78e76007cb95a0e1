"""The year of a document whose title names none."""

import pytest

from kvartal.exchange.tables.table_reader import ReadingOptions, YearUnknown, read_programme
from kvartal.schema.period import ProgrammePeriod
from tests.exchange.shapes import drawn

HEAD = "План мероприятий ООО «Ромашка»\n№ | Мероприятие | Срок\n"


@pytest.mark.parametrize(
    "rows",
    [
        "1 | Опрос | март 2027\n2 | Учёба | до 31.12.2027 г.",
        # What has no term says nothing against the year.
        "1 | Опрос | 2 квартал 2027\n2 | Учёба | -",
    ],
)
def test_a_year_that_every_term_names_is_taken_and_said(rows: str) -> None:
    programme = read_programme(drawn(HEAD + rows), ReadingOptions())
    assert programme.period == ProgrammePeriod.of_year(2027)
    (said,) = (one.message() for one in programme.remarks if one.code == "year-unknown")
    assert said == "Года в названии нет, все сроки — на 2027: взят он. Иной год: --year."
    # Of a programme that it goes into, the years are those of the programme.
    options = ReadingOptions(fallback=ProgrammePeriod.of_year(2026))
    assert read_programme(drawn(HEAD + rows), options).period == options.fallback


@pytest.mark.parametrize(
    "rows",
    [
        "1 | Опрос | март 2027\n2 | Учёба | май",
        "1 | Опрос | март 2027\n2 | Учёба | май 2028",
        "1 | Опрос | март 2027\n2 | Учёба | постоянно",
        "1 | Опрос | 2027-2028\n",
        "1 | Опрос | -\n",
    ],
)
def test_a_year_that_some_terms_name_is_asked_for(rows: str) -> None:
    with pytest.raises(YearUnknown, match="не сказано, на какой год программа"):
        read_programme(drawn(HEAD + rows), ReadingOptions())

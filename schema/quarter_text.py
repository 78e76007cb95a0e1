"""Quarters and half-years inside a sentence, which names them as its language does."""

from typing import Final

from kvartal.schema.errors import N_, Phrase
from kvartal.schema.quarters import CalendarQuarter

QUARTER_NAMES: Final = (N_("I квартал"), N_("II квартал"), N_("III квартал"), N_("IV квартал"))
"""In their order. Each has a text of its own: English writes no Roman numerals there."""
QUARTERS_OF_YEARS: Final = (
    *(N_("I квартал {year}"), N_("II квартал {year}")),
    *(N_("III квартал {year}"), N_("IV квартал {year}")),
)
HALF_YEAR_NAMES: Final = (N_("I полугодие"), N_("II полугодие"))
HALVES_OF_YEARS: Final = (N_("I полугодие {year}"), N_("II полугодие {year}"))


def quarter_phrase(quarter: CalendarQuarter) -> Phrase:
    """Return a quarter of a year: «III квартал 2024», "Q3 2024"."""
    return Phrase(QUARTERS_OF_YEARS[quarter.number - 1], {"year": quarter.year})

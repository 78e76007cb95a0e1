"""The words of terms, in Russian and English: months, ordinals, quarters and years.

Words are lower-case, with «е» for «ё», as :mod:`kvartal.schema.grammar.tokens` yields them.
"""

from collections.abc import Mapping
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RUSSIAN_MONTHS: Final = (
    ("январ", "ь я е ю", "янв"),
    ("феврал", "ь я е ю", "фев февр"),
    ("март", "- а е у", "мар"),
    ("апрел", "ь я е ю", "апр"),
    ("ма", "й я е ю", ""),
    ("июн", "ь я е ю", "июн"),
    ("июл", "ь я е ю", "июл"),
    ("август", "- а е у", "авг"),
    ("сентябр", "ь я е ю", "сен сент"),
    ("октябр", "ь я е ю", "окт"),
    ("ноябр", "ь я е ю", "ноя нояб"),
    ("декабр", "ь я е ю", "дек"),
)
_ENGLISH_MONTHS: Final = (
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sep sept",
    "october oct",
    "november nov",
    "december dec",
)
ENGLISH_MONTHS: Final[Mapping[str, int]] = {
    word: month for month, words in enumerate(_ENGLISH_MONTHS, 1) for word in words.split()
}
MONTHS: Final[Mapping[str, int]] = {
    **{
        stem + ending.strip("-"): month
        for month, (stem, endings, _) in enumerate(_RUSSIAN_MONTHS, 1)
        for ending in endings.split()
    },
    **{
        short: month
        for month, (_, _, shorts) in enumerate(_RUSSIAN_MONTHS, 1)
        for short in shorts.split()
    },
    **ENGLISH_MONTHS,
}
NAMES_OF_MONTHS: Final[Mapping[int, str]] = {
    month: words.split()[0] for month, words in enumerate(_ENGLISH_MONTHS, 1)
}

_ORDINAL_STEMS: Final = {1: "перв", 2: "втор", 3: "трет", 4: "четверт", 5: "пят"}
_ORDINAL_ENDINGS: Final = "ый ой ого ом ому ое ая ую ий ья ью ьей ьего ьем ьему ье ьи ые ых"
ORDINALS: Final[Mapping[str, int]] = {
    **{
        stem + ending: number
        for number, stem in _ORDINAL_STEMS.items()
        for ending in _ORDINAL_ENDINGS.split()
    },
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
}
ROMAN_NUMERALS: Final[Mapping[str, int]] = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}

QUARTER_WORDS: Final = _words(
    "квартал квартала кварталу квартале кварталом кварталы кварталов кварталам кварталах "
    "кв quarter quarters"
)
# Behind a number of them: «3 кварталов» is how many, «3 квартала» and «2 декады мая» may be, unless
# what stands before, as in «в течение 3 квартала», is followed by this form of the third as well.
MANY: Final = frozenset({"кварталов", "quarters", "полугодий", "halves"})
MAYBE_MANY: Final = frozenset({"квартала", "полугодия", "половины", "декады"})
BEFORE_GENITIVE: Final = _words(
    "с со до от после позднее позже ранее течение течении протяжении период "
    "начала середины конец конца концу конце окончания"
)
QUARTER_LETTERS: Final = frozenset({"q", "к", "k"})
PREPOSITIONS: Final = frozenset({"к", "k"})
HALF_WORDS: Final = _words(
    "полугодие полугодия полугодию полугодии полугодием полугодий "
    "половина половины половине половину"
)
DECADE_WORDS: Final = _words("декада декады декаде декаду декадой декадах")
MONTH_WORDS: Final = _words("месяц месяца месяце месяцев month months мес")
YEAR_WORDS: Final = _words("г гг год года году годом годы годов годах year years")
# «текущего года» is the year of the programme; «учебного года» is not.
THIS_YEAR: Final = _words(
    "текущего текущем текущий этого этом отчетного отчетном планового календарного "
    "календарном current this calendar"
)
ACADEMIC_YEAR: Final = ("учебного года", "учебный год", "academic year", "school year")
WHOLE: Final = _words("всего весь всем целого круглый whole entire all")
AND: Final = frozenset({"и", "and", "&"})

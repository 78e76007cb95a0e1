"""Messages as they were written until 29 and 30 November 2026.

In English a few sentences at first had typographic quotes and all others straight ones, and days
were written in the Russian order. Then only the names that stand by themselves had other quotes
than English ones: those of a Russian text. A first line called a chapter without a number «глава —»
in every language. English wrote "quarter II of 2026" for "Q2 2026". A history keeps the messages of
its time, and `verify` generates them again to compare.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from kvartal.history.diff.chapter_lines import CHAPTER, UNNUMBERED
from kvartal.history.diff.words import ABSENT
from kvartal.schema.day_text import DAY
from kvartal.schema.errors import N_, Translate
from kvartal.schema.quarter_text import HALVES_OF_YEARS, QUARTER_NAMES, QUARTERS_OF_YEARS
from kvartal.schema.quarters import ROMAN

_HAD_OTHER_QUOTES: Final = frozenset(
    {
        "{part} переименован: «{old}» → «{new}»",
        "{part}: название «{old}» → «{new}»",
        "импорт из «{name}»: {what}",
    }
)
"""The sentences of commits that had typographic quotes, as message ids."""
_NAME: Final = N_("«{name}»")
"""A name that stands by itself."""
_WITH_ROMAN_NUMERALS: Final = {
    **dict(zip(QUARTER_NAMES, [f"quarter {at}" for at in ROMAN], strict=True)),
    **dict(zip(QUARTERS_OF_YEARS, [f"quarter {at} of {{year}}" for at in ROMAN], strict=True)),
    HALVES_OF_YEARS[0]: "half-year I of {year}",
    HALVES_OF_YEARS[1]: "half-year II of {year}",
}
"""What quarters and half-years were called in English, by message ids."""
_STRAIGHT: Final = re.compile(r'"([^"]*)"')


def with_earlier_words(languages: Sequence[Translate]) -> tuple[Translate, ...]:
    """Return languages, and after them the earlier forms of each that has changed."""
    return (*languages, *_earlier(languages))


def _earlier(languages: Sequence[Translate]) -> Iterator[Translate]:
    for translate in languages:
        is_english = translate(DAY) != DAY
        before = _with_roman_numerals(translate) if is_english else translate
        if is_english:
            yield before
        without_heading = _without_heading(before)
        yield without_heading
        if is_english:
            yield _with_russian_names(without_heading)
            yield _as_at_first(without_heading)


def _with_roman_numerals(translate: Translate) -> Callable[[str], str]:
    def earlier(template: str) -> str:
        return _WITH_ROMAN_NUMERALS.get(template) or translate(template)

    return earlier


def _without_heading(translate: Translate) -> Callable[[str], str]:
    def earlier(template: str) -> str:
        if template == UNNUMBERED:
            return translate(CHAPTER).format(name=ABSENT)
        return translate(template)

    return earlier


def _with_russian_names(translate: Translate) -> Callable[[str], str]:
    def earlier(template: str) -> str:
        return _NAME if template == _NAME else translate(template)

    return earlier


def _as_at_first(translate: Translate) -> Callable[[str], str]:
    with_names = _with_russian_names(translate)

    def earlier(template: str) -> str:
        if template == DAY:
            return DAY
        text = with_names(template)
        return _STRAIGHT.sub(r"“\1”", text) if template in _HAD_OTHER_QUOTES else text

    return earlier

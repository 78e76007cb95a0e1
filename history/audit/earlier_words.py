"""Messages as they were written until 29 and 30 November 2026.

In English a few sentences at first had typographic quotes and all others straight ones, and days
were written in the Russian order. Then only the names that stand by themselves had other quotes
than English ones: those of a Russian text. A first line called a chapter without a number «глава —»
in every language. A history keeps the messages of its time, and `verify` generates them again to
compare.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from kvartal.history.diff.chapter_lines import CHAPTER, UNNUMBERED
from kvartal.history.diff.words import ABSENT
from kvartal.schema.day_text import DAY
from kvartal.schema.errors import N_, Translate

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
_STRAIGHT: Final = re.compile(r'"([^"]*)"')


def with_earlier_words(languages: Sequence[Translate]) -> tuple[Translate, ...]:
    """Return languages, and after them the earlier forms of each that has changed."""
    return (*languages, *_earlier(languages))


def _earlier(languages: Sequence[Translate]) -> Iterator[Translate]:
    for translate in languages:
        without_heading = _without_heading(translate)
        yield without_heading
        if translate(DAY) != DAY:
            yield _with_russian_names(without_heading)
            yield _as_at_first(without_heading)


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

"""English messages as they were written until 29 November 2026.

A few sentences had typographic quotes and all others straight ones, and days were written in the
Russian order. A history keeps the messages of its time, and `verify` generates them again to
compare.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from kvartal.schema.day_text import DAY
from kvartal.schema.errors import Translate

_HAD_OTHER_QUOTES: Final = frozenset(
    {
        "{part} переименован: «{old}» → «{new}»",
        "{part}: название «{old}» → «{new}»",
        "импорт из «{name}»: {what}",
    }
)
"""The sentences of commits that had typographic quotes, as message ids."""
_STRAIGHT: Final = re.compile(r'"([^"]*)"')


def with_earlier_english(languages: Sequence[Translate]) -> tuple[Translate, ...]:
    """Return languages, and after them the earlier form of each that has changed."""
    return (*languages, *_earlier(languages))


def _earlier(languages: Sequence[Translate]) -> Iterator[Translate]:
    for translate in languages:
        if translate(DAY) != DAY:
            yield _as_before(translate)


def _as_before(translate: Translate) -> Callable[[str], str]:
    def earlier(template: str) -> str:
        if template == DAY:
            return DAY
        text = translate(template)
        return _STRAIGHT.sub(r"“\1”", text) if template in _HAD_OTHER_QUOTES else text

    return earlier

"""How the text of a term may be worded for the grammar: torn words, times, numbered days."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kvartal.exchange.tables.texts import torn_word

MIDNIGHT: Final = re.compile(r"\s+0?0:00(?::00)?$")
"""How a spreadsheet shows a day whose format has a time too."""
_HOUR: Final = re.compile(
    r",?\s+(?:в\s+|at\s+)?(?:[01]?\d|2[0-3])(?::[0-5]\d|\.(?:00|15|30|45))(?:\s*ч(?:ас\w*)?\.?)?$"
)
"""The time of a day after it: no day itself, as «9.10» may be."""
_DAY: Final = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_MARK: Final = re.compile(r"\s*(?:\*{1,3}|[¹²³⁴-⁹]{1,2})\)?$")
"""The mark of a footnote that was typed as a character of its own."""
_TEAR: Final = re.compile(r"(?<=[а-яё])- (?=[а-яё])", re.IGNORECASE)
_ITEM: Final = re.compile(r"(?:\A|(?<=[\s;,]))\(?(\d{1,2})(?:\)\s*|\.\s+)")


def term_wordings(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the wordings to read a term in, each with the text that is kept if it is understood.

    Args:
        texts: What the text may be, the likeliest first.
    """
    for text in texts:
        # A word that is torn may look like an explanation: «апрель - ок- тябрь».
        if torn_word(text):
            whole = _TEAR.sub("", text)
            yield whole, whole
        yield text, text
        for ending in (MIDNIGHT, _HOUR, _MARK):
            rest = ending.sub("", text)
            # «май 22.30» has no day that it could be the time of.
            if rest != text and (ending is not _HOUR or _DAY.search(rest)):
                yield rest, text
        listed = _items(text)
        if listed:
            yield ", ".join(listed), text


def _items(text: str) -> list[str]:
    """Return the items of a list that is numbered from 1; nothing for any other text."""
    before, *rest = _ITEM.split(text)
    numbers, items = rest[::2], [one.strip(" ;,") for one in rest[1::2]]
    is_list = len(items) > 1 and not before and all(items)
    is_counted = numbers == [str(at) for at in range(1, len(numbers) + 1)]
    return items if is_list and is_counted else []

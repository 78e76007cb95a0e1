"""Which words of a text changed: what is marked where two long texts stand side by side."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final

_TOKEN: Final = re.compile(r"\s+|\w+|[^\w\s]")
_SHORT: Final = 60
"""Two values that are shorter together are seen at a glance."""
_ALIKE: Final = 0.4
"""Texts that have less in common are two texts and not one that was changed."""
_MOST_PAIRS: Final = 4_000_000
"""More pairs of words than that take seconds to compare."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words one after the other.

    Attributes:
        text: The words.
        changed: Whether the other text has none such in this place.
    """

    text: str
    changed: bool


def marked(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return two texts in pieces, those that differ marked; both whole where they are too unlike.

    >>> marked("Пандусы", "Пандус")
    ((Piece(text='Пандусы', changed=True),), (Piece(text='Пандус', changed=True),))
    """
    found = None if len(old) + len(new) < _SHORT else compared(old, new)
    return found or ((Piece(old, changed=True),), (Piece(new, changed=True),))


def compared(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]] | None:
    """Return two texts in pieces, those that differ marked; None where they are too unlike."""
    before, after = words_of(old), words_of(new)
    if len(before) * len(after) > _MOST_PAIRS:
        return _ends_apart(before, after)
    match = SequenceMatcher(None, before, after, autojunk=False)
    if match.real_quick_ratio() < _ALIKE or match.ratio() < _ALIKE:
        return None
    kept_old: set[int] = set()
    kept_new: set[int] = set()
    for at_old, at_new, length in match.get_matching_blocks():
        kept_old |= set(range(at_old, at_old + length))
        kept_new |= set(range(at_new, at_new + length))
    return _pieces(before, kept_old), _pieces(after, kept_new)


def _ends_apart(
    before: list[str], after: list[str]
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]] | None:
    """Return very long texts in pieces of which only the beginnings and ends are compared."""
    least = min(len(before), len(after))
    head = next((at for at in range(least) if before[at] != after[at]), least)
    rest = least - head
    tail = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    if 2 * (head + tail) < _ALIKE * (len(before) + len(after)):
        return None
    sides = (
        (words, {*range(head), *range(len(words) - tail, len(words))}) for words in (before, after)
    )
    one, other = (_pieces(words, kept) for words, kept in sides)
    return one, other


def words_of(text: str) -> list[str]:
    """Return the words of a text, and what stands between them, in their order."""
    return _TOKEN.findall(text)


def _pieces(tokens: list[str], kept: set[int]) -> tuple[Piece, ...]:
    """Return tokens put together; a space between two changed words is changed with them."""
    changed = [at not in kept for at in range(len(tokens))]
    for at in range(1, len(tokens) - 1):
        if tokens[at].isspace() and changed[at - 1] and at + 1 not in kept:
            changed[at] = True
    runs = groupby(zip(tokens, changed, strict=True), key=lambda pair: pair[1])
    return tuple(Piece("".join(token for token, _ in run), changed=is_new) for is_new, run in runs)

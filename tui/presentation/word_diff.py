"""Which words of two texts differ: as pieces, as marked cells, and as excerpts of long texts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

from kvartal.history.diff.matching import common_ends
from kvartal.tui.presentation.cells import LONGEST_TEXT, Cell, CellLine
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from kvartal.history.diff.field_line import FieldLine

OLD_AND_NEW: Final = ("differs_old", "differs_new")
"""Tones for a value before and after."""
SIDES: Final = ("differs", "differs")
"""Tones for two values of which neither is the better one."""

_TOKEN: Final = re.compile(r"\s+|\w+|[^\w\s]")
_SHORT: Final = 60
"""In letters, both texts together: below that the difference is seen at a glance."""
_ALIKE: Final = 0.4
"""Texts that have less than this share in common are two texts, not one that was changed."""
_MOST_PAIRS: Final = 4_000_000
"""Comparing more pairs of words than that takes seconds."""
_LONG: Final = 240
"""In letters, both values together: some three lines of a terminal."""
_AROUND: Final = 60
"""How many letters of what is common are shown on either side of a difference."""
_LEFT_OUT: Final = " … "


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words.

    Attributes:
        text: The words, with the spaces between them.
        changed: Whether the other text lacks them in this place.
    """

    text: str
    changed: bool


Pieces: TypeAlias = tuple[Piece, ...]
"""A whole text, piece after piece."""


def word_pieces(old: str, new: str) -> tuple[Pieces, Pieces]:
    """Return two texts in pieces, those that differ marked; both whole where they are too unlike.

    >>> word_pieces("Пандусы", "Пандус")
    ((Piece(text='Пандусы', changed=True),), (Piece(text='Пандус', changed=True),))
    """
    pieces = None if len(old) + len(new) < _SHORT else _compared(old, new)
    return pieces or _wholly_changed(old, new)


def marked_cells(
    old: str, new: str, tones: tuple[str, str] = OLD_AND_NEW, *, lines: bool = False
) -> tuple[CellLine, CellLine]:
    """Return two texts as cells with the words marked in which they differ.

    Args:
        old: One text, as data.
        new: The other.
        tones: Of what differs, on either side.
        lines: Whether line breaks are kept.
    """
    old, new = old[:LONGEST_TEXT], new[:LONGEST_TEXT]
    # Where hardly a word is shared, two wholes are easier to read than a patchwork.
    left, right = _compared(old, new) or _split_by_ends(_tokens(old), _tokens(new))
    return _cells(left, tones[0], lines=lines), _cells(right, tones[1], lines=lines)


def field_line_text(line: "FieldLine") -> Iterator[str]:
    """Yield a field before and after as text: in one line, long values in three with signs."""
    if line.sentence or not (line.old and line.new) or len(line.old) + len(line.new) <= _LONG:
        yield str(line)
        return
    old, new = excerpts(line.old, line.new)
    yield f"{line.label}:"
    yield f"  − {old}"
    yield f"  + {new}"


def excerpts(old: str, new: str) -> tuple[str, str]:
    """Return two values without most of what they have in common, where they are long.

    For where no colour points at the difference: two long texts that hardly differ are read by
    nobody side by side.
    """
    if len(old) + len(new) <= _LONG:
        return old, new
    before, after = _compared(old, new) or _wholly_changed(old, new)
    return _around_changes(before), _around_changes(after)


def _compared(old: str, new: str) -> tuple[Pieces, Pieces] | None:
    """Return two texts in pieces, those that differ marked; None where they are too unlike."""
    before, after = _tokens(old), _tokens(new)
    if len(before) * len(after) > _MOST_PAIRS:
        head, tail = common_ends(before, after)
        if 2 * (head + tail) < _ALIKE * (len(before) + len(after)):
            return None
        return _split_by_ends(before, after)
    match = SequenceMatcher(None, before, after, autojunk=False)
    if match.real_quick_ratio() < _ALIKE or match.ratio() < _ALIKE:
        return None
    kept_old: set[int] = set()
    kept_new: set[int] = set()
    for at_old, at_new, length in match.get_matching_blocks():
        kept_old |= set(range(at_old, at_old + length))
        kept_new |= set(range(at_new, at_new + length))
    return _pieces(before, kept_old), _pieces(after, kept_new)


def _wholly_changed(old: str, new: str) -> tuple[Pieces, Pieces]:
    return (Piece(old, changed=True),), (Piece(new, changed=True),)


def _split_by_ends(before: list[str], after: list[str]) -> tuple[Pieces, Pieces]:
    """Return two texts in pieces of which only the beginnings and the ends are compared."""
    head, tail = common_ends(before, after)
    old, new = (
        _pieces(tokens, {*range(head), *range(len(tokens) - tail, len(tokens))})
        for tokens in (before, after)
    )
    return old, new


def _tokens(text: str) -> list[str]:
    """Return the words of a text, and what is between them, in order."""
    return _TOKEN.findall(text)


def _pieces(tokens: list[str], kept: set[int]) -> Pieces:
    """Return tokens put together; a space between two changed words is changed with them."""
    changed = [at not in kept for at in range(len(tokens))]
    for at in range(1, len(tokens) - 1):
        if tokens[at].isspace() and changed[at - 1] and at + 1 not in kept:
            changed[at] = True
    runs = groupby(zip(tokens, changed, strict=True), key=lambda pair: pair[1])
    return tuple(Piece("".join(token for token, _ in run), changed=is_new) for is_new, run in runs)


def _cells(pieces: Pieces, tone: str, *, lines: bool) -> CellLine:
    return tuple(
        Cell(shown(piece.text, lines=lines), tone if piece.changed else "") for piece in pieces
    )


def _around_changes(pieces: Pieces) -> str:
    """Return a text without most of what the other has as well."""
    last = len(pieces) - 1
    is_whole = not last  # All of it is in the other text too, which goes on somewhere.
    return "".join(
        piece.text
        if piece.changed
        else _ends(piece.text, head=at > 0 or is_whole, tail=at < last or is_whole)
        for at, piece in enumerate(pieces)
    ).strip()


def _ends(text: str, *, head: bool, tail: bool) -> str:
    """Return the words of a text that are next to a difference.

    Args:
        text: The text.
        head: Whether a difference precedes it.
        tail: Whether one follows it.
    """
    if len(text) <= _AROUND * (head + tail) + len(_LEFT_OUT):
        return text
    first = text[:_AROUND].rpartition(" ")[0] if head else ""
    rest = text[-_AROUND:].partition(" ")[2] if tail else ""
    return f"{first}{_LEFT_OUT}{rest}"

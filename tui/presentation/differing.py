"""Which words two texts differ in, as cells: marked so that it is seen without colour too."""

from typing import Final

from kvartal.tui.presentation.cells import Cell, CellLine
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.word_diff import Piece, compared, words_of

LONGEST: Final = 20_000
"""How many letters of a text are shown; far beyond any that a person wrote."""
OLD_AND_NEW: Final = ("differs_old", "differs_new")
"""Tones for a value before and after."""
SIDES: Final = ("differs", "differs")
"""Tones for two values of which none is the better one."""


def marked(
    old: str, new: str, tones: tuple[str, str] = OLD_AND_NEW, *, lines: bool = False
) -> tuple[CellLine, CellLine]:
    """Return two texts with the words marked in which they differ.

    Args:
        old: One text, as data.
        new: The other.
        tones: Of what differs, on either side.
        lines: Whether line breaks are kept.
    """
    one, other = old[:LONGEST], new[:LONGEST]
    # Where hardly a word is shared, two wholes are easier to read than a patchwork.
    left, right = compared(one, other) or _ends(words_of(one), words_of(other))
    return _line(left, tones[0], lines=lines), _line(right, tones[1], lines=lines)


def _ends(one: list[str], other: list[str]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return two texts in pieces of which only the beginnings and the ends are compared."""
    least = min(len(one), len(other))
    head = next((at for at in range(least) if one[at] != other[at]), least)
    rest = least - head
    tail = next((at for at in range(rest) if one[-1 - at] != other[-1 - at]), rest)
    return _parted(one, head, tail), _parted(other, head, tail)


def _parted(words: list[str], head: int, tail: int) -> tuple[Piece, ...]:
    end = len(words) - tail
    return (
        Piece("".join(words[:head]), changed=False),
        Piece("".join(words[head:end]), changed=True),
        Piece("".join(words[end:]), changed=False),
    )


def _line(pieces: tuple[Piece, ...], tone: str, *, lines: bool) -> CellLine:
    return tuple(
        Cell(shown(piece.text, lines=lines), tone if piece.changed else "")
        for piece in pieces
        if piece.text
    )

"""Which words two texts differ in, as cells: marked so that it is seen without colour too."""

import re
from difflib import SequenceMatcher
from typing import Final

from kvartal.tui.rows import Cell, Line
from kvartal.tui.text import shown

LONGEST: Final = 20_000
"""How many letters of a text are shown; far beyond any that a person wrote."""
_COMPARED: Final = 4000
"""Words of the two texts together, above which only their beginnings and ends are compared."""
_ALIKE: Final = 0.3
"""The share of words in common below which only beginnings and ends are compared."""
_WORD: Final = re.compile(r"\s+|\w+|[^\w\s]")

OLD_AND_NEW: Final = ("differs_old", "differs_new")
"""Tones for a value before and after."""
SIDES: Final = ("differs", "differs")
"""Tones for two values of which none is the better one."""

Run = tuple[str, bool]
"""Some text, and whether it differs from the other side's."""


def marked(
    old: str, new: str, tones: tuple[str, str] = OLD_AND_NEW, *, lines: bool = False
) -> tuple[Line, Line]:
    """Return two texts with the words marked in which they differ.

    Args:
        old: One text, as data.
        new: The other.
        tones: Of what differs, on either side.
        lines: Whether line breaks are kept.
    """
    one, other = _WORD.findall(old[:LONGEST]), _WORD.findall(new[:LONGEST])
    left: list[Run] = []
    right: list[Run] = []
    for tag, start, end, other_start, other_end in _steps(one, other):
        left.append(("".join(one[start:end]), tag != "equal"))
        right.append(("".join(other[other_start:other_end]), tag != "equal"))
    return (
        _line(left, tones[0], lines=lines),
        _line(right, tones[1], lines=lines),
    )


def _steps(one: list[str], other: list[str]) -> list[tuple[str, int, int, int, int]]:
    if len(one) + len(other) <= _COMPARED:
        matcher = SequenceMatcher(None, one, other, autojunk=False)
        # Where hardly a word is shared, two wholes are easier to read than a patchwork.
        if matcher.real_quick_ratio() and matcher.ratio() >= _ALIKE:
            return list(matcher.get_opcodes())
    least = min(len(one), len(other))
    head = next((at for at in range(least) if one[at] != other[at]), least)
    rest = least - head
    tail = next((at for at in range(rest) if one[-1 - at] != other[-1 - at]), rest)
    ends = len(one) - tail, len(other) - tail
    return [
        ("equal", 0, head, 0, head),
        ("replace", head, ends[0], head, ends[1]),
        ("equal", ends[0], len(one), ends[1], len(other)),
    ]


def _line(runs: list[Run], tone: str, *, lines: bool) -> Line:
    return tuple(
        Cell(shown(text, lines=lines), tone if differs else "") for text, differs in runs if text
    )

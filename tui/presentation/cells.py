"""Text with tones: what tables, cards and pages are made of.

No widget here: a widget turns a cell's tone into a colour of the current theme.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

LONGEST_TEXT: Final = 20_000
"""How many letters of one text are shown; far beyond any that anybody has written."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text in one tone.

    Attributes:
        text: Fit to be shown.
        tone: Name of its kind: a state, ``muted``, ``mark`` or empty.
    """

    text: str
    tone: str = ""


CellLine: TypeAlias = tuple[Cell, ...]
"""Cells one after the other."""

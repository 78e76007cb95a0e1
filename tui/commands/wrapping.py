"""Lines for people that are as wide as the terminal or ``COLUMNS`` at most, with nothing left out.

In a file or a pipe a line is as long as it is, unless ``COLUMNS`` says how wide it may be.
"""

import os
import shutil
import unicodedata
from collections.abc import Iterator
from typing import Final

from kvartal.tui.commands import output
from kvartal.tui.presentation.sanitize import shown

_NO_CELL: Final = frozenset({"Mn", "Me", "Cf"})
_DEEPER: Final = 2
"""How much further than its first line a text goes on."""
_LEAST_ROOM: Final = 12
"""The fewest cells for a text; beside less it goes on the next line."""


def line_width() -> int | None:
    """Return how many cells a line may take; None for any number."""
    stated = os.environ.get("COLUMNS", "")
    if stated.isascii() and stated.isdigit() and int(stated):
        return int(stated)
    return shutil.get_terminal_size().columns if output.is_terminal() else None


def width(text: str) -> int:
    """Return how many terminal cells a text takes."""
    return sum(character_width(character) for character in text)


def character_width(character: str) -> int:
    """Return how many terminal cells a character takes: a wide letter two, a mark above it none."""
    if unicodedata.category(character) in _NO_CELL:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def print_text(text: str, style: str = "") -> None:
    """Print a text on as many lines as it takes; it goes on below where it begins, or deeper.

    Args:
        text: The text; the space before it is kept.
        style: Of `output`; empty for none.
    """
    begun = text.lstrip(" ")
    indent = len(text) - len(begun)
    deeper = indent + _DEEPER if indent else 0
    for number, line in enumerate(wrapped(begun, _room_beside(indent), _room_beside(deeper))):
        output.raw(" " * (deeper if number else indent) + output.styled(line, style))


def print_labelled(label: str, text: str, indent: int) -> None:
    """Print a text beside its label; where the line leaves no room there, below it.

    Args:
        label: The label; empty where the text goes on under the one before.
        text: The text; line breaks in it stay.
        indent: How far from the left the texts of all labels stand.
    """
    room = line_width()
    is_below = room is not None and room - indent < _LEAST_ROOM
    if is_below:
        indent = _DEEPER
        if label:
            print_text(label)
        label = ""
    shown_label = shown(label)
    for part in text.split("\n"):
        beside = _room_beside(indent)
        for line in wrapped(part, beside, beside):
            output.raw(shown_label + " " * (indent - width(shown_label)) + line)
            shown_label = ""


def wrapped(text: str, first: int | None, rest: int | None) -> Iterator[str]:
    """Yield the lines that a text takes, broken between words; a longer word is broken anywhere.

    Args:
        text: The text; control characters in it are made visible.
        first: How many cells its first line may take; None for any number.
        rest: The same of the others.
    """
    whole = shown(text)
    if first is None or rest is None or width(whole) <= first:
        yield whole
        return
    line, room = "", first
    for word in whole.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer) <= room:
            line = longer
            continue
        if line:
            yield line.rstrip(" ")
            room = rest
        line = word
        while len(line) > 1 and width(line) > room:
            piece = _beginning(line, room)
            yield piece
            line, room = line[len(piece) :], rest
    yield line


def _beginning(text: str, cells: int) -> str:
    """Return as much of a text as fits a number of cells; at least a letter."""
    used = 0
    for at, character in enumerate(text):
        used += character_width(character)
        if used > cells:
            return text[: max(at, 1)]
    return text


def _room_beside(indent: int) -> int | None:
    room = line_width()
    return None if room is None else max(1, room - indent)

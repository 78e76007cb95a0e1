"""A long message in the few lines that there are for it: its beginning and its end.

Hooks and servers put their reason last, after whatever else they print.
"""

from textwrap import wrap
from typing import Final

from kvartal.tui.presentation.sanitize import shown

CUT: Final = "…"


def beginning(text: str, most: int) -> str:
    """Return a text, or its beginning with a sign that it goes on.

    Args:
        text: Any data.
        most: How many letters are shown.

    >>> beginning("ведомство", 5)
    'ведо…'
    """
    return text if len(text) <= most else f"{text[: most - 1]}{CUT}"


def elided(text: str, width: int, room: int, hint: str) -> str:
    r"""Return a text in at most so many lines; what is left out is from its middle.

    Args:
        text: Any data.
        width: How many cells a line has.
        room: How many lines there are; at least two.
        hint: How to read the whole, in the place of what is left out.

    >>> elided("один два три", 5, 2, "F3")
    '… F3\nтри'
    """
    if len(wrapped_lines(shown(text), width)) <= room:
        return shown(text)
    lines = wrapped_lines(shown(text, lines=True), width)
    head = (room - 1) // 2
    return "\n".join((*lines[:head], f"{CUT} {hint}", *lines[head + 1 - room :]))


def cut_short(text: str, width: int, room: int, hint: str) -> str:
    r"""Return a text in at most so many lines; what is left out is its end.

    Args:
        text: Any data.
        width: How many cells a line has.
        room: How many lines there are.
        hint: How to read the whole, after what is left.

    >>> cut_short("один два три четыре пять", 9, 2, "F3")
    'один два\nтри… F3'
    """
    lines = wrapped_lines(shown(text), width)
    if len(lines) <= room:
        return shown(text)
    end = f"{CUT} {hint}"
    kept = wrapped_lines(lines[room - 1], width - len(end))[0]
    return "\n".join((*lines[: room - 1], f"{kept}{end}"))


def wrapped_lines(text: str, width: int) -> list[str]:
    """Return the lines of a text, none wider than so many cells.

    Args:
        text: Sanitized text.
        width: How many cells a line has.
    """
    return [part for line in text.split("\n") for part in wrap(line, max(1, width)) or [""]]

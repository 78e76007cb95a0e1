"""What commands print to stdout: literal lines and tables for people, UTF-8 JSON for programs.

Whatever a line shows went through :func:`kvartal.tui.presentation.sanitize.shown` before any
colour was put on it.
"""

import codecs
import json
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.tui.presentation.labels import Signs, signs_for
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.settings import AUTO

# Harmless inside a JSON string to a parser, and not to the terminal that a person prints it on:
# DEL and C1 controls, direction marks, line separators, and halves of surrogate pairs.
_ACTING: Final = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)

RED: Final = "31"
GREEN: Final = "32"
YELLOW: Final = "33"
DIM: Final = "2"
BOLD: Final = "1"

GAP: Final = "  "
NARROWEST: Final = 12
"""A column that gives way to the others keeps at least this many cells."""


def prepare_stdout() -> None:
    """Make stdout take every character: none that its encoding lacks stops a command.

    On Windows what goes to a file or a pipe would be written in the code page of the console, and
    in a locale without letters of its own nothing but question marks.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        redirected = os.name == "nt" and not stream.isatty()
        wanting = codecs.lookup(stream.encoding).name == "ascii"
        reconfigure(errors="replace", **({"encoding": "utf-8"} if redirected or wanting else {}))


def line(text: str = "") -> None:
    """Print one line of data, literally."""
    raw(shown(text))


def raw(text: str) -> None:
    """Print a line that is fit to be shown already."""
    if sys.stdout is not None:
        sys.stdout.write(text + "\n")


def json_data(value: object) -> None:
    """Print a value as JSON: readable letters, valid UTF-8, nothing that acts on a terminal."""
    data(json_text(value))


def json_text(value: object) -> str:
    """Return a value as JSON, a line break at its end."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def data(text: str) -> None:
    """Print a text that a program reads: in UTF-8, whatever the encoding of the terminal."""
    if sys.stdout is None:
        return
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
    else:
        buffer.write(text.encode())
        buffer.flush()


def script(text: str) -> None:
    """Print a text that is a program, such as a completion script, as it is."""
    if sys.stdout is not None:
        sys.stdout.write(text)


def is_terminal() -> bool:
    """Tell whether a person reads stdout on a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def styled(text: str, style: str) -> str:
    """Return a text, fit to be shown, in a colour: on a terminal only, and unless NO_COLOR is set.

    Args:
        text: What :func:`kvartal.tui.presentation.sanitize.shown` returned.
        style: One of the styles of this module; empty for none.
    """
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if not style or plain or not is_terminal():
        return text
    return f"\x1b[{style}m{text}\x1b[0m"


def signs() -> Signs:
    """Return the signs for states that stdout can show."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return signs_for(AUTO, os.environ, encoding)


@dataclass(frozen=True, slots=True)
class TextColumn:
    """One column of a table.

    Attributes:
        title: Its heading.
        gives_way: Whether it is the one to be cut when the table is too wide.
    """

    title: str
    gives_way: bool = False


@dataclass(frozen=True, slots=True)
class TextCell:
    """One cell: any text, shown literally, in a style of the printing module."""

    text: str
    style: str = ""


Row = Sequence[TextCell | str]


def print_table(columns: Sequence[TextColumn], rows: Sequence[Row]) -> None:
    """Print a table; on a terminal it fits the width, in a file or a pipe it is whole."""
    cells = [[_cell(one) for one in row] for row in rows]
    widths = _widths(columns, cells)
    raw(_row_text([TextCell(column.title, BOLD) for column in columns], widths))
    for row in cells:
        raw(_row_text(row, widths))


def width(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    return sum(_character_width(character) for character in text)


def fitted(text: str, cells: int) -> str:
    """Return a text cut to a number of cells, with «…» where something was cut off."""
    if width(text) <= cells:
        return text
    kept, used = [], 1
    for character in text:
        used += _character_width(character)
        if used > cells:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _cell(one: TextCell | str) -> TextCell:
    cell = TextCell(one) if isinstance(one, str) else one
    return TextCell(shown(cell.text), cell.style)


def _widths(columns: Sequence[TextColumn], rows: Sequence[Sequence[TextCell]]) -> list[int]:
    widths = [
        max([width(column.title), *(width(row[at].text) for row in rows)])
        for at, column in enumerate(columns)
    ]
    if not is_terminal():
        return widths
    room = shutil.get_terminal_size().columns
    over = sum(widths) + len(GAP) * (len(widths) - 1) - room
    for at, column in enumerate(columns):
        if column.gives_way and over > 0:
            kept = max(widths[at] - over, min(widths[at], NARROWEST))
            over -= widths[at] - kept
            widths[at] = kept
    return widths


def _row_text(row: Sequence[TextCell], widths: Sequence[int]) -> str:
    last = len(row) - 1
    parts = []
    for at, (cell, room) in enumerate(zip(row, widths, strict=True)):
        text = fitted(cell.text, room)
        padding = "" if at == last else " " * (room - width(text))
        parts.append(styled(text, cell.style) + padding)
    return GAP.join(parts).rstrip(" ")


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1

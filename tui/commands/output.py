"""What commands print to stdout: lines for people, UTF-8 JSON for programs.

Data goes through :func:`kvartal.tui.presentation.sanitize.shown` before any colour is added.
"""

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from kvartal.tui.i18n import _
from kvartal.tui.presentation.labels import Signs, signs_for
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.settings import AUTO
from kvartal.tui.terminal import substitutes

if TYPE_CHECKING:
    from kvartal.history.diff.groups import ChangeGroup

# Harmless to a JSON parser inside a string, but not to a terminal that shows the JSON: DEL and C1
# controls, direction marks, line separators, and halves of surrogate pairs.
_TERMINAL_CONTROLS: Final = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)

RED: Final = "31"
GREEN: Final = "32"
YELLOW: Final = "33"
DIM: Final = "2"
BOLD: Final = "1"


_HAS_ANSWERED: Final[ContextVar[bool]] = ContextVar("has_answered", default=False)


def has_answered() -> bool:
    """Return whether data was printed: then no second value may follow it."""
    return _HAS_ANSWERED.get()


def prepare_stdout() -> None:
    """Make stdout and stderr accept every character; one the encoding lacks gets a substitute.

    On Windows a file or a pipe gets UTF-8 instead of the code page of the console.
    """
    substitutes.register()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        redirected = os.name == "nt" and not stream.isatty()
        reconfigure(errors=substitutes.ERRORS, **({"encoding": "utf-8"} if redirected else {}))


def line(text: str = "") -> None:
    """Print a line; control characters in it are made visible."""
    raw(shown(text))


def raw(text: str) -> None:
    """Print a line that is sanitized already."""
    if sys.stdout is not None:
        sys.stdout.write(text + "\n")


def json_data(value: object) -> None:
    """Print a value as JSON: valid UTF-8, letters unescaped, nothing that controls a terminal."""
    data(json_text(value))


def json_text(value: object) -> str:
    """Return a value as JSON with a line break at the end."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return _TERMINAL_CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def data(text: str) -> None:
    """Print a text for a program: in UTF-8, whatever the encoding of the terminal."""
    data_bytes(text.encode())


def data_bytes(content: bytes) -> None:
    """Print a text in UTF-8 or a file for a program, byte by byte as it is."""
    if sys.stdout is None:
        return
    _HAS_ANSWERED.set(True)
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(content.decode())
    else:
        buffer.write(content)
        buffer.flush()


def print_groups(groups: "Iterable[ChangeGroup]") -> None:
    """Print what changed, measure by measure."""
    for text in group_lines(groups):
        line(text)


def group_lines(groups: "Iterable[ChangeGroup]") -> Iterator[str]:
    """Yield what changed, measure by measure; measures that changed alike share their lines."""
    from kvartal.history.diff.groups import group_alike
    from kvartal.tui.presentation.word_diff import field_line_text

    for alike in group_alike(groups):
        for group in alike:
            yield f"  {group.id} {group.title}" if group.id else f"  {_('Программа в целом')}"
        for field in alike[0].lines:
            yield from (f"    {text}" for text in field_line_text(field))


def script(text: str) -> None:
    """Print source code, such as a completion script, as it is."""
    if sys.stdout is not None:
        sys.stdout.write(text)


def is_terminal() -> bool:
    """Return whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def styled(text: str, style: str) -> str:
    """Return a text in a colour if stdout is a terminal and NO_COLOR is not set.

    Args:
        text: Sanitized text.
        style: One of the styles of this module; empty for none.
    """
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if not style or plain or not is_terminal():
        return text
    return f"\x1b[{style}m{text}\x1b[0m"


def signs() -> Signs:
    """Return the signs of states that the encoding of stdout has."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return signs_for(AUTO, os.environ, encoding)

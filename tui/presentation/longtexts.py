"""A field before and after, where there is no colour to point at what differs.

Two long texts that hardly differ are read by nobody side by side: what they have in common is left
out of both, but for some words around each difference.
"""

from collections.abc import Iterator
from typing import Final

from kvartal.history.diff.lines import FieldLine
from kvartal.tui.presentation.word_diff import Piece, compared

_LONG: Final = 400
"""In letters, both values together: some five lines of a terminal."""
_AROUND: Final = 60
"""How many letters of what is common are told on either side of a difference."""
_LEFT_OUT: Final = " … "


def in_words(line: FieldLine) -> Iterator[str]:
    """Yield a field before and after, in one line of text or in three with the screen's signs."""
    old, new = line.old, line.new
    if not (old and new) or len(old) + len(new) <= _LONG:
        yield str(line)
        return
    before, after = sides(old, new)
    yield f"{line.label}:"
    yield f"  − {before}"
    yield f"  + {after}"


def sides(old: str, new: str) -> tuple[str, str]:
    """Return two values, of long ones that hardly differ what is beside the differences."""
    if len(old) + len(new) <= _LONG:
        return old, new
    before, after = compared(old, new) or ((Piece(old, changed=True),), (Piece(new, changed=True),))
    return _around_changes(before), _around_changes(after)


def _around_changes(pieces: tuple[Piece, ...]) -> str:
    """Return a text without most of what the other has as well."""
    last = len(pieces) - 1
    is_whole = not last  # All of it stands in the other text: nobody knows where that goes on.
    return "".join(
        piece.text
        if piece.changed
        else _ends(piece.text, head=at > 0 or is_whole, tail=at < last or is_whole)
        for at, piece in enumerate(pieces)
    ).strip()


def _ends(text: str, *, head: bool, tail: bool) -> str:
    """Return the words of a text that stand beside a difference.

    Args:
        text: The text.
        head: Whether a difference stands before it.
        tail: Whether one stands after it.
    """
    if len(text) <= _AROUND * (head + tail) + len(_LEFT_OUT):
        return text
    first = text[:_AROUND].rpartition(" ")[0] if head else ""
    rest = text[-_AROUND:].partition(" ")[2] if tail else ""
    return f"{first}{_LEFT_OUT}{rest}"

"""What a commit message says beside its subject, its lines of fields and its trailers."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from kvartal.history.diff.words import one_line
from kvartal.history.messages.trailers import Trailers
from kvartal.schema.changes import ChangeKind

_PARAGRAPHS: Final = re.compile(r"\n(?:[ \t]*\n)+")
_GITS_OWN: Final = "#"
"""Begins what git itself writes under the message of a merge that a person finished."""


def note_of(message: str, trailers: Trailers) -> tuple[str, ...]:
    """Return a message's own words, a line each: the reason, the version restored from.

    Of a commit made without this program that is all of its text. In a message of this program
    each paragraph of fields has a heading over its lines; a reason stands on a line by itself.

    Args:
        message: The whole message.
        trailers: What its trailers say.
    """
    paragraphs = _PARAGRAPHS.split(message.strip("\n"))
    if trailers.kind is None:
        return tuple(_lines(paragraphs[1:]))
    if trailers.kind in {ChangeKind.MERGE, ChangeKind.UNDO, ChangeKind.REDO}:
        return ()
    return tuple(_lines(one for one in paragraphs[1:-1] if "\n" not in one))


def _lines(paragraphs: Iterable[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        for line in paragraph.split("\n"):
            told = one_line(line)
            if told and not told.startswith(_GITS_OWN):
                yield told

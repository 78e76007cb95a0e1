"""What a change stores of the texts that were typed: the door that every way in goes through.

A text gets the form of `kvartal.schema.typed_text`, but only where it is new: what stands in the
file already stays to the byte, so that an edit beside a decomposed letter is no edit of it.
"""

import unicodedata
from dataclasses import replace
from typing import Final

from kvartal.schema.changes import Change, ChangeKind, Edit, Missing, Plain
from kvartal.schema.typed_text import normalised

_NOT_TYPED: Final = frozenset({"files"})
"""Keys of what the program itself states, byte for byte: evidence files by their paths."""

_STOOD_ALREADY: Final = frozenset(
    {ChangeKind.UNDO, ChangeKind.REDO, ChangeKind.MERGE, ChangeKind.EDIT}
)


def normalised_change(change: Change) -> Change:
    """Return a change with its new texts as they are stored; one that alters nothing has no edits.

    Args:
        change: What was typed. An undo, a redo, a merge and a manual edit of the file bring what
            stood somewhere already: they are returned as they are.
    """
    if change.kind in _STOOD_ALREADY:
        return change
    edits = (replace(edit, new=_stored(edit)) for edit in change.edits)
    return replace(change, edits=tuple(edit for edit in edits if edit.new != edit.old))


def _stored(edit: Edit) -> Plain | Missing:
    if isinstance(edit.new, Missing) or not _NOT_TYPED.isdisjoint(map(str, edit.path)):
        return edit.new
    return _beside(edit.new, edit.old)


def _beside(new: Plain, old: Plain | Missing | None) -> Plain:
    """Return a new value in which only what differs from the old one is normalised."""
    if isinstance(new, str):
        return _text(new, old if isinstance(old, str) else "")
    if isinstance(new, dict):
        before = old if isinstance(old, dict) else {}
        return {
            key: value if key in _NOT_TYPED else _beside(value, before.get(key))
            for key, value in new.items()
        }
    if isinstance(new, list):
        items = old if isinstance(old, list) else []
        same_place = items if len(items) == len(new) else [None] * len(new)
        return [
            item if item in items else _beside(item, before)
            for item, before in zip(new, same_place, strict=True)
        ]
    return new


def _text(new: str, old: str) -> str:
    """Return a text with its changed part normalised, and the letters that its accents belong to.

    The changed part lies between the beginning and the end that it has in common with the old one.
    """
    start = _common_length(new, old)
    stop = len(new) - _common_length(new[start:][::-1], old[start:][::-1])
    if start == stop:
        return new
    while start and unicodedata.combining(new[start]):
        start -= 1
    while stop < len(new) and unicodedata.combining(new[stop]):
        stop += 1
    text = new[:start] + normalised(new[start:stop]) + new[stop:]
    return text.strip() if new == new.strip() else text


def _common_length(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))

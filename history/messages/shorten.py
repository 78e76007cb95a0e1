"""Shortens subjects to fit their line without hiding what changed."""

import re
from typing import Final

from kvartal.history.diff.field_line import FieldLine
from kvartal.history.diff.matching import common_ends
from kvartal.history.diff.words import ABSENT, Words, lowered
from kvartal.schema.errors import N_

ELLIPSIS: Final = "…"
_LEAST_SIDE: Final = 12
"""How many letters of either value must fit for both to be shown."""
_BETWEEN: Final = " ,;.:—"
_LETTERS_BEFORE: Final = 3
"""How many letters that two values share are shown before what they differ in."""

# What a shortened text must not end with: opening or separating signs, and words that only lead on.
_LOOSE_END_2026_11: Final = re.compile(
    r"(?:[\s,;:.–—→«(\[/№]|(?<=\s)(?:от|в|на|для|и|с|о|об|по|за|из|не))+$"
)
_LOOSE_END: Final = re.compile(
    r"(?:[\s,;:.–—→«“(\[/№]|(?:^|(?<=[\s«“(\[]))(?:"
    r"от|до|в|во|на|для|и|или|а|но|с|со|к|ко|у|о|об|по|под|над|при|за|из|без|через|между|не|что|как|"
    r"and|or|of|to|for|in|on|at|by|with|from|the|an?|not"
    r"))+$"
)


def shorten(text: str, room: int, words: Words | None = None) -> str:
    """Return a text that fits, cut off after a word, with an ellipsis where something is missing.

    Args:
        text: The text.
        room: How many characters fit.
        words: Those of a subject, which `verify` compares: what was cut until 2026-11 stays so.
    """
    if len(text) <= room:
        return text
    head = text[: max(room, 2)]
    if head[-1:] != " " and " " in head[:-1].strip():
        head = head[:-1].rsplit(" ", 1)[0]
    else:
        head = head[:-1]
    as_it_was = words is not None and words.as_in_2026_11
    return (_LOOSE_END_2026_11 if as_it_was else _LOOSE_END).sub("", head) + ELLIPSIS


def shorten_change(line: FieldLine, room: int, words: Words) -> str:
    """Return «поле: было → стало» that fits and still shows where the two values differ."""
    label, old, new = lowered(line.label), line.old or ABSENT, line.new or ABSENT
    if len(f"{label}: {old} → {new}") > room:
        for longer, shorter, template in (
            (new, old, N_("добавлено «{text}»")),
            (old, new, N_("убрано «{text}»")),
        ):
            frame = f"{label}: {words.translate(template)}"
            if longer.startswith(shorter) and not longer[len(shorter) :][:1].isalnum():
                rest = longer.removeprefix(shorter).strip(_BETWEEN)
                return frame.format(text=shorten(rest, room - len(frame.format(text="")), words))
        old, new = _without_common_ends(old, new)
    sides = room - len(f"{label}:  → ")
    if len(old) + len(new) <= sides:
        return f"{label}: {old} → {new}"
    if sides < 2 * _LEAST_SIDE:
        return shorten(f"{label}: {new}", room, words)
    old_side, new_side = _sides(old, new, sides, words)
    if _begin_alike(old_side, new_side) and not words.as_in_2026_11:
        # Addresses and paths are one word: they are cut where they begin to differ.
        old_side, new_side = _sides(*_from_difference(old, new), sides, words)
    return f"{label}: {old_side} → {new_side}"


def _begin_alike(side: str, other: str) -> bool:
    """Return whether two cut values differ, if at all, in where they are cut."""
    if side == other:
        return True
    if not (side.endswith(ELLIPSIS) and other.endswith(ELLIPSIS)):
        return False
    heads = side.removesuffix(ELLIPSIS), other.removesuffix(ELLIPSIS)
    return heads[0].startswith(heads[1]) or heads[1].startswith(heads[0])


def _sides(old: str, new: str, room: int, words: Words) -> tuple[str, str]:
    """Return two values that fit together; what one leaves over of its half, the other gets."""
    old_room = min(len(old), max(room // 2, room - len(new)))
    return shorten(old, old_room, words), shorten(new, room - old_room, words)


def shorten_line(line: str, room: int, words: Words) -> str:
    """Return a line «поле: было → стало» that fits and still shows where the values differ."""
    label, colon, values = line.partition(": ")
    old, arrow, new = values.partition(" → ")
    if len(line) <= room or not colon or not arrow:
        return shorten(line, room)
    short = shorten_change(FieldLine(label, old, new), room, words)
    return label[:1] + short[1:]


def shorten_pair(line: str, other: str, room: int) -> tuple[str, str]:
    """Return two lines of one field that fit; of longer ones, what they differ in."""
    if max(len(line), len(other)) <= room:
        return line, other
    label, _, values = line.partition(": ")
    _, _, other_values = other.partition(": ")
    shorts = _without_common_ends(values, other_values)
    one, two = (shorten(text, room) for text in shorts)
    if one == two:
        one, two = (shorten(text, room) for text in _from_difference(*shorts))
    return f"{label}: {one}", f"{label}: {two}"


def shorten_subject(subject: str, room: int, words: Words) -> str:
    """Return a subject that fits; with both values of a changed field, or with neither."""
    short, arrow = shorten(subject, room, words), " → "
    if short == subject or arrow not in subject:
        return short
    field, _, old = subject.partition(arrow)[0].rpartition(": ")
    has_both = len(field) + len(": ") + len(old) + len(arrow) < len(short)
    return short if has_both or not field else shorten(f"{field}{ELLIPSIS}", room, words)


def _without_common_ends(old: str, new: str) -> tuple[str, str]:
    """Return two texts without the words they have in common at the beginning and the end."""
    old_words, new_words = old.split(" "), new.split(" ")
    head, tail = common_ends(old_words, new_words, spare=1)
    before, after = (ELLIPSIS if head else ""), (ELLIPSIS if tail else "")
    middles = (" ".join(words[head : len(words) - tail]) for words in (old_words, new_words))
    short_old, short_new = (f"{before}{middle}{after}" for middle in middles)
    return short_old, short_new


def _from_difference(old: str, new: str) -> tuple[str, str]:
    """Return two texts from a few letters before the first in which they differ."""
    start = common_ends(old, new)[0] - _LETTERS_BEFORE
    if start <= len(ELLIPSIS):
        return old, new
    return ELLIPSIS + old[start:], ELLIPSIS + new[start:]

"""Making what a subject tells fit its line, so that it still says what changed."""

import re
from typing import Final

from kvartal.history.diff.lines import FieldLine
from kvartal.history.diff.matching import common_ends
from kvartal.history.diff.words import ABSENT, Words, lowered
from kvartal.schema.errors import N_

ELLIPSIS: Final = "…"
_LEAST_SIDE: Final = 12
_BETWEEN: Final = " ,;.:—"

# What a cut text should not end with: signs that open or part, and words that lead to the next.
_LOOSE_END: Final = re.compile(
    r"(?:[\s,;:.–—→«(\[/№]|(?<=\s)(?:от|в|на|для|и|с|о|об|по|за|из|не))+$"
)


def cut(text: str, room: int) -> str:
    """Return a text that fits, cut at a word, with an ellipsis where something was left out."""
    if len(text) <= room:
        return text
    head = text[: max(room, 2)]
    if head[-1:] != " " and " " in head[:-1].strip():
        head = head[:-1].rsplit(" ", 1)[0]
    else:
        head = head[:-1]
    return _LOOSE_END.sub("", head) + ELLIPSIS


def from_to(line: FieldLine, room: int, words: Words) -> str:
    """Return «поле: было → стало» so that it fits and still shows where the two differ."""
    label, old, new = lowered(line.label), line.old or ABSENT, line.new or ABSENT
    if len(f"{label}: {old} → {new}") > room:
        for longer, shorter, said in (
            (new, old, N_("добавлено «{text}»")),
            (old, new, N_("убрано «{text}»")),
        ):
            frame = f"{label}: {words.translate(said)}"
            if longer.startswith(shorter) and not longer[len(shorter) :][:1].isalnum():
                more = longer.removeprefix(shorter).strip(_BETWEEN)
                return frame.format(text=cut(more, room - len(frame.format(text=""))))
        old, new = _without_common(old, new)
    sides = room - len(f"{label}:  → ")
    if len(old) + len(new) <= sides:
        return f"{label}: {old} → {new}"
    if sides < 2 * _LEAST_SIDE:
        return cut(f"{label}: {new}", room)
    # Each side has a half; what one leaves over is the other's.
    old_room = min(len(old), max(sides // 2, sides - len(new)))
    return f"{label}: {cut(old, old_room)} → {cut(new, sides - old_room)}"


def recalled(text: str, room: int) -> str:
    """Return an earlier subject so that it fits; of a value that changed both sides or neither."""
    told, arrow = cut(text, room), " → "
    if told == text or arrow not in text:
        return told
    field, _, old = text.partition(arrow)[0].rpartition(": ")
    whole = len(field) + len(": ") + len(old) + len(arrow) < len(told)
    return told if whole or not field else cut(f"{field}{ELLIPSIS}", room)


def _without_common(old: str, new: str) -> tuple[str, str]:
    """Return both texts without the words they begin and end with alike."""
    one, other = old.split(" "), new.split(" ")
    head, tail = common_ends(one, other, spare=1)
    before, after = (ELLIPSIS if head else ""), (ELLIPSIS if tail else "")
    cores = (" ".join(text[head : len(text) - tail]) for text in (one, other))
    short_old, short_new = (f"{before}{core}{after}" for core in cores)
    return short_old, short_new

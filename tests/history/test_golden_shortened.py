"""Texts shortened to every room: where each is cut, and what is left to tell two values by.

A case begins with `== what: text`, or texts with « | » between, and `what` is what shortens it.
Below it stands, after the least room for it, each text that comes of it. After a change: ``python
-m tests.history.test_golden_shortened`` from the root writes the golden file again, to be reviewed
with ``git diff``.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from kvartal.history.diff.field_line import FieldLine
from kvartal.history.diff.words import Words
from kvartal.history.messages.shorten import (
    shorten,
    shorten_change,
    shorten_line,
    shorten_pair,
    shorten_subject,
)

GOLDEN = Path(__file__).parent / "golden" / "shortened.txt"
LEAST = 12
MOST = 76
NOW, THEN = Words(), Words(as_in_2026_11=True)
WAYS: Mapping[str, Callable[[list[str], int], str]] = {
    "text": lambda texts, room: shorten(texts[0], room),
    "text until 2026-11": lambda texts, room: shorten(texts[0], room, THEN),
    "change": lambda texts, room: shorten_change(FieldLine(*texts), room, NOW),
    "change until 2026-11": lambda texts, room: shorten_change(FieldLine(*texts), room, THEN),
    "line": lambda texts, room: shorten_line(texts[0], room, NOW),
    "pair": lambda texts, room: " | ".join(shorten_pair(texts[0], texts[1], room)),
    "subject": lambda texts, room: shorten_subject(texts[0], room, NOW),
}


def shortened() -> Iterator[str]:
    """Yield the lines of the golden file."""
    for title in GOLDEN.read_text(encoding="utf-8").split("\n"):
        if not title.startswith("== "):
            continue
        yield title
        name, _, text = title.removeprefix("== ").partition(": ")
        last = None
        for room in range(LEAST, MOST):
            short = WAYS[name](text.split(" | "), room)
            if short != last:
                yield f"  {room}: {short}"
            last = short


def test_texts_are_shortened_as_recorded() -> None:
    recorded = GOLDEN.read_text(encoding="utf-8").split("\n")
    assert [*shortened(), ""] == recorded


if __name__ == "__main__":
    GOLDEN.write_text("\n".join(shortened()) + "\n", encoding="utf-8")

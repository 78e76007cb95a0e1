"""Comments in the text of two versions of a plan: what changed there though no value did."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from kvartal.history.diff.groups import ChangeGroup
from kvartal.history.diff.lines import FieldLine
from kvartal.history.diff.words import Words, one_line
from kvartal.schema.errors import N_

_COMMENT: Final = re.compile(rb"^[ \t]*#+[ \t]*([^\r\n]*[^\s])", re.MULTILINE)


def comment_groups(old: bytes, new: bytes, words: Words) -> tuple[ChangeGroup, ...]:
    """Return the comments in which two versions differ that hold the same values, if any.

    A comment that only moved is the same one. What stands behind a value in its line is left out:
    it cannot be told from a text without reading both versions whole.

    Args:
        old: The older version.
        new: The newer one, in which no value is another: else a value might look like a comment.
        words: The language.
    """
    before, after = _comments(old), _comments(new)
    label = words.translate(N_("Комментарий в файле"))
    gone, come = _left(before, after), _left(after, before)
    lines = tuple(FieldLine(label, one, other) for one, other in zip_longest(gone, come))
    return (ChangeGroup("", None, None, lines),) if lines else ()


def _comments(text: bytes) -> list[str]:
    found = (match[1].decode("utf-8", "replace") for match in _COMMENT.finditer(text))
    return [one_line(comment) for comment in found]


def _left(comments: list[str], others: list[str]) -> Iterator[str]:
    """Yield the comments of one version that the other lacks."""
    known = Counter(others)
    for comment in comments:
        if known[comment]:
            known[comment] -= 1
        else:
            yield comment

"""Comments of a plan that a change takes along with what they stood at.

A comment is no field, and no message of a commit tells of it: whoever makes the change is told.
"""

from collections import Counter
from typing import Final

from kvartal.history.diff.words import one_line
from kvartal.history.merge.text_layout import comments_in
from kvartal.history.yaml_text.source import Source
from kvartal.schema.errors import N_, KvartalError

_MARK: Final = "#"
_MOST: Final = 5


class CommentsDropped(KvartalError):
    """The new text has no place for some comments of the old one."""

    template = N_(
        "Вместе с тем, у чего стояли, из файла ушли комментарии: {comments}. Отмена изменения их "
        "вернёт."
    )


def dropped_comments(before: Source, after: Source) -> CommentsDropped | None:
    """Return what is to be said of comments that are no longer in a plan; None for none.

    Args:
        before: The plan before a change.
        after: The plan with the change.
    """
    # Most changes leave all lines with the mark as they are, and this is cheaper than a look.
    if _lines(before) <= _lines(after):
        return None
    found = [*(comments_in(before) - comments_in(after)).elements()]
    if not found:
        return None
    words = [one_line(comment) for comment in found[:_MOST]]
    return CommentsDropped(comments="; ".join([*words, *(["…"] if len(found) > _MOST else [])]))


def _lines(source: Source) -> Counter[str]:
    return Counter(line for line in source.text.splitlines() if _MARK in line)

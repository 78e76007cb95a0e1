"""Comments that one side added and the merged file does not have.

The merge keeps the comments of both sides wherever it can (:mod:`.text_layout`). Where one side
removed what the other one's comment stood at, the comment goes with it; it is named, never dropped
without a word.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from kvartal.history.diff.words import one_line
from kvartal.history.merge.driver import MergeInput
from kvartal.history.merge.text_layout import comments_in
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.errors import N_
from kvartal.schema.problems import Problem

_CODE: Final = "merge-comment"
_OURS: Final = N_("Наш комментарий «{comment}» в объединённый файл не вошёл.")
_THEIRS: Final = N_("Комментарий другой стороны «{comment}» в объединённый файл не вошёл.")
_ARROW: Final = "→"


def lost_comments(files: MergeInput, merged: bytes) -> Iterator[Problem]:
    """Yield the comments that a side added and that the merged file lacks.

    Args:
        files: The versions that were merged; nothing is known where one cannot be read.
        merged: What came of them.
    """
    try:
        base, ours, theirs, result = (
            _comments(content, files.name)
            for content in (files.base, files.ours, files.theirs, merged)
        )
    except UnreadablePlan:
        return
    for template, side, other in ((_OURS, ours, theirs), (_THEIRS, theirs, ours)):
        # The same words may stand at other places too: what is left of those is not what was added.
        for comment in (side - base - (result - (base & other))).elements():
            # In the message of a merge an arrow is the sign of a changed field.
            text = one_line(comment.lstrip("# \t")).replace(_ARROW, "->")
            yield Problem(_CODE, template, fields={"comment": text})


def _comments(content: bytes, name: str) -> Counter[str]:
    return comments_in(load(content, name)) if content else Counter()

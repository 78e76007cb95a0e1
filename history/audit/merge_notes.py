"""Compares what the message of a sync says of renumbered measures with what merging gives.

Yields `message-disagrees`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kvartal.history.audit.findings import MESSAGE, Finding
from kvartal.history.audit.line_compare import ROOM
from kvartal.history.audit.merge_sides import NOT_TRUE, flat
from kvartal.history.audit.merge_versions import MergeVersions
from kvartal.history.diff.words import Words
from kvartal.history.merge.merge import merge
from kvartal.history.merge.renumbering import FOLLOWED, RENUMBERED
from kvartal.history.messages.shorten import shorten_line

_NOTES: Final = (RENUMBERED, FOLLOWED)
_FIELD: Final = re.compile(r"\\\{[a-z]+\\\}")


def untrue_note_findings(
    message: str, versions: MergeVersions, words: Sequence[Words]
) -> Iterator[Finding]:
    """Yield the first line that says of a measure in any plan that it was renumbered, untruly.

    Args:
        message: The message of a sync.
        versions: What was merged.
        words: The languages that a message may be in, as now and as until 2026-11.
    """
    claims = dict.fromkeys(
        line
        for line in map(flat, message.split("\n"))
        if any(_states_note(line, one) for one in words)
    )
    if not claims:
        return
    plans = (versions, *versions.of_others())
    if not all(one.sides for one in plans):
        return  # They may be about a plan that cannot be read.
    true = {line for one in plans for line in _true_notes(one, words)}
    for line in claims:
        if line not in true:
            fields = {"line": shorten_line(line, ROOM, words[0])}
            yield Finding(MESSAGE, NOT_TRUE, fields=fields)
            return


def _states_note(line: str, words: Words) -> bool:
    patterns = (_FIELD.sub(".+", re.escape(words.translate(note.template))) for note in _NOTES)
    return any(re.fullmatch(pattern, line) for pattern in patterns)


def _true_notes(versions: MergeVersions, words: Sequence[Words]) -> Iterator[str]:
    ours, theirs = versions.sides
    for old in (False, True):
        for note in merge(versions.base, ours, theirs, as_in_2026_11=old).notes:
            yield from (flat(note.message(one.translate)) for one in words)

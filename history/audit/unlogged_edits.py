"""Checks for edits made outside the program: what they did, and whether they claim otherwise.

Yields `by-hand`.
"""

import re
from collections.abc import Iterator
from typing import Final

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import Commit
from kvartal.history.audit.version_cache import CachedVersion, changed_measures
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.words import Words
from kvartal.history.messages.subjects import subject
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import N_

BY_HAND: Final = "by-hand"

_EDITED: Final = N_("Изменено без программы: {what}")
_FEIGNED: Final = N_("Изменено без программы, хотя строки Kvartal-… говорят иное: {what}")
_SQUASHED: Final = N_(
    "Несколько изменений сведены в одно (squash), и что сделано каждым, уже не проверить: {what}"
)
_UNREADABLE: Final = N_("Изменено без программы; что именно, не понять: файл не читается.")

_ANY_TRAILER: Final = re.compile(r"^[ \t]*Kvartal-[A-Za-z]+:", re.MULTILINE | re.IGNORECASE)
_CHANGE_TRAILER: Final = re.compile(r"^[ \t]*Kvartal-Change: *[a-z]+[ \t]*$", re.MULTILINE)


def unlogged_edit_findings(
    commit: Commit, before: CachedVersion, after: CachedVersion, words: Words
) -> Iterator[Finding]:
    """Yield that a commit changed the plan outside the program, if it changed it at all.

    Args:
        commit: The commit.
        before: The plan as it was.
        after: The plan in the commit.
        words: The language of the finding.
    """
    if after.blob == before.blob:
        return
    if after.data is None or before.data is None:
        yield Finding(BY_HAND, _UNREADABLE, commit=commit)
        return
    groups = change_groups(*changed_measures(before, after), words)
    measures = [group.id for group in groups if group.id]
    yield Finding(
        BY_HAND,
        _template(commit.message),
        fields={"what": subject(ChangeKind.SET, groups, words)},
        commit=commit,
        measure=measures[0] if len(measures) == 1 else None,
    )


def is_squash(message: str) -> bool:
    """Tell whether a message is made of those of several changes of the program."""
    paragraphs = re.split(r"\n(?:[ \t]*\n)+", message)
    return sum(1 for paragraph in paragraphs if _CHANGE_TRAILER.search(paragraph)) > 1


def _template(message: str) -> str:
    if is_squash(message):
        return _SQUASHED
    return _FEIGNED if _ANY_TRAILER.search(message) else _EDITED

"""Changes past the program: what they did, and whether they pass themselves off as its own."""

import re
from typing import Final

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import Commit
from kvartal.history.audit.version_cache import CachedVersion, apart
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.words import Words
from kvartal.history.messages.subjects import subject
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import N_

BY_HAND: Final = "by-hand"

_BY_HAND: Final = N_("Изменено без программы: {what}")
_FEIGNED: Final = N_("Изменено без программы, хотя строки Kvartal-… говорят иное: {what}")
_SQUASHED: Final = N_(
    "Несколько изменений сведены в одно (squash), и что сделано каждым, уже не проверить: {what}"
)
_UNREADABLE: Final = N_("Изменено без программы; что именно, не понять: файл не читается.")

_OURS: Final = re.compile(r"^[ \t]*Kvartal-[A-Za-z]+:", re.MULTILINE | re.IGNORECASE)
_CHANGE: Final = re.compile(r"^[ \t]*Kvartal-Change: *[a-z]+[ \t]*$", re.MULTILINE)


def by_hand(
    commit: Commit, now: CachedVersion, before: CachedVersion, words: Words
) -> Finding | None:
    """Return that a commit changed the plan past the program; None where it changed nothing.

    Args:
        commit: The commit.
        now: The plan as it has it.
        before: The plan as it was.
        words: The language of whoever reads the finding.
    """
    if now.blob == before.blob:
        return None
    if now.data is None or before.data is None:
        return Finding(BY_HAND, _UNREADABLE, commit=commit)
    groups = change_groups(*apart(before, now), words)
    what = subject(ChangeKind.SET, groups, words)
    names = [group.id for group in groups if group.id]
    measure = names[0] if len(names) == 1 else None
    return Finding(
        BY_HAND, _template(commit.message), fields={"what": what}, commit=commit, measure=measure
    )


def is_squash(message: str) -> bool:
    """Tell whether a message is made of those of several changes of the program."""
    paragraphs = re.split(r"\n(?:[ \t]*\n)+", message)
    return sum(1 for one in paragraphs if _CHANGE.search(one)) > 1


def _template(message: str) -> str:
    if is_squash(message):
        return _SQUASHED
    return _FEIGNED if _OURS.search(message) else _BY_HAND

"""Returns what a rebased or picked change may have been where it was made.

Its message was written there: with the words by which a measure was called and its place in the
table, which others may have changed since. Git brings the change and leaves the message.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import chain, islice
from typing import Final, TypeAlias

from kvartal.history.audit.stored_objects import Commit
from kvartal.history.diff.diff import MEASURES, difference
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.merge.merge import merge
from kvartal.schema.changes import Plain, PlanData

_MOST_VERSIONS: Final = 30
_MOST_TRIED: Final = 60
"""How often it is tried: each time takes up to two merges of whole programmes."""
_A_MOMENT: Final = timedelta(seconds=1)
"""Within which git recreates a commit after another."""

_BEGINNING: Final = re.compile(r"[\w ]{0,20}")
"""What is looked for of a title: messages write other signs otherwise, and may be shortened."""
_Title: TypeAlias = tuple[Plain | None, ...]


def was_rebased(commit: Commit, earlier: Iterable[Commit]) -> bool:
    """Tell from the two dates of a commit whether git recreated it from an older one.

    They are the same where that was done within the second in which it was made. Then those of a
    commit just before it may tell, which was recreated with it.

    Args:
        commit: The commit.
        earlier: The commits before it, newest first.
    """
    later = commit
    for one in chain([commit], islice(earlier, _MOST_VERSIONS)):
        if later.committed - one.committed > _A_MOMENT:
            return False
        if one.authored != one.committed:
            return True
        later = one
    return False


def changes_before_rebase(
    message: str, before: PlanData, after: PlanData, earlier: Iterable[tuple[Commit, PlanData]]
) -> Iterator[tuple[PlanData, PlanData]]:
    """Yield versions that a change may have been made on, each with what it makes of that.

    Each is the version before the change, without what was done between two earlier ones: what it
    was rebased onto. That ended before the commits that were rebased with it. Two that call all
    measures the same, in the same order, explain nothing, nor do words that the message lacks.

    Args:
        message: The message of the change.
        before: The plan before the change.
        after: The plan after it.
        earlier: Earlier versions and the commits that made them, newest first.
    """
    versions = list(islice(earlier, _MOST_VERSIONS))
    commits = [commit for commit, _data in versions]
    rebased = (was_rebased(one, commits[at + 1 :]) for at, one in enumerate(commits))
    old = next((at for at, is_rebased in enumerate(rebased) if not is_rebased), 0)
    ends = dict.fromkeys((0, *range(old, 0, -1)))
    titles = [_titles(data) for _commit, data in versions]
    text = _flat(message)
    pairs = (
        (end, start)
        for end in ends
        for start in range(end + 1, len(versions))
        if _may_explain(text, titles[start], titles[end])
    )
    for end, start in islice(pairs, _MOST_TRIED):
        onto, since = versions[end][1], versions[start][1]
        made_on, made = merge(onto, before, since), merge(onto, after, since)
        if not made_on.conflicts and not made.conflicts:
            yield made_on.data, made.data


def brings(change: tuple[PlanData, PlanData], before: PlanData, after: PlanData) -> bool:
    """Tell whether a change, made on another version, makes the one after of the one before.

    One that takes something back is not told from what was never there on an older version: its
    message, which says nothing of that, would be true of it.

    Args:
        change: The version that it may have been made on, and what it made of that.
        before: The plan before the commit.
        after: The plan after it.
    """
    made_on, made = change
    brought = merge(made_on, before, made)
    return not brought.conflicts and not difference(brought.data, after)


def _may_explain(message: str, titles: Sequence[_Title], later: Sequence[_Title]) -> bool:
    """Tell whether a message may have been written where measures were called by other titles.

    Merging takes a hundred times as long: whoever makes up many messages must not be able to make
    verifying slow.
    """
    if [one[0] for one in titles] != [one[0] for one in later]:
        return True
    changed = (old for old, new in zip(titles, later, strict=True) if old != new)
    return any(_names(message, words) for _id, *texts in changed for words in texts)


def _names(message: str, words: Plain | None) -> bool:
    if isinstance(words, list):
        return not words or any(_names(message, one) for one in words)
    start = _BEGINNING.match(words.strip()) if isinstance(words, str) else None
    return start is None or _flat(start[0]) in message


def _flat(text: str) -> str:
    return " ".join(text.split())


def _titles(data: PlanData) -> list[_Title]:
    """Return what messages call the measures by, in their order."""
    rows = map(as_row, as_list(data.get(MEASURES)))
    return [(row.get("id"), row.get("proposal"), row.get("actions")) for row in rows]

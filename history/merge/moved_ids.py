"""Measures whose id one side changed manually: moved to a different channel, or renumbered.

The program never changes an id; an editor can. The measure is recognised by its words, so that what
the other side did under the old id moves with it, and is neither lost nor applied to a different
measure that has the old id now.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from kvartal.history.diff.diff import Row
from kvartal.history.diff.matching import same
from kvartal.history.merge.matching import canonical

_POSITION: Final = frozenset({"id", "number", "channel", "section"})
_WORDS: Final = ("proposal", "actions")


def moved_ids(known: Mapping[str, Row], side: Mapping[str, Row]) -> dict[str, str]:
    """Return the new ids of measures whose id a side changed, by the old id.

    Only where the words leave no doubt: the same proposal and steps, once before and once after.

    Args:
        known: The measures before, by id.
        side: The measures of the side, by id.
    """
    before = _by_words(known, (name for name in known if _is_left(known[name], side.get(name))))
    after = _by_words(side, (name for name in side if not _is_same(side[name], known.get(name))))
    return {
        names[0]: after[words][0]
        for words, names in before.items()
        if len(names) == 1 == len(after.get(words, ())) and names != after[words]
    }


def is_edited(row: Row, origin: Row) -> bool:
    """Return whether a measure is an edited version of another: most shared fields are equal."""
    shared = [key for key in row.keys() & origin.keys() if key not in _POSITION]
    return sum(same(row[key], origin[key]) for key in shared) * 2 > len(shared)


def _is_left(row: Row, now: Row | None) -> bool:
    """Return whether the id of a measure was deleted, or now belongs to a different measure."""
    if now is None:
        return True
    return not any(same(row[key], now[key]) for key in _WORDS if key in row and key in now)


def _is_same(row: Row, before: Row | None) -> bool:
    return before is not None and _words(row) == _words(before)


def _by_words(rows: Mapping[str, Row], names: Iterable[str]) -> dict[str, list[str]]:
    by_words: dict[str, list[str]] = {}
    for name in names:
        if all(key in rows[name] for key in _WORDS):
            by_words.setdefault(_words(rows[name]), []).append(name)
    return by_words


def _words(row: Row) -> str:
    return canonical({key: row[key] for key in _WORDS if key in row})

"""An id that two sides gave to two different measures: one of them gets the next free one.

Which of the two is settled by what they say and not by whose they are, so that every clone settles
it alike. And where one side has settled it already, while the other went on with its measure under
the old id, the measure is recognised by its words and followed to its new id.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from kvartal.history.diff.diff import Row
from kvartal.history.diff.matching import same
from kvartal.history.diff.words import one_line
from kvartal.history.merge.matching import canonical, has_keys
from kvartal.history.merge.moved_ids import is_edited, relocated
from kvartal.history.merge.threeway import Sides
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.operations import free_id
from kvartal.schema.problems import Problem

# What a measure is, as distinct from what became of it.
_WORDS: Final = ("number", "proposal", "actions", "actions_from")
_SUFFIX: Final = re.compile(r"-[0-9]+$")

_RENUMBERED: Final = Problem(
    "merge-renumbered",
    N_(
        "Обозначение {id} с двух сторон дали разным мероприятиям. «{kept}» остаётся {id}, "
        "«{moved}» получает обозначение {new}."
    ),
)
_FOLLOWED: Final = Problem(
    "merge-followed",
    N_(
        "Мероприятие «{moved}» с одной стороны уже получило обозначение {new} вместо {id}: "
        "изменения, сделанные под прежним обозначением, перенесены к нему."
    ),
)


@dataclass(slots=True)
class RenumberedVersions:
    """Three versions of a programme in which an id means one measure.

    Attributes:
        base: The version both sides started from.
        ours: Our version.
        theirs: The other one.
        notes: What was renumbered, to be told.
    """

    base: PlanData
    ours: PlanData
    theirs: PlanData
    notes: list[Problem] = field(default_factory=list)

    @property
    def sides(self) -> Sides:
        """The versions as a merge takes them."""
        return Sides(self.base, self.ours, self.theirs)


def reconciled(base: PlanData, ours: PlanData, theirs: PlanData) -> RenumberedVersions:
    """Return the versions with ids changed so that each means one measure in all of them.

    References between measures follow. What is changed is told in the notes.

    Args:
        base: The version both sides started from.
        ours: Our version.
        theirs: The other one.
    """
    versions = RenumberedVersions(base, ours, theirs)
    if all(has_keys(_list(data), "id") for data in _all(versions)):
        _follow(versions)
        _part(versions)
    return versions


def renamed(data: PlanData, ids: Mapping[str, str]) -> PlanData:
    """Return a programme with ids of measures changed, and what refers to them with it."""
    if not ids:
        return data
    return {**data, "measures": [_renamed(row, ids) for row in _list(data)]}


def _renamed(row: Plain, ids: Mapping[str, str]) -> Plain:
    if not isinstance(row, dict):
        return row
    changed = dict(row)
    for key in ("id", "actions_from"):
        if isinstance(row.get(key), str):
            changed[key] = ids.get(str(row[key]), str(row[key]))
    others = row.get("same_work")
    if isinstance(others, list):
        changed["same_work"] = [
            ids.get(one, one) if isinstance(one, str) else one for one in others
        ]
    return changed


def _part(versions: RenumberedVersions) -> None:
    """Give one of two measures that were added under one id another one."""
    known, ours, theirs = (_rows(data) for data in _all(versions))
    taken = {*known, *ours, *theirs}
    ours_ids: dict[str, str] = {}
    theirs_ids: dict[str, str] = {}
    for name in sorted((ours.keys() & theirs.keys()) - known.keys()):
        one, other = ours[name], theirs[name]
        if same(_words(one), _words(other)):
            continue  # One measure that reached both by other ways: merged field by field.
        new = free_id(_stem(name), taken)
        taken.add(new)
        goes_ours = _digest(one) > _digest(other)
        (ours_ids if goes_ours else theirs_ids)[name] = new
        kept, moved = (other, one) if goes_ours else (one, other)
        fields = {"id": name, "new": new, "kept": _proposal(kept), "moved": _proposal(moved)}
        versions.notes.append(replace(_RENUMBERED, fields=fields))
    versions.ours = renamed(versions.ours, ours_ids)
    versions.theirs = renamed(versions.theirs, theirs_ids)


def _follow(versions: RenumberedVersions) -> None:
    """Follow measures that one side renumbered to their new ids in the other versions."""
    known, ours, theirs = (_rows(data) for data in _all(versions))
    by_ours = {**_relocated(known, ours, theirs), **dict(_moves(known, ours, theirs))}
    by_theirs = {**_relocated(known, theirs, ours), **dict(_moves(known, theirs, ours))}
    agreed: dict[str, str] = {}
    for name in sorted(by_ours.keys() | by_theirs.keys()):
        found = {ids[name] for ids in (by_ours, by_theirs) if name in ids}
        # Moved by both to other places, it is one measure still: their numbers are the conflict.
        if len(found) == 1 or not (name in ours or name in theirs):
            agreed[name] = min(found)
    taken = {*known, *ours, *theirs}
    in_ours, in_theirs = (
        _way(agreed, mine, side, taken) for mine, side in ((by_ours, ours), (by_theirs, theirs))
    )
    for name, new in agreed.items():
        follower = theirs if name in by_ours else ours
        if (name in by_ours) != (name in by_theirs) and name in follower:
            if name in known and same(follower[name], known[name]):
                continue  # Nothing was done there that could have got lost.
            fields = {"id": name, "new": new, "moved": _proposal(follower[name])}
            versions.notes.append(replace(_FOLLOWED, fields=fields))
    for ids, side, other in ((in_ours, ours, theirs), (in_theirs, theirs, ours)):
        for new in sorted(ids.keys() & set(agreed.values()) - agreed.keys() & side.keys()):
            kept = other.get(new, {})
            fields = {"id": new, "new": ids[new], "kept": _proposal(kept)}
            fields["moved"] = _proposal(side[new])
            versions.notes.append(replace(_RENUMBERED, fields=fields))
    versions.base = renamed(versions.base, agreed)
    versions.ours = renamed(versions.ours, in_ours)
    versions.theirs = renamed(versions.theirs, in_theirs)


def _relocated(
    known: Mapping[str, Row], side: Mapping[str, Row], other: Mapping[str, Row]
) -> dict[str, str]:
    """Return what a side moved, but for what the other has under both ids: that one is a copy."""
    return {
        name: new
        for name, new in relocated(known, side).items()
        if not (name in other and new in other and same(_words(other[new]), _words(side[new])))
    }


def _way(
    agreed: Mapping[str, str], done: Mapping[str, str], side: Mapping[str, Row], taken: set[str]
) -> dict[str, str]:
    """Return the ids to change on a side, for what it has not renumbered itself."""
    ids: dict[str, str] = {}
    for name, new in agreed.items():
        if done.get(name) == new or (name not in done and name not in side):
            continue
        ids[done.get(name, name)] = new
        if new in side and new not in agreed:  # The side gave the new id to a third measure.
            ids[new] = free_id(_stem(new), taken)
            taken.add(ids[new])
    return ids


def _moves(
    known: Mapping[str, Row], side: Mapping[str, Row], other: Mapping[str, Row]
) -> Iterator[tuple[str, str]]:
    """Yield ids whose measures a side gave new ones, where the other went on under the old ones."""
    for name in side.keys() & other.keys():
        origin = known.get(name, other[name])
        went_on = name not in known or not same(other[name], origin)
        if not went_on or not _words(origin) or same(_words(side[name]), _words(origin)):
            continue
        is_agreed = same(_words(side[name]), _words(other[name]))
        if is_agreed or (name in known and is_edited(side[name], origin)):
            continue  # What has the words of old under a new id is a copy.
        stem = _stem(name)
        new = [one for one in side if one not in known and one != name and _stem(one) == stem]
        found = [one for one in new if same(_words(side[one]), _words(origin))]
        if not found and name in known and not _is_akin(side[name], origin):
            found = [one for one in new if _is_akin(side[one], origin)]
        if len(found) == 1:
            yield name, found[0]


def _stem(name: str) -> str:
    """Return the id of the first row of a number: that without its suffix."""
    return _SUFFIX.sub("", name)


def _is_akin(one: Row, other: Row) -> bool:
    """Tell whether two measures of one number propose the same or take the same steps."""
    shared = (key for key in ("proposal", "actions") if key in one and key in other)
    return same(one.get("number", ""), other.get("number", "")) and any(
        same(one[key], other[key]) for key in shared
    )


def _proposal(row: Row) -> str:
    return one_line(show(row.get("proposal", "")))


def _words(row: Row) -> dict[str, Plain]:
    return {key: row[key] for key in _WORDS if key in row}


def _digest(row: Row) -> str:
    """Return what settles which measure keeps its id.

    By the words alone: what was recorded may change before the merge, as a file gets another name.
    """
    return hashlib.sha256(canonical(_words(row)).encode("utf-8", "surrogatepass")).hexdigest()


def _rows(data: PlanData) -> dict[str, Row]:
    return {str(row["id"]): row for row in _list(data) if isinstance(row, dict) and "id" in row}


def _list(data: PlanData) -> list[Plain]:
    rows = data.get("measures")
    return rows if isinstance(rows, list) else []


def _all(versions: RenumberedVersions) -> tuple[PlanData, PlanData, PlanData]:
    return versions.base, versions.ours, versions.theirs

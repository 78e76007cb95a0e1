"""Ids made to mean one measure in all three versions, before these are merged.

Where both sides gave an id to two different measures, one of them gets the next free id. Which one
depends on their content and not on the side, so that every clone decides alike. Those that both
carried over from one measure of the programme before are one, whatever became of them. Where one
side has renumbered a measure already and the other continued under the old id, the measure is
recognised by its words and gets the new id on both sides.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from kvartal.history.diff.diff import Row
from kvartal.history.diff.matching import same
from kvartal.history.diff.words import one_line
from kvartal.history.merge.matching import canonical, has_unique_keys
from kvartal.history.merge.moved_ids import is_edited, moved_ids
from kvartal.history.merge.threeway import Sides
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.numbering import free_id
from kvartal.schema.problems import Problem

# The fields that identify a measure, as opposed to those that track its progress.
_WORDS: Final = ("number", "proposal", "actions", "actions_from")
_SUFFIX: Final = re.compile(r"-[0-9]+$")

RENUMBERED: Final = Problem(
    "merge-renumbered",
    N_(
        "Обозначение {id} с двух сторон дали разным мероприятиям. «{kept}» остаётся {id}, "
        "«{moved}» получает обозначение {new}."
    ),
)
"""That of two new measures of one id one gets a free one."""
FOLLOWED: Final = Problem(
    "merge-followed",
    N_(
        "Мероприятие «{moved}» с одной стороны уже получило обозначение {new} вместо {id}: "
        "изменения, сделанные под прежним обозначением, перенесены к нему."
    ),
)
"""That changes of a measure follow it to the id that the other side gave it."""


@dataclass(slots=True)
class RenumberedVersions:
    """Three versions of a programme in which an id means one measure.

    Attributes:
        base: The version both sides started from.
        ours: Our version.
        theirs: Theirs.
        notes: What was renumbered, for the user.
    """

    base: PlanData
    ours: PlanData
    theirs: PlanData
    notes: list[Problem] = field(default_factory=list)

    @property
    def sides(self) -> Sides:
        """The versions as `merge_values` takes them."""
        return Sides(self.base, self.ours, self.theirs)


def reconcile_ids(
    base: PlanData, ours: PlanData, theirs: PlanData, *, as_in_2026_11: bool = False
) -> RenumberedVersions:
    """Return the versions with ids changed so that each means one measure in all of them.

    References between measures follow. The notes say what was changed.

    Args:
        base: The version both sides started from.
        ours: Our version.
        theirs: Theirs.
        as_in_2026_11: Whether one measure is two, as it was until then, where both sides carried
            it over in different words, or gave it different ids and its old one to another.
    """
    versions = RenumberedVersions(base, ours, theirs)
    if all(has_unique_keys(_list(data), "id") for data in _all(versions)):
        _follow_renumbered(versions, as_in_2026_11=as_in_2026_11)
        _separate_added(versions, by_origin=not as_in_2026_11)
    return versions


def _with_ids(data: PlanData, ids: Mapping[str, str]) -> PlanData:
    """Return a programme with ids of measures changed, and the references to them."""
    if not ids:
        return data
    return {**data, "measures": [_row_with_ids(row, ids) for row in _list(data)]}


def _row_with_ids(row: Plain, ids: Mapping[str, str]) -> Plain:
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


def _separate_added(versions: RenumberedVersions, *, by_origin: bool) -> None:
    """Give one of two different measures that the sides added under one id a new id.

    Args:
        versions: The versions, which are changed.
        by_origin: Whether those carried over from one measure are one.
    """
    known, ours, theirs = (_rows(data) for data in _all(versions))
    taken = {*known, *ours, *theirs}
    ours_ids: dict[str, str] = {}
    theirs_ids: dict[str, str] = {}
    for name in sorted((ours.keys() & theirs.keys()) - known.keys()):
        one, other = ours[name], theirs[name]
        if same(_words(one), _words(other)) or (by_origin and _have_one_origin(one, other)):
            continue  # One measure that reached both sides separately: merged field by field.
        new = free_id(_stem(name, one) if by_origin else _SUFFIX.sub("", name), taken)
        taken.add(new)
        is_ours_moved = _digest(one) > _digest(other)
        (ours_ids if is_ours_moved else theirs_ids)[name] = new
        kept, moved = (other, one) if is_ours_moved else (one, other)
        fields = {"id": name, "new": new, "kept": _proposal(kept), "moved": _proposal(moved)}
        versions.notes.append(replace(RENUMBERED, fields=fields))
    versions.ours = _with_ids(versions.ours, ours_ids)
    versions.theirs = _with_ids(versions.theirs, theirs_ids)


def _follow_renumbered(versions: RenumberedVersions, *, as_in_2026_11: bool) -> None:
    """Give measures that one side renumbered their new ids in the other versions too."""
    known, ours, theirs = (_rows(data) for data in _all(versions))
    by_ours = {**_moved(known, ours, theirs), **dict(_renumbered(known, ours, theirs))}
    by_theirs = {**_moved(known, theirs, ours), **dict(_renumbered(known, theirs, ours))}
    agreed: dict[str, str] = {}
    for name in sorted(by_ours.keys() | by_theirs.keys()):
        found = {ids[name] for ids in (by_ours, by_theirs) if name in ids}
        # Moved by both sides to different ids, it is one measure with a conflict in its number.
        if not as_in_2026_11 or len(found) == 1 or not (name in ours or name in theirs):
            agreed[name] = min(found)
    taken = {*known, *ours, *theirs}
    in_ours, in_theirs = (
        _ids_to_change(agreed, done, side, taken)
        for done, side in ((by_ours, ours), (by_theirs, theirs))
    )
    for name, new in agreed.items():
        follower = theirs if name in by_ours else ours
        if (name in by_ours) != (name in by_theirs) and name in follower:
            if name in known and same(follower[name], known[name]):
                continue  # Nothing was changed there that could have been lost.
            fields = {"id": name, "new": new, "moved": _proposal(follower[name])}
            versions.notes.append(replace(FOLLOWED, fields=fields))
    for ids, side, other in ((in_ours, ours, theirs), (in_theirs, theirs, ours)):
        for new in sorted(ids.keys() & set(agreed.values()) - agreed.keys() & side.keys()):
            kept = other.get(new, {})
            fields = {"id": new, "new": ids[new], "kept": _proposal(kept)}
            fields["moved"] = _proposal(side[new])
            versions.notes.append(replace(RENUMBERED, fields=fields))
    versions.base = _with_ids(versions.base, agreed)
    versions.ours = _with_ids(versions.ours, in_ours)
    versions.theirs = _with_ids(versions.theirs, in_theirs)


def _moved(
    known: Mapping[str, Row], side: Mapping[str, Row], other: Mapping[str, Row]
) -> dict[str, str]:
    """Return what a side moved, without copies: those the other side has under both ids."""
    return {
        name: new
        for name, new in moved_ids(known, side).items()
        if not (name in other and new in other and same(_words(other[new]), _words(side[new])))
    }


def _ids_to_change(
    agreed: Mapping[str, str], done: Mapping[str, str], side: Mapping[str, Row], taken: set[str]
) -> dict[str, str]:
    """Return the new ids, by old id, of the measures that a side has not renumbered itself."""
    ids: dict[str, str] = {}
    for name, new in agreed.items():
        if done.get(name) == new or (name not in done and name not in side):
            continue
        ids[done.get(name, name)] = new
        if new in side and new not in agreed:  # The side has the new id for a third measure.
            ids[new] = free_id(_stem(new, side[new]), taken)
            taken.add(ids[new])
    return ids


def _renumbered(
    known: Mapping[str, Row], side: Mapping[str, Row], other: Mapping[str, Row]
) -> Iterator[tuple[str, str]]:
    """Yield old and new ids of what one side renumbered and the other changed under the old id."""
    for name in side.keys() & other.keys():
        origin = known.get(name, other[name])
        is_changed = name not in known or not same(other[name], origin)
        if not is_changed or not _words(origin) or same(_words(side[name]), _words(origin)):
            continue
        is_agreed = same(_words(side[name]), _words(other[name]))
        if is_agreed or (name in known and is_edited(side[name], origin)):
            continue  # A measure with the old words under a new id is a copy.
        stem = _stem(name, origin)
        new = [one for one in side if one not in known and _stem(one, side[one]) == stem]
        matches = [one for one in new if same(_words(side[one]), _words(origin))]
        if not matches and name in known and not _is_similar(side[name], origin):
            matches = [one for one in new if _is_similar(side[one], origin)]
        if len(matches) == 1:
            yield name, matches[0]


def _have_one_origin(one: Row, other: Row) -> bool:
    """Return whether two measures were carried over from the same one."""
    return "carried_from" in one and same(one["carried_from"], other.get("carried_from", ""))


def _stem(name: str, row: Row) -> str:
    """Return an id without its suffix: the id of the first measure with that number.

    «1.1.2» of «1.1.2-2»; but «V-0004» itself, where that is the number.
    """
    first = free_id(show(row.get("number", "")), ())
    return first if _SUFFIX.sub("", name) == first else name


def _is_similar(one: Row, other: Row) -> bool:
    """Return whether two measures have the same number, and the same proposal or steps."""
    shared = (key for key in ("proposal", "actions") if key in one and key in other)
    return same(one.get("number", ""), other.get("number", "")) and any(
        same(one[key], other[key]) for key in shared
    )


def _proposal(row: Row) -> str:
    return one_line(show(row.get("proposal", "")))


def _words(row: Row) -> dict[str, Plain]:
    return {key: row[key] for key in _WORDS if key in row}


def _digest(row: Row) -> str:
    """Return a hash that decides which measure keeps its id: the one with the lower hash.

    Of the words alone: records may change before the merge, as when a file is renamed.
    """
    return hashlib.sha256(canonical(_words(row)).encode("utf-8", "surrogatepass")).hexdigest()


def _rows(data: PlanData) -> dict[str, Row]:
    return {str(row["id"]): row for row in _list(data) if isinstance(row, dict) and "id" in row}


def _list(data: PlanData) -> list[Plain]:
    rows = data.get("measures")
    return rows if isinstance(rows, list) else []


def _all(versions: RenumberedVersions) -> tuple[PlanData, PlanData, PlanData]:
    return versions.base, versions.ours, versions.theirs

"""Evidence files of two sides: names given twice, and files that follow what is told of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kvartal.history.keeping.evidence import told_files
from kvartal.history.keeping.evidence_names import numbered
from kvartal.history.sharing.divergence import Side
from kvartal.history.sharing.soundness import Evidence
from kvartal.history.sharing.trees import Entry
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.evidence_paths import same_file_key
from kvartal.schema.problems import Problem

_RENAMED: Final = N_(
    "Файл «{path}» приложили с двух сторон с разным содержимым. Оба остались: один из них теперь "
    "«{new}»."
)


@dataclass(frozen=True, slots=True)
class Renamed:
    """A file that gives its name up to the other side's.

    Attributes:
        side: Whose it is.
        path: What it was called, from the plan's folder.
        new: What it is called from now on.
        kept: What the other side called the file that keeps the name.
        stays: That file.
        moves: The file itself.
    """

    side: Side
    path: str
    new: str
    kept: str
    stays: Entry
    moves: Entry

    @property
    def note(self) -> Problem:
        """The sentence about it."""
        return Problem(
            "merge-evidence-renamed", _RENAMED, fields={"path": self.path, "new": self.new}
        )


def collisions(ours: Evidence, theirs: Evidence, base: Collection[str]) -> Iterator[Renamed]:
    """Yield the files that both sides added under one name, with the new name of one of them.

    Which of the two is settled by what they hold and not by whose they are, so that every clone
    settles it alike.

    Args:
        ours: Our files.
        theirs: Theirs.
        base: Paths of the files that both started from.
    """
    known = set(map(same_file_key, base))
    places = {same_file_key(path): path for path in theirs}
    taken = known | places.keys() | set(map(same_file_key, ours))
    for path in sorted(ours):
        key = same_file_key(path)
        other = places.get(key)
        if other is None or key in known or (path == other and _alike(ours[path], theirs[path])):
            continue
        sides = [(ours[path], path, Side.OURS), (theirs[other], other, Side.THEIRS)]
        (stays, kept, _), (moves, old, side) = sorted(sides, key=_order)
        new = _free(old, taken)
        taken.add(same_file_key(new))
        yield Renamed(side, old, new, kept, stays, moves)


def followed(data: PlanData, paths: Mapping[str, str]) -> PlanData:
    """Return a programme whose records tell of files by their new names.

    Args:
        data: The programme, of any shape.
        paths: The new name by the one before, both from the plan's folder.
    """
    rows = data.get("measures")
    if not paths or not isinstance(rows, list):
        return data
    return {
        **data,
        "measures": [_renamed(row, ("records", "evidence", "files"), paths) for row in rows],
    }


def gathered(
    joint: Evidence,
    sides: tuple[Evidence, Evidence],
    renamed: Iterable[Renamed],
    told: Collection[str],
    dropped: Collection[str],
) -> dict[str, Entry | None]:
    """Return what is to stand at paths of evidence so that the merged plans find theirs.

    Args:
        joint: The files in the tree that git made.
        sides: Our files and theirs.
        renamed: The files that get another name.
        told: Paths that the merged plans tell of.
        dropped: Paths that a side told of and the merged plans do not.
    """
    found: dict[str, Entry | None] = {}
    for one in renamed:
        found |= {one.path: None, one.kept: one.stays, one.new: one.moves}
    for path in told:
        if path not in joint and found.get(path) is None:
            # One side's record went with its file, and another record of the other's needs it.
            whole = next((side[path] for side in sides if path in side), None)
            if whole is not None:
                found[path] = whole
    return {**found, **{path: None for path in dropped if path in joint or path in found}}


def told_paths(plans: Iterable[PlanData]) -> set[str]:
    """Return the paths of the evidence files that programmes tell of."""
    return {path for data in plans for path, _ in told_files(data)}


def _order(one: tuple[Entry, str, Side]) -> tuple[str, str]:
    return one[0].object_id, one[1]


def _alike(one: Entry, other: Entry) -> bool:
    return one.object_id == other.object_id


def _free(path: str, taken: Collection[str]) -> str:
    folder, slash, name = path.rpartition("/")
    number = 2
    while same_file_key(new := f"{folder}{slash}{numbered(name, number)}") in taken:
        number += 1
    return new


def _renamed(value: Plain, way: tuple[str, ...], paths: Mapping[str, str]) -> Plain:
    """Return a value in which the files at the end of a way have their new names."""
    if isinstance(value, list):
        return [_renamed(item, way, paths) for item in value]
    if not isinstance(value, dict):
        return value
    if not way:
        path = value.get("path")
        return {**value, "path": paths[path]} if isinstance(path, str) and path in paths else value
    key, *rest = way
    return {**value, key: _renamed(value[key], tuple(rest), paths)} if key in value else value

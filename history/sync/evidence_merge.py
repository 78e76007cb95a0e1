"""Evidence files of two sides: names given twice, and files that follow what is told of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kvartal.history.store.evidence import told_files
from kvartal.history.store.filenames import numbered
from kvartal.history.sync.divergence import Side
from kvartal.history.sync.trees import TreeEntry
from kvartal.history.sync.validation import Evidence
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.evidence_paths import same_file_key
from kvartal.schema.problems import Problem

_RENAMED: Final = N_(
    "Файл «{path}» приложили с двух сторон с разным содержимым. Оба остались: один из них теперь "
    "«{new}»."
)


@dataclass(frozen=True, slots=True)
class RenamedFile:
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
    stays: TreeEntry
    moves: TreeEntry

    @property
    def note(self) -> Problem:
        """The sentence about it."""
        return Problem(
            "merge-evidence-renamed", _RENAMED, fields={"path": self.path, "new": self.new}
        )


def name_collisions(
    ours: Evidence, theirs: Evidence, base: Evidence, both_told: Collection[str] = ()
) -> Iterator[RenamedFile]:
    """Yield the files that stand in each other's way, with the new name of one of them.

    Two that were put under one name since both sides were one; and one that took the place of a
    file that the other side still tells of. Which of two new ones gives way is settled by what
    they hold and not by whose they are, so that every clone settles it alike.

    Args:
        ours: Our files.
        theirs: Theirs.
        base: The files that both started from.
        both_told: Paths that the merged plans tell of with more than one content.
    """
    known = {same_file_key(path): entry.object_id for path, entry in base.items()}
    places = {same_file_key(path): path for path in theirs}
    taken = known.keys() | places.keys() | set(map(same_file_key, ours))
    for path in sorted(ours):
        key = same_file_key(path)
        other = places.get(key)
        if other is None or (path == other and _alike(ours[path], theirs[other])):
            continue
        sides = [(ours[path], path, Side.OURS), (theirs[other], other, Side.THEIRS)]
        new = [one for one in sides if one[0].object_id != known.get(key)]
        if len(new) < len(sides) and path not in both_told:
            continue  # The one that was there before has gone from the plan: git takes the new one.
        moving = max(new, key=_order)
        (stays, kept, _), (moves, old, side) = next(one for one in sides if one != moving), moving
        name = _free(old, taken)
        taken.add(same_file_key(name))
        yield RenamedFile(side, old, name, kept, stays, moves)


def with_renamed_files(data: PlanData, paths: Mapping[str, str]) -> PlanData:
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


@dataclass(frozen=True, slots=True)
class SideEvidence:
    """The evidence of one side.

    Attributes:
        files: Its files.
        told: SHA-256 of those that its plans tell of, by path.
    """

    files: Evidence
    told: Mapping[str, str]

    def holds(self, path: str, sha256: str) -> bool:
        """Tell whether it has a file that it tells of in these words."""
        return self.told.get(path) == sha256 and path in self.files


def evidence_changes(
    joint: Evidence,
    sides: Collection[SideEvidence],
    renamed: Iterable[RenamedFile],
    told: Mapping[str, str],
) -> dict[str, TreeEntry | None]:
    """Return what is to stand at paths of evidence so that the merged plans find theirs.

    Args:
        joint: The files in the tree that git made.
        sides: Our evidence and theirs, told of by the names it gets.
        renamed: The files that get another name.
        told: SHA-256 of the files that the merged plans tell of, by path.
    """
    found: dict[str, TreeEntry | None] = {}
    for one in renamed:
        found |= {one.path: None, one.kept: one.stays, one.new: one.moves}
    for path, sha256 in told.items():
        # A side's record may have gone with its file, and another record of the other's needs it;
        # and where both touched a file git may have made anything of it.
        whole = [side.files[path] for side in sides if side.holds(path, sha256)]
        stands = found.get(path, joint.get(path))
        if whole and not any(stands is not None and _alike(stands, one) for one in whole):
            found[path] = whole[0]
    for path in {path for side in sides for path in side.told} - told.keys():
        if path in joint or path in found:
            found[path] = None
    return found


def evidence_hashes(plans: Iterable[PlanData]) -> dict[str, str]:
    """Return SHA-256 of the evidence files that programmes tell of, by path."""
    return {path: sha256 for data in plans for path, sha256 in told_files(data)}


def ambiguous_paths(plans: Iterable[PlanData]) -> set[str]:
    """Return the paths of evidence files that programmes tell of with more than one content."""
    seen: dict[str, str] = {}
    pairs = [pair for data in plans for pair in told_files(data)]
    return {path for path, sha256 in pairs if seen.setdefault(path, sha256) != sha256}


def _order(one: tuple[TreeEntry, str, Side]) -> tuple[str, str]:
    return one[0].object_id, one[1]


def _alike(one: TreeEntry, other: TreeEntry) -> bool:
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

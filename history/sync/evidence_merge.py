"""Merges the evidence files of two sides: renames what collides, keeps files with their records."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kvartal.history.store.evidence import evidence_references
from kvartal.history.store.filenames import numbered
from kvartal.history.sync.divergence import Side
from kvartal.history.sync.trees import TreeEntry
from kvartal.history.sync.validation import Evidence
from kvartal.schema.changes import PlanData
from kvartal.schema.errors import N_
from kvartal.schema.evidence_paths import same_file_key
from kvartal.schema.problems import Problem

_RENAMED: Final = N_(
    "Файл «{path}» приложили с двух сторон с разным содержимым. Оба остались: один из них теперь "
    "«{new}»."
)


@dataclass(frozen=True, slots=True)
class RenamedFile:
    """A file that is renamed because the other side has another file of that name.

    Attributes:
        side: The side it comes from.
        path: Its path before, from the plan's folder.
        new_path: Its path after the merge.
        entry: The file.
        kept_path: The path of the other side's file, which keeps its name.
        kept_entry: That file.
        folder: What comes before the paths in messages: of a plan in another folder, its path.
    """

    side: Side
    path: str
    new_path: str
    entry: TreeEntry
    kept_path: str
    kept_entry: TreeEntry
    folder: str = ""

    @property
    def note(self) -> Problem:
        """The sentence about it."""
        fields = {"path": self.folder + self.path, "new": self.folder + self.new_path}
        return Problem("merge-evidence-renamed", _RENAMED, fields=fields)


def name_collisions(
    ours: Evidence, theirs: Evidence, base: Evidence, needed_twice: Collection[str] = ()
) -> Iterator[RenamedFile]:
    """Yield the files to rename so that both sides can keep their files.

    Two files collide that were added under one name since the merge base, or where one replaced a
    file that the other side's records still refer to. Which of two new files is renamed depends on
    their content and not on the side, so that every clone decides alike.

    Args:
        ours: Our files.
        theirs: Theirs.
        base: The files at the merge base.
        needed_twice: Paths that the merged plans refer to with more than one content.
    """
    known = {same_file_key(path): entry.object_id for path, entry in base.items()}
    their_paths = {same_file_key(path): path for path in theirs}
    taken = known.keys() | their_paths.keys() | set(map(same_file_key, ours))
    for path in sorted(ours):
        key = same_file_key(path)
        their_path = their_paths.get(key)
        if their_path is None or (
            path == their_path and _is_same_blob(ours[path], theirs[their_path])
        ):
            continue
        both = [(ours[path], path, Side.OURS), (theirs[their_path], their_path, Side.THEIRS)]
        added = [file for file in both if file[0].object_id != known.get(key)]
        if len(added) < len(both) and path not in needed_twice:
            continue  # No record refers to the older one any more: git takes the new one.
        renamed = max(added, key=_by_content)
        kept_entry, kept_path, _ = next(file for file in both if file != renamed)
        entry, old_path, side = renamed
        new_path = _free_path(old_path, taken)
        taken.add(same_file_key(new_path))
        yield RenamedFile(side, old_path, new_path, entry, kept_path, kept_entry)


@dataclass(frozen=True, slots=True)
class SideEvidence:
    """The evidence of one side.

    Attributes:
        files: Its files.
        hashes: SHA-256 of the files that its plans refer to, by path.
    """

    files: Evidence
    hashes: Mapping[str, str]

    def has(self, path: str, sha256: str) -> bool:
        """Return whether it has a file that its plans refer to by this path and hash."""
        return self.hashes.get(path) == sha256 and path in self.files


def evidence_changes(
    merged: Evidence,
    sides: Collection[SideEvidence],
    renamed: Iterable[RenamedFile],
    hashes: Mapping[str, str],
) -> dict[str, TreeEntry | None]:
    """Return the changes to git's merged tree after which the merged plans find their evidence.

    Args:
        merged: The evidence files in git's merged tree.
        sides: The evidence of both sides, under its new names.
        renamed: The renamed files.
        hashes: SHA-256 of the files that the merged plans refer to, by path.

    Returns:
        The new entry by path; None for a file to remove.
    """
    changes: dict[str, TreeEntry | None] = {}
    for file in renamed:
        changes |= {file.path: None, file.kept_path: file.kept_entry, file.new_path: file.entry}
    for path, sha256 in hashes.items():
        # Git may have removed the file with one side's record while a record of the other side
        # still needs it; and where both sides touched a file, git's result may be anything.
        intact = [side.files[path] for side in sides if side.has(path, sha256)]
        present = changes.get(path, merged.get(path))
        if intact and not any(
            present is not None and _is_same_blob(present, entry) for entry in intact
        ):
            changes[path] = intact[0]
    for path in {path for side in sides for path in side.hashes} - hashes.keys():
        if path in merged or path in changes:
            changes[path] = None
    return changes


def evidence_hashes(plans: Iterable[PlanData]) -> dict[str, str]:
    """Return SHA-256 of the evidence files that programmes refer to, by path."""
    return {path: sha256 for data in plans for path, sha256 in evidence_references(data)}


def ambiguous_paths(plans: Iterable[PlanData]) -> set[str]:
    """Return the paths of evidence files that programmes refer to with more than one hash."""
    seen: dict[str, str] = {}
    pairs = [pair for data in plans for pair in evidence_references(data)]
    return {path for path, sha256 in pairs if seen.setdefault(path, sha256) != sha256}


def _by_content(file: tuple[TreeEntry, str, Side]) -> tuple[str, str]:
    entry, path, _ = file
    return entry.object_id, path


def _is_same_blob(entry: TreeEntry, other: TreeEntry) -> bool:
    return entry.object_id == other.object_id


def _free_path(path: str, taken: Collection[str]) -> str:
    folder, slash, name = path.rpartition("/")
    number = 2
    while same_file_key(new := f"{folder}{slash}{numbered(name, number)}") in taken:
        number += 1
    return new

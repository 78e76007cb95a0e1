"""The evidence files that a merge renamed: what is said of a side of it goes by their new paths.

Of two files of one name a sync gives one a path that neither side had, with a number, and only then
merges and says what the sides did.
"""

import posixpath
from collections.abc import Collection, Sequence

from kvartal.history.store.evidence import evidence_references, with_renamed_files
from kvartal.history.store.filenames import numbered
from kvartal.schema.changes import PlanData
from kvartal.schema.evidence_paths import same_file_key


def with_merged_paths(
    sides: Sequence[PlanData], base: PlanData, merged: PlanData
) -> list[PlanData]:
    """Return the sides of a merge, whose records name files by the paths that the merge gave them.

    Args:
        sides: The versions that were merged.
        base: The version that they started from.
        merged: What the merge holds.
    """
    paths = merged_paths(sides, base, merged)
    return [with_renamed_files(side, own) for side, own in zip(sides, paths, strict=True)]


def merged_paths(
    sides: Sequence[PlanData], base: PlanData, merged: PlanData
) -> list[dict[str, str]]:
    """Return for each side the paths that a merge gave to its files, by the old ones.

    The arguments are those of `with_merged_paths`.
    """
    kept = set(evidence_references(merged))
    had = {path for data in (base, *sides) for path, _ in evidence_references(data)}
    copies = {(path, sha256) for path, sha256 in kept if path not in had}
    return [
        _new_paths(side, kept, copies)
        | _paths_of_dropped(side, [one for one in sides if one is not side], base, kept, had)
        for side in sides
    ]


def _paths_of_dropped(
    side: PlanData,
    others: Sequence[PlanData],
    base: PlanData,
    kept: Collection[tuple[str, str]],
    had: Collection[str],
) -> dict[str, str]:
    """Return the new paths of files whose records were not chosen in the end.

    Each was added, like the other side's file of its name, and that one has kept the name.
    """
    before, hashes = set(evidence_references(base)), {sha256 for _, sha256 in kept}
    files = {one for data in others for one in evidence_references(data)} - before
    same_names = {same_file_key(path): sha256 for path, sha256 in files if (path, sha256) in kept}
    taken = set(map(same_file_key, had))
    paths: dict[str, str] = {}
    for path, sha256 in sorted({*evidence_references(side)} - before):
        other_sha256 = same_names.get(same_file_key(path), sha256)
        if other_sha256 == sha256 or sha256 in hashes:
            continue
        folder, name = posixpath.split(path)
        names = (posixpath.join(folder, numbered(name, at)) for at in range(2, len(taken) + 3))
        paths[path] = next(new for new in names if same_file_key(new) not in taken)
        taken.add(same_file_key(paths[path]))
    return paths


def _new_paths(
    side: PlanData, kept: Collection[tuple[str, str]], copies: Collection[tuple[str, str]]
) -> dict[str, str]:
    """Return the new paths of the files that a side has and the merge keeps under no other name."""
    paths: dict[str, str] = {}
    for path, sha256 in evidence_references(side) if copies else ():
        folder, name = posixpath.split(path)
        names = (numbered(name, number) for number in range(2, len(copies) + len(kept) + 2))
        found = (posixpath.join(folder, new) for new in names)
        new_path = next((new for new in found if (new, sha256) in copies), None)
        if new_path and (path, sha256) not in kept:
            paths[path] = new_path
    return paths

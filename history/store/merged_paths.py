"""The evidence files that a merge renamed: what is said of a side of it goes by their new paths.

Of two files of one name a sync gives one a path that neither side had, with a number, and only then
merges and says what the sides did.
"""

import posixpath
from collections.abc import Collection, Sequence

from kvartal.history.store.evidence import evidence_references, with_renamed_files
from kvartal.history.store.filenames import numbered
from kvartal.schema.changes import PlanData


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
    return [_new_paths(side, kept, copies) for side in sides]


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

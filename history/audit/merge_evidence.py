"""Checks the evidence files that the message of a sync names, and follows them to their new paths.

Yields `trailers-disagree`.

A sync names the files to which it gave a path that neither side had, and no others.
"""

import hashlib
import posixpath
from collections.abc import Collection, Iterator, Sequence

from kvartal.history.audit.findings import TRAILERS, Finding
from kvartal.history.audit.message_compare import EVIDENCE_DISAGREES, different_files
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.stored_objects import FILES, Commit
from kvartal.history.messages.trailers import EvidenceNote
from kvartal.history.store.evidence import evidence_references, with_renamed_files
from kvartal.history.store.filenames import numbered
from kvartal.schema.changes import PlanData


def with_merged_paths(
    sides: Sequence[PlanData], base: PlanData, merged: PlanData
) -> list[PlanData]:
    """Return the sides of a merge, whose records name files by the paths that the merge gave them.

    Of two files of one name a sync gives one a path that neither side had, with a number, and only
    then merges and says what the sides did.

    Args:
        sides: The versions that were merged.
        base: The version that they started from.
        merged: What the merge holds.
    """
    kept = set(evidence_references(merged))
    had = {path for data in (base, *sides) for path, _ in evidence_references(data)}
    copies = {(path, sha256) for path, sha256 in kept if path not in had}
    return [with_renamed_files(side, _new_paths(side, kept, copies)) for side in sides]


def _new_paths(
    side: PlanData, kept: Collection[tuple[str, str]], copies: Collection[tuple[str, str]]
) -> dict[str, str]:
    """Return the new paths of the files that a side has and the merge keeps under no other name."""
    paths: dict[str, str] = {}
    for path, sha256 in evidence_references(side):
        folder, name = posixpath.split(path)
        names = (numbered(name, number) for number in range(2, len(copies) + len(kept) + 2))
        found = (posixpath.join(folder, new) for new in names)
        new_path = next((new for new in found if (new, sha256) in copies), None)
        if new_path and (path, sha256) not in kept:
            paths[path] = new_path
    return paths


def merge_evidence_findings(
    commit: Commit,
    stated: Sequence[EvidenceNote],
    needed: Sequence[EvidenceNote],
    parent_trees: Sequence[str],
    objects: ObjectReader,
) -> Iterator[Finding]:
    """Yield that a merge names other evidence files than those that it gave a new path.

    Args:
        commit: The merge.
        stated: The files that its trailers name.
        needed: The evidence of the plan in it.
        parent_trees: Hashes of the whole trees of its parents.
        objects: The objects of the repository.
    """

    def is_new(path: str) -> bool:
        entry = objects.at(commit.tree, path)
        before = (objects.at(tree, path) for tree in parent_trees)
        return entry is not None and entry[0] in FILES and not any(before)

    def is_true(note: EvidenceNote) -> bool:
        if not is_new(note.path):
            return False
        _mode, blob = objects.at(commit.tree, note.path) or ("", "")
        return hashlib.sha256(objects.blob(blob)).hexdigest() == note.sha256

    true = [note for note in stated if is_true(note)]
    real = dict.fromkeys((*true, *(note for note in needed if is_new(note.path))))
    if set(real) != set(stated):
        named, actual = different_files(stated, list(real))
        yield Finding(TRAILERS, EVIDENCE_DISAGREES, fields={"told": named, "real": actual})

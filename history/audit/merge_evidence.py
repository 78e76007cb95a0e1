"""Checks the evidence files that the message of a sync names.

Yields `trailers-disagree`.

A sync names the files to which it gave a path that neither side had, and no others.
"""

import hashlib
import posixpath
from collections.abc import Iterator, Sequence

from kvartal.history.audit.findings import TRAILERS, Finding
from kvartal.history.audit.message_compare import EVIDENCE_DISAGREES, different_files
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.stored_objects import FILES, TREE, Commit
from kvartal.history.messages.trailers import EvidenceNote
from kvartal.history.store.filenames import numbered


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

    def was_dropped(note: EvidenceNote) -> bool:
        """Tell whether a side had the file, under its name without a number, and it is gone.

        Until December 2026 a sync named it all the same where its record was not chosen.
        """
        folder, name = posixpath.split(note.path)
        trees = (objects.at(tree, folder) for tree in parent_trees)
        files = [
            file for tree in trees if tree and tree[0] == TREE for file in objects.files(tree[1])
        ]
        return objects.at(commit.tree, note.path) is None and any(
            name in {numbered(old, number) for number in range(2, len(files) + 3)}
            and hashlib.sha256(objects.blob(blob)).hexdigest() == note.sha256
            for old, blob in files
        )

    claimed = [note for note in stated if is_true(note) or not was_dropped(note)]
    true = [note for note in claimed if is_true(note)]
    real = dict.fromkeys((*true, *(note for note in needed if is_new(note.path))))
    if set(real) != set(claimed):
        named, actual = different_files(claimed, list(real))
        yield Finding(TRAILERS, EVIDENCE_DISAGREES, fields={"told": named, "real": actual})

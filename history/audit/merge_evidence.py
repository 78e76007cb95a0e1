"""Checks the evidence files that the message of a sync names.

Yields `trailers-disagree`.

A sync names the files to which it gave a path that neither side had, and no others.
"""

import hashlib
from collections.abc import Iterator, Sequence

from kvartal.history.audit.findings import TRAILERS, Finding
from kvartal.history.audit.message_compare import EVIDENCE_DISAGREES, different_files
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.stored_objects import FILES, Commit
from kvartal.history.messages.trailers import EvidenceNote


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

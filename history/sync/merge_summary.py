"""What the message of a merge is written from: the plans that it states, and who changed them."""

import hashlib
from collections.abc import Collection, Iterator, Sequence

from kvartal.history.diff.words import one_line
from kvartal.history.git.repository import Repository
from kvartal.history.messages.trailers import EvidenceNote
from kvartal.history.sync.divergence import Divergence, Side
from kvartal.history.sync.evidence_merge import RenamedFile
from kvartal.history.sync.merge_commit import MergeSummary, StatedPlan
from kvartal.history.sync.merge_tree import MergedTree
from kvartal.schema.problems import Problem


def merge_summary(  # noqa: PLR0913, PLR0917 - what was merged, chosen and noted
    merge: MergedTree,
    divergence: Divergence,
    name: str,
    tree: str,
    sides: Sequence[Side],
    notes: Sequence[Problem],
) -> MergeSummary:
    """Return what the message of a merge is written from.

    Args:
        merge: The merge.
        divergence: How the sides differed.
        name: File name of the plan that is synced.
        tree: Id of the merged tree.
        sides: The side chosen for each conflict, in order.
        notes: What else to report, which follows from the choices.
    """
    repository = merge.contents.repository
    ours, theirs = divergence.ours, divergence.theirs or divergence.ours
    dropped = merge.dropped(tree)
    missing = [file.note for file in dropped]
    return MergeSummary(
        plans=tuple(_stated_plans(merge, name, tree)),
        conflicts=divergence.conflicts,
        sides=sides,
        notes=(*(note for note in divergence.notes if note not in missing), *notes),
        evidence=tuple(_renamed_evidence(merge, dropped)),
        our_authors=_authors(repository, ours, theirs),
        their_authors=_authors(repository, theirs, ours),
    )


def _stated_plans(merge: MergedTree, name: str, tree: str) -> Iterator[StatedPlan]:
    """Yield the plans whose changes the message states.

    That is the one that is synced, if a side changed it, and each that both sides did.
    """
    prefix = merge.contents.repository.prefix
    stated = [
        plan
        for plan in merge.every
        if plan.merged is not None or (plan.programme == name and plan.is_changed)
    ]
    for plan in stated:
        files = plan.files
        contents = (files.base, files.ours, files.theirs, merge.content(tree, plan))
        data = [next(merge.contents.data([content]), {}) for content in contents]
        yield StatedPlan(plan.name if plan.is_elsewhere else prefix + plan.name, *data)
    if not stated:
        content = merge.contents.repository.blob(tree, name) or b""
        yield StatedPlan(prefix + name, *[next(merge.contents.data([content]), {})] * 4)


def _renamed_evidence(
    merge: MergedTree, dropped: Collection[RenamedFile]
) -> Iterator[EvidenceNote]:
    for folder in (merge.folder, *merge.others):
        repository = folder.contents.repository
        for file in (one for one in folder.renamed if one not in dropped):
            sha256 = hashlib.sha256(repository.object(file.entry.object_id)).hexdigest()
            yield EvidenceNote(sha256, repository.prefix + file.new_path)


def _authors(repository: Repository, commit: str, other: str) -> tuple[str, ...]:
    """Return the names of the authors of the commits that only one side has."""
    names = repository.log(("--no-merges", commit, f"^{other}"), "%an")
    return tuple(dict.fromkeys(filter(None, map(one_line, names))))

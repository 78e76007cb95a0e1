"""What a change would write and commit, complete before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kvartal.history.diff.removals import measures_without_facts
from kvartal.history.git.repository import Repository
from kvartal.history.messages.message import NO_REASON, EarlierCommit, commit_message
from kvartal.history.store.commit import EvidenceContent
from kvartal.history.store.dropped_comments import dropped_comments
from kvartal.history.store.errors import UncommittedEdits
from kvartal.history.store.evidence import used_beside
from kvartal.history.store.evidence_attributes import ATTRIBUTES, added_attributes
from kvartal.history.store.prepare import (
    Attached,
    added_evidence,
    left_evidence,
    make_intent,
    ready,
    removed_evidence,
)
from kvartal.history.store.repo_state import PlanStatus
from kvartal.history.store.snapshot import Snapshot
from kvartal.history.store.write_ahead import Intent
from kvartal.schema.changes import Change, ChangeKind
from kvartal.schema.errors import KvartalError, Translate
from kvartal.schema.typed_text import normalised


@dataclass(frozen=True, slots=True)
class PlannedWriting:
    """What a change would write.

    Attributes:
        intent: The files and the commit.
        contents: The content of the files that come with it, by path.
        warnings: What will not be as it should.
    """

    intent: Intent
    contents: Mapping[str, EvidenceContent]
    warnings: tuple[KvartalError, ...] = ()


def plan_writing(  # noqa: PLR0913 - everything that a change consists of
    repository: Repository,
    snapshots: tuple[Snapshot, Snapshot],
    change: Change,
    attachments: Sequence[Attached],
    *,
    reverts: EarlierCommit | None,
    reason: str,
    translate: Translate,
    allow_edits: bool = False,
) -> PlannedWriting:
    """Return what a change would write; nothing is written.

    Args:
        repository: As seen from the plan's folder.
        snapshots: The programme before the change and after it.
        change: The change.
        attachments: The evidence files that it adds.
        reverts: The commit that an undo or a redo reverts, or a restoration restores from.
        reason: Why it is made; empty for none.
        translate: Turns Russian templates into the language of commit messages.
        allow_edits: Whether the file may hold manual edits that are not in the history.

    Raises:
        UncommittedEdits: The file holds manual edits that have to be adopted first.
        KvartalError: Git or the file system refuses; each reason has its class.
    """
    snapshot, after = snapshots
    old, new = snapshot.evidence, after.evidence
    attached = {file.path: file for file in attachments}
    added = tuple(added_evidence(repository, old, new, attached))
    paths = [*(file.path for file in added), *(old.keys() - new.keys())]
    state = ready(repository, snapshot, [*paths, *([ATTRIBUTES] if added else [])])
    if state.plan is PlanStatus.EDITED and not allow_edits:
        raise UncommittedEdits(plan=snapshot.path.name)
    kept = used_beside(snapshot.path, old.keys() - new.keys())
    own = {path: sha256 for path, sha256 in old.items() if path not in kept}
    removed = tuple(removed_evidence(repository, state, own, new))
    left = left_evidence(repository, own.keys() - new.keys(), removed)
    takes_back = reverts is not None or change.kind is ChangeKind.REMOVE
    is_unexplained = takes_back and not reason.strip()
    if is_unexplained and measures_without_facts(snapshot.data, after.data):
        reason = translate(NO_REASON)
    message = commit_message(
        change,
        snapshot.data,
        folder=repository.prefix,
        reverts=reverts,
        reason=normalised(reason),
        translate=translate,
    )
    attributes = added_attributes(repository, state, added)
    contents: dict[str, EvidenceContent] = {**attached}
    if attributes is not None:
        added, contents[ATTRIBUTES] = (*added, attributes.intent), attributes
    intent = make_intent(
        repository, state, snapshot, after, message=message, added=added, removed=removed
    )
    dropped = None if reverts else dropped_comments(snapshot.source, after.source)
    warnings = tuple(one for one in (left, dropped) if one is not None)
    return PlannedWriting(intent, contents, warnings)

"""Commits what was edited in the plan's file outside the program."""

from collections.abc import Sequence
from contextlib import closing
from typing import Final

from kvartal.history.diff.diff import difference
from kvartal.history.diff.removals import measures_without_facts
from kvartal.history.diff.words import one_line
from kvartal.history.git.repository import Repository
from kvartal.history.messages.message import REASON, commit_message
from kvartal.history.messages.trailers import EvidenceNote, Trailers
from kvartal.history.store.commit import Committed, write_and_commit
from kvartal.history.store.errors import ReasonRequired
from kvartal.history.store.evidence_attributes import ATTRIBUTES, added_attributes
from kvartal.history.store.prepare import evidence_on_disk, make_intent, meaning_check, ready
from kvartal.history.store.repo_state import PlanStatus
from kvartal.history.store.snapshot import InvalidPlan, Snapshot, new_problems, snapshot_of
from kvartal.history.store.write_ahead import FileIntent
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.changes import Change, ChangeKind, ChangeSource
from kvartal.schema.errors import N_, Translate

BEGUN: Final = (
    N_("Программа на {year} год: начата история. Мероприятий: {count}"),
    N_("Программа на {year} годы: начата история. Мероприятий: {count}"),
)
"""The first line of the commit that begins a programme: of one year, and of several."""


def commit_edits(
    repository: Repository,
    snapshot: Snapshot,
    *,
    reason: str,
    translate: Translate,
    source: ChangeSource | None = None,
) -> tuple[Snapshot, Committed | None]:
    """Commit manual edits; return the checked programme, and None where there are no edits.

    Args:
        repository: As seen from the plan's folder, with the write lock held.
        snapshot: The programme with the edits.
        reason: Why they were made, for the commit message.
        translate: Turns Russian templates into the language of commit messages.
        source: The file that a new programme was taken from.

    Raises:
        InvalidPlan: The edits introduce a problem.
        ReasonRequired: The edits take back a record, a postponement or a cancellation.
        KvartalError: Git or the file system refuses.
    """
    at_head = _committed(repository, snapshot) or _last_readable(repository, snapshot)
    known = {} if at_head is None else at_head.evidence
    added = tuple(evidence_on_disk(repository, known, snapshot.evidence))
    state = ready(repository, snapshot, [ATTRIBUTES, *(file.path for file in added)])
    if state.plan is PlanStatus.COMMITTED:
        return snapshot, None
    checked = snapshot.checked()
    _check_edits(at_head, checked)
    if state.plan is PlanStatus.NEW:
        message = _first_message(repository, snapshot, added, reason, translate, source)
    else:
        data = {} if at_head is None else at_head.data
        change = Change(ChangeKind.EDIT, difference(data, snapshot.data))
        lost = measures_without_facts(data, snapshot.data)
        if lost and not reason.strip():
            raise ReasonRequired(measures=", ".join(lost))
        message = commit_message(
            change, data, folder=repository.prefix, reason=reason, translate=translate
        )
    attributes = added_attributes(repository, state, added)
    contents = {} if attributes is None else {ATTRIBUTES: attributes}
    added = added if attributes is None else (*added, attributes.intent)
    intent = make_intent(repository, state, checked, checked, message=message, added=added)
    return checked, write_and_commit(repository, intent, b"", contents, meaning_check(checked))


def _first_message(  # noqa: PLR0913, PLR0917 - everything that it says
    repository: Repository,
    snapshot: Snapshot,
    added: Sequence[FileIntent],
    reason: str,
    translate: Translate,
    source: ChangeSource | None,
) -> str:
    """Return the message of a programme's first commit, which lists no single fields."""
    plan = snapshot.plan
    template = BEGUN["-" in plan.years_text]
    measures = tuple(measure.id for measure in plan.measures)
    notes = (EvidenceNote(file.sha256, repository.prefix + file.path) for file in added)
    trailers = Trailers(ChangeKind.ADD, measures, tuple(notes), source=source)
    subject = translate(template).format(year=plan.years_text, count=len(measures))
    why = translate(REASON).format(reason=one_line(reason.strip())) if reason.strip() else ""
    return "\n\n".join(filter(None, (subject, why, str(trailers)))) + "\n"


def _check_edits(committed: Snapshot | None, edited: Snapshot) -> None:
    """Check that manual edits introduce no problem.

    Raises:
        InvalidPlan: They do.
    """
    known = () if committed is None else committed.checked().problems or ()
    new = new_problems(known, edited.problems or ())
    if new:
        raise InvalidPlan(new)


def _last_readable(repository: Repository, snapshot: Snapshot) -> Snapshot | None:
    """Return the last committed version that is a programme; None where none is.

    What the version at HEAD hides, being no programme, is then a change like any other.

    Raises:
        GitFailed: A version cannot be read, or was not fetched.
    """
    name = snapshot.path.name
    if repository.commit_id() is None:
        return None
    with closing(repository.log(("--first-parent", "HEAD", "--", name), "%H")) as commits:
        for commit in commits:
            earlier = _committed(repository, snapshot, commit)
            if earlier is not None:
                return earlier
    return None


def _committed(repository: Repository, snapshot: Snapshot, commit: str = "HEAD") -> Snapshot | None:
    """Return the programme at a commit; None when there is none, or it is no programme.

    Raises:
        GitFailed: The file cannot be read, or was not fetched.
    """
    stored = repository.blob(commit, snapshot.path.name)
    if stored is None:
        return None
    try:
        return snapshot_of(
            load(stored, f"{commit}:{repository.prefix}{snapshot.path.name}"), snapshot.path
        )
    except (UnreadablePlan, InvalidPlan):
        return None

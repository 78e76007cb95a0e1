"""The ledger: the only code that reads, changes and saves a programme.

A change is accepted when its commit exists; only then is a new snapshot returned. Until then
everything can be rolled back, also after a crash (see `kvartal.history.store.commit`).
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from kvartal.history.diff.diff import difference
from kvartal.history.diff.matching import same
from kvartal.history.diff.removals import measures_without_facts
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.repository import Repository
from kvartal.history.messages.message import NO_REASON, EarlierCommit, commit_message
from kvartal.history.messages.trailers import EvidenceNote, Trailers
from kvartal.history.store.commit import Committed, MeaningCheck, write_and_commit
from kvartal.history.store.errors import (
    PlanChangedOutside,
    PlanDeleted,
    ReasonRequired,
    UncommittedEdits,
)
from kvartal.history.store.fast_forward import is_fast_forwarding
from kvartal.history.store.files import file_digest
from kvartal.history.store.git_locks import wait_for_git
from kvartal.history.store.prepare import (
    Attached,
    added_evidence,
    evidence_on_disk,
    make_intent,
    removed_evidence,
)
from kvartal.history.store.recovery import Recovery, recover
from kvartal.history.store.repo_state import PlanStatus, RepoState, ready_state, repo_state
from kvartal.history.store.snapshot import (
    InvalidPlan,
    Snapshot,
    new_problems,
    read_snapshot,
    snapshot_of,
)
from kvartal.history.store.write_ahead import FileIntent, has_intent
from kvartal.history.store.write_lock import LOCK_TIMEOUT, write_lock
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.changes import Change, ChangeKind, PlanData
from kvartal.schema.errors import N_, KvartalError, Translate, untranslated


@dataclass(frozen=True, slots=True)
class SaveResult:
    """The result of a change.

    Attributes:
        snapshot: The programme after it.
        commit: Id of the commit; None when there was nothing to change.
        warnings: What failed after the commit: the change is saved all the same.
    """

    snapshot: Snapshot
    commit: str | None
    warnings: tuple[KvartalError, ...] = ()


class Ledger:
    """One plan file in its git repository, to be read and changed.

    Args:
        path: The plan file.
        translate: Turns Russian templates into the language of commit messages.
        timeout: How many seconds to wait for another writer.
    """

    def __init__(
        self, path: Path, *, translate: Translate = untranslated, timeout: float = LOCK_TIMEOUT
    ) -> None:
        self.path = path
        self._translate = translate
        self._timeout = timeout

    def read(self) -> Snapshot:
        """Return the programme as it is on disk; neither git nor the validator is needed.

        Raises:
            UnreadablePlan: The file cannot be read, or is not the YAML that a plan is written in.
            InvalidPlan: It does not hold a programme.
        """
        return read_snapshot(self.path)

    def apply(  # noqa: PLR0913 - everything that a change consists of
        self,
        snapshot: Snapshot,
        change: Change,
        attachments: Sequence[Attached] = (),
        *,
        reverts: EarlierCommit | None = None,
        exact_bytes: bytes | None = None,
        reason: str = "",
    ) -> SaveResult:
        """Write a change and commit it, or leave everything as it was.

        Args:
            snapshot: The programme that the change was made from.
            change: The change.
            attachments: The evidence files that it adds.
            reverts: The commit that an undo or a redo reverts, or a restoration restores from.
            exact_bytes: Bytes for the file, used if they mean what the change makes of it.
            reason: Why it is made, for the commit message; empty for none. Of an undo, a
                redo or a restoration that takes back a fact, the message then says so.

        Raises:
            PlanChangedOutside: The file is no longer the one of the snapshot.
            InvalidChange: The change would introduce a problem.
            UncommittedEdits: The file holds manual edits that have to be adopted first.
            LedgerBusy: Another process held the write lock for too long.
            KvartalError: Git or the file system refuses; each reason has its class.
        """
        if not change.edits and exact_bytes is None:
            return SaveResult(snapshot, None)
        with self._writing() as repository:
            _check_unchanged(repository, snapshot)
            after = snapshot.changed(change, exact_bytes)
            return self._apply(repository, snapshot, change, after, attachments, reverts, reason)

    def apply_to_latest(
        self,
        change: Change,
        attachments: Sequence[Attached] = (),
        *,
        reverts: EarlierCommit | None = None,
    ) -> SaveResult:
        """Write a change to the programme as it is now, if the change still fits.

        Raises:
            StaleChange: Somebody has changed the same values.
            KvartalError: As for `read` and `apply`.
        """
        with self._writing() as repository:
            snapshot = self.read()
            after = snapshot.changed(change)
            return self._apply(repository, snapshot, change, after, attachments, reverts)

    def adopt(self, snapshot: Snapshot, *, reason: str = "") -> SaveResult:
        """Commit manual edits of the file as a change.

        Args:
            snapshot: The programme with the edits.
            reason: Why they were made, for the commit message.

        Raises:
            InvalidPlan: The edits introduce a problem.
            ReasonRequired: The edits take back a record, a postponement or a cancellation.
            KvartalError: As for `apply`.
        """
        with self._writing() as repository:
            _check_unchanged(repository, snapshot)
            at_head = _committed(repository, snapshot) or _last_readable(repository, snapshot)
            known = {} if at_head is None else at_head.evidence
            added = tuple(evidence_on_disk(repository, known, snapshot.evidence))
            state = _ready(repository, snapshot, [file.path for file in added])
            if state.plan is PlanStatus.COMMITTED:
                return SaveResult(snapshot, None)
            checked = snapshot.checked()
            _check_edits(at_head, checked)
            if state.plan is PlanStatus.NEW:
                message = self._first_message(repository, snapshot, added)
            else:
                data = {} if at_head is None else at_head.data
                change = Change(ChangeKind.EDIT, difference(data, snapshot.data))
                lost = measures_without_facts(data, snapshot.data)
                if lost and not reason.strip():
                    raise ReasonRequired(measures=", ".join(lost))
                message = self._message(repository, change, data, reason=reason)
            intent = make_intent(repository, state, checked, checked, message=message, added=added)
            committed = write_and_commit(repository, intent, b"", {}, _meaning_check(checked))
            return SaveResult(checked, committed.commit, _warnings(committed))

    def recover(self) -> Recovery | None:
        """Complete or roll back a change that a crash interrupted; None when there was none.

        Raises:
            LedgerBusy: Another process held the write lock for too long.
            KvartalError: Something prevents it; then nothing is altered.
        """
        repository = find_repository(self.path.resolve().parent)
        if not has_intent(repository.git_dir) and not is_fast_forwarding(repository.git_dir):
            return None
        with write_lock(repository.git_dir, timeout=self._timeout) as descriptor:
            return recover(replace(repository, held=(descriptor,)))

    def state(self) -> RepoState:
        """Return the state of the repository; changes nothing and never waits."""
        return repo_state(self.path.resolve())

    def _apply(  # noqa: PLR0913, PLR0917 - everything that a change consists of
        self,
        repository: Repository,
        snapshot: Snapshot,
        change: Change,
        after: Snapshot,
        attachments: Sequence[Attached],
        reverts: EarlierCommit | None,
        reason: str = "",
    ) -> SaveResult:
        if after is snapshot:
            return SaveResult(snapshot, None)
        old, new = snapshot.evidence, after.evidence
        attached = {file.path: file for file in attachments}
        added = tuple(added_evidence(repository, old, new, attached))
        paths = [*(file.path for file in added), *(old.keys() - new.keys())]
        state = _ready(repository, snapshot, paths)
        if state.plan is PlanStatus.EDITED:
            raise UncommittedEdits(plan=snapshot.path.name)
        removed = tuple(removed_evidence(repository, state, old, new))
        if reverts and not reason.strip() and measures_without_facts(snapshot.data, after.data):
            reason = self._translate(NO_REASON)
        message = self._message(repository, change, snapshot.data, reverts, reason)
        intent = make_intent(
            repository, state, snapshot, after, message=message, added=added, removed=removed
        )
        committed = write_and_commit(
            repository, intent, after.source.encoded, attached, _meaning_check(after)
        )
        if file_digest(after.path) != after.digest:
            # A hook of the repository may have reformatted the file; what else it may be is found
            # by whoever looks at it next, and takes nothing from the commit.
            with suppress(KvartalError):
                after = self.read()
        return SaveResult(after, committed.commit, _warnings(committed))

    def _message(
        self,
        repository: Repository,
        change: Change,
        before: PlanData,
        reverts: EarlierCommit | None = None,
        reason: str = "",
    ) -> str:
        return commit_message(
            change,
            before,
            folder=repository.prefix,
            reverts=reverts,
            reason=reason,
            translate=self._translate,
        )

    def _first_message(
        self, repository: Repository, snapshot: Snapshot, added: Sequence[FileIntent]
    ) -> str:
        """Return the message of a programme's first commit, which lists no single fields."""
        plan = snapshot.plan
        template = N_("Программа на {year} год: начата история. Мероприятий: {count}")
        measures = tuple(measure.id for measure in plan.measures)
        notes = (EvidenceNote(file.sha256, repository.prefix + file.path) for file in added)
        trailers = Trailers(ChangeKind.ADD, measures, tuple(notes))
        subject = self._translate(template).format(year=plan.year, count=len(measures))
        return f"{subject}\n\n{trailers}\n"

    @contextmanager
    def _writing(self) -> Iterator[Repository]:
        """Hold the write lock while the block runs; an interrupted change is recovered first."""
        repository = find_repository(self.path.resolve().parent)
        with write_lock(repository.git_dir, timeout=self._timeout) as descriptor:
            repository = replace(repository, held=(descriptor,))
            recover(repository)
            yield repository


def _check_unchanged(repository: Repository, snapshot: Snapshot) -> None:
    """Check that the file is still the one of the snapshot.

    Raises:
        PlanChangedOutside, PlanDeleted: It is not.
    """
    if file_digest(snapshot.path) != snapshot.digest:
        _ready(repository, snapshot, ())  # A merge in progress, for one, is the better reason.
        exists = snapshot.path.exists()
        raise (PlanChangedOutside if exists else PlanDeleted)(plan=snapshot.path.name)


def _check_edits(committed: Snapshot | None, edited: Snapshot) -> None:
    """Check that manual edits introduce no problem.

    Raises:
        InvalidPlan: They do.
    """
    known = () if committed is None else committed.checked().problems or ()
    new = new_problems(known, edited.problems or ())
    if new:
        raise InvalidPlan(new)


def _ready(repository: Repository, snapshot: Snapshot, paths: Sequence[str]) -> RepoState:
    """Return the state of a repository in which nothing prevents a commit."""
    state = ready_state(repository, snapshot.path.name, paths)
    wait_for_git(repository, state.branch or "")
    return state


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


def _warnings(committed: Committed) -> tuple[KvartalError, ...]:
    return () if committed.warning is None else (committed.warning,)


def _meaning_check(intended: Snapshot) -> MeaningCheck:
    """Return a check that the bytes of a plan mean the same as a snapshot."""

    def is_meant(plan: bytes) -> bool:
        try:
            return same(load(plan, intended.source.name).data, intended.data)
        except UnreadablePlan:
            return False

    return is_meant

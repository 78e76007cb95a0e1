"""The ledger: the one way in which a programme is read, changed and kept.

A change is accepted when its commit is there, and only then is a new snapshot given back. Until
then everything can be taken back, also after a crash (see `kvartal.history.store.commit`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kvartal.history.diff.diff import difference
from kvartal.history.diff.matching import same
from kvartal.history.git.repository import Repository, find_repository
from kvartal.history.messages.message import EarlierCommit, commit_message
from kvartal.history.messages.trailers import EvidenceNote, Trailers
from kvartal.history.store.commit import Meaning, carry_out
from kvartal.history.store.errors import PlanChangedOutside, PlanDeleted, UncommittedEdits
from kvartal.history.store.fast_forward import is_moving
from kvartal.history.store.files import digest_at
from kvartal.history.store.git_locks import wait_for_git
from kvartal.history.store.prepare import (
    Attached,
    evidence_in_place,
    evidence_that_comes,
    evidence_that_goes,
    intend,
)
from kvartal.history.store.recovery import Recovered, heal
from kvartal.history.store.repo_state import InGit, RepoState, ready_state, repo_state
from kvartal.history.store.snapshot import InvalidPlan, Snapshot, introduced, look, snapshot_of
from kvartal.history.store.write_ahead import FileIntent, is_noted
from kvartal.history.store.write_lock import PATIENCE, locked
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.changes import Change, ChangeKind, PlanData
from kvartal.schema.errors import N_, Translate, untranslated


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What became of a change.

    Attributes:
        snapshot: The programme as it is now.
        commit: Id of the commit; None when there was nothing to change.
    """

    snapshot: Snapshot
    commit: str | None


class Ledger:
    """Keeps one plan file in its git repository.

    Args:
        path: The plan file.
        translate: Turns Russian templates into the language that commit messages are written in.
        patience: How many seconds to wait for another writer.
    """

    def __init__(
        self, path: Path, *, translate: Translate = untranslated, patience: float = PATIENCE
    ) -> None:
        self.path = path
        self._translate = translate
        self._patience = patience

    def look(self) -> Snapshot:
        """Return the programme as it is on disk; asks neither git nor the schema's validator.

        Raises:
            UnreadablePlan: The file cannot be read, or is not the YAML a plan is written in.
            InvalidPlan: It does not hold a programme.
        """
        return look(self.path)

    def apply(
        self,
        snapshot: Snapshot,
        change: Change,
        attachments: Sequence[Attached] = (),
        *,
        reverts: EarlierCommit | None = None,
        exact_bytes: bytes | None = None,
    ) -> SaveResult:
        """Write a change and commit it, or leave everything as it is.

        Args:
            snapshot: The programme that the change was made from.
            change: The change.
            attachments: The evidence files that come with it.
            reverts: The commit that an undo or a redo takes back, or the one restored from.
            exact_bytes: Bytes that the file is to have, if they mean what the change makes of it.

        Raises:
            PlanChangedOutside: The file is not the one of the snapshot any more.
            InvalidChange: The programme would not be valid with the change.
            UncommittedEdits: The file holds edits by hand that have to be adopted first.
            LedgerBusy: Another process writes, and for too long.
            KvartalError: Git or the file system refuses, each reason with a class of its own.
        """
        if not change.edits and exact_bytes is None:
            return SaveResult(snapshot, None)
        with self._writing() as repository:
            _refuse_another(repository, snapshot)
            after = snapshot.changed(change, exact_bytes)
            return self._apply(repository, snapshot, change, after, attachments, reverts)

    def apply_to_latest(
        self,
        change: Change,
        attachments: Sequence[Attached] = (),
        *,
        reverts: EarlierCommit | None = None,
    ) -> SaveResult:
        """Write a change upon whatever the programme is now, if the change still fits.

        Raises:
            StaleChange: Somebody has altered what the change is about.
            KvartalError: As for `look` and `apply`.
        """
        with self._writing() as repository:
            snapshot = self.look()
            after = snapshot.changed(change)
            return self._apply(repository, snapshot, change, after, attachments, reverts)

    def adopt(self, snapshot: Snapshot, *, reason: str = "") -> SaveResult:
        """Commit what somebody has edited in the file by hand, as a change of its own.

        Args:
            snapshot: The programme with the edit in it.
            reason: Why it was made, for the commit message.

        Raises:
            InvalidPlan: The edit makes something wrong in the programme.
            KvartalError: As for `apply`.
        """
        with self._writing() as repository:
            _refuse_another(repository, snapshot)
            kept = _kept(repository, snapshot)
            known = {} if kept is None else kept.evidence
            added = tuple(evidence_in_place(repository, known, snapshot.evidence))
            state = _ready(repository, snapshot, [file.path for file in added])
            if state.plan is InGit.SAVED:
                return SaveResult(snapshot, None)
            checked = snapshot.checked()
            _refuse_faults(kept, checked)
            if state.plan is InGit.NEW:
                message = self._first_message(repository, snapshot, added)
            else:
                data = {} if kept is None else kept.data
                change = Change(ChangeKind.EDIT, difference(data, snapshot.data))
                message = self._message(repository, change, data, reason=reason)
            intent = intend(repository, state, checked, checked, message=message, added=added)
            commit = carry_out(repository, intent, b"", {}, _means(checked))
            return SaveResult(checked, commit)

    def kept(self, snapshot: Snapshot) -> Snapshot | None:
        """Return the programme as HEAD holds it; None when it does not, or not as a programme.

        Raises:
            KvartalError: There is no repository that can be asked.
        """
        return _kept(find_repository(snapshot.path.parent), snapshot)

    def recover(self) -> Recovered | None:
        """Bring a change that a crash interrupted to its end; None when there was none.

        Raises:
            LedgerBusy: Another process writes, and for too long.
            KvartalError: Something is in the way; then nothing is altered.
        """
        repository = find_repository(self.path.resolve().parent)
        if not is_noted(repository.git_dir) and not is_moving(repository.git_dir):
            return None
        with locked(repository.git_dir, patience=self._patience) as descriptor:
            return heal(replace(repository, held=(descriptor,)))

    def state(self) -> RepoState:
        """Return the state of the repository; alters nothing, waits for nobody."""
        return repo_state(self.path.resolve())

    def _apply(  # noqa: PLR0913, PLR0917 - all that a change is made of
        self,
        repository: Repository,
        snapshot: Snapshot,
        change: Change,
        after: Snapshot,
        attachments: Sequence[Attached],
        reverts: EarlierCommit | None,
    ) -> SaveResult:
        if after is snapshot:
            return SaveResult(snapshot, None)
        known, told = snapshot.evidence, after.evidence
        attached = {file.path: file for file in attachments}
        added = tuple(evidence_that_comes(repository, known, told, attached))
        paths = [*(file.path for file in added), *(known.keys() - told.keys())]
        state = _ready(repository, snapshot, paths)
        if state.plan is InGit.EDITED:
            raise UncommittedEdits(plan=snapshot.path.name)
        removed = tuple(evidence_that_goes(repository, state, known, told))
        message = self._message(repository, change, snapshot.data, reverts)
        intent = intend(
            repository, state, snapshot, after, message=message, added=added, removed=removed
        )
        commit = carry_out(repository, intent, after.source.encoded, attached, _means(after))
        # A hook of the repository may have formatted what was written.
        is_kept = digest_at(after.path) == after.digest
        return SaveResult(after if is_kept else self.look(), commit)

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
        """Return the message under which a programme begins: its rows are there to be read."""
        plan = snapshot.plan
        begun = self._translate(N_("Программа на {year} год: начата история. Мероприятий: {count}"))
        measures = tuple(measure.id for measure in plan.measures)
        notes = (EvidenceNote(file.sha256, repository.prefix + file.path) for file in added)
        trailers = Trailers(ChangeKind.ADD, measures, tuple(notes))
        return f"{begun.format(year=plan.year, count=len(measures))}\n\n{trailers}\n"

    @contextmanager
    def _writing(self) -> Iterator[Repository]:
        """Keep other writers out; what one of them left unfinished is brought to its end first."""
        repository = find_repository(self.path.resolve().parent)
        with locked(repository.git_dir, patience=self._patience) as descriptor:
            held = replace(repository, held=(descriptor,))
            heal(held)
            yield held


def _refuse_another(repository: Repository, snapshot: Snapshot) -> None:
    """Refuse to work on a file that is not the one of the snapshot."""
    if digest_at(snapshot.path) != snapshot.digest:
        _ready(repository, snapshot, ())  # A merge under way, above all, is the better reason.
        is_there = snapshot.path.exists()
        raise (PlanChangedOutside if is_there else PlanDeleted)(plan=snapshot.path.name)


def _refuse_faults(kept: Snapshot | None, edited: Snapshot) -> None:
    """Refuse an edit by hand that makes something wrong which was not wrong before."""
    known = () if kept is None else kept.checked().problems or ()
    new = introduced(known, edited.problems or ())
    if new:
        raise InvalidPlan(new)


def _ready(repository: Repository, snapshot: Snapshot, paths: Sequence[str]) -> RepoState:
    """Return the state of a repository in which nothing prevents a commit."""
    state = ready_state(repository, snapshot.path.name, paths)
    wait_for_git(repository, state.branch or "")
    return state


def _kept(repository: Repository, snapshot: Snapshot) -> Snapshot | None:
    stored = repository.blob("HEAD", snapshot.path.name)
    if stored is None:
        return None
    try:
        return snapshot_of(
            load(stored, f"HEAD:{repository.prefix}{snapshot.path.name}"), snapshot.path
        )
    except (UnreadablePlan, InvalidPlan):
        return None


def _means(wanted: Snapshot) -> Meaning:
    """Return a function that tells whether the bytes of a plan mean what they are wanted to."""

    def is_meant(plan: bytes) -> bool:
        try:
            return same(load(plan, wanted.source.name).data, wanted.data)
        except UnreadablePlan:
            return False

    return is_meant

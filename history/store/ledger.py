"""The ledger: the only code that reads, changes and saves a programme.

A change is accepted when its commit exists; only then is a new snapshot returned. Until then
everything can be rolled back, also after a crash (see `kvartal.history.store.commit`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import NoIdentity
from kvartal.history.git.identity import has_identity
from kvartal.history.git.own_programs import check_recovery_to_read
from kvartal.history.git.repository import Repository
from kvartal.history.messages.message import EarlierCommit
from kvartal.history.store.adoption import commit_edits
from kvartal.history.store.call_note import has_noted_call
from kvartal.history.store.commit import Committed, write_and_commit
from kvartal.history.store.fast_forward import is_fast_forwarding
from kvartal.history.store.files import file_digest
from kvartal.history.store.planned_writing import plan_writing
from kvartal.history.store.prepare import Attached, check_unchanged, meaning_check
from kvartal.history.store.recovery import Recovery, recover
from kvartal.history.store.repo_state import RepoState, repo_state
from kvartal.history.store.snapshot import Snapshot, read_snapshot
from kvartal.history.store.write_ahead import has_intent
from kvartal.history.store.write_lock import LOCK_TIMEOUT, write_lock
from kvartal.schema.changes import Change, ChangeSource
from kvartal.schema.errors import KvartalError, Translate, untranslated
from kvartal.schema.typed_change import normalised_change
from kvartal.schema.typed_text import normalised


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


@dataclass(frozen=True, slots=True)
class PreviewResult:
    """What a change would do.

    Attributes:
        snapshot: The programme as it would be.
        message: Of the commit; empty where there is nothing to change.
        warnings: What would not be as it should.
    """

    snapshot: Snapshot
    message: str = ""
    warnings: tuple[KvartalError, ...] = ()

    @property
    def subject(self) -> str:
        """The first line of the commit's message."""
        return self.message.partition("\n")[0]


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
        if reverts is None and exact_bytes is None:
            change = normalised_change(change)
        if not change.edits and exact_bytes is None:
            return SaveResult(snapshot, None)
        with self._writing() as repository:
            check_unchanged(repository, snapshot)
            after = snapshot.changed(change, exact_bytes, is_reversal=reverts is not None)
            return self._apply(repository, snapshot, change, after, attachments, reverts, reason)

    def preview(  # noqa: PLR0913 - everything that a change consists of
        self,
        snapshot: Snapshot,
        change: Change,
        attachments: Sequence[Attached] = (),
        *,
        reverts: EarlierCommit | None = None,
        exact_bytes: bytes | None = None,
        reason: str = "",
    ) -> PreviewResult:
        """Return what `apply` would write and commit; nothing is written.

        Manual edits of the file are taken for adopted: whoever calls asks about them before.
        The arguments are those of `apply`.

        Raises:
            KvartalError: As for `apply`, as far as git says beforehand: hooks are not run.
        """
        if reverts is None and exact_bytes is None:
            change = normalised_change(change)
        if not change.edits and exact_bytes is None:
            return PreviewResult(snapshot)
        repository = find_repository(self.path.resolve().parent)
        check_unchanged(repository, snapshot)
        after = snapshot.changed(change, exact_bytes, is_reversal=reverts is not None)
        if after is snapshot:
            return PreviewResult(snapshot)
        obstacle = self.state().obstacle
        if obstacle is not None:
            raise obstacle
        if not has_identity(repository):
            raise NoIdentity
        planned = plan_writing(
            repository,
            (snapshot, after),
            change,
            attachments,
            reverts=reverts,
            reason=reason,
            translate=self._translate,
            allow_edits=True,
        )
        return PreviewResult(after, planned.intent.message, planned.warnings)

    def adopt(
        self, snapshot: Snapshot, *, reason: str = "", source: ChangeSource | None = None
    ) -> SaveResult:
        """Commit manual edits of the file as a change.

        Args:
            snapshot: The programme with the edits.
            reason: Why they were made, for the commit message.
            source: The file that a new programme was taken from.

        Raises:
            InvalidPlan: The edits introduce a problem.
            ReasonRequired: The edits take back a record, a postponement or a cancellation.
            KvartalError: As for `apply`.
        """
        with self._writing() as repository:
            check_unchanged(repository, snapshot)
            adopted, committed = commit_edits(
                repository,
                snapshot,
                reason=normalised(reason),
                translate=self._translate,
                source=source,
            )
            if committed is None:
                return SaveResult(snapshot, None)
            return SaveResult(adopted, committed.commit, _warnings(committed))

    def recover(self, *, to_read: bool = False) -> Recovery | None:
        """Complete or roll back a change that a crash interrupted; None when there was none.

        Args:
            to_read: It is only for reading: no program that the repository names is started.

        Raises:
            RecoveryRunsPrograms: It takes one.
            LedgerBusy: Another process held the write lock for too long.
            KvartalError: Something prevents it; then nothing is altered.
        """
        repository = find_repository(self.path.resolve().parent)
        git_dir = repository.git_dir
        if not (has_intent(git_dir) or is_fast_forwarding(git_dir) or has_noted_call(git_dir)):
            return None
        if to_read:
            check_recovery_to_read(repository)
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
        planned = plan_writing(
            repository,
            (snapshot, after),
            change,
            attachments,
            reverts=reverts,
            reason=reason,
            translate=self._translate,
        )
        committed = write_and_commit(
            repository,
            planned.intent,
            after.source.encoded,
            planned.contents,
            meaning_check(after),
        )
        if file_digest(after.path) != after.digest:
            # A hook of the repository may have reformatted the file; what else it may be is found
            # by whoever looks at it next, and takes nothing from the commit.
            with suppress(KvartalError):
                after = self.read()
        return SaveResult(after, committed.commit, (*_warnings(committed), *planned.warnings))

    @contextmanager
    def _writing(self) -> Iterator[Repository]:
        """Hold the write lock while the block runs; an interrupted change is recovered first."""
        repository = find_repository(self.path.resolve().parent)
        with write_lock(repository.git_dir, timeout=self._timeout) as descriptor:
            repository = replace(repository, held=(descriptor,))
            recover(repository)
            yield repository


def _warnings(committed: Committed) -> tuple[KvartalError, ...]:
    return () if committed.warning is None else (committed.warning,)

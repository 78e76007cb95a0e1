"""One attempt of a sync: fetch, merge, move the branch, push. Others may push in between."""

import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final

from kvartal.history.diff.words import Words
from kvartal.history.git.damage import HistoryDamaged
from kvartal.history.git.diagnosis import with_tail
from kvartal.history.git.errors import CallSilent, CallStopped
from kvartal.history.git.repository import Repository
from kvartal.history.store.fast_forward import fast_forward
from kvartal.history.sync.compare import Comparison, Fetched, compare
from kvartal.history.sync.divergence import Choices, Divergence, Side
from kvartal.history.sync.errors import PushStopped
from kvartal.history.sync.folder_remote import git_dirs
from kvartal.history.sync.outgoing import Confirm, outgoing
from kvartal.history.sync.preflight import checked_for_sync, locked_for_sync
from kvartal.history.sync.progress import ReportStep, SyncStep
from kvartal.history.sync.remote import RemoteBranch, find_remote_branch
from kvartal.history.sync.remote_errors import BrokenTrackingRef, PushSilent, RemoteSilent
from kvartal.history.sync.state_files import (
    call_in_progress,
    last_shared_commit,
    move_broken_ref,
    remove_left_there,
    save_shared_commit,
)
from kvartal.history.sync.tags import broken_ref_notes
from kvartal.history.sync.transport import Transport, connect
from kvartal.schema.errors import N_, KvartalError, noted
from kvartal.schema.problems import Problem

_COMPLAINT: Final = N_(
    "Изменения дошли до «{remote}», хотя git на что-то пожаловался: если дело не в связи, это надо "
    "исправить там, где лежит общий репозиторий. Ответ: {words}"
)
_RECEIVED: Final = N_("Чужие изменения при этом получены и уже объединены с вашими.")
_FETCHED_ANEW: Final = N_(
    "Ссылка git «{ref}» была повреждена: в её файле было не то, что пишет git. Она получена "
    "заново, прежний файл отложен: {copy}"
)
_MOVED_AWAY: Final = N_(
    "Ссылка git «{ref}» была повреждена: в её файле было не то, что пишет git. Файл отложен: {copy}"
)


@dataclass(frozen=True, slots=True)
class SyncAttempt:
    """The result of one attempt.

    Attributes:
        transport: The connection to the remote.
        divergence: How both sides differed.
        head: The commit that this clone has now.
        merge_commit: The merge commit, where one was made.
        is_pushed: Whether the remote has the same commit.
        warnings: What failed after the branch was moved.
        notes: What else to report of the fetch and the merge.
        is_declined: Whether the user did not want to send anything.
    """

    transport: Transport
    divergence: Divergence
    head: str
    merge_commit: str | None
    is_pushed: bool
    warnings: tuple[KvartalError, ...]
    notes: tuple[Problem, ...]
    is_declined: bool


@dataclass(frozen=True, slots=True)
class BranchSwitched:
    """An attempt that ended after its fetch: another branch had been checked out meanwhile.

    Attributes:
        notes: What the fetch moved away, which no later fetch will tell.
    """

    notes: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class SyncCall:
    """The arguments of one call of `kvartal.history.sync.sync.synchronise`."""

    path: Path
    remote: str | None
    choices: Choices | Side | None
    words: Words
    timeout: float
    report: ReportStep
    interactive: bool
    stop: Event | None
    confirm: Confirm | None = None

    def attempt(self, *, accept_rewritten: bool) -> SyncAttempt | BranchSwitched:
        """Fetch, merge, move the branch and push, once.

        Raises:
            CallStopped: It was stopped before this attempt changed anything.
            PushStopped: It was stopped later.
        """
        repository, state = checked_for_sync(self.path, self.timeout)
        remote_branch = find_remote_branch(repository, state.branch or "", self.remote)
        transport = connect(repository, remote_branch, interactive=self.interactive, stop=self.stop)
        fetched = fetch(transport, self.report)
        with noted(fetched.moved):
            return self._merge_and_push(transport, fetched, accept_rewritten=accept_rewritten)

    def _merge_and_push(
        self, transport: Transport, fetched: Fetched, *, accept_rewritten: bool
    ) -> SyncAttempt | BranchSwitched:
        """Merge what was fetched, move the branch and push."""
        remote_branch = transport.remote_branch
        with locked_for_sync(self.path, self.timeout) as (locked, state):
            if state.branch != remote_branch.local:
                return BranchSwitched(fetched.moved)
            ours, warning = state.head or "", None
            self.report(SyncStep.MERGING)
            name = self.path.resolve().name
            with call_in_progress(locked, remote_branch):
                comparison = compare(
                    locked, name, remote_branch, ours, fetched, accept_rewritten=accept_rewritten
                )
                head, merge_commit, notes = self._new_head(comparison)
            if self.stop is not None and self.stop.is_set():
                raise CallStopped
            if head != ours:
                self.report(SyncStep.WRITING)
                warning = fast_forward(locked, remote_branch.local, ours, head)
        warnings = () if warning is None else (warning,)
        divergence = comparison.divergence_at(head)
        is_pushed = head == fetched.theirs
        is_declined = not self._is_confirmed(transport, head, fetched)
        push_notes: tuple[Problem, ...] = ()
        if not is_pushed and not is_declined:
            self.report(SyncStep.PUSHING)
            # The next sync will not meet what this one has merged, so it is told now.
            received = (received_note(),) if head != ours else ()
            done = (*received, *fetched.notes, *divergence.notes, *notes, *warnings)
            try:
                with noted(done):
                    is_pushed, push_notes = _push(transport, head)
            except CallStopped as error:
                with noted(done):
                    raise PushStopped(remote=remote_branch.remote) from error
        return SyncAttempt(
            transport,
            divergence,
            head,
            merge_commit,
            is_pushed,
            warnings,
            (*fetched.notes, *notes, *push_notes),
            is_declined,
        )

    def _is_confirmed(self, transport: Transport, head: str, fetched: Fetched) -> bool:
        """Ask the user about everything that would go, if somebody is there to be asked."""
        if self.confirm is None:
            return True
        remote_branch = transport.remote_branch
        going = outgoing(transport.repository, remote_branch, head, fetched.theirs)
        return not (going.commits or going.tags) or self.confirm(going)

    def _new_head(self, comparison: Comparison) -> tuple[str, str | None, tuple[Problem, ...]]:
        """Return the commit to move to, the merge commit where one had to be made, and notes."""
        divergence = comparison.divergence
        if divergence.theirs is None or divergence.base == divergence.theirs:
            comparison.refuse_invalid()
            return divergence.ours, None, ()
        if divergence.base == divergence.ours:
            return divergence.theirs, None, ()
        commit, notes = comparison.create_merge_commit(self.choices, self.words)
        return commit, commit, notes


def received_note() -> Problem:
    """Return what a sync that fails says of the others' changes, once this clone has them."""
    return Problem("received-all-the-same", _RECEIVED)


def fetch(transport: Transport, report: ReportStep) -> Fetched:
    """Fetch, and return the remote's commit with the one it was known to have before.

    The latter is read before the fetch: what another process syncs meanwhile is not in the result.
    """
    repository, remote_branch = transport.repository, transport.remote_branch
    tracked = _tracked(repository, remote_branch)
    last_known = last_shared_commit(repository, remote_branch)
    if tracked is not None and last_known is None:
        # Before the first sync, go by what was fetched without this program.
        save_shared_commit(repository, remote_branch, tracked)
        last_known = tracked
    report(SyncStep.FETCHING)
    try:
        with call_in_progress(repository, remote_branch):
            has_branch, moved = _fetch_branch(transport)
            has_refs = has_branch or last_known is None or transport.shows_refs()
    except CallSilent as error:
        with noted(error.notes):
            raise RemoteSilent(remote=remote_branch.remote, **error.fields) from error
    with noted(moved):
        theirs = repository.commit_id(remote_branch.tracking) if has_branch else None
        notes = (*moved, *broken_ref_notes(repository))
        return Fetched(theirs, last_known, notes, moved, has_refs)


def _fetch_branch(transport: Transport) -> tuple[bool, tuple[Problem, ...]]:
    """Fetch; return whether the remote has the branch, and what was moved away for that."""
    try:
        return transport.fetch(), ()
    except BrokenTrackingRef:
        ref = transport.remote_branch.tracking
        copy = move_broken_ref(transport.repository, ref)
        if copy is None:
            raise
    fields = {"ref": ref, "copy": copy}
    with noted((Problem("ref-moved-away", _MOVED_AWAY, fields=fields),)):
        has_branch = transport.fetch()
    return has_branch, (Problem("ref-fetched-anew", _FETCHED_ANEW, fields=fields),)


def _tracked(repository: Repository, remote_branch: RemoteBranch) -> str | None:
    """Return the commit that the remote was known to have; None where that cannot be read.

    The fetch then gets it anew, so that nothing has to be given up.
    """
    try:
        return repository.commit_id(remote_branch.tracking)
    except HistoryDamaged:
        return None


def _push(transport: Transport, commit: str) -> tuple[bool, tuple[Problem, ...]]:
    """Push a commit; return whether the remote has it now, and what failed there all the same."""
    remote_branch, started = transport.remote_branch, time.time()
    folders = git_dirs(transport.repository, remote_branch.remote)
    try:
        with call_in_progress(transport.repository, remote_branch, folders):
            outcome = transport.push(commit)
    except CallSilent as error:
        raise PushSilent(remote=remote_branch.remote, **error.fields) from error
    if not outcome.complaint:
        return outcome.is_accepted, ()
    remove_left_there(remote_branch, folders, started)
    fields = {"remote": remote_branch.remote, "words": with_tail(outcome.complaint)}
    return outcome.is_accepted, (Problem("push-complained", _COMPLAINT, fields=fields),)

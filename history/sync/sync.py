"""Syncs a programme: fetches, merges by measure and field, pushes. The screen and the CLI call it.

The network is used without the lock, the local work is done under it, and what is pushed is the
very commit that was checked. Each step happens completely or not at all, so that a sync that was
interrupted at any point can simply be repeated:

- a fetch updates the tracking ref only;
- a merge commit is created in the object database, and no ref points to it until
- branch, index and files are moved to it (:mod:`~kvartal.history.store.fast_forward`, which a
  later start completes or withdraws after a crash);
- a push is one transaction of the remote.
"""

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Final

from kvartal.history.diff.words import Words
from kvartal.history.git.errors import CallStopped
from kvartal.history.git.own_programs import without_own_programs
from kvartal.history.store.snapshot import read_snapshot
from kvartal.history.store.write_lock import LOCK_TIMEOUT
from kvartal.history.sync.attempt import (
    BranchSwitched,
    SyncAttempt,
    SyncCall,
    fetch,
    received_note,
)
from kvartal.history.sync.compare import compare
from kvartal.history.sync.divergence import Choices, Divergence, Side
from kvartal.history.sync.errors import (
    BranchKeepsChanging,
    PushDeclined,
    PushStopped,
    SyncedPlanUnreadable,
    SyncNotRemembered,
    SyncStopped,
)
from kvartal.history.sync.folder_remote import flush
from kvartal.history.sync.outgoing import Confirm
from kvartal.history.sync.preflight import checked_for_sync
from kvartal.history.sync.progress import ReportStep, SyncResult, SyncStep, ignore_step
from kvartal.history.sync.remote import find_remote_branch
from kvartal.history.sync.remote_errors import PushGoesElsewhere, RemoteKeepsChanging
from kvartal.history.sync.state_files import call_in_progress, save_shared_commit
from kvartal.history.sync.tags import push_verified_tags
from kvartal.history.sync.transport import Transport, connect
from kvartal.history.sync.witnesses import rewritten_notes, save_synced
from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import KvartalError, Translate, noted, untranslated
from kvartal.schema.problems import Problem

ATTEMPTS: Final = 5
"""How often the whole sync is repeated because others pushed in between."""

PAUSE: Final = 0.2
"""The longest wait before the second attempt, in seconds; it grows with each further one."""


def find_divergence(  # noqa: PLR0913 - the options of the command
    path: Path,
    *,
    remote: str | None = None,
    timeout: float = LOCK_TIMEOUT,
    interactive: bool = False,
    accept_rewritten: bool = False,
    report: ReportStep = ignore_step,
) -> Divergence:
    """Fetch, and return how a plan's branch and the remote's differ; no branch is moved.

    Args:
        path: The plan file.
        remote: Name of the remote; None for the branch's upstream, the only one, or ``origin``.
        timeout: How many seconds to wait for another writer.
        interactive: Git and ssh may ask for a password on the terminal.
        accept_rewritten: Go on where the remote's history was rewritten.
        report: Receives each step.

    Raises:
        KvartalError: As for `synchronise`, except for conflicts: these are in the result.
    """
    repository, state = checked_for_sync(path, timeout, to_read=True)
    remote_branch = find_remote_branch(repository, state.branch or "", remote)
    with without_own_programs(repository):
        transport = connect(repository, remote_branch, interactive=interactive)
        fetched = fetch(transport, report)
        report(SyncStep.MERGING)
        with noted(fetched.moved), call_in_progress(repository, remote_branch):
            comparison = compare(
                repository,
                path.resolve().name,
                remote_branch,
                state.head or "",
                fetched,
                accept_rewritten=accept_rewritten,
            )
    divergence = comparison.divergence
    return replace(divergence, notes=(*fetched.notes, *divergence.notes))


def synchronise(  # noqa: PLR0913 - the options of the command
    path: Path,
    *,
    remote: str | None = None,
    choices: Choices | Side | None = None,
    translate: Translate = untranslated,
    timeout: float = LOCK_TIMEOUT,
    report: ReportStep = ignore_step,
    interactive: bool = False,
    accept_rewritten: bool = False,
    stop: Event | None = None,
    confirm: Confirm | None = None,
) -> SyncResult:
    """Fetch and merge what others changed, and push what was changed here.

    Args:
        path: The plan file.
        remote: Name of the remote; None for the branch's upstream, the only one, or ``origin``.
        choices: What the user chose for each conflict between two commits; or whose value to take
            for all of them.
        translate: Turns Russian templates into the language of the commit messages.
        timeout: How many seconds to wait for another writer.
        report: Receives each step before it begins. What it raises ends the sync safely.
        interactive: Git and ssh may ask for a password on the terminal.
        accept_rewritten: Go on where the remote's history was rewritten; what it dropped and this
            clone has is pushed to it again.
        stop: Ends a fetch or a push when it is set, unless `interactive`.
        confirm: Asked before anything is sent; None where the call itself is the confirmation.
            Where it says no, what others changed has been taken over, and a warning says so.

    Raises:
        SyncConflicts: The user has to choose; it carries the conflicts. Nothing was changed.
        ChoicesOutdated: As above: the choices were made for other commits.
        UncommittedEdits: The plan holds a manual edit that is not in the history.
        RemoteRewritten: The remote dropped commits that it had.
        ReceivedPlanInvalid: The remote's version is not a valid programme. Nothing was changed.
        LocalPlanInvalid: The version to push is not a valid programme.
        LedgerBusy: Another process holds the lock for too long.
        SyncStopped: It was stopped before anything was changed.
        PushStopped: It was stopped during a push, or after what others changed was taken over.
        KvartalError: The remote, git or the file system refuses, each reason with its class. Where
            the push fails, what others changed has been taken over already.
    """
    words = Words(translate)
    call = SyncCall(path, remote, choices, words, timeout, report, interactive, stop, confirm)
    started = time.time()
    gathered = _Gathered(remote or "")
    for number in range(1, ATTEMPTS + 1):
        try:
            with noted(gathered.notices):
                attempt = call.attempt(accept_rewritten=accept_rewritten)
        except CallStopped as error:
            with noted(error.notes):
                raise gathered.stopped() from error
        if isinstance(attempt, BranchSwitched):
            gathered.add_notes(attempt.notes)
            continue
        gathered.add(attempt)
        if attempt.is_declined:
            gathered.warnings += (PushDeclined(remote=gathered.remote),)
        elif attempt.is_pushed:
            notes, warnings = _finish(attempt, started, call.path.resolve().name)
            gathered.notes += notes
            gathered.warnings += warnings
        else:
            # At random, so that two clones do not collide again.
            time.sleep(random.uniform(0, number * PAUSE))  # noqa: S311 - no secret
            continue
        return gathered.result(path, attempt)
    with noted(gathered.notices):
        raise gathered.given_up()


@dataclass(slots=True)
class _Gathered:
    """What the attempts of one sync have brought so far.

    Attributes:
        remote: Name of the remote; until an attempt found it, as it was given.
        branch: The branch; empty until an attempt got as far as merging.
        received: How many commits were taken over.
        is_moved: Whether the branch was moved.
        fetched: The remote's commits, as each attempt met them.
        notes: What the user should know.
        warnings: What failed besides.
    """

    remote: str
    branch: str = ""
    received: int = 0
    is_moved: bool = False
    fetched: set[str | None] = field(default_factory=set)
    notes: tuple[Problem, ...] = ()
    warnings: tuple[KvartalError, ...] = ()

    @property
    def notices(self) -> tuple[Problem | KvartalError, ...]:
        """What a failure must not keep from the user."""
        received = (received_note(),) if self.is_moved else ()
        return (*received, *self.notes, *self.warnings)

    def add(self, attempt: SyncAttempt) -> None:
        """Add what an attempt brought, whether it could push or not."""
        divergence = attempt.divergence
        self.remote, self.branch = attempt.transport.remote_branch.remote, divergence.branch
        self.received += divergence.received
        self.is_moved = self.is_moved or attempt.head != divergence.ours
        self.fetched.add(divergence.theirs)
        self.add_notes((*divergence.notes, *attempt.notes))
        self.warnings += tuple(attempt.warnings)

    def add_notes(self, notes: Iterable[Problem]) -> None:
        """Add the notes that no attempt has brought before."""
        self.notes = (*self.notes, *(note for note in notes if note not in self.notes))

    def stopped(self) -> KvartalError:
        """Return the failure of a sync that was stopped."""
        return PushStopped(remote=self.remote) if self.is_moved else SyncStopped()

    def given_up(self) -> KvartalError:
        """Return the failure of a sync none of whose attempts came to an end."""
        if not self.branch:
            return BranchKeepsChanging()
        if len(self.fetched) == 1:
            return PushGoesElsewhere(remote=self.remote, branch=self.branch)
        return RemoteKeepsChanging(remote=self.remote)

    def result(self, path: Path, attempt: SyncAttempt) -> SyncResult:
        """Return the result of a sync with its last attempt."""
        snapshot = None
        try:
            snapshot = read_snapshot(path)
        except (KvartalError, OSError) as error:
            self.warnings += (SyncedPlanUnreadable(reason=system_reason(error)),)
        return SyncResult(
            snapshot=snapshot,
            remote=self.remote,
            branch=self.branch,
            received=self.received,
            sent=0 if attempt.is_declined else attempt.divergence.sent,
            head=attempt.head,
            commit=attempt.merge_commit,
            notes=self.notes,
            warnings=self.warnings,
        )


def _finish(
    attempt: SyncAttempt, started: float, plan: str
) -> tuple[tuple[Problem, ...], tuple[KvartalError, ...]]:
    """Save what both sides have now, push the tags and flush; return notes and warnings."""
    repository = attempt.transport.repository
    notes: tuple[Problem, ...] = ()
    remote = attempt.transport.remote_branch.remote
    try:
        _save_shared_state(attempt.transport, attempt.head)
        save_synced(attempt.transport, attempt.head)
        notes = rewritten_notes(attempt.transport, attempt.head, plan)
        notes = (*notes, *push_verified_tags(attempt.transport, attempt.head))
        if attempt.head != attempt.divergence.theirs:
            notes = (*notes, *flush(repository, remote, started))
    except (KvartalError, OSError) as error:
        return notes, (SyncNotRemembered(reason=system_reason(error)),)
    return notes, ()


def _save_shared_state(transport: Transport, head: str) -> None:
    """Save which commit both sides have, and set the upstream where there is none."""
    repository, remote_branch = transport.repository, transport.remote_branch
    save_shared_commit(repository, remote_branch, head)
    if not remote_branch.has_upstream:
        upstream = f"--set-upstream-to={remote_branch.remote}/{remote_branch.branch}"
        with call_in_progress(repository, remote_branch):
            repository.run("branch", "--quiet", upstream, remote_branch.local, writes=True)

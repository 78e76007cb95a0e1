"""Sharing a programme: fetch, merge by measure and field, push. What a screen and a command call.

The network is used without the lock, the local work is done under it, and what is pushed is the
very commit that was looked at. Each step is either not there or complete, so that a run that was
interrupted anywhere can be made again:

- a fetch alters the tracking ref alone;
- a merge commit is made in the object database, and belongs to nothing until
- branch, index and files go on to it (:mod:`~kvartal.history.store.fast_forward`,
  healed after a crash);
- a push is the remote's own transaction.
"""

import random
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from kvartal.history.diff.words import Words
from kvartal.history.git.errors import CallStopped
from kvartal.history.store.fast_forward import move_on
from kvartal.history.store.snapshot import look
from kvartal.history.store.write_lock import PATIENCE
from kvartal.history.sync.compare import Comparison, Fetched, compare
from kvartal.history.sync.divergence import Choices, Divergence, Side
from kvartal.history.sync.errors import (
    PushStopped,
    RemoteKeepsChanging,
    SyncStopped,
)
from kvartal.history.sync.preflight import ready
from kvartal.history.sync.progress import ReportStep, SyncResult, SyncStep, ignore_step
from kvartal.history.sync.remote import find_remote_branch
from kvartal.history.sync.state_files import call_in_progress, known, save_shared_commit
from kvartal.history.sync.tags import push_verified_tags
from kvartal.history.sync.transport import Pushed, Transport, connect
from kvartal.schema.errors import Translate, untranslated

if TYPE_CHECKING:
    from kvartal.schema.problems import Problem

ATTEMPTS: Final = 5
"""How often everything is done anew because somebody pushed in between."""

PAUSE: Final = 0.2
"""Seconds to wait at most before the second attempt; longer before each further one."""


def find_divergence(  # noqa: PLR0913 - what a person may ask for
    path: Path,
    *,
    remote: str | None = None,
    fetch: bool = True,
    patience: float = PATIENCE,
    interactive: bool = False,
    accept_rewritten: bool = False,
    report: ReportStep = ignore_step,
) -> Divergence:
    """Return how a plan's branch and the remote's stand to each other; moves nothing here or there.

    Args:
        path: The plan file.
        remote: Name of the remote; the branch's upstream, the only one or ``origin``, if not given.
        fetch: Ask the remote; else go by what was fetched last.
        patience: How many seconds to wait for another writer.
        interactive: Git and ssh may ask for a password on the terminal.
        accept_rewritten: Go on where the remote's history was rewritten.
        report: Told of each step.

    Raises:
        KvartalError: As for `synchronise`, but for conflicts, which are told in what is returned.
    """
    with ready(path, patience, held=False) as (repository, stand):
        pass
    line = connect(
        repository, find_remote_branch(repository, stand.branch or "", remote), asks=interactive
    )
    fetched = _fetched(line, report, fetch=fetch)
    report(SyncStep.MERGING)
    name, ours = path.resolve().name, stand.head or ""
    meeting = compare(repository, name, line.way, ours, fetched, accept_rewritten=accept_rewritten)
    return meeting.divergence


def synchronise(  # noqa: PLR0913 - what a person may ask for
    path: Path,
    *,
    remote: str | None = None,
    choices: Choices | Side | None = None,
    translate: Translate = untranslated,
    patience: float = PATIENCE,
    report: ReportStep = ignore_step,
    interactive: bool = False,
    accept_rewritten: bool = False,
    stop: Event | None = None,
) -> SyncResult:
    """Bring what others have changed here, and what was changed here to them.

    Args:
        path: The plan file.
        remote: Name of the remote; the branch's upstream, the only one or ``origin``, if not given.
        choices: What a person chose where both sides changed one field, bound to the commits it
            was chosen for; or whose value to take wherever that is.
        translate: Turns Russian templates into the language that commit messages are written in.
        patience: How many seconds to wait for another writer.
        report: Told of each step before it is done. What it raises ends the work, safely.
        interactive: Git and ssh may ask for a password on the terminal.
        accept_rewritten: Go on where the remote's history was rewritten: what it dropped and is
            here still comes back to it.
        stop: Ends the waiting for the remote when it is set; not where a person may be asked.

    Raises:
        SyncConflicts: A person has to choose; carries what. Nothing was moved.
        ChoicesOutdated: As above: the choices given were for other commits.
        UncommittedEdits: The plan holds an edit by hand that is not in the history.
        RemoteRewritten: The remote dropped commits that it had.
        ReceivedPlanInvalid: What the remote holds is not a valid programme; nothing was moved.
        LocalPlanInvalid: What would be sent is not one.
        LedgerBusy: Another process writes, and for too long.
        SyncStopped: It was stopped before anything was moved.
        PushStopped: It was stopped while it was being sent, or after.
        KvartalError: The remote, git or the file system refuses, each reason with its class. Where
            it is the push that fails, what others had changed is here already.
    """
    order = _SyncCall(path, remote, choices, Words(translate), patience, report, interactive, stop)
    received, name = 0, remote or ""
    notes: tuple[Problem, ...] = ()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            tried = order.attempt(accept_rewritten=accept_rewritten)
        except CallStopped as error:
            raise (PushStopped(remote=name) if notes or received else SyncStopped()) from error
        if tried is None:
            continue
        divergence, name = tried.divergence, tried.line.way.remote
        received += divergence.received
        notes = (*notes, *divergence.notes)
        if not tried.is_shared:
            time.sleep(random.uniform(0, attempt * PAUSE))  # noqa: S311 - not to meet again
            continue
        _settle(tried.line, tried.head)
        notes = (*notes, *push_verified_tags(tried.line, tried.head))
        return SyncResult(
            snapshot=look(path),
            remote=name,
            branch=divergence.branch,
            received=received,
            sent=divergence.sent,
            head=tried.head,
            commit=tried.commit,
            notes=notes,
        )
    raise RemoteKeepsChanging(remote=name)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What an attempt came to: the commit that is here now, and whether the remote holds it."""

    line: Transport
    divergence: Divergence
    head: str
    commit: str | None
    is_shared: bool


@dataclass(frozen=True, slots=True)
class _SyncCall:
    """What was asked of `synchronise`."""

    path: Path
    remote: str | None
    choices: Choices | Side | None
    words: Words
    patience: float
    report: ReportStep
    interactive: bool
    stop: Event | None

    def attempt(self, *, accept_rewritten: bool) -> _Attempt | None:
        """Fetch, merge, go on to it and push, once; None where the branch was changed meanwhile.

        Raises:
            CallStopped: It was stopped before anything was moved by this attempt.
            PushStopped: It was stopped later.
        """
        with ready(self.path, self.patience, held=False) as (repository, stand):
            way = find_remote_branch(repository, stand.branch or "", self.remote)
            line = connect(repository, way, asks=self.interactive, stop=self.stop)
        fetched = _fetched(line, self.report)
        with ready(self.path, self.patience) as (held, stand):
            if stand.branch != way.local:
                return None
            ours = stand.head or ""
            self.report(SyncStep.MERGING)
            name = self.path.resolve().name
            meeting = compare(held, name, way, ours, fetched, accept_rewritten=accept_rewritten)
            taken = _taken(meeting, self.choices, self.words)
            if self.stop is not None and self.stop.is_set():
                raise CallStopped
            if taken.head != ours:
                self.report(SyncStep.TAKING)
                move_on(held, way.local, ours, taken.head)
        is_shared = taken.head == fetched.theirs
        if not is_shared:
            self.report(SyncStep.PUSHING)
            try:
                is_shared = _sent(line, taken.head)
            except CallStopped as error:
                raise PushStopped(remote=way.remote) from error
        return _Attempt(line, meeting.divergence, taken.head, taken.commit, is_shared)


@dataclass(frozen=True, slots=True)
class _Target:
    """The commit to go to, and the merge commit that was made, if any."""

    head: str
    commit: str | None = None


def _taken(meeting: Comparison, choices: Choices | Side | None, words: Words) -> _Target:
    divergence = meeting.divergence
    if divergence.theirs is None or divergence.base == divergence.theirs:
        meeting.refuse_broken(divergence.ours, divergence.theirs)
        return _Target(divergence.ours)
    if divergence.base == divergence.ours:
        return _Target(divergence.theirs)
    commit = meeting.merged(choices, words)
    return _Target(commit, commit)


def _fetched(line: Transport, report: ReportStep, *, fetch: bool = True) -> Fetched:
    """Return what the remote holds, and what it is known to have held before it was asked.

    Known before: what another program here shares meanwhile is not in what was fetched.
    """
    repository, way = line.repository, line.way
    tracked = repository.commit_id(way.tracking)
    last = known(repository, way)
    if tracked is not None and last is None:
        # What was fetched before we were asked for the first time.
        save_shared_commit(repository, way, tracked)
        last = tracked
    if fetch:
        report(SyncStep.FETCHING)
        with call_in_progress(repository, way):
            if not line.fetch():
                return Fetched(None, last)
        tracked = repository.commit_id(way.tracking)
    return Fetched(tracked, last)


def _sent(line: Transport, commit: str) -> bool:
    """Push a commit; tell whether the remote holds it now."""
    with call_in_progress(line.repository, line.way):
        return line.push(commit) is Pushed.TAKEN


def _settle(line: Transport, head: str) -> None:
    """Note down what both sides hold now and, the first time, that they belong together."""
    repository, way = line.repository, line.way
    save_shared_commit(repository, way, head)
    if not way.is_settled:
        follow = f"--set-upstream-to={way.remote}/{way.branch}"
        with call_in_progress(repository, way):
            repository.run("branch", "--quiet", follow, way.local, writes=True)

"""The facade of `history`: one plan file, as the screen and the command line read and change it.

Every call is synchronous; the screen makes it in a thread. Git and the validators are imported by
the call that needs them: the first paint reads the file and needs neither. What keeps a programme
from being saved is repaired in `kvartal.history.repair`, earlier versions are read and restored in
`kvartal.history.versions`.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice, takewhile
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final, TypeAlias

from kvartal.history.git.environment import check_environment
from kvartal.history.store.files import FileStamp, file_digest, file_stamp
from kvartal.history.store.snapshot import Snapshot, read_snapshot
from kvartal.schema.errors import Translate, untranslated

if TYPE_CHECKING:
    from kvartal.history.git.repository import Repository
    from kvartal.history.log.entry import CommitEntry
    from kvartal.history.log.undo import Reversal
    from kvartal.history.messages.message import EarlierCommit
    from kvartal.history.store.ledger import Ledger, SaveResult
    from kvartal.history.store.prepare import Attached
    from kvartal.history.store.recovery import Recovery
    from kvartal.history.store.repo_state import RepoState
    from kvartal.history.store.state_folder import UnfinishedWork
    from kvartal.history.store.watch import RepoStamp
    from kvartal.history.sync.divergence import Choices, Divergence, Side
    from kvartal.history.sync.progress import ReportStep, SyncResult
    from kvartal.schema.changes import Change

Translator: TypeAlias = Callable[[str], Translate]
"""Returns the translation into a plan's language, which commit messages are written in."""

RECENT: Final = 100
"""How many commits `Programme.recent` returns at most."""


def _in_no_language(_language: str) -> Translate:
    return untranslated


def open_programme(
    path: Path,
    *,
    name: str = "",
    translate: Translate = untranslated,
    translator: Translator = _in_no_language,
) -> "Programme":
    """Return the programme of a plan file; nothing is read yet.

    Args:
        path: The plan file.
        name: What messages call the file; empty for its path.
        translate: Puts texts for the reader into the reader's language.
        translator: Returns the translation into a plan's language.

    Raises:
        MisleadingEnvironment: Variables of the environment may lead git astray; a program calls
            `scrub_environment` once, at its start.
    """
    check_environment()
    return Programme(path, name, translate, translator)


@dataclass
class Programme:
    """One plan file and its history; made by `open_programme`.

    Attributes:
        path: The plan file.
        name: What messages call the file; empty for its path.
        translate: Puts texts for the reader into the reader's language.
        translator: Returns the translation into the plan's language.
        language: The plan's language, once it has been read.
        stamp: The file as this object last read or wrote it; None before that.
    """

    path: Path
    name: str = ""
    translate: Translate = untranslated
    translator: Translator = _in_no_language
    language: str = "ru"
    stamp: FileStamp = None

    # The file.

    def read(self) -> Snapshot:
        """Return the programme as it is on disk; asks neither git nor the validators.

        Raises:
            UnreadablePlan: The file cannot be read, or is not the YAML a plan is written in.
            InvalidPlan: It does not hold a programme.
        """
        # Taken first: what changes during the read must not pass for already read.
        stamp = file_stamp(self.path)
        snapshot = read_snapshot(self.path, self.name or None)
        self.stamp = stamp
        self.language = snapshot.plan.language
        return snapshot

    def stamps(self, known: "RepoState | None") -> "RepoStamp":
        """Return the stamps of the file and its repository; git is not started.

        Args:
            known: Their state when git was last asked.
        """
        from kvartal.history.store.watch import repo_stamp

        branch = known.branch if known else None
        return repo_stamp(self.path, known.repository if known else None, branch)

    def state(self) -> "RepoState":
        """Return the state of file, HEAD and locks."""
        return self.ledger().state()

    # Changes.

    def unfinished_work(self) -> "UnfinishedWork | None":
        """Return what is noted as being under way: now, or when a program crashed.

        Git is not started: what only reads can afford to ask.
        """
        from kvartal.history.store.state_folder import unfinished_work

        return unfinished_work(self.path.resolve().parent)

    def recover(self, timeout: float | None = None) -> "Recovery | None":
        """Finish or withdraw a change that a crash interrupted; None when there was none.

        Args:
            timeout: How many seconds to wait for another writer; None for the usual time.

        Raises:
            LedgerBusy: Another writer is at work.
            KvartalError: Something prevents it; then nothing is changed.
        """
        return self.ledger(timeout).recover()

    def save(  # noqa: PLR0913 - everything that a change consists of
        self,
        snapshot: Snapshot,
        change: "Change",
        attachments: "Sequence[Attached]" = (),
        *,
        reverts: "EarlierCommit | None" = None,
        exact_bytes: bytes | None = None,
        reason: str = "",
    ) -> "SaveResult":
        """Write a change and commit it. See `Ledger.apply`.

        Raises:
            KvartalError: It was not saved; everything is as before.
        """
        result = self.ledger().apply(
            snapshot,
            change,
            attachments,
            reverts=reverts,
            exact_bytes=exact_bytes,
            reason=reason,
        )
        self.note_written(result.snapshot.digest)
        return result

    def reversal(self, snapshot: Snapshot, *, redo: bool = False, commit: str = "") -> "Reversal":
        """Return what undoes a change, or redoes the last undone one; nothing is written.

        Args:
            snapshot: The programme as it is.
            redo: Whether to redo.
            commit: The commit to undo; empty for the last change.

        Raises:
            KvartalError: There is nothing to undo, or it cannot be undone.
        """
        from kvartal.history.log.undo import redo_last, undo_last
        from kvartal.history.log.undo_named import undo_named

        if commit:
            return undo_named(self.repository(), snapshot, commit, self.translate)
        return (redo_last if redo else undo_last)(self.repository(), snapshot, self.translate)

    def save_reversal(self, snapshot: Snapshot, reversal: "Reversal") -> "SaveResult":
        """Write and commit an undo, a redo or a restoration.

        Raises:
            KvartalError: It was not saved; everything is as before.
        """
        return self.save(
            snapshot,
            reversal.change,
            reversal.attachments,
            reverts=reversal.reverts,
            exact_bytes=reversal.exact_bytes,
            reason=reversal.reason,
        )

    # The history.

    def log(
        self,
        measure: str | None = None,
        *,
        revision: str = "HEAD",
        excluding: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> "Generator[CommitEntry]":
        """Yield the commits that touched the plan, newest first, as they are found.

        Close the generator when leaving it early: git is at work behind it.

        Args:
            measure: Id of the only measure to look at; None for the whole programme.
            revision: The commit to begin at.
            excluding: Full id of a commit: it and its ancestors are left out; None for no limit.
            since: First day; None for no limit.
            until: Last day; None for no limit.

        Raises:
            KvartalError: Git refused.
        """
        from kvartal.history.diff.words import Words
        from kvartal.history.log.acceptance_entries import with_acceptances
        from kvartal.history.log.log import entries

        repository = self.repository()
        log = entries(
            repository,
            self.path.resolve().name,
            measure=measure,
            revision=revision,
            excluding=excluding,
            since=since,
            until=until,
            words=Words(self.translate),
        )
        return with_acceptances(
            log,
            repository,
            measure=measure,
            revision=revision,
            excluding=excluding,
            since=since,
            until=until,
        )

    def entries(
        self, measure: str = "", *, revision: str = "HEAD", limit: int
    ) -> "tuple[CommitEntry, ...]":
        """Return the newest entries of `log`.

        Args:
            measure: Id of the only measure to look at; empty for the whole programme.
            revision: The commit to begin at.
            limit: How many at most.
        """
        with closing(self.log(measure or None, revision=revision)) as log:
            return tuple(islice(log, limit))

    def recent(self, known: "tuple[CommitEntry, ...]" = ()) -> "tuple[CommitEntry, ...]":
        """Return the latest commits that touched the plan, newest first.

        Args:
            known: An earlier result: only what came after it is read.
        """
        seen = {entry.commit for entry in known}
        with closing(self.log()) as log:
            new = takewhile(lambda entry: entry.commit not in seen, log)
            return (*islice(new, RECENT), *known)[:RECENT]

    def subject(self, commit: str) -> str:
        """Return the subject of a commit followed by its short id: ``1.1.2: … (a3f1c9d)``."""
        arguments = ("log", "-1", "--no-color", "--format=%h %s", commit, "--")
        short, _space, subject = self.repository().read_text(*arguments).strip().partition(" ")
        return f"{subject} ({short})"

    # Sync.

    def divergence(
        self,
        *,
        remote: str | None = None,
        interactive: bool = False,
        accept_rewritten: bool = False,
        report: "ReportStep | None" = None,
    ) -> "Divergence":
        """Fetch, and return how our branch and the remote's differ; nothing is moved.

        See `kvartal.history.sync.sync.find_divergence` for the arguments and the errors raised.
        """
        from kvartal.history.sync.progress import ignore_step
        from kvartal.history.sync.sync import find_divergence

        return find_divergence(
            self.path,
            remote=remote,
            interactive=interactive,
            accept_rewritten=accept_rewritten,
            report=report or ignore_step,
        )

    def sync(  # noqa: PLR0913 - the options of the command
        self,
        *,
        remote: str | None = None,
        choices: "Choices | Side | None" = None,
        interactive: bool = False,
        accept_rewritten: bool = False,
        report: "ReportStep | None" = None,
        stop: Event | None = None,
    ) -> "SyncResult":
        """Fetch and merge what others changed, and push what was changed here.

        See `kvartal.history.sync.sync.synchronise` for the arguments and the errors raised.
        """
        from kvartal.history.sync.progress import ignore_step
        from kvartal.history.sync.sync import synchronise

        synced = synchronise(
            self.path,
            remote=remote,
            choices=choices,
            translate=self.translator(self.language),
            report=report or ignore_step,
            interactive=interactive,
            accept_rewritten=accept_rewritten,
            stop=stop,
        )
        self.note_written(synced.snapshot.digest)
        return synced

    # Used by the methods above, and by `repair` and `versions`.

    def ledger(self, timeout: float | None = None) -> "Ledger":
        """Return the ledger of the plan, which writes in the plan's language.

        Args:
            timeout: How many seconds to wait for another writer; None for the usual time.
        """
        from kvartal.history.store.ledger import Ledger
        from kvartal.history.store.write_lock import LOCK_TIMEOUT

        return Ledger(
            self.path,
            translate=self.translator(self.language),
            timeout=LOCK_TIMEOUT if timeout is None else timeout,
        )

    def repository(self) -> "Repository":
        """Return the repository as seen from the plan's folder.

        Raises:
            KvartalError: There is none, or git does not open it.
        """
        from kvartal.history.git.discovery import find_repository

        return find_repository(self.path.resolve().parent)

    def note_written(self, digest: str) -> None:
        """Note the stamp of the file that was just written, so that it does not count as changed.

        Args:
            digest: SHA-256 of what was written.
        """
        stamp = file_stamp(self.path)
        if file_digest(self.path.resolve()) == digest:
            self.stamp = stamp

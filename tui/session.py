"""The values on the screen, and the methods that screens, dialogs and services may call.

All of `tui` types against this class, so that nothing below the application imports it. The
application, created by `kvartal.tui.main` alone, implements the methods with its services.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

from textual.app import App
from textual.reactive import var

from kvartal.history.programme import Programme
from kvartal.history.store.snapshot import Snapshot
from kvartal.tui.settings import Settings
from kvartal.tui.view import Overview

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.worker import WorkType

    from kvartal.history.log.entry import CommitEntry
    from kvartal.history.log.undo import Reversal
    from kvartal.history.store.attachments import Attachment
    from kvartal.history.store.evidence_watch import EvidenceReport
    from kvartal.history.store.ledger import SaveResult
    from kvartal.history.sync.divergence import Choices, Side
    from kvartal.history.sync.outgoing import Outgoing
    from kvartal.schema.changes import Change
    from kvartal.tui.presentation.conflicts import ConflictKey
    from kvartal.tui.presentation.history import OpenedVersion
    from kvartal.tui.presentation.labels import Signs
    from kvartal.tui.presentation.repo_notice import RepoNotice

SaveCall: TypeAlias = "Callable[[Snapshot], SaveResult]"
"""Saves something, given the current programme. Called in a thread."""


class Session(App[None]):
    """One programme on the screen.

    The application implements the methods at the end. They are not marked abstract: Textual's
    metaclass conflicts with `abc.ABCMeta`.
    """

    snapshot: var[Snapshot | None] = var(None, init=False)
    """The programme as last read or saved; None as long as the file cannot be read."""
    as_of: var[date] = var(date.min, init=False)
    """The date whose states are shown."""
    pinned: var[bool] = var(False, init=False)
    """Whether that date was chosen; otherwise it follows the calendar."""
    overview: var[Overview | None] = var(None, init=False)
    """The programme as of that date."""
    repo_notice: var["RepoNotice | None"] = var(None, init=False)
    """What is wrong with file and repository; None until they have been checked."""
    saving: var[bool] = var(False, init=False)
    """Whether a change is being saved."""
    recent_commits: var["tuple[CommitEntry, ...]"] = var((), init=False)
    """The latest commits, newest first."""
    evidence: var["EvidenceReport | None"] = var(None, init=False)
    """Whether the evidence files of today's programme are whole; None until they are looked at."""
    opened_version: var["OpenedVersion | None"] = var(None, init=False)
    """The earlier version that is shown instead, read-only; None for today's programme."""

    signs: "Signs"
    """The signs that the terminal can draw."""
    sync_choices: "dict[ConflictKey, Side]"
    """What was chosen in conflicts that are not settled yet; kept while the program runs."""
    is_syncing: bool = False
    """Whether a sync is running."""

    def __init__(
        self,
        programme: Programme,
        settings: Settings | None = None,
        *,
        as_of: date | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """Show a programme.

        Args:
            programme: Reads and saves the plan file.
            settings: The user's.
            as_of: The date to show states as of; None to follow the calendar.
            today: Returns the date of the calendar.
        """
        self.settings = settings or Settings()
        super().__init__()
        self.programme = programme
        self.today = today
        self.sync_choices = {}
        self.set_reactive(Session.as_of, as_of or today())
        self.set_reactive(Session.pinned, as_of is not None)

    # Computed from the values.

    def watch_snapshot(self) -> None:
        """Compute the states again."""
        self.overview = self.overview_now()

    def watch_as_of(self) -> None:
        """Compute the states again."""
        self.overview = self.overview_now()

    def watch_opened_version(self) -> None:
        """Compute the states of the version now shown."""
        self.overview = self.overview_now()

    def overview_now(self) -> Overview | None:
        """Return the programme on the screen as of its date; None where none can be read."""
        version = self.opened_version
        snapshot = version.version.snapshot if version else self.snapshot
        return Overview(snapshot.plan, self.as_of) if snapshot else None

    @property
    def current(self) -> Snapshot:
        """Today's programme, where one is on the screen."""
        if self.snapshot is None:
            raise RuntimeError("nothing has been read yet")
        return self.snapshot

    @property
    def default_day(self) -> date:
        """The date of the states unless one is chosen: that of the opened version, or today."""
        return self.opened_version.day if self.opened_version else self.today()

    def show_date(self, day: date) -> None:
        """Show the states as of a date; the default date follows the calendar again."""
        self.pinned = day != self.default_day
        self.as_of = day

    def start_worker(self, work: "WorkType[None]", group: str, *, exclusive: bool = True) -> None:
        """Start work in the background: `run_worker` for callers that are not widgets.

        Args:
            work: A coroutine function without arguments. Not a coroutine: that would be reported as
                never awaited where the application closes first.
            group: Name of the kind of work.
            exclusive: Whether to cancel running work of the same kind.
        """
        self.run_worker(work, group=group, exclusive=exclusive)

    # Changes, applied to the programme that is current when they are saved.

    async def save_change(
        self,
        change: "Change",
        attachments: "tuple[Attachment, ...]" = (),
        *,
        reason: str = "",
    ) -> None:
        """Save a change; the screen shows it once its commit exists.

        Args:
            change: The change.
            attachments: The files that belong to it.
            reason: Why it is made; empty for none.

        Raises:
            KvartalError: It was not saved; everything is as before.
        """
        await self.save(lambda now: self.programme.save(now, change, attachments, reason=reason))

    async def save_reversal(self, reversal: "Reversal") -> None:
        """Save an undo, a redo or a restoration.

        Raises:
            KvartalError: It was not saved; everything is as before.
        """
        await self.save(lambda now: self.programme.save_reversal(now, reversal))

    # Implemented by the application.

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence on the main screen, and on a screen above it on which things are saved.

        Args:
            sentence: It may hold data.
            trouble: Whether it stays until it is closed.
        """
        raise NotImplementedError

    def announce(self, sentence: str) -> None:
        """Show a sentence until it is closed, as soon as the main screen is there.

        Args:
            sentence: It may hold data; empty for nothing.
        """
        raise NotImplementedError

    async def perform(self, action: str) -> None:
        """Run an action of the main screen.

        Args:
            action: Its id in `kvartal.tui.actions.registry`.
        """
        raise NotImplementedError

    def open_programme(self, path: Path, *, is_new: bool = False) -> None:
        """Close this programme and open another one.

        Args:
            path: Its plan file.
            is_new: Whether it was just created, which is said then.
        """
        raise NotImplementedError

    def reload(self, *, is_asked: bool = False) -> None:
        """Read the file again, and check repository and rules.

        Args:
            is_asked: Whether the user asked for it, and is told where nothing has changed.
        """
        raise NotImplementedError

    async def catch_up(self) -> None:
        """Pick up what others changed at once."""
        raise NotImplementedError

    async def save(self, call: SaveCall) -> None:
        """Save in a thread, then show the result.

        What prevents it and can be repaired is asked about on the spot; then it is tried again.

        Args:
            call: Saves, given the current programme.

        Raises:
            KvartalError: Nothing was saved; everything is as before.
        """
        raise NotImplementedError

    def repair(self, refusal: str | None = None) -> None:
        """Ask about what prevents saving, if anything.

        Args:
            refusal: Why an action was just refused: ask only if that is for lack of a repository.
        """
        raise NotImplementedError

    async def open_version(self, revision: str, day: date | None = None) -> None:
        """Show the programme as it was.

        Args:
            revision: A commit, a tag or a date ``2024-03-31``.
            day: That date, if it is one.

        Raises:
            KvartalError: There is no such version, or it cannot be read; the screen stays.
        """
        raise NotImplementedError

    def close_version(self, measure: str = "") -> None:
        """Show today's programme again.

        Args:
            measure: Id of the measure to put the cursor on; empty for the one it was on.
        """
        raise NotImplementedError

    async def sync(
        self,
        report: Callable[[str], None],
        choices: "Choices | None" = None,
        confirmed: "Outgoing | None" = None,
    ) -> str:
        """Sync with the remote and show what came; return the outcome in words.

        Args:
            report: Shows the progress.
            choices: What the user chose in the conflicts.
            confirmed: What the user has agreed to send; about anything else it asks.

        Raises:
            SyncConflicts: The user has to choose; nothing was changed.
            KvartalError: It failed; what is saved here stays.
        """
        raise NotImplementedError

    def stop_sync(self, sentence: str | None = None) -> bool:
        """Stop waiting for the remote; return whether there was anything to stop.

        Args:
            sentence: The progress sentence that Esc was pressed at; None for any.
        """
        raise NotImplementedError


def session_of(node: "DOMNode") -> Session:
    """Return the session that a screen or a widget belongs to."""
    return cast("Session", node.app)

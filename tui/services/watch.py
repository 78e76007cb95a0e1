"""Notices what others do to the file and to its history, and reports it.

A check costs a few file system calls, in a thread; git is asked only when they show that something
has changed.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import KvartalError
from kvartal.tui.presentation.external_changes import ExternalChange, change_sentence, differences
from kvartal.tui.services.notices import NoticeService
from kvartal.tui.session import Session

if TYPE_CHECKING:
    from kvartal.history.diff.groups import ChangeGroup
    from kvartal.history.log.entry import CommitEntry
    from kvartal.history.store.files import FileStamp
    from kvartal.history.store.repo_state import RepoState
    from kvartal.history.store.snapshot import Snapshot
    from kvartal.history.store.watch import RepoStamp

MAX_POSTPONED_CHECKS: Final = 6
"""For how many checks a running git or another copy of this program may finish its work first."""

SOON: Final = 0.4
"""The part of the check interval after which a file that may be half written is read again: what an
editor has written so far may well be readable, as a shorter programme."""


class WatchService:
    """Notices that the file or HEAD has changed, updates the screen and reports what changed."""

    def __init__(
        self, session: Session, notices: NoticeService, check_soon: Callable[[float], None]
    ) -> None:
        """Watch the programme of a session.

        Args:
            session: The session.
            notices: Shows what is wrong.
            check_soon: Checks again after a part of the usual interval.
        """
        self.session = session
        self.notices = notices
        self._check_soon = check_soon
        self.state: RepoState | None = None
        """The state of the repository when git was last asked."""
        self._head: str | None = None
        self._git: tuple[FileStamp, ...] | None = None
        self._doubted: list[FileStamp] = []
        self._unreadable: KvartalError | None = None
        self._waited = 0
        self._lock = asyncio.Lock()

    def note_state(self, state: "RepoState") -> None:
        """Note a state as known: it is not reported as a change again."""
        self.state = state
        self._head = state.head

    @property
    def is_unreadable(self) -> bool:
        """Whether the file can no longer be read, so that the last readable version is shown."""
        return self._unreadable is not None

    @property
    def is_waiting(self) -> bool:
        """Whether the last check found somebody at work and left the file for the next one."""
        return self._waited > 0

    def note_commit(self, commit: str | None) -> None:
        """Note a commit of ours as known: it is not reported as a change."""
        self._head = commit or self._head

    async def check(self, *, force: bool = False) -> bool:
        """Check once for changes; return whether there were any.

        Args:
            force: Read the file and ask git even if the file system shows no difference.
        """
        if self.session.saving or (self._lock.locked() and not force):
            return False
        async with self._lock:
            return await self._check_once(force=force)

    async def _check_once(self, *, force: bool) -> bool:
        session, programme, before = self.session, self.session.programme, self.session.snapshot
        stamps = await asyncio.to_thread(programme.stamps, self.state)
        is_changed = stamps.plan != programme.stamp or force
        if session.saving or not (is_changed or stamps.git != self._git):
            return False
        state = await asyncio.to_thread(programme.state)
        if self._is_being_written(stamps, state, is_file_whole=force or not is_changed):
            self._check_soon(SOON)
            return True
        snapshot = before
        if is_changed:
            try:
                snapshot = await asyncio.to_thread(programme.read)
            except KvartalError as error:
                self._unreadable = error
                programme.stamp = stamps.plan
                self.notices.report_unreadable(error, state.obstacle)
                return True
            self._unreadable = None
        change, commits = await self._compare(snapshot, state)
        if self._is_overtaken(before):
            return True
        self._git = stamps.git
        await self._show(snapshot, state, change, commits)
        return True

    def _is_being_written(
        self, stamps: "RepoStamp", state: "RepoState", *, is_file_whole: bool
    ) -> bool:
        """Return whether somebody may be in the middle of writing the file or its history.

        Args:
            stamps: The stamps of both.
            state: The state of the repository.
            is_file_whole: Whether the file is known not to be half written.
        """
        if (stamps.is_locked or state.holder is not None) and self._waited < MAX_POSTPONED_CHECKS:
            self._waited += 1
            return True
        self._waited = 0
        is_committed = state.repository is not None and not state.is_edited
        if is_file_whole or is_committed or stamps.plan in self._doubted:
            self._doubted.clear()
            return False
        self._doubted = [stamps.plan]
        return True

    def _is_overtaken(self, before: "Snapshot | None") -> bool:
        """Return whether the user saved something in between: the next check sees the rest."""
        return self.session.saving or self.session.snapshot is not before

    async def _compare(
        self, snapshot: "Snapshot | None", state: "RepoState"
    ) -> "tuple[ExternalChange, tuple[CommitEntry, ...] | None]":
        """Return what changed, and the latest commits where the history has changed."""
        session, before, was = self.session, self.session.snapshot, self.state
        groups: tuple[ChangeGroup, ...] = ()
        is_changed = (
            before is not None and snapshot is not None and snapshot.digest != before.digest
        )
        if is_changed and before is not None and snapshot is not None:
            groups = await asyncio.to_thread(differences, before.data, snapshot.data)
        change = ExternalChange(
            groups,
            is_text_only=is_changed and not groups,
            is_committed=state.repository is not None and not state.is_edited,
        )
        if was is None or was.repository is None or state.repository is None:
            return change, None
        if (state.head, state.branch) == (self._head, was.branch):
            return change, None
        try:
            commits = await asyncio.to_thread(session.programme.recent)
        except KvartalError:
            return change, None
        if state.branch != was.branch:
            branch = state.branch or ""
            return replace(change, branch=branch, is_detached=not branch), commits
        if self._head and not await self._is_continued(state, self._head):
            return replace(change, is_rewound=True), commits
        known = {entry.commit for entry in session.recent_commits}
        entries = [entry for entry in commits if entry.commit not in known]
        return replace(change, entries=entries), commits

    async def _is_continued(self, state: "RepoState", old: str) -> bool:
        """Return whether HEAD descends from the commit that was there before."""
        if state.repository is None or state.head is None:
            return False
        return await asyncio.to_thread(state.repository.is_ancestor, old, state.head)

    async def _show(
        self,
        snapshot: "Snapshot | None",
        state: "RepoState",
        change: ExternalChange,
        commits: "tuple[CommitEntry, ...] | None",
    ) -> None:
        session = self.session
        self.note_state(state)
        shown = session.snapshot
        if snapshot is not None and (shown is None or snapshot.digest != shown.digest):
            session.snapshot = snapshot
            self._notify_dialogs(change_sentence(change))
        if commits is not None:
            session.recent_commits = commits
        await self.notices.show_main()
        if self._unreadable is None:
            await self.notices.check(state)
        if change_sentence(change):
            session.say(change_sentence(change))

    def _notify_dialogs(self, sentence: str) -> None:
        from kvartal.tui.forms.form import FormDialog

        for screen in self.session.screen_stack:
            if isinstance(screen, FormDialog):
                screen.programme_changed(sentence)

"""Keeps the screen up to date with the file, with git and with the calendar.

Everything runs on the application's event loop; what takes time runs in a thread. The programme may
change while a thread is busy: a result that is outdated by then is dropped.
"""

import asyncio
import gc
from collections.abc import Callable
from typing import Final

from kvartal.schema.errors import KvartalError
from kvartal.tui.actions.registry import key_of
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import short_message, short_path
from kvartal.tui.presentation.repo_notice import recovery_sentence
from kvartal.tui.screens.main import main_screen
from kvartal.tui.services.notices import NoticeService
from kvartal.tui.services.watch import WatchService
from kvartal.tui.session import Session

GIT_CHECK_EVERY: Final = 20
"""After this many checks the evidence files are looked at again and, while a warning is shown, git
is asked again."""


class RefreshService:
    """Checks the file, git and the calendar, and updates the session's values."""

    def __init__(
        self,
        session: Session,
        watch: WatchService,
        notices: NoticeService,
        check_evidence: Callable[[], None],
        *,
        check_interval: float,
    ) -> None:
        """Refresh a session.

        Args:
            session: The session.
            watch: Notices what others change.
            notices: Shows what is wrong.
            check_evidence: Looks in the background whether the evidence files are whole.
            check_interval: Seconds between two checks.
        """
        self.session = session
        self.watch = watch
        self.notices = notices
        self._check_evidence = check_evidence
        self._check_interval = check_interval
        self._checks = 0

    def begin(self, notice: str = "", *, is_new: bool = False) -> None:
        """Start checking, once the first row is painted.

        Args:
            notice: A sentence to show at once; empty for none.
            is_new: Whether the programme was just created, which is said too.
        """
        if not gc.isenabled():
            # What is there now stays: going through it once would hold up a key by 30 ms.
            gc.freeze()
            gc.enable()
        self.session.set_interval(self._check_interval, self.check_for_changes)
        created = ""
        if is_new:
            text = _("Программа создана и записана в историю: {path}.")
            created = text.format(path=short_path(self.session.programme.path))
        sentences = " ".join(filter(None, (created, notice, self._kept_typing())))
        if sentences:
            # Of a draft it goes by itself: it is no longer so once the form has been opened.
            self.session.say(sentences, trouble=bool(notice))
        if self.session.snapshot is not None:
            self.session.start_worker(self._check_repository, "check")

    def _kept_typing(self) -> str:
        """Say what was typed and not saved when the program was ended."""
        from kvartal.tui.form_drafts import drafts_at
        from kvartal.tui.presentation.draft_notice import draft_notice

        if self.session.snapshot is None:
            return ""
        drafts = drafts_at(self.session.snapshot.path)
        return draft_notice(drafts, key_of("drafts"))

    def reload(self, *, is_asked: bool = False) -> None:
        """Read the file again, and check git and the rules.

        Args:
            is_asked: Whether the user asked for it, and is told where nothing has changed.
        """
        self.session.start_worker(self._answer_reading if is_asked else self._read_again, "check")

    def check_for_changes(self) -> None:
        """Follow the calendar, and notice when somebody else changed the file or its history."""
        session = self.session
        self._checks += 1
        if not session.pinned and session.as_of != session.default_day:
            session.as_of = session.default_day
        # Until the first check is done there is nothing to compare with.
        if not session.saving and (session.repo_notice is not None or session.snapshot is None):
            session.start_worker(self._check_files, "check-for-changes", exclusive=False)

    async def catch_up(self) -> None:
        """Pick up what others changed at once: a change was refused because of it."""
        await self.watch.check(force=True)

    async def read_log(self, *, quiet: bool = False) -> None:
        """Read the latest commits.

        Args:
            quiet: Whether to say nothing where they cannot be read.
        """
        session = self.session
        try:
            session.recent_commits = await asyncio.to_thread(
                session.programme.recent, session.recent_commits
            )
        except KvartalError as error:
            if not quiet:
                session.say(short_message(error), trouble=True)

    async def _check_files(self) -> None:
        session = self.session
        if main_screen(session) is None:
            await self.notices.show_main()
        if await self.watch.check():
            return
        if self._checks % GIT_CHECK_EVERY:
            return
        self._check_evidence()
        notice = session.repo_notice
        if notice is not None and notice.warnings:
            # The problem may have been fixed in a different window.
            await self._check_repository()

    async def _answer_reading(self) -> None:
        before = self._version()
        await self._read_again()
        is_same = self._version() == before and not self.watch.is_waiting
        if self.session.snapshot is not None and is_same and not self.watch.is_unreadable:
            self.session.say(_("Файл прочитан заново: изменений нет."))

    async def _read_again(self) -> None:
        if await self.watch.check(force=True) and self.session.snapshot is not None:
            await self._check_repository()

    def _version(self) -> tuple[str, str | None]:
        """Return what tells the file and the last commit on the screen from others."""
        snapshot, state = self.session.snapshot, self.watch.state
        return snapshot.digest if snapshot else "", state.head if state else None

    async def _check_repository(self) -> None:
        """Recover from a crash, check file and repository, and read the latest commits."""
        await self._recover()
        if self.session.snapshot is not None and not self.watch.is_unreadable:
            state = await asyncio.to_thread(self.session.programme.state)
            self.watch.note_state(state)
            await self.notices.check(state)
            if state.repository is not None:
                await self.read_log()
        self._check_evidence()
        await asyncio.to_thread(_import_dialogs)

    async def _recover(self) -> None:
        programme = self.session.programme
        try:
            recovered = await asyncio.to_thread(programme.recover, to_read=True)
            if recovered is None:
                return
            self.session.snapshot = await asyncio.to_thread(programme.read)
        except KvartalError:
            return  # The check that follows reports what prevents it.
        sentence = recovery_sentence(recovered)
        if sentence:
            self.session.say(sentence, trouble=True)


def _import_dialogs() -> None:
    """Import what the next key press most likely needs, so that it does not have to wait."""
    from kvartal.tui.dialogs import decisions, edit, record

    del decisions, edit, record

"""Keeping what is on the screen in step with the file, with git and with the calendar.

All of it runs on the application's loop; what takes time runs in a thread. Another change may come
in meanwhile: a result that comes back late is then dropped.
"""

import asyncio
import gc
from functools import partial
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import KvartalError
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.presentation.repo_notice import recovery_sentence
from kvartal.tui.screens.main import main_screen
from kvartal.tui.services.notices import NoticeService
from kvartal.tui.services.repair import RepairService
from kvartal.tui.services.watch import WatchService
from kvartal.tui.session import Saving, Session

if TYPE_CHECKING:
    from kvartal.history.store.ledger import SaveResult

GIT_CHECK_EVERY: Final = 20
"""While there is a warning, every so many checks ask git too."""
SHORT_ID: Final = 7
"""How many digits of a commit's id tell it from others for a reader."""


class RefreshService:
    """Brings what the threads return into the session's values."""

    def __init__(
        self,
        session: Session,
        watch: WatchService,
        repair: RepairService,
        notices: NoticeService,
        *,
        check_interval: float,
    ) -> None:
        """Refresh a session.

        Args:
            session: The session.
            watch: Notices what others change.
            repair: Asks about what prevents saving.
            notices: Shows what is wrong.
            check_interval: Seconds between two checks.
        """
        self.session = session
        self.watch = watch
        self.repair = repair
        self.notices = notices
        self._check_interval = check_interval
        self._checks = 0

    def begin(self, notice: str = "") -> None:
        """Begin, once the first row is painted.

        Args:
            notice: A sentence to begin with; empty for none.
        """
        gc.enable()
        self.session.set_interval(self._check_interval, self.check_for_changes)
        if notice:
            self.session.say(notice, trouble=True)
        if self.session.snapshot is not None:
            self.session.start_worker(self._settle, "check")

    def reload(self) -> None:
        """Read the file again, and check git and the rules."""
        self.session.start_worker(self._read_again, "check")

    def check_for_changes(self) -> None:
        """Follow the calendar, and notice changes of the file or its history made by others."""
        session = self.session
        self._checks += 1
        if not session.pinned and session.as_of != session.default_day:
            session.as_of = session.default_day
        # Until the first check is done there is nothing to compare with.
        if not session.saving and (session.repo_notice is not None or session.snapshot is None):
            session.start_worker(self._notice, "check-for-changes", exclusive=False)

    async def catch_up(self) -> None:
        """Pick up at once what others changed: a change was refused because of it."""
        await self.watch.check(closely=True)

    async def save(self, saving: Saving) -> None:
        """Save in a thread, then show the result.

        What is in the way and can be put right is asked about on the spot; then the saving goes on.

        Args:
            saving: Saves, given the programme as it is.

        Raises:
            KvartalError: Nothing was saved; everything is as before.
        """
        session = self.session
        try:
            result = await self._saved(saving)
        except KvartalError as error:
            if not await self.repair.offer(error):
                session.call_later(self.check_for_changes)
                raise
            return await self.save(saving)
        self.watch.note_commit(result.commit)
        session.snapshot = result.snapshot
        if result.commit is None:
            session.say(_("Ничего не изменилось: всё и так записано."))
        else:
            self.session.start_worker(partial(self._report_saved, result), "log")
        return None

    async def _saved(self, saving: Saving) -> "SaveResult":
        self.session.saving = True
        try:
            return await asyncio.to_thread(saving, self.session.current)
        finally:
            self.session.saving = False

    async def _report_saved(self, result: "SaveResult") -> None:
        await self._read_log(quiet=True)
        subjects = {entry.commit: entry.subject for entry in self.session.recent_commits}
        commit = result.commit or ""
        # Where the log cannot be read, the change is saved all the same.
        saved = _("Сохранено: {subject}").format(subject=subjects.get(commit, commit[:SHORT_ID]))
        warnings = [short_message(warning) for warning in result.warnings]
        self.session.say(" ".join((saved, *warnings)), trouble=bool(warnings))

    async def _read_log(self, *, quiet: bool = False) -> None:
        session = self.session
        try:
            session.recent_commits = await asyncio.to_thread(
                session.programme.recent, session.recent_commits
            )
        except KvartalError as error:
            if not quiet:
                session.say(short_message(error), trouble=True)

    async def _notice(self) -> None:
        session = self.session
        if main_screen(session) is None:
            await self.notices.show_main()
        if await self.watch.check():
            return
        notice = session.repo_notice
        if self._checks % GIT_CHECK_EVERY == 0 and notice is not None and notice.warnings:
            # What was wrong with git may have been put right in another window.
            await self._settle()

    async def _read_again(self) -> None:
        if await self.watch.check(closely=True) and self.session.snapshot is not None:
            await self._settle()

    async def _settle(self) -> None:
        """Recover after a crash; check file and repository, and read the latest commits."""
        await self._recover()
        if self.session.snapshot is not None and not self.watch.is_unreadable:
            state = await asyncio.to_thread(self.session.programme.state)
            self.watch.settle(state)
            await self.notices.check(state)
            if state.repository is not None:
                await self._read_log()
        await asyncio.to_thread(_import_dialogs)

    async def _recover(self) -> None:
        programme = self.session.programme
        try:
            recovered = await asyncio.to_thread(programme.recover)
            if recovered is None:
                return
            self.session.snapshot = await asyncio.to_thread(programme.read)
        except KvartalError:
            return  # The check that follows says what is in the way.
        sentence = recovery_sentence(recovered)
        if sentence:
            self.session.say(sentence, trouble=True)


def _import_dialogs() -> None:
    """Import what the next key will most likely need, so that it need not wait."""
    from kvartal.tui.dialogs import decisions, edit, record

    del decisions, edit, record

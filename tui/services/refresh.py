"""Keeping what is on the screen in step with the file, with git and with the calendar.

All of it runs on the application's loop; what takes time is the keeper's, in a thread. While a
thread is at work another change may come in between: what comes back late is then left aside.
"""

import asyncio
import gc
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import KvartalError
from kvartal.tui.actions.registry import key_of
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.services.repair import RepairService
from kvartal.tui.services.watch import WatchService
from kvartal.tui.work import start

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kvartal.history.store.ledger import SaveResult
    from kvartal.history.store.repo_state import RepoState
    from kvartal.tui.app import KvartalApp

LOOKS_AT_GIT: Final = 20
"""As long as something is the matter, every so many looks git is asked as well."""


class RefreshService:
    """Brings what the threads return into the application's values."""

    def __init__(self, app: "KvartalApp") -> None:
        """Take the application whose values these are."""
        self.app = app
        self.lookout = WatchService(app)
        self.remedies = RepairService(app)
        self._looks = 0
        self._unsaid = ""

    def begin(self) -> None:
        """Begin, once the first row is painted."""
        gc.enable()
        app = self.app
        app.set_interval(app.look_every, self.look_around)
        if app.notice:
            app.say(app.notice, trouble=True)
        if app.snapshot is not None:
            start(self.app, self._settle, "look")

    def reload(self) -> None:
        """Read the file again, and look at git and at what is wrong with the file."""
        start(self.app, self._read_again, "look")

    def look_around(self) -> None:
        """Follow the calendar, and notice when somebody else altered the file or its history."""
        app = self.app
        self._looks += 1
        if not app.pinned and app.as_of != app.day_by_itself:
            app.as_of = app.day_by_itself
        # As long as nothing was settled there is nothing to compare with.
        if not app.saving and (app.health is not None or app.snapshot is None):
            start(self.app, self._notice, "look-around", exclusive=False)

    async def show_main(self) -> None:
        """Go from the screen of the problems to the main one, once the file can be read.

        A question that is still open is let finish first: the next look sees to it.
        """
        from kvartal.tui.screens.main import MainScreen

        app = self.app
        if app.main is None and app.overview is not None and len(app.screen_stack) == 1:
            await app.push_screen(MainScreen(app.overview, app.signs))
            self.tell(self._unsaid)

    def tell(self, sentence: str) -> None:
        """Show a sentence until it is closed, as soon as there is a screen for it.

        Args:
            sentence: It may hold data; empty for nothing.
        """
        self._unsaid = "" if self.app.main is not None else sentence
        if sentence:
            self.app.say(sentence, trouble=True)

    async def catch_up(self) -> None:
        """Take up at once what others did: a change was refused because of it."""
        await self.lookout.look(closely=True)

    async def keep(self, work: "Callable[[], Awaitable[SaveResult]]") -> None:
        """Wait for a change to be kept, then show what came of it.

        What is in the way and can be mended is asked about on the spot; then the change goes on.

        Args:
            work: Keeps the change.

        Raises:
            KvartalError: It was not kept; everything is as before.
        """
        app = self.app
        try:
            outcome = await self._kept(work)
        except KvartalError as error:
            if not await self.remedies.offer(error):
                app.call_later(self.look_around)
                raise
            return await self.keep(work)
        self.lookout.kept(outcome.commit)
        app.snapshot = outcome.snapshot
        if outcome.commit is None:
            app.say(_("Ничего не изменилось: всё и так записано."))
        else:
            start(self.app, self._tell_saved, "journal")
        return None

    async def _kept(self, work: "Callable[[], Awaitable[SaveResult]]") -> "SaveResult":
        self.app.saving = True
        try:
            return await work()
        finally:
            self.app.saving = False

    async def _tell_saved(self) -> None:
        await self._read_journal()
        if self.app.journal:
            subject = self.app.journal[0].subject
            self.app.say(_("Сохранено: {subject}").format(subject=subject))

    async def _read_journal(self) -> None:
        try:
            self.app.journal = await self.app.keeper.recent(self.app.journal)
        except KvartalError as error:
            self.app.say(short_message(error), trouble=True)

    async def _notice(self) -> None:
        app = self.app
        if app.main is None:
            await self.show_main()
        if await self.lookout.look():
            return
        if self._looks % LOOKS_AT_GIT == 0 and app.health is not None and app.health.warnings:
            # What was the matter with git may have been mended in another window.
            await self._settle()

    async def _read_again(self) -> None:
        if await self.lookout.look(closely=True) and self.app.snapshot is not None:
            await self._settle()

    def tell_unreadable(self, error: KvartalError, obstacle: KvartalError | None = None) -> None:
        """Say that the file cannot be read any more; what was read before stays.

        Args:
            error: Why it cannot.
            obstacle: What is in the way of saving besides, and may be the cause.
        """
        from kvartal.tui.presentation.repo_notice import unreadable_notice
        from kvartal.tui.screens.problems import ProblemsScreen

        if self.app.snapshot is not None:
            self.app.health = unreadable_notice(error, obstacle, key_of)
        elif isinstance(self.app.screen, ProblemsScreen):
            self.app.screen.show(error)

    async def judge(self, condition: "RepoState") -> None:
        """Find out what is the matter.

        Args:
            condition: How file, HEAD and locks stand to each other.
        """
        from kvartal.tui.presentation.repo_notice import repo_notice

        snapshot = self.app.snapshot
        if snapshot is not None:
            checked = await self.app.keeper.check(snapshot)
            self.app.health = repo_notice(condition, checked.problems or (), key_of)

    async def _settle(self) -> None:
        """Heal what a crash left; find out what is the matter, and what was changed last."""
        await self._heal()
        if self.app.snapshot is not None and not self.lookout.is_unreadable:
            condition = await self.app.keeper.condition()
            self.lookout.settle(condition)
            await self.judge(condition)
            if condition.repository is not None:
                await self._read_journal()
        await asyncio.to_thread(_import_dialogs)

    async def _heal(self) -> None:
        from kvartal.tui.presentation.repo_notice import recovery_sentence

        try:
            found = await self.app.keeper.recover()
            if found is not None:
                self.app.snapshot = await self.app.keeper.look()
        except KvartalError:
            return  # what is in the way is told by the condition
        sentence = recovery_sentence(found) if found is not None else ""
        if sentence:
            self.app.say(sentence, trouble=True)


def _import_dialogs() -> None:
    """Import what the next key will most likely want, so that it need not wait."""
    from kvartal.tui.dialogs import decisions, edit, record

    del decisions, edit, record

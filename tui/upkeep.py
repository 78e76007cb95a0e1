"""Keeping what is on the screen in step with the file, with git and with the calendar.

All of it runs on the application's loop; what takes time is the keeper's, in a thread. While a
thread is at work another change may come in between: what comes back late is then left aside.
"""

import asyncio
import gc
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import KvartalError
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from kvartal.history.keeping.ledger import Outcome
    from kvartal.tui.app import KvartalApp

LOOK_EVERY: Final = 2.0
"""Seconds between two looks at the clock and at the file."""
LOOKS_AT_GIT: Final = 5
"""As long as something is the matter, every so many looks git is asked as well."""


class Upkeep:
    """Brings what the threads return into the application's values."""

    def __init__(self, app: "KvartalApp") -> None:
        """Take the application whose values these are."""
        self.app = app
        self._looks = 0

    def begin(self) -> None:
        """Begin, once the first row is painted."""
        gc.enable()
        app = self.app
        app.set_interval(LOOK_EVERY, self.look_around)
        if app.notice:
            app.say(app.notice, trouble=True)
        if app.snapshot is not None:
            app.run_worker(self._settle(), group="look", exclusive=True)

    def reload(self) -> None:
        """Read the file again, and look at git and at what is wrong with the file."""
        self.app.run_worker(self._read_again(), group="look", exclusive=True)

    def look_around(self) -> None:
        """Follow the calendar, and notice when somebody else altered the file."""
        app = self.app
        self._looks += 1
        if not app.pinned and app.as_of != app.today():
            app.as_of = app.today()
        if not app.saving:
            app.run_worker(self._notice(), group="look-around", exclusive=True)

    async def keep(self, work: "Awaitable[Outcome]") -> None:
        """Wait for a change to be kept, then show what came of it.

        Raises:
            KvartalError: It was not kept; everything is as before.
        """
        app = self.app
        app.saving = True
        try:
            outcome = await work
        except KvartalError:
            app.call_later(self.look_around)
            raise
        finally:
            app.saving = False
        app.snapshot = outcome.snapshot
        if outcome.commit is None:
            app.say(_("Ничего не изменилось: всё и так записано."))
        else:
            app.run_worker(self._tell_saved(), group="journal", exclusive=True)

    async def adopt(self) -> None:
        """Keep what was edited in the file by hand."""
        snapshot = self.app.snapshot
        if snapshot is not None:
            try:
                await self.keep(self.app.keeper.adopt(snapshot))
            except KvartalError as error:
                self.app.say(error.message(_), trouble=True)
            self.reload()

    async def _tell_saved(self) -> None:
        await self._read_journal()
        if self.app.journal:
            subject = self.app.journal[0].subject
            self.app.say(_("Сохранено: {subject}").format(subject=subject))

    async def _read_journal(self) -> None:
        try:
            self.app.journal = await self.app.keeper.recent(self.app.journal)
        except KvartalError as error:
            self.app.say(error.message(_), trouble=True)

    async def _notice(self) -> None:
        app = self.app
        if await app.keeper.is_altered() and not app.saving:
            before = app.snapshot
            await self._read_again()
            if before is not None and app.snapshot is not before:
                app.say(_("Файл изменился вне этого окна: показано то, что в нём теперь."))
        elif self._looks % LOOKS_AT_GIT == 0 and app.health is not None and app.health.warnings:
            # What was the matter with git may have been mended in another window.
            await self._settle()

    async def _read_again(self) -> None:
        app = self.app
        before = app.snapshot
        try:
            found = await app.keeper.look()
        except KvartalError as error:
            self._tell_unreadable(error)
            return
        if app.saving or app.snapshot is not before:
            return
        if before is None or found.digest != before.digest:
            app.snapshot = found
        await app.show_main()
        await self._settle()

    def _tell_unreadable(self, error: KvartalError) -> None:
        from kvartal.tui.health import unreadable
        from kvartal.tui.screens.problems import ProblemsScreen

        if self.app.snapshot is not None:
            self.app.health = unreadable(error)
        elif isinstance(self.app.screen, ProblemsScreen):
            self.app.screen.show(error)

    async def _settle(self) -> None:
        """Heal what a crash left; find out what is the matter, and what was changed last."""
        from kvartal.tui.health import health

        app = self.app
        await self._heal()
        snapshot = app.snapshot
        if snapshot is not None:
            condition = await app.keeper.condition()
            checked = await app.keeper.check(snapshot)
            app.health = health(condition, checked.problems or ())
            if condition.standing is not None:
                await self._read_journal()
        await asyncio.to_thread(_import_dialogs)

    async def _heal(self) -> None:
        from kvartal.tui.health import healed

        try:
            found = await self.app.keeper.recover()
            if found is not None:
                self.app.snapshot = await self.app.keeper.look()
        except KvartalError:
            return  # what is in the way is told by the condition
        if found is not None and healed(found):
            self.app.say(healed(found), trouble=True)


def _import_dialogs() -> None:
    """Import what the next key will most likely want, so that it need not wait."""
    from kvartal.tui.dialogs import edit, postpone, record

    del edit, postpone, record

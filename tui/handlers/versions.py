"""Actions on earlier versions: open one, leave it, compare it with today, restore from it."""

import asyncio
from functools import partial
from typing import Final

from kvartal.history import versions
from kvartal.schema.errors import KvartalError
from kvartal.tui.dialogs.confirmations import ask_to_restore
from kvartal.tui.handlers.base import HandlerGroup
from kvartal.tui.presentation.error_text import short_message

MAX_TAGS: Final = 8
"""How many tags the dialog offers."""


class VersionHandlers(HandlerGroup):
    """A method ``do_<id>`` for each action of :mod:`kvartal.tui.actions.registry_versions`."""

    def do_open_version(self) -> None:
        """Ask which version to open."""
        self.session.start_worker(self._ask_for_version, "version-dialog")

    def do_close_version(self) -> None:
        """Show today's programme again."""
        self.session.close_version()

    def do_compare(self) -> None:
        """Show what changed in the chosen measure since the version on the screen."""
        if self.target:
            self._compare(self.target)

    def do_compare_all(self) -> None:
        """Show what changed in the programme since the version on the screen."""
        self._compare("")

    def do_restore(self) -> None:
        """Show what restoring the chosen measure would change, and ask."""
        session, version = self.session, self.session.opened_version
        if version is not None and self.target:
            work = partial(
                ask_to_restore,
                session,
                version,
                self.target,
                refuse=partial(session.say, trouble=True),
                done=partial(session.close_version, self.target),
            )
            self.session.start_worker(work, "version-dialog")

    def _compare(self, measure: str) -> None:
        from kvartal.tui.screens.version_diff import VersionDiffScreen

        version = self.session.opened_version
        if version is not None:
            self.session.push_screen(VersionDiffScreen(version, measure, self.cursor_id))

    async def _ask_for_version(self) -> None:
        from kvartal.tui.dialogs.open_version import OpenVersionDialog

        session = self.session
        if session.snapshot is None:
            return
        try:
            tags = await asyncio.to_thread(versions.newest_tags, session.programme, MAX_TAGS)
        except KvartalError as error:
            session.say(short_message(error), trouble=True)
            return
        period, open_ = session.snapshot.plan.period, session.open_version
        dialog = OpenVersionDialog(period, session.as_of, session.today(), tags, open_=open_)
        await session.push_screen(dialog)

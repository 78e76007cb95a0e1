"""The action that syncs the programme with colleagues."""

from kvartal.schema.errors import KvartalError
from kvartal.tui.handlers.base import HandlerGroup
from kvartal.tui.presentation.error_text import short_message


class SyncHandlers(HandlerGroup):
    """A method ``do_<id>`` for each action of syncing."""

    _progress = ""

    def do_sync(self) -> None:
        """Fetch, merge and push in the background."""
        self.session.start_worker(self._sync, "sync", exclusive=False)

    async def _sync(self) -> None:
        from kvartal.history.sync.errors import SyncConflicts
        from kvartal.tui.screens.conflicts import ConflictsScreen

        session = self.session
        try:
            outcome = await session.sync(self._show_progress)
        except SyncConflicts as error:
            if session.screen is self.main:
                self.widgets.message.close()
                await session.push_screen(ConflictsScreen(error.divergence))
            else:
                # A dialog in use is not covered up.
                session.say(short_message(error), trouble=True)
        except KvartalError as error:
            session.say(short_message(error), trouble=True)
        else:
            session.say(outcome)

    def _show_progress(self, sentence: str) -> None:
        """Show the progress, unless a different message is shown."""
        message = self.widgets.message
        if not message.display or message.sentence == self._progress:
            self._progress = sentence
            self.main.say(sentence)

"""The deed of sharing the programme with colleagues."""

from typing import TYPE_CHECKING

from kvartal.schema.errors import KvartalError
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.work import start

if TYPE_CHECKING:
    from kvartal.tui.screens.main import MainScreen


class SyncHandlers:
    """A method ``do_<id>`` for each action of sharing."""

    screen: "MainScreen"
    """The main screen."""
    _told = ""

    def do_sync(self) -> None:
        """Fetch, merge and push, with the screen alive."""
        start(self.screen.app, self._share, "sharing", exclusive=False)

    async def _share(self) -> None:
        from kvartal.history.sync.errors import SyncConflicts
        from kvartal.tui.screens.conflicts import ConflictsScreen

        kvartal = self.screen.kvartal
        try:
            told = await kvartal.sharing.attempt(self._tell)
        except SyncConflicts as error:
            if kvartal.screen is self.screen:
                self._put_away()
                await kvartal.push_screen(ConflictsScreen(error.divergence))
            else:
                # Somebody types in a dialog: that is not covered up.
                kvartal.say(short_message(error), trouble=True)
        except KvartalError as error:
            kvartal.say(short_message(error), trouble=True)
        else:
            kvartal.say(told)

    def _tell(self, sentence: str) -> None:
        """Show how far it is, but cover up nothing else that is being said."""
        message = self.screen.parts.message if self.screen.parts else None
        if message is None or not message.display or message.sentence == self._told:
            self._told = sentence
            self.screen.say(sentence)

    def _put_away(self) -> None:
        if self.screen.parts is not None:
            self.screen.parts.message.close()

"""Shows what is wrong with the file and the repository."""

import asyncio
from typing import TYPE_CHECKING

from kvartal.schema.errors import KvartalError
from kvartal.tui.actions.registry import key_of
from kvartal.tui.presentation.repo_notice import repo_notice, unreadable_notice
from kvartal.tui.screens.main import MainScreen, main_screen
from kvartal.tui.session import Session

if TYPE_CHECKING:
    from kvartal.history.store.repo_state import RepoState


class NoticeService:
    """Shows the banner, the problems screen, and sentences until they are closed."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._not_shown = ""

    def announce(self, sentence: str) -> None:
        """Show a sentence until it is closed, as soon as the main screen is there.

        Args:
            sentence: It may hold data; empty for nothing.
        """
        self._not_shown = "" if main_screen(self.session) is not None else sentence
        if sentence:
            self.session.say(sentence, trouble=True)

    async def show_main(self) -> None:
        """Go from the screen of problems to the main one, once the file can be read.

        A question that is still open is answered first: the next check comes back to this.
        """
        session = self.session
        is_alone = len(session.screen_stack) == 1
        if main_screen(session) is None and session.overview is not None and is_alone:
            await session.push_screen(MainScreen(session.overview, session.signs))
            self.announce(self._not_shown)

    def report_unreadable(self, error: KvartalError, obstacle: KvartalError | None = None) -> None:
        """Say that the file can no longer be read; what was read before stays on the screen.

        Args:
            error: Why it cannot.
            obstacle: What else prevents saving, and may be the cause.
        """
        from kvartal.tui.screens.problems import ProblemsScreen

        if self.session.snapshot is not None:
            self.session.repo_notice = unreadable_notice(error, obstacle, key_of)
        elif isinstance(self.session.screen, ProblemsScreen):
            self.session.screen.show(error)

    async def check(self, state: "RepoState") -> None:
        """Check the programme against the rules, and show what is wrong with it or its repository.

        Args:
            state: The state of file, HEAD and locks.
        """
        snapshot = self.session.snapshot
        if snapshot is not None:
            checked = await asyncio.to_thread(snapshot.checked)
            self.session.repo_notice = repo_notice(state, checked.problems or (), key_of)

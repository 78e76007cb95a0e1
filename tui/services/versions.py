"""Opens and closes earlier versions; filter and cursor return to where they were."""

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kvartal.history import versions
from kvartal.history.programme import RECENT
from kvartal.tui.filters import Filter
from kvartal.tui.presentation.history import OpenedVersion
from kvartal.tui.screens.main import MainScreen, main_screen
from kvartal.tui.session import Session

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class _Position:
    """A position on the main screen: the filter, and the measure under the cursor."""

    filter: Filter
    measure: str


class VersionService:
    """Opens earlier versions of the programme, and returns to today's."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._left: _Position | None = None
        """The position in today's programme when the earlier version was opened."""
        self._arrived: _Position | None = None
        """The position just after it was opened."""
        self._chosen_day: date | None = None
        """The date that had been chosen for today's programme."""

    async def open(self, revision: str, day: "date | None" = None) -> None:
        """Show the programme as it was.

        Args:
            revision: A commit, a tag or a date ``2024-03-31``.
            day: That date, if it is one.

        Raises:
            KvartalError: There is no such version, or it cannot be read; the screen stays.
        """
        session = self.session
        version = await asyncio.to_thread(
            versions.version_at, session.programme, session.current, revision
        )
        self._show(OpenedVersion(version, revision, day))
        self.session.start_worker(self._read_log, "version")

    def close(self, measure: str = "") -> None:
        """Show today's programme again.

        Args:
            measure: Id of the measure to put the cursor on; empty for the one it was on.
        """
        self._show(None)
        main = main_screen(self.session)
        if measure and main is not None:
            self.session.call_after_refresh(main.table.choose, measure)

    def _show(self, version: OpenedVersion | None) -> None:
        session, main = self.session, main_screen(self.session)
        before = _position(main)
        if session.opened_version is None:
            self._left = before
            self._chosen_day = session.as_of if session.pinned else None
        elif before != self._arrived:
            self._left = before  # The user moved while the version was open.
        # A date is chosen for what is on the screen: a version opened next has its own.
        session.pinned = version is None and self._chosen_day is not None
        day = version.day if version else self._chosen_day or session.today()
        # Without notifying yet: no row is drawn with the wrong date.
        session.set_reactive(Session.as_of, day)
        session.opened_version = version
        arrived, self._arrived = self._arrived, None
        # The rest after the tree and the table have been redrawn.
        if version is not None:
            session.call_after_refresh(self._note_arrival)
        elif main is not None and self._left and before and arrived:
            session.call_after_refresh(_return_to, main, self._left, before, arrived)

    def _note_arrival(self) -> None:
        self._arrived = _position(main_screen(self.session))

    async def _read_log(self) -> None:
        session, version = self.session, self.session.opened_version
        if version is None:
            return
        commit = version.version.commit
        entries = await asyncio.to_thread(session.programme.entries, revision=commit, limit=RECENT)
        if session.opened_version is version:
            session.opened_version = replace(version, commits=entries)


def _position(main: MainScreen | None) -> _Position | None:
    if main is None or main.view is None:
        return None
    return _Position(main.view.filter, main.table.row.measure if main.table.row else "")


def _return_to(main: MainScreen, left: _Position, now: _Position, arrived: _Position) -> None:
    """Restore the position that the earlier version did not have, unless the user moved.

    Args:
        main: The main screen.
        left: The position before the version was opened.
        now: The current position.
        arrived: The position just after the version was opened.
    """
    if now.filter == arrived.filter != left.filter:
        main.change_view(left.filter)
        if main.widgets is not None:
            main.widgets.tree.choose(left.filter.place)
    if now.measure == arrived.measure != left.measure:
        main.table.choose(left.measure)

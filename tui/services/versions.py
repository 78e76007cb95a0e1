"""Earlier versions on the screen: opened, closed, compared with today, restored from.

What takes time runs in a thread, as everything of the keeper's; what comes back is put into the
application's values here, on its loop.
"""

import asyncio
from contextlib import closing
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from kvartal.tui.i18n import _
from kvartal.tui.keeper import ALL, RECENT
from kvartal.tui.presentation.history import OpenedVersion
from kvartal.tui.work import start

if TYPE_CHECKING:
    from datetime import date

    from kvartal.history.git.repository import Repository
    from kvartal.history.log.entry import CommitEntry
    from kvartal.history.log.restore import MeasureDifference
    from kvartal.history.log.revision import Version
    from kvartal.history.log.undo import Reversal
    from kvartal.history.store.snapshot import Snapshot
    from kvartal.schema.changes import Plain
    from kvartal.tui.app import KvartalApp
    from kvartal.tui.screens.main import MainScreen
    from kvartal.tui.view import Filter

TAGS: Final = 8
"""How many tags are offered."""

_Place: TypeAlias = "tuple[Filter, str]"
"""A filter, and the measure under the cursor."""


class VersionService:
    """Brings earlier versions of one plan onto the screen."""

    def __init__(self, app: "KvartalApp") -> None:
        """Take the application whose values these are."""
        self.app = app
        self._left: _Place | None = None
        self._found: _Place | None = None
        self._chosen: date | None = None

    async def open(self, asked: str, asked_day: "date | None" = None) -> None:
        """Show the programme as it was.

        Args:
            asked: A revision, a tag or a date ``2024-03-31``.
            asked_day: That date, if it is one.

        Raises:
            KvartalError: There is no such version, or it cannot be read; the screen stays.
        """
        app = self.app
        version = await asyncio.to_thread(self._version, self._now, asked)
        self._show(OpenedVersion(version, asked, asked_day))
        start(app, self._read_journal, "past")

    def close(self, measure: str = "") -> None:
        """Show today's programme again.

        Args:
            measure: Id of the measure to put the cursor on; empty for the one it was on.
        """
        self._show(None)
        if measure and self.app.main is not None:
            self.app.call_after_refresh(self.app.main.table.choose, measure)

    def _show(self, past: OpenedVersion | None) -> None:
        app = self.app
        before = _place(app.main)
        if app.past is None:
            self._left, self._chosen = before, app.as_of if app.pinned else None
        elif before != self._found:
            self._left = before  # Gone elsewhere in the version before.
        if past is None:
            # A date of states that was chosen there was chosen for that version.
            app.pinned = self._chosen is not None
        if not app.pinned or past is None:
            day = past.day if past else self._chosen or app.today()
            # Both at once: no row is drawn as of the other one's date.
            app.set_reactive(type(app).as_of, day)
        app.past = past
        found, self._found = self._found, None
        # The rest once the tree and the table have followed.
        if past is not None:
            app.call_after_refresh(self._note_found)
        elif app.main is not None and self._left and before and found:
            app.call_after_refresh(_return_to, app.main, self._left, before, found)

    def _note_found(self) -> None:
        self._found = _place(self.app.main)

    async def changed(self, version: "Version") -> "tuple[MeasureDifference, ...]":
        """Return what changed between an earlier version and today."""
        return await asyncio.to_thread(self._changed, self._now, version)

    async def restoration(
        self, version: "Version", measure: str, wanted: "dict[str, Plain] | None" = None
    ) -> "Reversal":
        """Return the change that brings a measure back, or a part of it; nothing is written.

        Args:
            version: The earlier version.
            measure: Id of the measure.
            wanted: The measure as it is to be; None for all of it as it was.

        Raises:
            KvartalError: It cannot be brought back.
        """
        return await asyncio.to_thread(self._restoration, self._now, version, measure, wanted)

    async def tags(self) -> tuple[str, ...]:
        """Return the newest tags of the repository.

        Raises:
            KvartalError: Git refused.
        """
        return await asyncio.to_thread(self._tags)

    async def history(self, measure: str) -> "tuple[CommitEntry, ...]":
        """Return the commits that touched a measure up to the version on the screen, newest first.

        Args:
            measure: Its id; empty for the whole programme.

        Raises:
            KvartalError: Git refused.
        """
        past = self.app.past
        if past is None:
            return await self.app.keeper.history(measure)
        return await asyncio.to_thread(self._entries, past.version.commit, measure, ALL)

    async def _read_journal(self) -> None:
        past = self.app.past
        if past is not None:
            found = await asyncio.to_thread(self._entries, past.version.commit, "", RECENT)
            if self.app.past is past:
                self.app.past = replace(past, journal=found)

    @property
    def _now(self) -> "Snapshot":
        if self.app.snapshot is None:
            raise RuntimeError("nothing has been read yet")
        return self.app.snapshot

    # What runs in a thread.

    def _repository(self) -> "Repository":
        from kvartal.history.git.repository import find_repository

        return find_repository(self.app.keeper.path.resolve().parent)

    def _version(self, now: "Snapshot", asked: str) -> "Version":
        from kvartal.history.log.revision import version_at

        return version_at(self._repository(), now, asked)

    def _changed(self, now: "Snapshot", version: "Version") -> "tuple[MeasureDifference, ...]":
        from kvartal.history.diff.words import Words
        from kvartal.history.log.restore import changed_since

        return changed_since(version.snapshot.data, now.data, Words(_))

    def _restoration(
        self,
        now: "Snapshot",
        version: "Version",
        measure: str,
        wanted: "dict[str, Plain] | None",
    ) -> "Reversal":
        from kvartal.history.log.restore import restoration

        repository = self._repository()
        return restoration(repository, now, version, measure, wanted=wanted, translate=_)

    def _tags(self) -> tuple[str, ...]:
        from kvartal.history.log.revision import tags

        return tags(self._repository(), TAGS)

    def _entries(self, commit: str, measure: str, most: int) -> "tuple[CommitEntry, ...]":
        from kvartal.history.diff.words import Words
        from kvartal.history.log.log import entries

        name = self.app.keeper.path.resolve().name
        found = entries(
            self._repository(), name, measure=measure or None, revision=commit, words=Words(_)
        )
        with closing(found):
            return tuple(islice(found, most))


def _place(main: "MainScreen | None") -> "_Place | None":
    if main is None or main.view is None:
        return None
    return main.view.filter, main.table.row.measure if main.table.row else ""


def _return_to(main: "MainScreen", left: "_Place", now: "_Place", found: "_Place") -> None:
    """Put in sight again what the earlier version did not have, unless a person went elsewhere.

    Args:
        main: The main screen.
        left: Where one was in today's programme.
        now: Where one is.
        found: Where the earlier version had put one.
    """
    chosen, measure = left
    if now[0] == found[0] != chosen:
        main.look(chosen)
        if main.parts is not None:
            main.parts.tree.choose(chosen.place)
    if now[1] == found[1] != measure:
        main.table.choose(measure)

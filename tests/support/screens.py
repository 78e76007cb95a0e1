"""Opening the screen on a plan, pressing keys and reading the cells of the terminal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from textual.events import Paste
from textual.pilot import Pilot

from kvartal.history.log.entry import CommitEntry
from kvartal.history.programme import Programme, open_programme
from kvartal.history.store.recovery import Recovery
from kvartal.history.store.repo_state import RepoState
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.problems import Problems
from kvartal.tui.app import KvartalApp
from kvartal.tui.i18n import _, translator
from kvartal.tui.screens.main import MainScreen, main_screen
from kvartal.tui.settings import Settings

SMALL = (80, 24)
LARGE = (140, 45)
DAY = date(2024, 10, 1)


EDGES = str.maketrans("│┃", "  ")
"""Vertical frame borders, as spaces."""


def programme_at(plan: Path, name: str) -> Programme:
    """Return a programme in the language in force, as the entry point opens it."""
    return open_programme(plan, name=name, translate=_, translator=translator)


class StillProgramme(Programme):
    """Reads the file but runs neither git nor the validators: for tests that only look at data."""

    def __init__(self, plan: Path, name: str) -> None:
        super().__init__(plan, name, _, translator)

    def read(self) -> Snapshot:
        return replace(super().read(), problems=Problems())

    def state(self) -> RepoState:
        return RepoState()

    def recover(self, timeout: float | None = None, *, to_read: bool = False) -> Recovery | None:
        del timeout, to_read
        return None

    def recent(self, known: tuple[CommitEntry, ...] = ()) -> tuple[CommitEntry, ...]:
        return known


class Seen(str):
    """The cells of a terminal as text; a searched text may be wrapped onto the next line."""

    __slots__ = ()

    def __contains__(self, part: str) -> bool:  # type: ignore[override] # accepts texts only
        return super().__contains__(part) or _flowing(part) in _flowing(self)


def _flowing(text: str) -> str:
    """Return a text without spaces and frame borders, which wrapping puts anywhere."""
    return "".join(text.translate(EDGES).split())


@dataclass
class Stage:
    """An open application under test."""

    app: KvartalApp
    pilot: Pilot[None]

    @property
    def main(self) -> MainScreen:
        main = main_screen(self.app)
        assert main is not None
        return main

    async def press(self, *keys: str) -> None:
        """Press keys, each after everything set off by the previous one has finished."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type text, key by key as a terminal sends it."""
        names = {" ": "space", ".": "full_stop", "/": "slash", "-": "minus", "_": "underscore"}
        await self.press(*(names.get(letter, letter) for letter in text))

    async def paste(self, text: str) -> None:
        """Paste a text as a terminal does."""
        assert self.app.focused is not None
        self.app.focused.post_message(Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Wait until no worker runs except those that wait for the user's answer."""
        await self.pilot.pause()
        is_first = True
        while is_first or self._is_at_work():
            is_first = False
            while self._is_at_work():  # noqa: ASYNC110 - a worker does not signal that it waits
                await asyncio.sleep(0.002)
            await self.pilot.pause()  # The result is still to be shown and may start more workers.

    def _is_at_work(self) -> bool:
        at_work = sum(not one.is_finished for one in self.app.workers)
        return at_work > self.app.repair_service.open_questions

    def text(self) -> Seen:
        """Return the terminal's cells as lines of text."""
        strips = self.app.screen._compositor.render_strips()
        return Seen("\n".join(strip.text for strip in strips))

    def words(self) -> Seen:
        """Return the text on one line with single spaces, so that a wrapped sentence is whole."""
        return Seen(" ".join(self.text().translate(EDGES).split()))

    def line(self, part: str) -> str:
        """Return the first line that contains a text."""
        return next((line for line in self.text().splitlines() if part in line), "")

    def ids(self) -> list[str]:
        """Return the ids of the measures in the table, in order."""
        return [row.measure for row in self.main.table._sheet.rows]

    @property
    def chosen(self) -> str:
        assert self.main.row is not None
        return self.main.row.measure


@asynccontextmanager
async def opened(
    plan: Path,
    *,
    size: tuple[int, int] = LARGE,
    as_of: date | None = DAY,
    programme: Programme | None = None,
    settings: Settings | None = None,
    today: date = DAY,
    check_interval: float = 3600.0,
) -> AsyncIterator[Stage]:
    """Open the screen on a plan and wait until it has settled.

    It checks for changes from outside only if a test sets the interval.
    """
    programme = programme or StillProgramme(plan, f"plan/{plan.name}")
    app = KvartalApp(
        programme, settings, as_of=as_of, today=lambda: today, check_interval=check_interval
    )
    async with app.run_test(size=size) as pilot:
        stage = Stage(app, pilot)
        await pilot.pause()
        await stage.settle()
        yield stage

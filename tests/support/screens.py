"""Opening the whole screen on a plan, with keys pressed and the cells of the terminal read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from textual.events import Paste
from textual.pilot import Pilot

from kvartal.history.log.entry import CommitEntry
from kvartal.history.store.recovery import Recovered
from kvartal.history.store.repo_state import RepoState
from kvartal.history.store.snapshot import Snapshot
from kvartal.tui.app import KvartalApp
from kvartal.tui.keeper import Keeper
from kvartal.tui.screens.main import MainScreen
from kvartal.tui.settings import Settings

SMALL = (80, 24)
LARGE = (140, 45)
DAY = date(2024, 10, 1)


EDGES = str.maketrans("│┃", "  ")
"""The sides of frames."""


class StillKeeper(Keeper):
    """Reads the file and leaves git and the validators alone: for what only looks."""

    async def condition(self) -> RepoState:
        return RepoState()

    async def check(self, snapshot: Snapshot) -> Snapshot:
        return replace(snapshot, problems=())

    async def recover(self) -> Recovered | None:
        return None

    async def recent(self, known: tuple[CommitEntry, ...]) -> tuple[CommitEntry, ...]:
        return known


class Seen(str):
    """The cells of a terminal; what is looked for in them may go on in the next line."""

    __slots__ = ()

    def __contains__(self, part: str) -> bool:  # type: ignore[override] # of texts only
        return super().__contains__(part) or _flowing(part) in _flowing(self)


def _flowing(text: str) -> str:
    """Return a text without what breaks it into lines: spaces and the edges of a frame."""
    return "".join(text.translate(EDGES).split())


@dataclass
class Stage:
    """An open application."""

    app: KvartalApp
    pilot: Pilot[None]

    @property
    def main(self) -> MainScreen:
        main = self.app.main
        assert main is not None
        return main

    async def press(self, *keys: str) -> None:
        """Press keys, each once nothing more comes of the one before it."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type letters as they come from a terminal."""
        names = {" ": "space", ".": "full_stop", "/": "slash", "-": "minus", "_": "underscore"}
        await self.press(*(names.get(letter, letter) for letter in text))

    async def paste(self, text: str) -> None:
        """Hand a text over the way a terminal hands over the clipboard."""
        assert self.app.focused is not None
        self.app.focused.post_message(Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is at work, but for what waits for a person's answer."""
        await self.pilot.pause()
        is_first = True
        while is_first or self._is_at_work():
            is_first = False
            while self._is_at_work():  # noqa: ASYNC110 - a worker tells nobody that it waits
                await asyncio.sleep(0.002)
            await self.pilot.pause()  # What was done is still to be shown, and may set off more.

    def _is_at_work(self) -> bool:
        at_work = sum(not one.is_finished for one in self.app.workers)
        return at_work > self.app.upkeep.remedies.questions

    def text(self) -> Seen:
        """Return the terminal's cells as lines of text."""
        strips = self.app.screen._compositor.render_strips()
        return Seen("\n".join(strip.text for strip in strips))

    def words(self) -> Seen:
        """Return the same in one line, each space once: what a frame breaks up is one sentence."""
        return Seen(" ".join(self.text().translate(EDGES).split()))

    def line(self, part: str) -> str:
        """Return the first line that holds a text."""
        return next((line for line in self.text().splitlines() if part in line), "")

    def ids(self) -> list[str]:
        """Return the measures in the table, in order."""
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
    keeper: Keeper | None = None,
    settings: Settings | None = None,
    today: date = DAY,
    look_every: float = 3600.0,
) -> AsyncIterator[Stage]:
    """Open the screen on a plan and wait until it has come to rest.

    It looks out for changes from outside by itself only where a test says how often.
    """
    keeper = keeper or StillKeeper(plan, f"plan/{plan.name}")
    app = KvartalApp(keeper, settings, as_of=as_of, today=lambda: today, look_every=look_every)
    async with app.run_test(size=size) as pilot:
        stage = Stage(app, pilot)
        await pilot.pause()
        await stage.settle()
        yield stage

"""The application: wiring between a programme as it is kept and the screens that show it.

It holds one ``snapshot`` and one ``as_of``; all that is on the screen follows from them. Threads
never touch a widget: the :class:`~kvartal.tui.keeper.Keeper` comes back with values, which
:class:`~kvartal.tui.services.refresh.RefreshService` puts into the values here.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

from textual.app import App, SystemCommand
from textual.reactive import var
from textual.screen import Screen

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.errors import KvartalError
from kvartal.tui.actions.registry import ACTIONS, key_of
from kvartal.tui.i18n import _
from kvartal.tui.keeper import Keeper
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.presentation.labels import signs_for
from kvartal.tui.screens.main import MainScreen
from kvartal.tui.settings import DARK, LIGHT, Settings, settings_path, write_settings
from kvartal.tui.view import Overview

if TYPE_CHECKING:
    from kvartal.history.log.entry import CommitEntry
    from kvartal.history.log.undo import Reversal
    from kvartal.history.store.evidence import Attachment
    from kvartal.schema.changes import Change
    from kvartal.tui.forms.context import FormContext
    from kvartal.tui.presentation.card import CardItem
    from kvartal.tui.presentation.history import OpenedVersion
    from kvartal.tui.presentation.repo_notice import RepoNotice
    from kvartal.tui.services.refresh import RefreshService
    from kvartal.tui.services.sync import SyncService
    from kvartal.tui.services.versions import VersionService

LOOK_EVERY: Final = 0.5
THEMES: Final = {DARK: "textual-dark", LIGHT: "textual-light"}
WIDTHS: Final = [(0, "-narrow"), (110, "-wide")]
HEIGHTS: Final = [(0, "-low"), (32, "-tall")]


class KvartalApp(App[None]):
    """The screen of one programme."""

    TITLE = "kvartal"
    CSS_PATH = "styles/main.tcss"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    snapshot: var[Snapshot | None] = var(None, init=False)
    """The programme as it was last seen; None as long as the file cannot be read."""
    as_of: var[date] = var(date.min, init=False)
    """The date it is looked at."""
    pinned: var[bool] = var(False, init=False)
    """Whether that date was chosen; otherwise it follows the calendar."""
    overview: var[Overview | None] = var(None, init=False)
    """The programme as of that date."""
    health: var["RepoNotice | None"] = var(None, init=False)
    """What is the matter with it; None until that was looked into."""
    saving: var[bool] = var(False, init=False)
    """Whether a change is being saved."""
    journal: var["tuple[CommitEntry, ...]"] = var((), init=False)
    """The latest commits, newest first."""

    past: var["OpenedVersion | None"] = var(None, init=False)
    """The earlier version that is shown instead, only to be read; None for today's programme."""

    def __init__(
        self,
        keeper: Keeper,
        settings: Settings | None = None,
        *,
        as_of: date | None = None,
        today: Callable[[], date] = date.today,
        look_every: float = LOOK_EVERY,
    ) -> None:
        """Take what the screen is about.

        Args:
            keeper: Reads and keeps the plan file.
            settings: The user's.
            as_of: The date to look at; None to follow the calendar.
            today: Tells the date of the calendar.
            look_every: Seconds between two looks at the clock, the file and what git writes.
        """
        self.settings = settings or Settings()
        super().__init__()
        self.keeper = keeper
        self.today = today
        self.look_every = look_every
        self.theme = THEMES[self.settings.theme]
        self.set_reactive(KvartalApp.as_of, as_of or today())
        self.set_reactive(KvartalApp.pinned, as_of is not None)
        self.failure: KvartalError | None = None
        self.notice = ""
        encoding = sys.__stdout__.encoding if sys.__stdout__ else ""
        self.signs = signs_for(self.settings.signs, os.environ, encoding)
        try:
            self.set_reactive(KvartalApp.snapshot, keeper.look_now())
        except KvartalError as error:
            self.failure = error
        self.set_reactive(KvartalApp.overview, self._survey())

    # What Textual asks.

    def get_default_screen(self) -> Screen[None]:
        """Return the main screen; that of the problems, where the file cannot be read."""
        if self.overview is not None:
            return MainScreen(self.overview, self.signs)
        from kvartal.tui.screens.problems import ProblemsScreen

        return ProblemsScreen(error=self.failure)

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's variables and the user's own."""
        return {**super().get_css_variables(), "card-height": f"{self.settings.card}%"}

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield what the command palette offers: all that has a key."""
        if isinstance(screen, MainScreen):
            for action in ACTIONS:
                run = partial(screen.action_act, action.id)
                yield SystemCommand(_(action.label), _(action.help), run)

    def action_command_palette(self) -> None:
        """Open the command palette, in the user's language."""
        from textual.command import CommandPalette

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("Найти действие…")))

    def action_help_quit(self) -> None:
        """Say how to leave: Ctrl-C does not."""
        self.say(_("Выход — {key}.").format(key=key_of("quit")))

    def on_mount(self) -> None:
        """Once the first row is painted, look at git and at what is wrong with the file."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.upkeep.begin()

    def on_app_focus(self) -> None:
        """Whatever was the matter may have been mended in another window."""
        if self.health is not None and self.health.warnings:
            self.upkeep.reload()

    @cached_property
    def upkeep(self) -> "RefreshService":
        """What keeps all this in step with the file, with git and with the calendar."""
        from kvartal.tui.services.refresh import RefreshService

        return RefreshService(self)

    @cached_property
    def archive(self) -> "VersionService":
        """What brings earlier versions onto the screen."""
        from kvartal.tui.services.versions import VersionService

        return VersionService(self)

    @cached_property
    def sharing(self) -> "SyncService":
        """What shares the programme with others."""
        from kvartal.tui.services.sync import SyncService

        return SyncService(self)

    def _fatal_error(self) -> None:
        """End without the traceback that Textual prints: the entry point writes a log."""
        self._close_messages_no_wait()

    @property
    def bug(self) -> Exception | None:
        """What ended the application, if that was not meant to happen."""
        return self._exception

    # What follows from what.

    def watch_snapshot(self) -> None:
        """Work out the states anew."""
        self.overview = self._survey()

    def watch_as_of(self) -> None:
        """Work out the states anew."""
        self.overview = self._survey()

    def watch_past(self) -> None:
        """Show the other version."""
        self.overview = self._survey()

    def _survey(self) -> Overview | None:
        snapshot = self.past.version.snapshot if self.past else self.snapshot
        return Overview(snapshot.plan, self.as_of) if snapshot else None

    # What the screens ask.

    @property
    def main(self) -> MainScreen | None:
        """The main screen; None as long as the file could not be read."""
        return next((one for one in self.screen_stack if isinstance(one, MainScreen)), None)

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence on the main screen.

        Args:
            sentence: It may hold data.
            trouble: Whether it stays until it is closed.
        """
        if self.main is not None:
            self.main.say(sentence, trouble=trouble)

    def look_at(self, day: date) -> None:
        """Show the programme as of a date; today's date follows the calendar again."""
        self.pinned = day != self.day_by_itself
        self.as_of = day

    @property
    def day_by_itself(self) -> date:
        """The date that is looked at unless one is chosen: the earlier version's own, or today."""
        return self.past.day if self.past else self.today()

    def desk(self) -> "FormContext":
        """Return what a dialog works with."""
        from kvartal.tui.forms.context import FormContext

        snapshot = self._programme
        return FormContext(
            snapshot.data,
            snapshot.plan,
            folder=snapshot.path.parent,
            as_of=self.as_of,
            today=self.today(),
            save=self.save,
            signs=self.signs,
            now=self.desk,
            catch_up=self.upkeep.catch_up,
        )

    async def save(self, change: "Change", attachments: "tuple[Attachment, ...]" = ()) -> None:
        """Keep a change; the screen shows it once its commit is there.

        Raises:
            KvartalError: It was not kept; everything is as before.
        """
        await self.upkeep.keep(lambda: self.keeper.apply(self._programme, change, attachments))

    async def reversal(self, *, redo: bool = False, commit: str = "") -> "Reversal":
        """Return what takes back a change, the last one if none is named, or does it again.

        Raises:
            KvartalError: There is nothing to take back, or it cannot be.
        """
        return await self.keeper.reversal(self._programme, redo=redo, commit=commit)

    async def take_back(self, reversal: "Reversal") -> None:
        """Keep what takes a change back, or does it again.

        Raises:
            KvartalError: It was not kept; everything is as before.
        """
        await self.upkeep.keep(lambda: self.keeper.take_back(self._programme, reversal))

    def last_changes(self, measure: str) -> "tuple[CardItem, ...]":
        """Return what the card tells of a measure's history."""
        from kvartal.tui.presentation.history import last_changes

        return last_changes(self.past.journal if self.past else self.journal, measure)

    async def change_theme(self) -> None:
        """Change between light and dark, and remember it."""
        other = DARK if self.settings.theme == LIGHT else LIGHT
        self.settings = replace(self.settings, theme=other)
        self.theme = THEMES[other]
        try:
            await asyncio.to_thread(write_settings, settings_path(), self.settings)
        except KvartalError as error:
            self.say(short_message(error), trouble=True)

    @property
    def _programme(self) -> Snapshot:
        """The programme, where one is on the screen."""
        if self.snapshot is None:
            raise RuntimeError("nothing has been read yet")
        return self.snapshot

"""The application: implements the methods of `Session` with the services that do the work.

The services are created after the first paint, which needs none of them.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from pkgutil import get_data
from typing import TYPE_CHECKING, Any, Final

from textual.app import SystemCommand
from textual.screen import Screen

from kvartal.history.programme import Programme
from kvartal.schema.errors import KvartalError
from kvartal.tui.actions.registry import ACTIONS, key_of
from kvartal.tui.i18n import _
from kvartal.tui.screens.base import ReadingScreen
from kvartal.tui.screens.main import MainScreen, main_screen
from kvartal.tui.session import SaveCall, Session
from kvartal.tui.settings import THEMES, Settings
from kvartal.tui.terminal_app import SpeakingScreen, TerminalApp, terminal_signs

if TYPE_CHECKING:
    from kvartal.history.sync.divergence import Choices
    from kvartal.history.sync.outgoing import Outgoing
    from kvartal.tui.forms.typed_dialog import KeptTexts
    from kvartal.tui.services.evidence import EvidenceService
    from kvartal.tui.services.notices import NoticeService
    from kvartal.tui.services.refresh import RefreshService
    from kvartal.tui.services.repair import RepairService
    from kvartal.tui.services.save import SaveService
    from kvartal.tui.services.sync import SyncService
    from kvartal.tui.services.versions import VersionService
    from kvartal.tui.services.watch import WatchService

CHECK_INTERVAL: Final = 0.5
WIDTHS: Final = [(0, "-narrow"), (110, "-wide")]
HEIGHTS: Final = [(0, "-low"), (32, "-tall")]


class KvartalApp(Session, TerminalApp[None]):
    """The application for one programme."""

    TITLE = "kvartal"
    # No path: the program may be packed into one file.
    CSS = (get_data("kvartal.tui", "styles/main.tcss") or b"").decode()
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(
        self,
        programme: Programme,
        settings: Settings | None = None,
        *,
        as_of: date | None = None,
        today: Callable[[], date] = date.today,
        check_interval: float = CHECK_INTERVAL,
    ) -> None:
        """Read the programme; if the file cannot be read, the problems screen is shown.

        Args:
            programme: Reads and saves the plan file.
            settings: The user's.
            as_of: The date to show states as of; None to follow the calendar.
            today: Returns the date of the calendar.
            check_interval: Seconds between two checks of the clock, the file and the repository.
        """
        super().__init__(programme, settings, as_of=as_of, today=today)
        self.check_interval = check_interval
        self.theme = THEMES[self.settings.theme]
        self.failure: KvartalError | None = None
        """Why the file could not be read at the start."""
        self.notice = ""
        """A sentence to show at the start."""
        self.is_new = False
        """Whether the programme was just created."""
        self.next_plan: Path | None = None
        """The plan file to open once this application has ended; None to leave."""
        self.next_is_new = False
        """Whether that one was just created."""
        self.signs = terminal_signs(self.settings.signs)
        try:
            self.set_reactive(Session.snapshot, programme.read())
        except KvartalError as error:
            self.failure = error
        self.set_reactive(Session.overview, self.overview_now())

    # Called by Textual.

    def get_default_screen(self) -> Screen[None]:
        """Return the main screen; the problems screen where the file cannot be read."""
        if self.overview is not None:
            return MainScreen(self.overview, self.signs)
        from kvartal.tui.screens.problems import ProblemsScreen

        return ProblemsScreen(error=self.failure)

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's variables and the user's own."""
        return super().get_css_variables() | {"card-height": f"{self.settings.card}%"}

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield the commands of the palette: every action that has a key."""
        if isinstance(screen, MainScreen):
            for action in ACTIONS:
                run = partial(screen.action_act, action.id)
                yield SystemCommand(_(action.label), _(action.help), run)

    def action_command_palette(self) -> None:
        """Open the command palette in the user's language."""
        from textual.command import CommandPalette

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("Найти действие…")))

    # Asked for by the terminal.

    def prepare_end(self) -> None:
        """Stop a sync; a save goes on to its end."""
        if self.is_syncing:
            self.sync_service.abandon()

    def note_kept(self, kept: "KeptTexts") -> None:
        """Let a save that succeeds after all delete what was kept of its form."""
        self.save_service.note_kept([form.forget_draft for form in kept.busy_forms])

    def quit_sentence(self) -> str:
        """Return how to leave: from the main screen, by its key."""
        key = key_of("quit")
        if self.screen is self.screen_stack[0]:
            return _("Выход — {key}.").format(key=key)
        return _("Назад — Esc; выход — {key} на главном экране.").format(key=key)

    def on_mount(self) -> None:
        """Check git and the rules once the first row is painted."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.refresh_service.begin(self.notice, is_new=self.is_new)

    def on_app_focus(self) -> None:
        """Check again: the problem may have been fixed in a different window."""
        if self.repo_notice is not None and self.repo_notice.warnings:
            self.reload()

    # The services, created on first use.

    @cached_property
    def notice_service(self) -> "NoticeService":
        """Shows what is wrong with file and repository."""
        from kvartal.tui.services.notices import NoticeService

        return NoticeService(self)

    @cached_property
    def repair_service(self) -> "RepairService":
        """Asks about what prevents saving."""
        from kvartal.tui.services.repair import RepairService

        return RepairService(self)

    @cached_property
    def watch_service(self) -> "WatchService":
        """Notices and reports what others change."""
        from kvartal.tui.services.watch import WatchService

        return WatchService(self, self.notice_service, self._check_soon)

    @cached_property
    def refresh_service(self) -> "RefreshService":
        """Keeps the screen up to date with the file, git and the calendar."""
        from kvartal.tui.services.refresh import RefreshService

        return RefreshService(
            self,
            self.watch_service,
            self.notice_service,
            self.evidence_service.check,
            check_interval=self.check_interval,
        )

    @cached_property
    def evidence_service(self) -> "EvidenceService":
        """Looks whether the evidence files are whole."""
        from kvartal.tui.services.evidence import EvidenceService

        return EvidenceService(self)

    @cached_property
    def save_service(self) -> "SaveService":
        """Saves changes and shows the result."""
        from kvartal.tui.services.save import SaveService

        return SaveService(self, self.repair_service, self.watch_service, self.refresh_service)

    @cached_property
    def version_service(self) -> "VersionService":
        """Opens and closes earlier versions."""
        from kvartal.tui.services.versions import VersionService

        return VersionService(self)

    @cached_property
    def sync_service(self) -> "SyncService":
        """Syncs with colleagues."""
        from kvartal.tui.services.sync import SyncService

        return SyncService(self, self.repair_service, self.watch_service)

    def _check_soon(self, part: float) -> None:
        self.set_timer(self.check_interval * part, self.refresh_service.check_for_changes)

    # The methods of `Session`.

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence on the main screen, and on one above it. See `Session.say`."""
        main = main_screen(self)
        if main is not None:
            main.say(sentence, trouble=trouble)
        for screen in self.screen_stack:
            if isinstance(screen, ReadingScreen):
                screen.say(sentence, trouble=trouble)

    def say_in_front(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence where the user looks. See `TerminalApp.say_in_front`."""
        if isinstance(self.screen, SpeakingScreen):
            self.screen.say(sentence, trouble=trouble)
        else:
            self.say(sentence, trouble=trouble)

    def announce(self, sentence: str) -> None:
        """Show a sentence as soon as there is a main screen. See `Session.announce`."""
        self.notice_service.announce(sentence)

    async def perform(self, action: str) -> None:
        """Do what an action stands for. See `Session.perform`."""
        from kvartal.tui.handlers.dispatch import perform

        main = main_screen(self)
        if main is not None and main.widgets is not None:
            await perform(action, self, main, main.widgets)

    def open_programme(self, path: Path, *, is_new: bool = False) -> None:
        """Close this programme and open another one. See `Session.open_programme`."""
        self.next_plan, self.next_is_new = path, is_new
        self.exit()

    def reload(self, *, is_asked: bool = False) -> None:
        """Read the file again. See `Session.reload`."""
        self.refresh_service.reload(is_asked=is_asked)

    async def catch_up(self) -> None:
        """Pick up what others changed. See `Session.catch_up`."""
        await self.refresh_service.catch_up()

    async def save(self, call: SaveCall) -> None:
        """Save, then show the result. See `Session.save`."""
        await self.save_service.save(call)

    def repair(self, refusal: str | None = None) -> None:
        """Ask about what prevents saving. See `Session.repair`."""
        self.repair_service.ask(refusal)

    async def open_version(self, revision: str, day: date | None = None) -> None:
        """Show the programme as it was. See `Session.open_version`."""
        await self.version_service.open(revision, day)

    def close_version(self, measure: str = "") -> None:
        """Show today's programme again. See `Session.close_version`."""
        self.version_service.close(measure)

    async def sync(
        self,
        report: Callable[[str], None],
        choices: "Choices | None" = None,
        confirmed: "Outgoing | None" = None,
    ) -> str:
        """Sync with colleagues. See `Session.sync`."""
        return await self.sync_service.sync(report, choices, confirmed)

    def stop_sync(self, sentence: str | None = None) -> bool:
        """Stop waiting for the remote. See `Session.stop_sync`."""
        return self.sync_service.stop(sentence)

"""The application before a programme is open: the start screen, or the list to choose from."""

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kvartal.schema.errors import KvartalError
from kvartal.tui.actions.action import KEY_NAMES
from kvartal.tui.i18n import _
from kvartal.tui.settings import THEMES, Settings, settings_path, write_settings
from kvartal.tui.terminal_app import TerminalApp, terminal_signs

if TYPE_CHECKING:
    from kvartal.tui.screens.start import StartScreen


class StartApp(TerminalApp[Path]):
    """Its result is the plan file to open; None where the user left."""

    TITLE = "kvartal"

    def __init__(
        self, folder: Path, settings: Settings, today: date, *, current: Path | None = None
    ) -> None:
        """Begin in a folder.

        Args:
            folder: The current folder.
            settings: The user's.
            today: Today.
            current: One of several programmes to choose from; None where there is none.
        """
        super().__init__()
        self.settings = settings
        self.theme = THEMES[settings.theme]
        self.signs = terminal_signs(settings.signs)
        self.is_new = False
        """Whether the programme to open was just created."""
        self._folder = folder
        self._today = today
        self._current = current

    def on_mount(self) -> None:
        """Show what there is to choose from."""
        if self._current is not None:
            from kvartal.tui.screens.programmes import ProgrammesScreen

            screen = ProgrammesScreen(
                self._folder,
                self._today,
                self.settings.folders,
                current=self._current.resolve(),
                keep_folders=self._write_folders,
            )
            self.push_screen(screen, self.exit)
        else:
            from kvartal.tui.screens.start import StartScreen

            start = StartScreen(
                self._folder,
                self._today,
                self.settings.folders,
                keep_folders=self._write_folders,
            )
            self.push_screen(start, partial(self._chosen, start))

    def action_command_palette(self) -> None:
        """There are no commands before a programme is open."""

    def quit_sentence(self) -> str:
        """Return how to leave: each screen has the same key for it."""
        return _("Выход — {key}.").format(key=_(KEY_NAMES["escape"]))

    def _chosen(self, start: "StartScreen", path: Path | None) -> None:
        self.is_new = start.is_new
        self.exit(path)

    def _write_folders(self, folders: tuple[str, ...]) -> str:
        self.settings = replace(self.settings, folders=folders)
        try:
            write_settings(settings_path(), self.settings)
        except KvartalError as error:
            return error.message(_)
        return ""

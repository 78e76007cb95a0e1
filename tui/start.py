"""The application before a programme is open: the start screen, or the list to choose from."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

from textual import constants, on
from textual.app import App
from textual.driver import Driver

from kvartal.schema.errors import KvartalError
from kvartal.tui.i18n import _
from kvartal.tui.settings import THEMES, Settings, settings_path, write_settings
from kvartal.tui.terminal.messages import TerminalLost, UnbracketedPaste


class StartApp(App[Path]):
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
        self._folder = folder
        self._today = today
        self._current = current
        self.last_words = ""
        """What to print once the terminal is as it was."""

    def get_driver_class(self) -> type[Driver]:
        """Return the driver of the terminal, unless ``TEXTUAL_DRIVER`` chooses a different one."""
        if os.name != "posix" or constants.DRIVER is not None:
            return super().get_driver_class()
        from kvartal.tui.terminal.driver import TerminalDriver

        return TerminalDriver

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
            self.push_screen(start, self.exit)

    def action_command_palette(self) -> None:
        """There are no commands before a programme is open."""

    @on(Driver.SignalResume)
    def redraw(self) -> None:
        """Draw everything again: somebody else has used the terminal."""
        self.refresh(layout=True)

    @on(TerminalLost)
    def end(self, event: TerminalLost) -> None:
        """End, since the terminal was closed or a signal came."""
        self._keep_typed()
        self.exit(return_code=event.exit_code)

    def _keep_typed(self) -> None:
        """Keep what is typed into open forms, since they cannot ask any more."""
        from kvartal.tui.forms.typed_dialog import keep_typed_texts

        words = "\n".join(keep_typed_texts(self.screen_stack).sentences())
        # A window that is closed ends us twice: by its signal and by its silence.
        self.last_words = self.last_words or words

    @on(UnbracketedPaste)
    def take_paste(self, event: UnbracketedPaste) -> None:
        """Give a pasted text to the field that has the focus; elsewhere its letters are no keys."""
        from kvartal.tui.terminal.pastes import hand_over

        hand_over(event, self)

    def _fatal_error(self) -> None:
        """Exit without the traceback that Textual prints: the entry point writes a log."""
        try:
            self._keep_typed()
        finally:
            self._close_messages_no_wait()

    @property
    def bug(self) -> Exception | None:
        """The exception that ended the application, if one did."""
        return self._exception

    def _write_folders(self, folders: tuple[str, ...]) -> str:
        self.settings = replace(self.settings, folders=folders)
        try:
            write_settings(settings_path(), self.settings)
        except KvartalError as error:
            return error.message(_)
        return ""

"""What an application does with its terminal, before a programme is open and after.

It draws again what somebody else has drawn over, takes pastes, and when the terminal is lost, a
signal comes or a bug ends it, keeps what is typed.
"""

import os
from typing import TYPE_CHECKING

from textual import constants, on
from textual.app import App, ReturnType
from textual.driver import Driver

from kvartal.tui.terminal.messages import TerminalLost, UnbracketedPaste

if TYPE_CHECKING:
    from kvartal.tui.forms.typed_dialog import KeptTexts


class TerminalApp(App[ReturnType]):
    """An application that leaves no text behind, however it ends."""

    _kept: "KeptTexts | None" = None

    # For subclasses.

    def prepare_end(self) -> None:
        """Give up what would hold up the end."""

    def note_kept(self, kept: "KeptTexts") -> None:
        """Note what was kept of the open forms."""

    def refuse_paste(self) -> None:
        """Say that a pasted text met no field."""

    # Called by Textual.

    def get_driver_class(self) -> "type[Driver]":
        """Return the driver of the terminal, unless ``TEXTUAL_DRIVER`` chooses a different one."""
        if os.name != "posix" or constants.DRIVER is not None:
            return super().get_driver_class()
        from kvartal.tui.terminal.driver import TerminalDriver

        return TerminalDriver

    @on(Driver.SignalResume)
    def redraw(self) -> None:
        """Draw everything again: somebody else has used the terminal."""
        self.refresh(layout=True)
        self.screen.refresh(layout=True)

    @on(TerminalLost)
    def end(self, event: TerminalLost) -> None:
        """End, since the terminal was closed or a signal came; what is being saved is finished."""
        self.prepare_end()
        self._keep_typed()
        self.exit(return_code=event.exit_code)

    @on(UnbracketedPaste)
    def take_paste(self, event: UnbracketedPaste) -> None:
        """Give a pasted text to the field that has the focus; elsewhere its letters are no keys."""
        from kvartal.tui.terminal.pastes import hand_over

        if not hand_over(event, self):
            self.refuse_paste()

    def _fatal_error(self) -> None:
        """Exit without the traceback that Textual prints: the entry point writes a log."""
        try:
            self._keep_typed()
        finally:
            self._close_messages_no_wait()

    def _keep_typed(self) -> None:
        """Keep what is typed into open forms, since they cannot ask any more."""
        if self._kept is not None:
            return  # A window that is closed ends us twice: by its signal and by its silence.
        from kvartal.tui.forms.typed_dialog import keep_typed_texts

        self._kept = keep_typed_texts(self.screen_stack)
        self.note_kept(self._kept)

    # Asked by the entry point, once it has ended.

    @property
    def last_words(self) -> str:
        """What to print once the terminal is as it was; empty for nothing."""
        return "\n".join(self._kept.sentences()) if self._kept is not None else ""

    @property
    def bug(self) -> Exception | None:
        """The exception that ended the application, if one did."""
        return self._exception

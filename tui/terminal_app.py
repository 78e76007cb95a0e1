"""What an application does with its terminal, before a programme is open and after.

It draws again what somebody else has drawn over, takes pastes, and when the terminal is lost, a
signal comes or a bug ends it, keeps what is typed.
"""

import os
import sys
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from textual import constants, on
from textual.app import App, ReturnType
from textual.binding import Binding, BindingType
from textual.driver import Driver

from kvartal.tui.i18n import _
from kvartal.tui.presentation.labels import Signs, signs_for
from kvartal.tui.terminal.messages import TerminalLost, UnbracketedPaste
from kvartal.tui.widgets.contrast import legible_variables

if TYPE_CHECKING:
    from kvartal.tui.forms.typed_dialog import KeptTexts


def terminal_signs(choice: str) -> Signs:
    """Return the signs to use in the terminal that the program was started in.

    Args:
        choice: The user's; see `signs_for`.
    """
    return signs_for(choice, os.environ, sys.__stdout__.encoding if sys.__stdout__ else "")


@runtime_checkable
class SpeakingScreen(Protocol):
    """A screen that shows a sentence for those who look at it."""

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence.

        Args:
            sentence: It may hold data.
            trouble: Whether something is wrong.
        """


class TerminalApp(App[ReturnType]):
    """An application that leaves no text behind, however it ends."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "open_help", show=False)]

    signs: Signs
    """The signs that the terminal can draw."""
    _kept: "KeptTexts | None" = None

    # For subclasses.

    def prepare_end(self) -> None:
        """Give up what would hold up the end."""

    def note_kept(self, kept: "KeptTexts") -> None:
        """Note what was kept of the open forms."""

    def quit_sentence(self) -> str:
        """Return how to leave from the screen in front."""
        raise NotImplementedError

    def action_open_help(self) -> None:
        """Show the help over a screen that has none of its own."""
        from kvartal.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.signs, elsewhere=True))

    # Said on the screen in front: a sentence on one behind it is not seen.

    def say_in_front(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence where the user looks.

        Args:
            sentence: It may hold data.
            trouble: Whether something is wrong.
        """
        if isinstance(self.screen, SpeakingScreen):
            self.screen.say(sentence, trouble=trouble)

    def refuse_paste(self) -> None:
        """Say that a pasted text met no field."""
        self.say_in_front(_("Текст вставлен мимо поля: ничего не выполнено."), trouble=True)

    def action_help_quit(self) -> None:
        """Say how to leave: Ctrl-C does not."""
        self.say_in_front(self.quit_sentence())

    # Called by Textual.

    def key_ctrl_c(self) -> None:
        """Answer Ctrl-C over a dialog too: a modal screen shuts out the application's bindings."""
        self.action_help_quit()

    async def action_quit(self) -> None:
        """End at once, as Ctrl-Q asks on any screen; what is typed is kept."""
        self._end()

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's variables, with colours that can be read."""
        self.theme_variables = legible_variables(super().get_css_variables())
        return self.theme_variables

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
        self._end(event.exit_code)

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

    def _end(self, exit_code: int = 0) -> None:
        self.prepare_end()
        self._keep_typed()
        self.exit(return_code=exit_code)

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

"""The terminal of the screen on POSIX systems: how it is left, suspended, lost and pasted into.

Textual restores the terminal when the program is closed by a key. Here it is restored as well when
a signal ends the program, when it is stopped and continued, and nothing is left running when the
terminal goes away. Not imported on Windows, which has no such signals.
"""

import errno
import os
import selectors
import signal
import sys
import time
from codecs import getincrementaldecoder
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TextIO

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message

from kvartal.tui.terminal.messages import TerminalLost, UnbracketedPaste
from kvartal.tui.terminal.substitutes import encodable

if TYPE_CHECKING:
    from textual.app import App

ENDING_SIGNALS: Final = (
    *(signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT),
    # Nothing here sends these, but left to the system they end the program as well.
    *(signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM),
)
SUSPEND_KEYS: Final = frozenset({"ctrl+z", "ctrl+я"})
EXIT_HANGUP: Final = 128 + signal.SIGHUP
"""What a shell expects of a program whose terminal went away."""

PASTE_LENGTH: Final = 4
"""So many letters, not all the same, that arrive at once were not typed one by one."""
_PASTE_SECONDS: Final = 0.05
"""What arrives so soon after a piece of a pasted text belongs to it."""
_READ_SIZE: Final = 1 << 12
_POLL_SECONDS: Final = 0.1


class TerminalDriver(LinuxDriver):
    """Textual's driver, with an end for every way in which a terminal is taken away."""

    def __init__(
        self,
        app: "App[Any]",
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        """Handle signals. See `LinuxDriver`."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._file: Any = _TerminalOutput(self._file, self)
        self._is_suspended = False
        self._is_lost = False
        for number in ENDING_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                self._loop.add_signal_handler(number, self._end, number)
        self._loop.add_signal_handler(signal.SIGTSTP, self.suspend)
        self._loop.add_signal_handler(signal.SIGCONT, self._continue)

    # Leaving.

    def _end(self, number: signal.Signals) -> None:
        """End the program because of a signal; the second one ends it at once."""
        self._loop.remove_signal_handler(number)
        self.send_message(TerminalLost(128 + number))

    def lose(self) -> None:
        """End the program, since the terminal is no longer there."""
        if not self._is_lost:
            self._is_lost = True
            self.send_message(TerminalLost(EXIT_HANGUP))

    # Stopping and continuing.

    def suspend(self) -> None:
        """Give the terminal back to the shell, stop, and redraw when the shell continues us."""
        if self._writer_thread is None or not self._writer_thread.is_alive():
            return
        self._is_suspended = True
        self.suspend_application_mode()
        self._loop.remove_signal_handler(signal.SIGTSTP)
        # The whole job, as the terminal does it: a `uv run` that started us has to stop too. Where
        # nobody could continue it the system ignores the signal, which SIGSTOP would not be.
        os.killpg(0, signal.SIGTSTP)
        self._loop.add_signal_handler(signal.SIGTSTP, self.suspend)
        self._is_suspended = False
        self._restart()

    def _continue(self) -> None:
        """Set the terminal up again after a stop that could not be handled, such as SIGSTOP."""
        if self._is_suspended or self._writer_thread is None:
            return
        self.suspend_application_mode()
        self._restart()

    def _restart(self) -> None:
        self._must_signal_resume = True
        self.resume_application_mode()

    # Reading.

    def run_input_thread(self) -> None:
        """Read keys until the screen is closed or the terminal is lost."""
        parser = XTermParser(self._debug)
        encoding = sys.__stdin__.encoding if sys.__stdin__ else "utf-8"
        decode = getincrementaldecoder(encoding)("replace").decode
        paste_end = 0.0
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_POLL_SECONDS):
                    data = self._read()
                    if not data:
                        self.lose()
                        return
                    events = list(parser.feed(decode(data)))
                    if is_paste(events, follows=time.monotonic() < paste_end):
                        paste_end = time.monotonic() + _PASTE_SECONDS
                        events = _bundled(events)
                    self._send(events)
                self._send(parser.tick())

    def _read(self) -> bytes:
        """Return what was typed; nothing where the terminal is lost."""
        try:
            return os.read(self.fileno, _READ_SIZE)
        except OSError as error:
            if error.errno not in {errno.EIO, errno.EBADF, errno.ENXIO}:
                raise
            return b""

    def _send(self, events: Iterable[Message]) -> None:
        """Hand on what was typed, but for the key that stops the program, wherever it is pressed.

        As a key of the application it would not work in dialogs, and undo typing in a long text.
        """
        for event in events:
            if isinstance(event, Key) and event.key in SUSPEND_KEYS:
                self._loop.call_soon_threadsafe(self.suspend)
            else:
                self.process_message(event)


class _TerminalOutput:
    """Writes to the terminal what its encoding has; a lost terminal is reported, not raised."""

    def __init__(self, stream: TextIO, driver: TerminalDriver) -> None:
        self._stream = stream
        self._driver = driver

    def write(self, text: str) -> None:
        """Write a text."""
        try:
            self._stream.write(encodable(text, self._stream.encoding))
        except OSError:
            self._driver.lose()

    def flush(self) -> None:
        """Flush what was written."""
        try:
            self._stream.flush()
        except OSError:
            self._driver.lose()

    def fileno(self) -> int:
        """Return the number of the descriptor."""
        return self._stream.fileno()


def is_paste(events: Iterable[Message], *, follows: bool = False) -> bool:
    """Return whether events that arrived at once are a pasted text.

    Args:
        events: As the parser made them of what was read at once.
        follows: A piece of a pasted text was read a moment before.
    """
    letters = [event.character for event in events if isinstance(event, Key) and event.is_printable]
    if follows:
        return bool(letters)
    return len(letters) >= PASTE_LENGTH and len(set(letters)) > 1


def _bundled(events: Iterable[Message]) -> list[Message]:
    """Return the events with the keys among them as one pasted text."""
    keys = [event for event in events if isinstance(event, Key)]
    others = [event for event in events if not isinstance(event, Key)]
    return [*others, UnbracketedPaste(keys)]

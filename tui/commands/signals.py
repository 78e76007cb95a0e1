"""A command that is told to end: by Ctrl-C, by the system, or by a terminal that is closed.

Left to itself Python ends at once for most of these signals, and git goes on without it. So they
are raised where the command is at that moment: what it has begun is taken back or finished there,
git is ended with all that it has started, and the exit code says which signal it was.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from kvartal.tui.failures import EXIT_SIGNAL, Interrupted

_PATIENCE: Final = 2
"""How many signals a command that is ending already bears."""
_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def raised_signals() -> Iterator[None]:
    """Raise `Interrupted` in the block for signals that end programs, unless they are ignored.

    Once it was raised the command is ending: a second signal, as when Ctrl-C is pressed twice, does
    not disturb it; who insists ends it at once.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    count = 0

    def interrupt(number: int, _frame: FrameType | None) -> None:
        nonlocal count
        count += 1
        if count == 1:
            raise Interrupted(number)
        if count > _PATIENCE:
            os._exit(EXIT_SIGNAL + number)

    for number, handler in before.items():
        if handler in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

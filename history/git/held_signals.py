"""Signals that would raise an exception, held back while it would come at the wrong moment.

A program that is told to end raises an exception wherever it is at that moment. Between the start
of a child and the block that ends it, that would leave the child running: a git with its locks.
"""

import signal
import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")


class HeldSignals:
    """Signals of the main thread: in others no signal raises anything."""

    def __init__(self) -> None:
        self._handlers: dict[int, Callable[[int, FrameType | None], Any]] = {}
        self._came: list[int] = []
        self._is_held = False

    def hold(self) -> None:
        """Hold back from now on what has a handler of Python's.

        What raises before that leaves nothing held, if `release` is called.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        self._is_held = True
        for name in _NAMES:
            number = getattr(signal, name, None)
            handler = None if number is None else signal.getsignal(number)
            if number is not None and callable(handler):
                self._handlers[number] = handler
                signal.signal(number, self._note)

    def release(self) -> None:
        """Hold nothing back any more, and let happen what came meanwhile; may be repeated.

        Raises:
            BaseException: What the handler of a signal raises that came.
        """
        self._is_held = False
        while self._handlers:
            number, handler = next(iter(self._handlers.items()))
            # A handler that raises here leaves the rest to the next call.
            signal.signal(number, handler)
            del self._handlers[number]
            if number in self._came:
                self._came.remove(number)
                handler(number, None)

    def _note(self, number: int, frame: "FrameType | None") -> None:
        if self._is_held:
            self._came = [*self._came, number]
        else:
            self._handlers[number](number, frame)

"""A program that works on one document: it ends in time, when asked to, and with all it started."""

import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kvartal.exchange.errors import DocumentReadingStopped, ReadingTooSlow
from kvartal.history.git.process_tree import ProcessTree, process_tree, start_options

Stopped = Callable[[], bool]
"""Asked several times a second whether to stop."""


def never() -> bool:
    """Return that work goes on."""
    return False


def check_stopped(stopped: Stopped, name: str) -> None:
    """End the work on a document if the user has asked for that.

    Args:
        stopped: Whether the user has.
        name: Name of the document, for the message.

    Raises:
        DocumentReadingStopped: The user has.
    """
    if stopped():
        raise DocumentReadingStopped(name=name)


_INTERVAL: Final = 0.02


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program has ended: its exit code, what it has written, what it has complained of."""

    code: int
    output: bytes
    complaint: bytes


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a program may take.

    Attributes:
        name: Name of the document, for messages.
        seconds: Longest time.
        stopped: Whether to stop before.
    """

    name: str
    seconds: float
    stopped: Stopped


def run(
    command: list[str],
    patience: Patience,
    *,
    data: bytes = b"",
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Outcome:
    """Run a program to its end.

    Args:
        command: The program and its arguments.
        patience: How long it may take.
        data: What it gets as its standard input.
        folder: Where it runs.
        environment: Its environment; None for our own.

    Raises:
        DocumentReadingStopped: The user wants it to end.
        ReadingTooSlow: It takes too long.
    """
    talk = _Talk(command, data, {"cwd": folder, "env": environment})
    ended = False
    try:
        talk.start()
        _wait(talk, patience)
        ended = True
    finally:
        if ended:
            talk.release()
        elif talk.ident is not None:
            talk.end()
    return talk.outcome()


class _Talk(threading.Thread):
    """Starts a program and talks to it to its end.

    In a thread of its own no signal comes between the start of the program and what can end it.
    """

    def __init__(self, command: list[str], data: bytes, options: Mapping[str, Any]) -> None:
        super().__init__(daemon=True)
        self._command = command
        self._data = data
        self._options = options
        self._began = threading.Event()
        self._tree: ProcessTree | None = None
        self._outcome: Outcome | None = None
        self._failure: OSError | None = None

    def run(self) -> None:
        """Start it, and wait for its end."""
        try:
            process = subprocess.Popen(  # noqa: S603 - programs of our own choice
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                **self._options,
                **start_options(interactive=False, held=()),
            )
            self._tree = process_tree(process, interactive=False)
            self._began.set()
            output, complaint = process.communicate(self._data)
            self._outcome = Outcome(process.returncode, output, complaint)
        except OSError as error:
            self._failure = error
        finally:
            self._began.set()

    def end(self) -> None:
        """End the program with all that it has started, as soon as it is there."""
        self._began.wait()
        if self._tree is not None:
            self._tree.end()
        self.join(_INTERVAL)

    def release(self) -> None:
        """Let go of the program: it has ended."""
        if self._tree is not None:
            self._tree.release()

    def outcome(self) -> Outcome:
        """Return how it has ended.

        Raises:
            OSError: It could not be started.
        """
        if self._outcome is None:
            raise self._failure or ChildProcessError
        return self._outcome


def _wait(talk: threading.Thread, patience: Patience) -> None:
    deadline = time.monotonic() + patience.seconds
    while talk.is_alive():
        talk.join(_INTERVAL)
        check_stopped(patience.stopped, patience.name)
        if time.monotonic() > deadline:
            raise ReadingTooSlow(name=patience.name, seconds=f"{patience.seconds:g}")

"""A program that works on one document: it ends in time, when asked to, and with all it started."""

import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kvartal.exchange.errors import DocumentReadingStopped, ReadingTooSlow
from kvartal.history.git.process_tree import process_tree, start_options

Stopped = Callable[[], bool]
"""Asked several times a second whether to stop."""

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
    process = subprocess.Popen(  # noqa: S603 - programs of our own choice
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **start_options(interactive=False, held=()),
    )
    tree = process_tree(process, interactive=False)
    written: list[tuple[bytes, bytes]] = []
    talk = threading.Thread(target=lambda: written.append(process.communicate(data)), daemon=True)
    talk.start()
    ended = False
    try:
        _wait(talk, patience)
        ended = True
    finally:
        if ended:
            tree.release()
        else:
            tree.end()
            talk.join(_INTERVAL)
    return Outcome(process.returncode, *written[0])


def _wait(talk: threading.Thread, patience: Patience) -> None:
    deadline = time.monotonic() + patience.seconds
    while talk.is_alive():
        talk.join(_INTERVAL)
        if patience.stopped():
            raise DocumentReadingStopped(name=patience.name)
        if time.monotonic() > deadline:
            raise ReadingTooSlow(name=patience.name, seconds=f"{patience.seconds:g}")

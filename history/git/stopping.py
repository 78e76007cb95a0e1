"""Ending a git call that a person no longer wants to wait for, with all that it has started."""

import os
import signal
import sys
from contextlib import suppress
from subprocess import Popen, TimeoutExpired
from threading import Event
from typing import Final

from kvartal.schema.errors import N_, KvartalError

_LOOK: Final = 0.1
"""Seconds between two looks whether the call is still wanted."""

_GRACE: Final = 2.0
"""Seconds that git has to put its own lock files away."""


class CallStopped(KvartalError):
    """A call of git was ended because somebody asked for it."""

    template = N_("Остановлено.")


def communicated(process: "Popen[bytes]", given: bytes | None, stop: Event) -> tuple[bytes, bytes]:
    """Return what a call printed on both streams, unless it is stopped before.

    Args:
        process: The call, a leader of its own session.
        given: What it reads.
        stop: Set when the call is wanted no more.

    Raises:
        CallStopped: It was ended; nothing that it had started runs on.
    """
    while not stop.is_set():
        with suppress(TimeoutExpired):
            return process.communicate(given, timeout=_LOOK)
    _end(process)
    raise CallStopped


def _end(process: "Popen[bytes]") -> None:
    if sys.platform == "win32":
        process.kill()
        process.wait()
        return
    # Git may be waiting for ssh, for a helper that asks for a password or for a hook: all of them.
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, sign)
        with suppress(TimeoutExpired):
            process.wait(_GRACE)

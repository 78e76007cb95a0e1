"""A git process with everything that it starts: ssh, a password helper, a hook, a remote helper.

What git waits for does not end with git. On POSIX systems git gets a session of its own, whose
processes are signalled together. On Windows it gets a job object, which also ends it where this
process is killed; so there no git outlives the process that holds the write lock.
"""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from kvartal.history.git.job_object import JobObject

_GRACE_SECONDS: Final = 2.0
"""How long git may take to remove its own lock files when it is ended."""


class ProcessTree(Protocol):
    """A running git and what it has started."""

    def end(self) -> None:
        """End all of it, and wait until git has ended."""

    def release(self) -> None:
        """Let go of it: git has ended, what a hook left behind may run on."""


def start_options(*, interactive: bool, held: Sequence[int]) -> dict[str, Any]:
    """Return the options of `subprocess.Popen` that a git is started with.

    Args:
        interactive: It may ask on the terminal, which only processes of our session can.
        held: Descriptors to leave open in it, as far as they can be inherited.
    """
    options: dict[str, Any] = {}
    if _has_sessions():
        # In a session of its own no prompt finds the terminal, and Ctrl+C reaches git through us.
        options["start_new_session"] = not interactive
    if any(map(os.get_inheritable, held)):
        # Python makes only these inheritable; `pass_fds` would do the same, but not on Windows.
        options["close_fds"] = False
    return options


def process_tree(process: "subprocess.Popen[bytes]", *, interactive: bool) -> ProcessTree:
    """Return a process with what it is going to start.

    Args:
        process: Just started with `start_options`.
        interactive: As there.
    """
    if not _has_sessions():
        return _WindowsTree(process)
    return _SingleProcess(process) if interactive else _Session(process)


@cache
def _has_sessions() -> bool:
    return hasattr(os, "killpg") and hasattr(signal, "SIGKILL")


class _SingleProcess:
    """A process in the session of the terminal, as we are: it ends what it has started itself."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def release(self) -> None:
        """Nothing is held."""


class _Session:
    """A process that leads a session and a process group of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def end(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            # The group outlives its leader as long as one of its processes runs.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE_SECONDS)

    def release(self) -> None:
        """Nothing is held."""


class _WindowsTree:
    """A process in a job object; where the system refuses one, ended by ``taskkill``."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        from kvartal.history.git.job_object import job_of

        self._process = process
        self._job: JobObject | None = job_of(process)

    def end(self) -> None:
        if self._job is not None:
            self._job.end()
        else:
            command = ["taskkill", "/T", "/F", "/PID", str(self._process.pid)]
            with suppress(OSError):
                subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - of Windows
        self._process.kill()
        self._process.wait()

    def release(self) -> None:
        if self._job is not None:
            self._job.release()

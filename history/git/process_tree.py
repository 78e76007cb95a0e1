"""A git process with everything that it starts: ssh, a password helper, a hook, a remote helper.

What git waits for does not end with git. On POSIX systems git gets a session of its own, whose
processes are signalled together. On Windows it gets a job object, which also ends it where this
process is killed; so there no git outlives the process that holds the write lock.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from kvartal.history.git.held_signals import HeldSignals

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


class RunningProcess:
    """A process while a block runs: when the block is left, however it is left, it has ended.

    A signal that comes while it is being started ends it as well: it is held back until what would
    end the process is in place.
    """

    def __init__(
        self, start: "Callable[[], subprocess.Popen[bytes]]", *, interactive: bool
    ) -> None:
        """Prepare it.

        Args:
            start: Starts the process with `start_options`.
            interactive: As there.
        """
        self._start = start
        self._interactive = interactive
        self._process: subprocess.Popen[bytes] | None = None
        self._tree: ProcessTree | None = None

    def __enter__(self) -> "subprocess.Popen[bytes]":
        """Start it.

        Raises:
            BaseException: What the start raises, or the handler of a signal that came meanwhile.
        """
        held = HeldSignals()
        try:
            held.hold()
            process = self._process = self._start()
            self._tree = process_tree(process, interactive=self._interactive)
            held.release()
        except BaseException:
            try:
                self._leave(ends=True)
            finally:
                held.release()
            raise
        return process

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        """Wait for its end, or end it where the block raises."""
        self._leave(ends=kind is not None)

    def _leave(self, *, ends: bool) -> None:
        if self._process is None or self._tree is None:
            return
        try:
            with self._process:
                if ends:
                    self._tree.end()
        except BaseException:
            self._tree.end()
            raise
        finally:
            self._tree.release()


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

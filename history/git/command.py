"""Calling git: every git process is started here, through GitPython.

A call gets the settings in `SETTINGS` and the variables of `call_variables`: no pager, editor or
prompt opens, and what a commit writes is on disk when git returns. That the environment leads to
no other repository is up to the entry of the program, see `scrub_environment`.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen, TimeoutExpired
from typing import IO, TYPE_CHECKING, Final

from kvartal.history.git.environment import call_variables
from kvartal.history.git.errors import CallStopped, GitFailed, GitMissing
from kvartal.history.git.failures import failure

if TYPE_CHECKING:
    from git.cmd import Git

ENCODING: Final = "utf-8"
ERRORS: Final = "surrogateescape"  # A file name need not be UTF-8: it comes back as it went.

SETTINGS: Final = (
    "core.fsync=all",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "color.ui=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "i18n.commitEncoding=UTF-8",
    "i18n.logOutputEncoding=UTF-8",
    "log.showSignature=false",
    # An identity made up from the names of the account and the machine is worse than a question.
    "user.useConfigOnly=true",
)

_LOOK: Final = 0.1
"""Seconds between two looks whether the call is still wanted."""

_GRACE: Final = 2.0
"""Seconds that git has to put its own lock files away."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a git command ended.

    Attributes:
        code: The exit code; negative when a signal ended it.
        out: What it printed, to the byte.
        words: What it said on its error stream, and what its hooks said.
    """

    code: int
    out: bytes
    words: str


def run(  # noqa: PLR0913 - what a call can be told apart by
    folder: Path,
    arguments: Sequence[str],
    *,
    given: bytes | None = None,
    writes: bool = False,
    asks: bool = False,
    pass_fds: Sequence[int] = (),
    stop: threading.Event | None = None,
) -> Finished:
    """Run a git command in a folder and return how it ended.

    Args:
        folder: Where to run it.
        arguments: The command and its arguments.
        given: What it reads from its standard input; nothing when None.
        writes: It is meant to write.
        asks: It may ask a person on the terminal.
        pass_fds: Descriptors that git is to hold open while it runs; not on Windows.
        stop: Ends the call when it is set; not for a call that asks.

    Raises:
        GitMissing: There is no git program.
        CallStopped: It was stopped.
    """
    stdin = None if given is None else PIPE
    with started(
        folder, arguments, stdin=stdin, writes=writes, asks=asks, pass_fds=pass_fds
    ) as process:
        wait = process.communicate if stop is None else partial(_communicate, process, stop=stop)
        out, words = wait(given)
        return Finished(process.returncode, out, text(words).strip())


@contextmanager
def started(  # noqa: PLR0913 - as of `run`
    folder: Path,
    arguments: Sequence[str],
    *,
    stdin: int | None = None,
    writes: bool = False,
    asks: bool = False,
    pass_fds: Sequence[int] = (),
) -> Iterator[Popen[bytes]]:
    """Start git; whatever happens to the caller, it has ended when the block is left."""
    program, not_found = _program(folder)
    settings = [part for setting in SETTINGS for part in ("-c", setting)]
    executable = program.GIT_PYTHON_GIT_EXECUTABLE or "git"
    try:
        # In a session of its own no prompt finds the terminal, and Ctrl+C reaches git through us.
        handle = program.execute(
            [executable, "-C", str(folder), *settings, *arguments],
            istream=stdin,
            as_process=True,
            env=call_variables(os.environ, writes=writes, asks=asks),
            pass_fds=tuple(pass_fds),
            start_new_session=not asks,
        )
    except not_found as error:
        if folder.is_dir():  # The program was there when this one started.
            raise GitMissing from error
        raise GitFailed(command=arguments[0], words=error) from error
    process = handle.proc
    if process is None:
        raise GitMissing
    with process:
        try:
            yield process
        except BaseException:
            process.terminate()
            raise


def _communicate(
    process: Popen[bytes], given: bytes | None, stop: threading.Event
) -> tuple[bytes, bytes]:
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


def _end(process: Popen[bytes]) -> None:
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


def _program(folder: Path) -> "tuple[Git, type[Exception]]":
    """Return GitPython's commander, and what it raises where there is no git program.

    Imported here, since that costs 80 ms.
    """
    try:
        from git.cmd import Git
        from git.exc import GitCommandNotFound
    except ImportError as error:  # So it says that there is no git program.
        raise GitMissing from error
    return Git(folder), GitCommandNotFound


def pipe(end: IO[bytes] | None) -> IO[bytes]:
    """Return an end of a pipe that was asked for when git was started."""
    if end is None:
        raise GitMissing
    return end


def answer(done: Finished, arguments: Sequence[str]) -> bytes:
    """Return what a command printed.

    Raises:
        GitFailed: It ended with another exit code than 0.
    """
    if done.code:
        raise failure(arguments[0], done.words, done.code)
    return done.out


def text(printed: bytes) -> str:
    """Return what git printed as text."""
    return printed.decode(ENCODING, ERRORS)

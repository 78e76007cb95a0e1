"""Calls git: every git process is started here, through GitPython.

A call gets the settings in `SETTINGS` and the variables of `call_variables`: no pager, editor or
prompt opens, and what a commit writes is on disk when git returns. The entry point of the program
makes sure that the environment leads to no other repository, see `scrub_environment`.
"""

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO, TYPE_CHECKING, Final

from kvartal.history.git.environment import call_variables
from kvartal.history.git.errors import CallSilent, CallStopped, GitFailed, GitMissing
from kvartal.history.git.failures import command_error
from kvartal.history.git.process_tree import RunningProcess, start_options

if TYPE_CHECKING:
    from git.cmd import Git

SETTINGS: Final = (
    "core.fsync=all",
    "core.fsmonitor=false",
    # A cache beside the commits, which git believes more than them: it may lack some, or lie.
    "core.commitGraph=false",
    "core.quotePath=false",
    "color.ui=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "i18n.commitEncoding=UTF-8",
    "i18n.logOutputEncoding=UTF-8",
    "log.showSignature=false",
    # What plain `git status` does not read must not stop what reads the history either.
    "diff.orderFile=/dev/null",
    "format.pretty=medium",
    "log.date=default",
    # An identity made up from account and host name is worse than a refusal.
    "user.useConfigOnly=true",
)

_overrides: Final[ContextVar[tuple[tuple[str, str], ...]]] = ContextVar("overrides", default=())
_passes_over_refs: Final[ContextVar[bool]] = ContextVar("passes_over_refs", default=False)

_OPTIONS: Final = {"-c": 2, "--no-replace-objects": 1}
"""Options before the command, and how many arguments each one takes with itself."""
_POLL_SECONDS: Final = 0.1
"""How often to check whether a call has been stopped."""


@dataclass(frozen=True, slots=True)
class GitResult:
    """The result of a finished git command.

    Attributes:
        command: The command, such as ``status``.
        code: The exit code; negative when a signal ended it.
        stdout: What it printed.
        stderr: What it and its hooks printed on the error stream, stripped.
        folder: Where it ran; None where that does not matter.
    """

    command: str
    code: int
    stdout: bytes
    stderr: str
    folder: Path | None = None

    @property
    def text(self) -> str:
        """What it printed, as text."""
        return decode(self.stdout)

    def checked(self) -> "GitResult":
        """Return this result of a command that succeeded.

        Raises:
            GitFailed: It did not.
        """
        if self.code:
            raise command_error(self.command, self.stderr, self.code, self.folder)
        return self


@contextmanager
def overriding(settings: Mapping[str, str]) -> Iterator[None]:
    """Let settings of git override those of any file, while the block runs.

    Args:
        settings: The settings by name. They may have any name: they go through the environment,
            since an option ends the name at its first equals sign.
    """
    token = _overrides.set((*_overrides.get(), *settings.items()))
    try:
        yield
    finally:
        _overrides.reset(token)


@contextmanager
def passing_over_broken_refs() -> Iterator[None]:
    """Let git pass over refs that it cannot read, while the block runs.

    A fetch refuses otherwise, whatever the ref. Nothing may tidy up meanwhile: what only such a ref
    needs would be deleted; see `SETTINGS`.
    """
    token = _passes_over_refs.set(True)
    try:
        yield
    finally:
        _passes_over_refs.reset(token)


def _override_variables() -> dict[str, str]:
    """Return the variables that hand these settings to git."""
    settings = _overrides.get()
    variables = {"GIT_CONFIG_COUNT": str(len(settings))} if settings else {}
    for number, (name, value) in enumerate(settings):
        variables[f"GIT_CONFIG_KEY_{number}"] = name
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    if _passes_over_refs.get():
        variables["GIT_REF_PARANOIA"] = "0"
    return variables


def run_git(  # noqa: PLR0913 - the ways in which calls differ
    folder: Path,
    arguments: Sequence[str],
    *,
    stdin: bytes | None = None,
    writes: bool = False,
    interactive: bool = False,
    held: Sequence[int] = (),
    stop: threading.Event | None = None,
    silence: float | None = None,
    may_fetch: bool = False,
) -> GitResult:
    """Run a git command in a folder and wait for its end.

    Args:
        folder: Where to run it.
        arguments: The command and its arguments, with ``-c`` settings before it, if any.
        stdin: What it reads from its standard input; None for nothing.
        writes: It is meant to write.
        interactive: It may ask for a password on the terminal.
        held: Descriptors that git is to hold open while it runs, as far as they are inheritable.
        stop: Ends the call when it is set.
        silence: Ends the call when it has printed nothing for so many seconds.
        may_fetch: In a partial clone, it may fetch what it lacks even if it only reads.

    Raises:
        GitMissing: There is no git program.
        CallStopped: It was stopped.
        CallSilent: It was silent for too long.
    """
    with git_process(
        folder,
        arguments,
        reads_stdin=stdin is not None,
        writes=writes,
        interactive=interactive,
        held=held,
        may_fetch=may_fetch,
    ) as process:
        if stop is None and silence is None:
            stdout, stderr = process.communicate(stdin)
        else:
            stdout, stderr = _watch(process, stop or threading.Event(), silence)
        command = _command_name(arguments)
        return GitResult(command, process.returncode, stdout, decode(stderr).strip(), folder)


def git_process(  # noqa: PLR0913 - as of `run_git`
    folder: Path,
    arguments: Sequence[str],
    *,
    reads_stdin: bool = False,
    writes: bool = False,
    interactive: bool = False,
    held: Sequence[int] = (),
    may_fetch: bool = False,
) -> RunningProcess:
    """Return git with pipes, to run in a block; it has ended when the block is left, however.

    Args:
        folder: Where to run it.
        arguments: The command and its arguments.
        reads_stdin: It reads its standard input, from a pipe.
        writes: It is meant to write.
        interactive: It may ask for a password on the terminal.
        held: Descriptors that git is to hold open while it runs, as far as they are inheritable.
        may_fetch: In a partial clone, it may fetch what it lacks even if it only reads.

    Raises:
        GitMissing: There is no git program; raised where the block begins.
    """
    may_fetch = may_fetch or writes
    settings = [part for setting in SETTINGS for part in ("-c", setting)]

    def start() -> Popen[bytes]:
        git, command_not_found = _gitpython(folder)
        executable = git.GIT_PYTHON_GIT_EXECUTABLE or "git"
        try:
            handle = git.execute(
                [executable, "-C", str(folder), *settings, *arguments],
                istream=PIPE if reads_stdin else None,
                as_process=True,
                env=call_variables(
                    os.environ, writes=writes, interactive=interactive, may_fetch=may_fetch
                )
                | _override_variables(),
                **start_options(interactive=interactive, held=held),
            )
        except command_not_found as error:
            if folder.is_dir():  # The program was there when this one started.
                raise GitMissing from error
            raise GitFailed(command=_command_name(arguments), words=error) from error
        process: Popen[bytes] | None = handle.proc
        handle.proc = None  # The handle would end git, and git alone.
        if process is None:
            raise GitMissing
        return process

    return RunningProcess(start, interactive=interactive)


def pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """Return a stream of a git process that was started with pipes."""
    if stream is None:
        raise GitMissing
    return stream


def decode(printed: bytes) -> str:
    """Return what git printed as text; file names that are not UTF-8 survive the round trip."""
    return printed.decode(errors="surrogateescape")


def encode(text: str) -> bytes:
    """Return text as git reads it: the inverse of `decode`."""
    return text.encode(errors="surrogateescape")


def _command_name(arguments: Sequence[str]) -> str:
    """Return the command among arguments that may begin with options of git itself."""
    at = 0
    while arguments[at] in _OPTIONS:
        at += _OPTIONS[arguments[at]]
    return arguments[at]


def _watch(
    process: Popen[bytes], stop: threading.Event, silence: float | None
) -> tuple[bytes, bytes]:
    """Return what a process prints on both streams, unless it has to be ended before.

    Args:
        process: It reads nothing.
        stop: Set when the call is no longer wanted.
        silence: How many seconds it may print nothing; None for no limit.

    Raises:
        CallStopped, CallSilent: It has to be ended, with everything that it has started.
    """
    printed: tuple[list[bytes], list[bytes]] = ([], [])
    heard = [time.monotonic()]
    readers = [
        threading.Thread(target=_collect, args=(pipe(stream), chunks, heard), daemon=True)
        for stream, chunks in zip((process.stdout, process.stderr), printed, strict=True)
    ]
    for reader in readers:
        reader.start()
    while running := [reader for reader in readers if reader.is_alive()]:
        running[0].join(_POLL_SECONDS)
        if stop.is_set():
            raise CallStopped
        if silence is not None and time.monotonic() - heard[0] > silence:
            raise CallSilent(seconds=round(silence))
    process.wait()
    return b"".join(printed[0]), b"".join(printed[1])


def _collect(stream: IO[bytes], chunks: list[bytes], heard: list[float]) -> None:
    """Read a stream to its end, and note when something was read last."""
    with suppress(OSError, ValueError):  # Closed, when the call was ended.
        while chunk := os.read(stream.fileno(), 1 << 16):
            chunks.append(chunk)
            heard[0] = time.monotonic()


def _gitpython(folder: Path) -> "tuple[Git, type[Exception]]":
    """Return GitPython's launcher, and what it raises where there is no git program.

    Imported late, since it takes 80 ms.

    Raises:
        GitMissing: There is none.
        GitFailed: It does not even print its version.
    """
    try:
        from git.cmd import Git
        from git.exc import GitCommandNotFound
    except ImportError as error:  # What GitPython raises where it cannot ask git for its version.
        cause = error.__cause__
        if isinstance(quoted := getattr(cause, "stderr", None), str):
            stderr = quoted.strip().removeprefix("stderr: '").removesuffix("'")
            raise command_error("version", stderr, getattr(cause, "status", 1)) from error
        raise GitMissing from error
    return Git(folder), GitCommandNotFound

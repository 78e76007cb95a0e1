"""A stand-in for Windows on a POSIX system: refuses what Windows refuses, lacks what it lacks.

`become_windows` changes the interpreter that calls it; so it is for a process of its own. What it
does is taken from CPython's sources and the documentation of the Win32 API. It cannot stand for
paths with drives and backslashes, for consoles, or for how fast a virus scanner is.
"""

import builtins
import ctypes
import errno
import fcntl
import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Final

_MISSING_MODULES: Final = ("fcntl", "termios", "tty", "pty", "pwd", "grp", "resource", "syslog")
_MISSING_IN_OS: Final = (
    *("fork", "forkpty", "setsid", "getsid", "killpg", "getpgid", "setpgid", "getpgrp", "getuid"),
    *("geteuid", "getgid", "getegid", "chown", "fchown", "lchown", "fchmod", "mkfifo", "uname"),
    *("sync", "fdatasync", "statvfs", "pread", "pwrite", "waitid", "O_DIRECTORY", "O_NOFOLLOW"),
    *("O_CLOEXEC", "O_NONBLOCK", "posix_spawn", "sched_getaffinity"),
)
_MISSING_SIGNALS: Final = ("SIGKILL", "SIGHUP", "SIGTSTP", "SIGCONT", "SIGSTOP", "SIGCHLD", "alarm")
_RESERVED: Final = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10)),
}
_FORBIDDEN: Final = set('<>:"|?*\\') | {chr(code) for code in range(32)}

HELD: Final[dict[str, int]] = {}
"""How many more times a name cannot be replaced or deleted, as while a scanner reads the file."""
REFUSED: Final[list[str]] = []
"""What was refused because somebody had it open."""


def become_windows(root: Path) -> None:
    """Let this interpreter work as on Windows.

    Args:
        root: Names of files below it are checked. Nothing outside of it is touched.
    """
    _preload()
    real_flock, real_kill = fcntl.flock, os.kill
    kill_signal = signal.SIGKILL
    msvcrt: Any = ModuleType("msvcrt")
    msvcrt.LK_NBLCK, msvcrt.LK_UNLCK, msvcrt.LK_LOCK = 2, 0, 1

    def locking(descriptor: int, mode: int, size: int) -> None:
        assert size == 1
        if mode == msvcrt.LK_UNLCK:
            return real_flock(descriptor, fcntl.LOCK_UN)
        try:
            return real_flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PermissionError(errno.EACCES, "Permission denied") from None

    msvcrt.locking = locking
    sys.modules["msvcrt"] = msvcrt
    for name in _MISSING_MODULES:
        sys.modules[name] = None  # type: ignore[assignment] # `import` then fails
    for name in _MISSING_IN_OS:
        if hasattr(os, name):
            delattr(os, name)
    for name in _MISSING_SIGNALS:
        delattr(signal, name)
    _patch_processes(lambda pid: real_kill(pid, kill_signal))
    _patch_files(root.resolve())
    shutil._use_fd_functions = False  # type: ignore[attr-defined]
    ctypes.CDLL = _library  # type: ignore[assignment,misc]
    sys.platform = "win32"


def _library(name: str | None = None, **_options: Any) -> None:  # noqa: ANN401 - as ctypes has it
    if name is None:
        raise TypeError("LoadLibrary() argument 1 must be str, not None")
    raise FileNotFoundError(name)


def _preload() -> None:
    """Import what looks at the platform while it is imported, and could not be imported after."""
    import asyncio  # noqa: F401
    import tempfile  # noqa: F401

    import click  # noqa: F401
    import git  # noqa: F401
    import jsonschema  # noqa: F401
    import platformdirs  # noqa: F401
    from click.testing import CliRunner  # noqa: F401


def _patch_processes(kill: Callable[[int], None]) -> None:  # noqa: C901 - a table of functions
    real_init = subprocess.Popen.__init__
    jobs: dict[int, list[int]] = {}

    def init(self: "subprocess.Popen[bytes]", *args: Any, **options: Any) -> None:  # noqa: ANN401
        # CPython: `assert not pass_fds, "pass_fds not supported on Windows."`
        assert not options.get("pass_fds"), "pass_fds not supported on Windows."
        assert not options.get("start_new_session"), "there are no sessions"
        assert options.get("close_fds", True), "nothing is inherited"
        assert options.get("process_group") is None, "there are no process groups"
        if options.get("preexec_fn") is not None:
            raise ValueError("preexec_fn is not supported on Windows platforms")
        options.pop("creationflags", None)
        real_init(self, *args, **options)
        self._handle = self.pid  # type: ignore[attr-defined]

    def end(self: "subprocess.Popen[bytes]") -> None:
        if self.poll() is None:
            kill(self.pid)

    for name, value in (("__init__", init), ("kill", end), ("terminate", end)):
        setattr(subprocess.Popen, name, value)
    for name in ("CREATE_NO_WINDOW", "CREATE_NEW_PROCESS_GROUP"):
        setattr(subprocess, name, 0)

    class Kernel:
        """The functions of kernel32 for job objects."""

        def __init__(self, name: str) -> None:
            assert name == "kernel32"
            self.CreateJobObjectW = _Function(self._create)

        def _create(self, _security: None, _name: None) -> int:
            jobs[len(jobs) + 1] = []
            return len(jobs)

        def SetInformationJobObject(self, job: Any, kind: Any, _limits: Any, size: Any) -> int:  # noqa: ANN401, N802
            assert job.value in jobs
            assert (kind.value, size.value) == (9, 144 if sys.maxsize > 1 << 32 else 112)
            return 1

        def AssignProcessToJobObject(self, job: Any, process: Any) -> int:  # noqa: ANN401, N802
            jobs[job.value].append(process.value)
            return 1

        def TerminateJobObject(self, job: Any, _code: Any) -> int:  # noqa: ANN401, N802
            for pid in jobs[job.value]:
                for child in [*_descendants(pid), pid]:
                    with suppress(ProcessLookupError):
                        kill(child)
            return 1

        def CloseHandle(self, job: Any) -> int:  # noqa: ANN401, N802
            del jobs[job.value]
            return 1

    ctypes.WinDLL = Kernel  # type: ignore[attr-defined]


class _Function:
    """A function with the attributes that ctypes gives one."""

    def __init__(self, function: Callable[..., int]) -> None:
        self._function = function
        self.restype: object = None

    def __call__(self, *arguments: object) -> int:
        return self._function(*arguments)


def _descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [one for child in map(int, children) for one in (*_descendants(child), child)]


def _patch_files(root: Path) -> None:  # noqa: C901, PLR0915 - a table of functions
    real = {name: getattr(os, name) for name in ("open", "rename", "replace", "unlink", "mkdir")}
    real_open = io.open

    def check_name(path: Any) -> None:  # noqa: ANN401 - of any kind that the system takes
        if isinstance(path, int):
            return
        full = Path(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 - links are not followed
        if not full.is_relative_to(root):
            return
        for part in full.relative_to(root).parts:
            wrong = set(part) & _FORBIDDEN or part[-1] in ". "
            if wrong or part.partition(".")[0].casefold() in _RESERVED:
                raise OSError(errno.EINVAL, "Invalid argument", str(path))

    def check_free(path: Any) -> None:  # noqa: ANN401
        name = Path(os.fsdecode(path)).name
        if HELD.get(name, 0) > 0:
            HELD[name] -= 1
            REFUSED.append(name)
            raise PermissionError(errno.EACCES, "The process cannot access the file", str(path))
        try:
            status = Path(os.fsdecode(path)).stat()
        except OSError:
            return
        for descriptor in Path("/proc/self/fd").iterdir():
            try:
                opened = os.fstat(int(descriptor.name))
            except OSError:
                continue
            if (opened.st_dev, opened.st_ino) == (status.st_dev, status.st_ino):
                raise PermissionError(errno.EACCES, "It is open in this process", str(path))

    def low_open(path: Any, flags: int, *args: Any, **options: Any) -> int:  # noqa: ANN401
        if os.path.isdir(path):  # noqa: PTH112
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        if flags & os.O_CREAT:
            check_name(path)
        descriptor: int = real["open"](path, flags, *args, **options)
        return descriptor

    def high_open(file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:  # noqa: ANN401
        if set(mode) & set("wxa"):
            check_name(file)
        return real_open(file, mode, *args, **options)

    def rename(source: Any, target: Any, **options: Any) -> None:  # noqa: ANN401
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "It exists already", str(source), None, str(target))
        replace(source, target, **options)

    def replace(source: Any, target: Any, **options: Any) -> None:  # noqa: ANN401
        check_name(target)
        check_free(source)
        check_free(target)
        real["replace"](source, target, **options)

    def unlink(path: Any, **options: Any) -> None:  # noqa: ANN401
        check_free(path)
        real["unlink"](path, **options)

    def mkdir(path: Any, *args: Any, **options: Any) -> None:  # noqa: ANN401
        check_name(path)
        real["mkdir"](path, *args, **options)

    patched = {"open": low_open, "rename": rename, "replace": replace, "unlink": unlink}
    for name, function in {**patched, "remove": unlink, "mkdir": mkdir}.items():
        setattr(os, name, function)
    io.open = high_open
    builtins.open = high_open

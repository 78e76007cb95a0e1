"""Faults injected into a process and all it starts, at one of its mutating system calls.

The processes are traced: a filter of the kernel stops each at a call that may alter a file, and
there the call is let through, cut short, refused, or everything is killed. Needs Linux on x86-64
and nothing but Python.
"""

import ctypes
import errno
import os
import platform
import signal
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

IS_POSSIBLE: Final = sys.platform == "linux" and platform.machine() == "x86_64"

_OPENAT, _OPEN, _WRITE, _PWRITE, _WRITEV = 257, 2, 1, 18, 20
_BY_PATH: Final = {  # Number: position of the path that is altered.
    85: 0,
    76: 0,
    82: 1,
    86: 1,
    87: 0,
    83: 0,
    84: 0,
    88: 1,
    90: 0,
    92: 0,
    94: 0,
    264: 3,
    316: 3,
    265: 3,
    263: 1,
    258: 1,
    266: 2,
    268: 1,
    260: 1,
}
_BY_DESCRIPTOR: Final = {_WRITE, _PWRITE, _WRITEV, 77, 91, 93, 74, 75, 277, 285, 326}
_TAKES_SPACE: Final = {
    *(_OPENAT, _OPEN, _WRITE, _PWRITE, _WRITEV, 85, 82, 86, 83, 88, 264, 316, 265, 258, 266),
    *(74, 75, 285, 326),
}
_NAMES: Final = {
    257: "openat",
    2: "open",
    1: "write",
    18: "pwrite",
    20: "writev",
    85: "creat",
    76: "truncate",
    82: "rename",
    86: "link",
    87: "unlink",
    83: "mkdir",
    84: "rmdir",
    88: "symlink",
    90: "chmod",
    92: "chown",
    94: "lchown",
    264: "renameat",
    316: "renameat2",
    265: "linkat",
    263: "unlinkat",
    258: "mkdirat",
    266: "symlinkat",
    268: "fchmodat",
    260: "fchownat",
    77: "ftruncate",
    91: "fchmod",
    93: "fchown",
    74: "fsync",
    75: "fdatasync",
    277: "sync_file_range",
    285: "fallocate",
    326: "copy_file_range",
}
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_TRACEME, _CONT, _GETREGS, _SETREGS, _SETOPTIONS, _SYSCALL = 0, 7, 12, 13, 0x4200, 24
_OPTIONS: Final = 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x100000  # forks, clones, execs, filter, kill
_AT_FILTER: Final = 7
_WALL: Final = 0x40000000
_REGISTERS: Final = struct.Struct("27Q")
_RAX, _RDX, _NUMBER = 10, 12, 15
_ARGUMENTS: Final = (14, 13, 12, 7, 9, 8)


class Fault(StrEnum):
    """What happens at the chosen call.

    Attributes:
        KILL: All processes are killed before it.
        TORN: A write writes half of its bytes, then all processes are killed.
        FULL_ONCE: The call finds no space; there is space again after it.
        FULL: The call and all later ones find no space.
        EIO: The call fails, as on a bad disk.
    """

    KILL = "kill"
    TORN = "torn"
    FULL_ONCE = "full-once"
    FULL = "full"
    EIO = "eio"


@dataclass
class Run:
    """How a traced call of a function ended.

    Attributes:
        calls: The mutating calls below the folder, in their order.
        is_hit: The fault was injected.
        code: The exit code; None where the process was killed.
    """

    calls: list[str] = field(default_factory=list)
    is_hit: bool = False
    code: int | None = None


def run_traced(act: Callable[[], int], folder: Path, fault: Fault | None, step: int) -> Run:
    """Run a function in a child, with a fault at one of the mutating calls of all its processes.

    Args:
        act: Returns an exit code.
        folder: Only calls that alter something in it count.
        fault: What happens; None for nothing.
        step: At which call, counted from 1.
    """
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            _libc().ptrace(_TRACEME, 0, 0, 0)
            os.kill(os.getpid(), signal.SIGSTOP)
            _install_filter()
            code = act()
        except BaseException as error:  # noqa: BLE001 - a child of fork must not go on
            os.write(2, f"{error!r}\n".encode())
        finally:
            os._exit(code)
    return _Tracer(pid, os.fsencode(folder.resolve()), fault, step).follow()


class _Tracer:
    """Follows a process and all that it starts."""

    def __init__(self, pid: int, folder: bytes, fault: Fault | None, step: int) -> None:
        self._pid = pid
        self._folder = folder
        self._fault = fault
        self._step = step
        self._seen = {pid}
        self._run = Run()

    def follow(self) -> Run:
        os.waitpid(self._pid, _WALL)
        _ptrace(_SETOPTIONS, self._pid, 0, _OPTIONS)
        _ptrace(_CONT, self._pid, 0, 0)
        while True:
            try:
                pid, status = os.waitpid(-1, _WALL)
            except ChildProcessError:
                return self._run
            if not os.WIFSTOPPED(status):
                self._seen.discard(pid)
                if pid == self._pid and os.WIFEXITED(status):
                    self._run.code = os.WEXITSTATUS(status)
                continue
            self._go_on(pid, status)

    def _go_on(self, pid: int, status: int) -> None:
        sent, event = os.WSTOPSIG(status), status >> 16
        is_new = pid not in self._seen
        self._seen.add(pid)
        if event == _AT_FILTER:
            self._at_call(pid)
        is_ours = event or sent == signal.SIGTRAP or (is_new and sent == signal.SIGSTOP)
        with suppress(ProcessLookupError):
            _ptrace(_CONT, pid, 0, 0 if is_ours else sent)

    def _at_call(self, pid: int) -> None:
        registers = bytearray(_REGISTERS.size)
        buffer = (ctypes.c_char * len(registers)).from_buffer(registers)
        try:
            _ptrace(_GETREGS, pid, 0, ctypes.addressof(buffer))
        except ProcessLookupError:
            return
        values = list(_REGISTERS.unpack(registers))
        number = values[_NUMBER]
        place = self._place(pid, number, [values[index] for index in _ARGUMENTS])
        if place is None:
            return
        self._run.calls.append(f"{_NAMES.get(number, number)} {os.fsdecode(place)}")
        count = len(self._run.calls)
        if self._fault is None or count < self._step:
            return
        if count > self._step and self._fault is not Fault.FULL:
            return
        if self._fault is Fault.KILL:
            self._kill_all()
        elif self._fault is Fault.TORN:
            if number in {_WRITE, _PWRITE}:
                values[_RDX] //= 2
                self._set(pid, registers, buffer, values)
                _ptrace(_SYSCALL, pid, 0, 0)
                os.waitpid(pid, _WALL)
                self._kill_all()
        elif self._fault is Fault.EIO or number in _TAKES_SPACE:
            code = errno.EIO if self._fault is Fault.EIO else errno.ENOSPC
            values[_NUMBER], values[_RAX] = (1 << 64) - 1, (1 << 64) - code
            self._set(pid, registers, buffer, values)
            self._run.is_hit = True

    def _set(
        self,
        pid: int,
        registers: bytearray,
        buffer: "ctypes.Array[ctypes.c_char]",
        values: list[int],
    ) -> None:
        _REGISTERS.pack_into(registers, 0, *values)
        _ptrace(_SETREGS, pid, 0, ctypes.addressof(buffer))

    def _kill_all(self) -> None:
        self._run.is_hit = True
        for pid in self._seen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _place(self, pid: int, number: int, arguments: list[int]) -> bytes | None:
        """Return what a call alters, if it is in the folder."""
        try:
            if number in _BY_DESCRIPTOR:
                at = 2 if number == 326 else 0
                path = os.fsencode(Path(f"/proc/{pid}/fd/{arguments[at]}").readlink())
            else:
                at = {_OPENAT: 1, _OPEN: 0}.get(number, _BY_PATH.get(number, 0))
                path = _text_at(pid, arguments[at])
                if not path.startswith(b"/"):
                    path = os.fsencode(Path(f"/proc/{pid}/cwd").readlink()) + b"/" + path
        except OSError:
            return None
        path = os.path.normpath(path)
        return path if path.startswith(self._folder) else None


def _text_at(pid: int, address: int) -> bytes:
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        return memory.read(4096).split(b"\0", 1)[0]


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = (ctypes.c_long,) * 4
    libc.ptrace.restype = ctypes.c_long
    return libc


_LIBC: Final = _libc() if IS_POSSIBLE else None


def _ptrace(request: int, pid: int, address: int, data: int) -> None:
    assert _LIBC is not None
    if _LIBC.ptrace(request, pid, address, data) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _install_filter() -> None:
    """Let the kernel stop this process, and all it starts, at calls that may alter a file."""
    load, equal, any_bit, jump, give = 0x20, 0x15, 0x45, 0x05, 0x06
    numbers = sorted({*_BY_PATH, *_BY_DESCRIPTOR})
    end = 3 + len(numbers)  # The line that lets everything else through.
    program = [(load, 0, 0, 0), (equal, end - 1, 0, _OPENAT), (equal, end, 0, _OPEN)]
    program += [(equal, end + 4 - at - 1, 0, nr) for at, nr in enumerate(numbers, 3)]
    program += [
        (give, 0, 0, 0x7FFF0000),
        (load, 0, 0, 16 + 8 * 2),
        (jump, 0, 0, 1),
        (load, 0, 0, 16 + 8),
        (any_bit, 0, 1, _WRITES),
        (give, 0, 0, 0x7FF00000),
        (give, 0, 0, 0x7FFF0000),
    ]
    lines = b"".join(struct.pack("HBBI", *line) for line in program)
    code = ctypes.create_string_buffer(lines, len(lines))
    header = struct.pack("HxxxxxxQ", len(program), ctypes.addressof(code))
    filters = ctypes.create_string_buffer(header, len(header))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_filter, by_program = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    if libc.prctl(set_filter, by_program, ctypes.byref(filters), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")

"""Job objects of Windows: a process and all that it starts, to be ended together.

https://learn.microsoft.com/windows/win32/procthread/job-objects
"""

import ctypes
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from subprocess import Popen

_EXTENDED_LIMITS: Final = 9
"""JobObjectExtendedLimitInformation."""
_KILL_ON_CLOSE: Final = 0x2000
"""JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE; the system closes the handles of a process that ends."""


class _Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; only its flags are used."""

    _fields_ = (
        ("times", ctypes.c_int64 * 2),
        ("flags", ctypes.c_uint32),
        ("working_set", ctypes.c_size_t * 2),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("classes", ctypes.c_uint32 * 2),
        ("counters", ctypes.c_uint64 * 6),
        ("memory", ctypes.c_size_t * 4),
    )


class JobObject:
    """A job object that ends its processes when the last handle to it is closed."""

    def __init__(self, kernel: Any, handle: int) -> None:  # noqa: ANN401 - a library has no type
        self._kernel = kernel
        self._handle = handle

    def add(self, process: "Popen[bytes]") -> bool:
        """Put a process into the job; return whether the system did."""
        return self._limit(_KILL_ON_CLOSE) and bool(
            self._kernel.AssignProcessToJobObject(
                ctypes.c_void_p(self._handle),
                # Only on Windows has a process a handle, and it has no public name.
                ctypes.c_void_p(int(process._handle)),  # type: ignore[attr-defined]  # noqa: SLF001
            )
        )

    def end(self) -> None:
        """End every process of the job."""
        self._kernel.TerminateJobObject(ctypes.c_void_p(self._handle), ctypes.c_uint32(1))

    def release(self) -> None:
        """Close the job; what still runs in it goes on."""
        self._limit(0)
        self._kernel.CloseHandle(ctypes.c_void_p(self._handle))

    def _limit(self, flags: int) -> bool:
        limits = _Limits(flags=flags)
        return bool(
            self._kernel.SetInformationJobObject(
                ctypes.c_void_p(self._handle),
                ctypes.c_int(_EXTENDED_LIMITS),
                ctypes.byref(limits),
                ctypes.c_uint32(ctypes.sizeof(limits)),
            )
        )


def job_of(process: "Popen[bytes]") -> JobObject | None:
    """Return a new job with a process in it; None where the system refuses."""
    try:
        # The type checker knows this name on Windows alone.
        kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    except (AttributeError, OSError):
        return None
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    handle = kernel.CreateJobObjectW(None, None)
    if not handle:
        return None
    job = JobObject(kernel, handle)
    if job.add(process):
        return job
    job.release()
    return None

"""The fault log: what helps to find a bug in the program, in a file that can be sent to somebody.

It holds where the bug arose and the versions in use. What the program was called with and the
words of an exception, which may quote a plan, are not in it.
"""

import platform
import secrets
import traceback
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import gettempdir

import platformdirs

from kvartal.history.store.private_files import write_own


def write_fault_log(error: BaseException) -> Path | None:
    """Write the description of a bug to a new log file that only the user can read.

    Returns:
        The file; None where neither the log folder nor the temporary one can be written.
    """
    now = datetime.now().astimezone()
    # Not to be guessed: somebody else may have put a link there.
    name = f"kvartal-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.log"
    text = _description(error, now).encode("utf-8", "backslashreplace")
    for folder in _folders():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_own(folder / name, text)
        except OSError:
            continue
        return folder / name
    return None


def _folders() -> Iterator[Path]:
    folder = platformdirs.user_log_path("kvartal", appauthor=False)
    if not (folder.is_symlink() or folder.parent.is_symlink()):
        yield folder
    yield Path(gettempdir())


def _description(error: BaseException, now: datetime) -> str:
    """Return what helps to find a bug: where it arose, and the versions in use."""
    lines = [f"{now.isoformat()}", f"Python {platform.python_version()}, {platform.platform()}"]
    for package in ("kvartal", "textual", "click", "gitpython", "ruamel-yaml"):
        try:
            lines.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            lines.append(f"{package} –")
    return "\n".join((*lines, "", *_trace(error, set()), ""))


def _trace(error: BaseException, known: set[int]) -> Iterator[str]:
    """Yield where an exception arose, and its kind; never its words.

    Args:
        error: The exception.
        known: What was described already.
    """
    known.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in known:
        yield from _trace(cause, known)
        yield "then:"
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        yield f"  {_short(code.co_filename)}:{line} {code.co_qualname}"
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    yield f"{kind} {error.errno or ''}".rstrip() if isinstance(error, OSError) else kind
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        if id(part) not in known:
            yield "of which:"
            yield from _trace(part, known)


def _short(filename: str) -> str:
    """Return the path of a module without the folder in which packages are installed."""
    parts = Path(filename).parts
    for folder in ("site-packages", "dist-packages"):
        if folder in parts:
            return "/".join(parts[parts.index(folder) + 1 :])
    return "/".join(parts[-3:])

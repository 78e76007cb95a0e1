"""Opens a file with the program that the user's desktop has for its kind."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import Final

from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import N_, KvartalError

_ANSWER_SECONDS: Final = 3.0
"""How long to wait for a refusal; an opener that still runs then is at work."""
_OPENERS: Final = ("xdg-open", "gio")


class NoDesktop(KvartalError):
    """There is no desktop to open a file on, such as over SSH."""

    template = N_("Файл записан, но открыть его здесь нечем. Откройте сами: {path}")


class FileNotOpened(KvartalError):
    """The desktop could not open the file."""

    template = N_("Файл записан, но не открылся ({reason}). Откройте сами: {path}")


def open_file(path: Path) -> None:
    """Open a file that this program has written; it does not wait until it is closed again.

    Args:
        path: The file, as an absolute path.

    Raises:
        NoDesktop: There is nothing here that opens files.
        FileNotOpened: It was refused.
    """
    try:
        if sys.platform == "win32":
            os.startfile(path)  # noqa: S606 - a document that was just written
            return
        _ask_opener(path)
    except OSError as error:
        raise FileNotOpened(path=path, reason=system_reason(error)) from error


def _ask_opener(path: Path) -> None:
    command = _opener()
    if command is None:
        raise NoDesktop(path=path)
    # What it prints would come over the screen, and it outlives the screen in a session of its own.
    opener = subprocess.Popen(  # noqa: S603 - one of the known openers, with a file of our own
        [*command, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = opener.wait(_ANSWER_SECONDS)
    except subprocess.TimeoutExpired:
        return
    if code:
        raise FileNotOpened(path=path, reason=f"{command[0]}: {code}")


def _opener() -> list[str] | None:
    """Return the command that opens a file on this desktop; None where there is no desktop."""
    if sys.platform == "darwin":
        return ["open"]
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return None
    found = next((name for name in _OPENERS if which(name)), None)
    return None if found is None else [found, "open"] if found == "gio" else [found]

"""Paths of files as users type them or a terminal drops them, and what can be attached."""

import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias
from urllib.request import url2pathname

from textual.suggester import Suggester

from kvartal.history.store.attachments import attachable
from kvartal.history.store.own_files import check_not_own
from kvartal.tui.presentation.sanitize import shown

_QUOTES: Final = {"'": "'", '"': '"', "«": "»", "“": "”"}
# On Windows a letter of a drive follows the third slash: url2pathname knows.
_FILE_URL: Final = re.compile(r"file:(?://(?:localhost)?(?=/))?", re.IGNORECASE)

IsOffered: TypeAlias = Callable[[Path], bool]
"""Returns whether a file or folder is worth offering."""


def typed_paths(text: str) -> tuple[Path, ...]:
    """Return the paths that a text names: typed, quoted, escaped or dropped by a terminal.

    A text with spaces is one path wherever there is such a file; otherwise it may be several,
    separated by spaces or line breaks.

    Args:
        text: Any text; ``~`` is the home folder, ``file://`` is understood.
    """
    text = text.strip()
    if not text:
        return ()
    single = _single(text)
    if _is_there(single):
        return (single,)
    for several in (_lines(text), _words(text)):
        if len(several) > 1 and all(_is_there(path) for path in several):
            return several
    return (single,)


def checked_size(path: Path, folder: Path) -> int:
    """Return the size of a file that can be attached; raises as `attachable` and `check_not_own`.

    Args:
        path: The file.
        folder: The plan's folder.
    """
    with attachable(path) as file:
        size = os.fstat(file.fileno()).st_size
    check_not_own(path, folder)
    return size


class PathSuggester(Suggester):
    """Completes the path that is being typed from what is in its folder."""

    def __init__(self, is_offered: IsOffered | None = None) -> None:
        """Complete paths.

        Args:
            is_offered: See `completion`.
        """
        super().__init__(use_cache=False, case_sensitive=True)
        self._is_offered = is_offered

    async def get_suggestion(self, value: str) -> str | None:
        """Return the text completed to the first name that begins like it, if there is one."""
        return completion(value, self._is_offered)


def completion(text: str, is_offered: IsOffered | None = None) -> str | None:
    """Return a typed path completed with the first name that begins like its last part.

    A folder is completed with its separator. A name that cannot be shown as it is is left to the
    picker.

    Args:
        text: As typed.
        is_offered: Returns whether a file is worth offering; None for all of them.
    """
    head, name = _split(text)
    if not text:
        return None
    folder = _expanded(head or ".")
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
    except (OSError, ValueError):
        return None
    for known in names:
        if is_offered is not None and not is_offered(folder / known):
            continue
        if known.startswith(name) and known != name and (name or not known.startswith(".")):
            completed = head + known + (os.sep if (folder / known).is_dir() else "")
            return completed if shown(known) == known else None
    return None


def _split(text: str) -> tuple[str, str]:
    end = max(text.rfind(separator) for separator in (os.sep, os.altsep or os.sep)) + 1
    return text[:end], text[end:]


def _single(text: str) -> Path:
    """Return the path that a text most likely is, if it is one."""
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1]
    if address := _FILE_URL.match(text):
        return Path(url2pathname(text[address.end() :]))
    path = _expanded(text)
    if os.sep == "/" and "\\" in text and not _is_there(path):
        return _expanded(re.sub(r"\\(.)", r"\1", text))
    return path


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        # The text is much too long for a path.
        return False


def _lines(text: str) -> tuple[Path, ...]:
    return tuple(_single(line.strip()) for line in text.splitlines() if line.strip())


def _words(text: str) -> tuple[Path, ...]:
    try:
        words = shlex.split(text, posix=os.sep == "/")
    except ValueError:
        return ()
    return tuple(_single(word) for word in words if word)


def _expanded(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)

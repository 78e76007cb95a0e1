"""Where files that a plan names may be: evidence beside it, an earlier plan in the repository."""

import re
import unicodedata
from typing import Final

FOLDER: Final = "evidence"
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_GIT: Final = frozenset({".git", "git~1"})
"""The folder of the repository, and its short name on Windows."""
_CONTROL: Final = ("Cc", "Cs", "Zl", "Zp")


def is_evidence_path(path: str) -> bool:
    """Return whether a path is relative, uses ``/``, and stays under ``evidence/`` on every system.

    On Windows a backslash separates folders, a colon marks a drive or an alternate data stream, and
    trailing spaces and dots of a name are dropped (``.. `` is ``..``).
    """
    first, *names = path.split("/")
    if first != FOLDER or not names or ":" in path:
        return False
    return _stays_inside(path)


def is_plan_path(path: str) -> bool:
    """Return whether a path leads from a repository's root to a file in it, on every system.

    A colon may be in the name of a folder, but not where Windows has its drives. The repository's
    own data is not the user's and no place for a plan.
    """
    return not _DRIVE.match(path) and _stays_inside(path)


def _stays_inside(path: str) -> bool:
    if any(char == "\\" or unicodedata.category(char) in _CONTROL for char in path):
        return False
    return all(is_own_name(name) for name in path.split("/"))


def is_own_name(name: str) -> bool:
    """Return whether a file or folder of this name is one of the user's, on every system.

    Windows drops trailing spaces and dots, macOS what cannot be seen: each makes a ``.git``.
    """
    seen = "".join(char for char in name if unicodedata.category(char) != "Cf").rstrip(" .")
    return bool(seen) and seen.casefold() not in _GIT


def same_file_key(path: str) -> str:
    """Return a key that is equal for paths that some file system takes for the same file."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())

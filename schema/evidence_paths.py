"""Where evidence files may be: under ``evidence/`` beside the plan file, and nowhere else."""

import unicodedata
from typing import Final

FOLDER: Final = "evidence"
_CONTROL: Final = ("Cc", "Cs", "Zl", "Zp")


def is_evidence_path(path: str) -> bool:
    """Return whether a path is relative, uses ``/``, and stays under ``evidence/`` on every system.

    On Windows a backslash separates folders, a colon marks a drive or an alternate data stream, and
    trailing spaces and dots of a name are dropped (``.. `` is ``..``).
    """
    first, *names = path.split("/")
    if first != FOLDER or not names:
        return False
    if any(char in "\\:" or unicodedata.category(char) in _CONTROL for char in path):
        return False
    return all(name.rstrip(" .") and name.casefold() != ".git" for name in names)


def same_file_key(path: str) -> str:
    """Return a key that is equal for paths that some file system takes for the same file."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())

"""Where evidence files may lie: under ``evidence/`` beside the plan file, and nowhere else."""

import unicodedata
from typing import Final

FOLDER: Final = "evidence"
_CONTROL: Final = ("Cc", "Cs", "Zl", "Zp")


def is_evidence_path(path: str) -> bool:
    """Tell whether a path is relative, parted by ``/``, and stays under ``evidence/`` everywhere.

    Everywhere: on Windows too, where a backslash parts folders, a colon names a drive or a hidden
    stream, and spaces and dots at the end of a name are dropped (``.. `` is ``..``).
    """
    first, *names = path.split("/")
    if first != FOLDER or not names:
        return False
    if any(char in "\\:" or unicodedata.category(char) in _CONTROL for char in path):
        return False
    return all(name.rstrip(" .") and name.casefold() != ".git" for name in names)


def same_file_key(path: str) -> str:
    """Return what is equal for paths that some file system takes for one and the same file."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())

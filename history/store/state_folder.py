"""The program's own folder in the git directory: notes of work in progress, locks and backups.

Nothing in it belongs to the user or to the history.
"""

import json
import os
from pathlib import Path
from typing import Any

from kvartal.history.store.files import fsync_folder, write_errors


def state_folder(git_dir: Path) -> Path:
    """Return the folder in a git directory."""
    return git_dir / "kvartal"


def backup_folder(git_dir: Path) -> Path:
    """Return the folder for what was moved away and may be wanted back."""
    return state_folder(git_dir) / "aside"


def read_note(path: Path) -> Any:  # noqa: ANN401 - any JSON
    """Return what a note holds; None when there is none, or it is not readable."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def write_note(path: Path, note: object) -> None:
    """Write a note as JSON, down to the disk: afterwards it is there whole, or as it was before.

    Args:
        path: A file in the state folder.
        note: What JSON can hold.

    Raises:
        KvartalError: It cannot be written.
    """
    temporary = _unfinished(path)
    with write_errors(path):
        path.parent.mkdir(exist_ok=True)
        with temporary.open("w", encoding="ascii") as file:
            json.dump(note, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        fsync_folder(path.parent)


def delete_note(path: Path) -> None:
    """Delete a note, and one whose writing was interrupted."""
    for file in (path, _unfinished(path)):
        file.unlink(missing_ok=True)


def has_note(path: Path) -> bool:
    """Tell whether there is a note, or one whose writing was interrupted."""
    return path.exists() or _unfinished(path).exists()


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")

"""The program's own folder in the git directory: notes of work in progress, locks and backups.

Nothing in it belongs to the user or to the history.
"""

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from kvartal.history.store.files import fsync_folder, remove_file, replace_file, write_errors

INTENT: Final = "intent.json"
"""The note of a change under way."""

MOVE: Final = "move.json"
"""The note of a fast-forward under way."""


@dataclass(frozen=True, slots=True)
class UnfinishedWork:
    """Work that is noted as being under way: by a running program, or by one that crashed.

    Attributes:
        subject: First line of the commit message of a change; empty where the note does not say it
            yet; None for a sync.
    """

    subject: str | None


def state_folder(git_dir: Path) -> Path:
    """Return the folder in a git directory."""
    return git_dir / "kvartal"


def backup_folder(git_dir: Path) -> Path:
    """Return the folder for files that were moved away and may be needed again."""
    return state_folder(git_dir) / "aside"


def read_note(path: Path) -> Any:  # noqa: ANN401 - any JSON
    """Return what a note holds; None when there is none, or it is not readable."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def write_note(path: Path, note: object, *, is_locked: bool = True) -> None:
    """Write a note as JSON, atomically and flushed to disk.

    Args:
        path: A file in the state folder.
        note: What JSON can hold.
        is_locked: Whether the writer's lock is held; without it somebody else may be writing the
            same note, and the last one to finish wins.

    Raises:
        KvartalError: It cannot be written.
    """
    temporary = _unfinished(path)
    if not is_locked:
        temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    with write_errors(path):
        if not path.parent.exists():
            path.parent.mkdir(exist_ok=True)
            fsync_folder(path.parent.parent)
        with temporary.open("w", encoding="ascii") as file:
            json.dump(note, file)
            file.flush()
            os.fsync(file.fileno())
        replace_file(temporary, path)
        fsync_folder(path.parent)


def delete_note(path: Path) -> None:
    """Delete a note, even a partly written one."""
    for file in (path, _unfinished(path)):
        remove_file(file)


def has_note(path: Path) -> bool:
    """Return whether there is a note, even a partly written one."""
    return path.exists() or _unfinished(path).exists()


def note_time(note: dict[str, Any]) -> float:
    """Return when a note says that its work began, in seconds since the epoch."""
    started = note.get("started")
    return float(started) if isinstance(started, int | float) else time.time()


def inner_names(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - any JSON
    """Return those paths in a note's list that lead to nothing outside the folder they start in."""
    names = value if isinstance(value, list) else []
    paths = (PurePosixPath(name) for name in names if isinstance(name, str) and name)
    return tuple(str(path) for path in paths if ".." not in path.parts and not path.is_absolute())


def lock_names(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - any JSON
    """Return the lock files among the paths of `inner_names`."""
    return tuple(name for name in inner_names(value) if name.endswith(".lock"))


def unfinished_work(folder: Path) -> UnfinishedWork | None:
    """Return what is noted as being under way in the repository of a folder; git is not asked.

    Args:
        folder: The plan's folder, with symbolic links followed.
    """
    git_dir = _git_dir(folder)
    if git_dir is None:
        return None
    if has_note(state_folder(git_dir) / MOVE):
        return UnfinishedWork(None)
    intent = state_folder(git_dir) / INTENT
    if not has_note(intent):
        return None
    note = read_note(intent)
    message = note.get("message", "") if isinstance(note, dict) else ""
    return UnfinishedWork(str(message).partition("\n")[0])


def _git_dir(folder: Path) -> Path | None:
    """Return the git directory of the nearest folder that has one, as far as files tell that."""
    for parent in (folder, *folder.parents):
        path = parent / ".git"
        if path.is_dir():
            return path
        if path.is_file():  # Of a further working tree: it holds a path.
            try:
                target = path.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
            except (OSError, ValueError):
                return None
            return parent / target
    return None


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")

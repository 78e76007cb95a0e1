"""The program's own folder in the git directory: notes of work in progress, locks and backups.

Nothing in it belongs to the user or to the history. No clone brings it along, but an unpacked
archive or a shared folder does: so what is read is a plain file of limited size, whatever it says
is checked by whoever reads it, and nothing is written through a link.
"""

import json
import os
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

from kvartal.history.store.errors import StateFileNotPlain, StateFolderElsewhere
from kvartal.history.store.files import fsync_folder, remove_file, replace_file, write_errors
from kvartal.schema.errors import KvartalError

INTENT: Final = "intent.json"
"""The note of a change under way."""

LOCK: Final = "lock"
"""The file that whoever writes holds a lock on."""

MOVE: Final = "move.json"
"""The note of a fast-forward under way."""


MOST_BYTES: Final = 16 << 20
"""The largest file that is read."""

_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_BINARY: Final = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_LONGEST_PATH: Final = 4096
_LATEST: Final = 1e12
"""Seconds since the epoch; a note that names a later moment names none."""


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


def own_folder_error(git_dir: Path) -> KvartalError | None:
    """Return why the program cannot keep its notes in a git directory; None when it can.

    Args:
        git_dir: The git directory.
    """
    folder = state_folder(git_dir)
    if folder.is_symlink():
        return StateFolderElsewhere(folder=folder)
    for name in (LOCK, INTENT, MOVE):
        file = folder / name
        if file.is_dir() or (name == LOCK and file.is_symlink()):
            return StateFileNotPlain(file=file)
    return None


def make_own_folder(folder: Path) -> None:
    """Create the state folder or one in it.

    Raises:
        StateFolderElsewhere: It is a link: nothing is to be written where that leads.
        OSError: The system refuses.
    """
    for part in (folder.parent, folder) if folder.name == "aside" else (folder,):
        is_new = not part.exists()
        part.mkdir(exist_ok=True)
        if part.is_symlink():
            raise StateFolderElsewhere(folder=part)
        if is_new:
            fsync_folder(part.parent)


def open_own_file(path: Path, flags: int) -> int:
    """Open a file of the state folder that is a plain file there and nowhere else.

    Args:
        path: The file.
        flags: As for `os.open`.

    Returns:
        The descriptor.

    Raises:
        StateFolderElsewhere, StateFileNotPlain: It is something else, or is to be written and
            has a second name.
        OSError: The system refuses.
    """
    if path.parent.is_symlink():
        raise StateFolderElsewhere(folder=path.parent)
    # A folder or a socket would be refused by the system, in words that name the wrong thing.
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise StateFileNotPlain(file=path)
    descriptor = os.open(path, flags | _NO_LINKS | _BINARY, 0o666)
    facts = os.fstat(descriptor)
    # What is written would be written under the second name too.
    is_shared = facts.st_nlink > 1 and flags & os.O_RDWR
    if not stat.S_ISREG(facts.st_mode) or is_shared:
        os.close(descriptor)
        raise StateFileNotPlain(file=path)
    return descriptor


def read_own_file(path: Path) -> bytes | None:
    """Return the content of a file of the state folder; None where there is none to be read."""
    try:
        with os.fdopen(open_own_file(path, os.O_RDONLY), "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError, KvartalError):
        return None
    return content if len(content) <= MOST_BYTES else None


def read_note(path: Path) -> Any:  # noqa: ANN401 - any JSON
    """Return what a note holds; None when there is none, or it is not readable."""
    content = read_own_file(path)
    try:
        return None if content is None else json.loads(content)
    except (ValueError, RecursionError):
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
        make_own_folder(path.parent)
        with _new_file(temporary) as file:
            json.dump(note, file)
            file.flush()
            os.fsync(file.fileno())
        replace_file(temporary, path)
        fsync_folder(path.parent)


def _new_file(path: Path) -> TextIO:
    """Open a new file, in place of what a crash or somebody else has left there."""
    try:
        return path.open("x", encoding="ascii")
    except FileExistsError:
        path.unlink()
        return path.open("x", encoding="ascii")


def is_inner_path(path: object) -> bool:
    """Return whether something is a path that stays below the folder that it starts from."""
    if not isinstance(path, str) or len(path) > _LONGEST_PATH or "\0" in path:
        return False
    if os.name == "nt":
        path = path.replace("\\", "/")
        if ":" in path:
            return False
    return not {"", ".", ".."} & set(path.split("/"))


def delete_note(path: Path) -> None:
    """Delete a note, even a partly written one.

    Raises:
        StateFileNotPlain: There is a folder in its place.
    """
    for file in (path, _unfinished(path)):
        if file.is_dir() and not file.is_symlink():
            raise StateFileNotPlain(file=file)
        remove_file(file)


def has_note(path: Path) -> bool:
    """Return whether there is a note, even a partly written one.

    What is a link or a folder is no note of this program.
    """
    return any(_is_plain(file) for file in (path, _unfinished(path)))


def note_time(note: Mapping[str, object]) -> float:
    """Return when a note says that its work began, in seconds since the epoch; now, if nothing."""
    started = note.get("started")
    if not isinstance(started, int | float) or isinstance(started, bool):
        return time.time()
    return float(started) if abs(started) < _LATEST else time.time()


def inner_names(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - any JSON
    """Return those paths in a note's list that lead to nothing outside the folder they start in."""
    names = value if isinstance(value, list) else []
    return tuple(name for name in names if is_inner_path(name))


def lock_names(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - any JSON
    """Return the lock files among the paths of `inner_names`."""
    return tuple(name for name in inner_names(value) if name.endswith(".lock"))


def unfinished_work(folder: Path) -> UnfinishedWork | None:
    """Return what is noted as being under way in the repository of a folder; git is not asked.

    Args:
        folder: The plan's folder, with symbolic links followed.
    """
    git_dir = git_dir_of(folder)
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


def git_dir_of(folder: Path) -> Path | None:
    """Return the git directory of the nearest folder that has one, as far as files tell that.

    Args:
        folder: With symbolic links followed.
    """
    for parent in (folder, *folder.parents):
        path = parent / ".git"
        if path.is_dir():
            return path
        if path.is_file():  # Of a further working tree: it holds a path.
            try:
                with path.open(encoding="utf-8") as file:
                    target = file.read(_LONGEST_PATH).removeprefix("gitdir:").strip()
            except (OSError, ValueError):
                return None
            return parent / target
    return None


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")

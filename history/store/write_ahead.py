"""What is about to be written, noted down before the first byte: so that a crash can be healed.

The note lies in the git directory, holds everything that is needed to finish the change or to take
it back, and goes when the change is done. There is at most one, since there is one lock.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from kvartal.history.store.files import SUFFIX, digest, sync_folder, writing
from kvartal.history.store.write_lock import FOLDER

NAME: Final = "intent.json"
UNFINISHED: Final = "intent.json.new"  # Of a change of which nothing was done yet.


@dataclass(frozen=True, slots=True)
class FileIntent:
    """An evidence file that comes or goes with a change.

    Attributes:
        path: Its path from the plan's folder, parted by ``/``.
        sha256: Of its content.
        object_id: Of its content, as git stores it.
        brought: It is written by this change; a file that was there before is only committed.
    """

    path: str
    sha256: str
    object_id: str
    brought: bool = True


@dataclass(frozen=True, slots=True)
class Intent:
    """A change that is under way.

    Attributes:
        prefix: The plan's folder inside the repository, with a slash at the end; empty at the top.
        name: Name of the plan file.
        before: SHA-256 of the plan as it was.
        after: SHA-256 of the plan as it is to be.
        stored_after: Ids of the objects under which git may hold the plan as it is to be.
        message: Message of the commit.
        branch: The branch that the commit is meant for.
        parent: The commit that was there before; None when there was none.
        added: Evidence files that come with the change.
        removed: Evidence files that go with it.
        folders: Folders made for them, outermost first, from the plan's folder.
        fresh: Paths that the index does not know yet, from the plan's folder.
        started: When, in seconds since the epoch.
        token: Makes the names of temporary files its own.
    """

    prefix: str
    name: str
    before: str
    after: str
    stored_after: tuple[str, ...]
    message: str
    branch: str
    parent: str | None
    added: tuple[FileIntent, ...]
    removed: tuple[FileIntent, ...]
    folders: tuple[str, ...]
    fresh: tuple[str, ...]
    started: float
    token: str

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths of the commit, from the plan's folder."""
        return (self.name, *(file.path for file in (*self.added, *self.removed)))

    def temporary(self, file: Path) -> Path:
        """Return where a file stands while it comes or goes: beside its place, under this name."""
        return file.with_name(f".{self.token}-{digest(os.fsencode(file.name))[:8]}{SUFFIX}")


def new_token() -> str:
    """Return letters that no other change has in the names of its temporary files."""
    return secrets.token_hex(6)


def read_intent(git_dir: Path) -> Intent | None:
    """Return the change that was under way; None when there was none, or its note is no use."""
    try:
        told: dict[str, Any] = json.loads((git_dir / FOLDER / NAME).read_bytes())
        lists = {key: tuple(value) for key, value in told.items() if isinstance(value, list)}
        files = {
            key: tuple(FileIntent(**file) for file in told[key]) for key in ("added", "removed")
        }
        return Intent(**{**told, **lists, **files})
    except (OSError, ValueError, KeyError, TypeError):
        # Not written whole: then nothing of the change was done, for the note comes first.
        return None


def write_intent(git_dir: Path, intent: Intent) -> None:
    """Note a change down, to the disk.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    folder = git_dir / FOLDER
    path = folder / NAME
    temporary = folder / UNFINISHED
    with writing(path):
        with temporary.open("w", encoding="ascii") as file:
            json.dump(asdict(intent), file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(folder)


def forget_intent(git_dir: Path) -> None:
    """Strike the note out: the change is done, or taken back."""
    for name in (NAME, UNFINISHED):
        (git_dir / FOLDER / name).unlink(missing_ok=True)


def is_noted(git_dir: Path) -> bool:
    """Tell whether there is a note of a change, or the beginning of one."""
    return any((git_dir / FOLDER / name).exists() for name in (NAME, UNFINISHED))

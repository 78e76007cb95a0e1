"""The note of a change, written before its first byte, so that a crash can be recovered from.

The note is in the git directory, holds everything that is needed to finish the change or to roll it
back, and is deleted when the change is done. There is at most one, since there is one write lock.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from kvartal.history.store.files import TEMPORARY_SUFFIX, digest
from kvartal.history.store.state_folder import (
    INTENT,
    delete_note,
    has_note,
    is_inner_path,
    note_time,
    read_note,
    state_folder,
    write_note,
)
from kvartal.schema.evidence_paths import is_evidence_path

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_OBJECT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TOKEN: Final = re.compile(r"[0-9a-f]{1,64}")


@dataclass(frozen=True, slots=True)
class FileIntent:
    """An evidence file that is added or removed by a change; its fields are keys of the note.

    Attributes:
        path: Its path from the plan's folder, with ``/``.
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
    """A change that is under way; its fields are the keys of the note.

    Attributes:
        prefix: The plan's folder inside the repository, with a slash at the end; empty at the top.
        name: Name of the plan file.
        before: SHA-256 of the plan before the change.
        after: SHA-256 of the plan after it.
        stored_after: Ids of the objects under which git may store the plan after the change.
        message: Message of the commit.
        branch: The branch that the commit is meant for.
        parent: The commit before it; None when there is none.
        added: Evidence files that the change adds.
        removed: Evidence files that it removes.
        folders: Folders created for them, outermost first, from the plan's folder.
        fresh: Paths that the index does not know yet, from the plan's folder.
        started: When, in seconds since the epoch.
        token: Makes the names of temporary files unique.
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
        """Return where a file is kept, beside its place, before it is added or removed for good."""
        name_digest = digest(os.fsencode(file.name))[:8]
        return file.with_name(f".{self.token}-{name_digest}{TEMPORARY_SUFFIX}")


def new_token() -> str:
    """Return a token for the names of temporary files."""
    return secrets.token_hex(6)


def read_intent(git_dir: Path) -> Intent | None:
    """Return the change that was under way; None when there was none.

    A note is written at once and whole: one that could not be ours is none, and nothing is done on
    its word.
    """
    note = read_note(_note_path(git_dir))
    try:
        lists = {key: tuple(value) for key, value in note.items() if isinstance(value, list)}
        files = {
            key: tuple(FileIntent(**file) for file in note[key]) for key in ("added", "removed")
        }
        intent = Intent(**{**note, **lists, **files})
    except (AttributeError, KeyError, TypeError):
        return None
    if not _is_sound(asdict(intent)):
        return None
    return replace(intent, started=note_time(note))


def _is_sound(note: Mapping[str, Any]) -> bool:
    """Tell whether every field is of its kind, and every path stays where such files are."""
    prefix, name, branch, parent = (note[key] for key in ("prefix", "name", "branch", "parent"))
    return (
        isinstance(prefix, str)
        and (not prefix or is_inner_path(prefix.removesuffix("/")))
        and is_inner_path(name)
        and "/" not in name
        and all(_is_match(_SHA256, note[key]) for key in ("before", "after"))
        and all(_is_match(_OBJECT, value) for value in _listed(note["stored_after"]))
        and (parent is None or _is_match(_OBJECT, parent))
        and isinstance(note["message"], str)
        and (branch == "" or is_inner_path(branch))
        and _is_match(_TOKEN, note["token"])
        and all(map(_is_sound_file, (*note["added"], *note["removed"])))
        and all(map(is_inner_path, (*_listed(note["folders"]), *_listed(note["fresh"]))))
    )


def _is_sound_file(file: Mapping[str, Any]) -> bool:
    return (
        isinstance(file["path"], str)
        and is_evidence_path(file["path"])
        and _is_match(_SHA256, file["sha256"])
        and _is_match(_OBJECT, file["object_id"])
        and isinstance(file["brought"], bool)
    )


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (None,)


def _is_match(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def write_intent(git_dir: Path, intent: Intent) -> None:
    """Write the note of an intent, flushed to disk.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    write_note(_note_path(git_dir), asdict(intent))


def delete_intent(git_dir: Path) -> None:
    """Delete the note: the change is done, or rolled back."""
    delete_note(_note_path(git_dir))


def has_intent(git_dir: Path) -> bool:
    """Return whether there is a note, even a partly written one."""
    return has_note(_note_path(git_dir))


def _note_path(git_dir: Path) -> Path:
    return state_folder(git_dir) / INTENT

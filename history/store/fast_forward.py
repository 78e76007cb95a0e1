"""Fast-forward: branch, index and files move on to a later commit, so that a crash is recoverable.

The files come first (:mod:`~kvartal.history.store.checkout`), then the index, then the branch, and
nothing is moved at all when a file of the user's would be overwritten. Killed in between, received
work would look like a manual edit; so the move is noted before, and a start that finds the note
goes back. The note is deleted when everything is on the disk.
"""

import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from kvartal.history.git.command import GitResult, encode
from kvartal.history.git.diagnosis import blocking_lock, commit_error
from kvartal.history.git.repository import Repository
from kvartal.history.store.changed_files import ChangedFile, own_files
from kvartal.history.store.checkout import (
    clean_up,
    delete_file,
    digests,
    fsync_files,
    go_back,
    is_touched,
    write_files,
)
from kvartal.history.store.durable import flush_repository
from kvartal.history.store.errors import MoveNotCleanedUp, WouldOverwriteFiles
from kvartal.history.store.files import write_errors
from kvartal.history.store.git_locks import (
    clear_interrupted_git,
    lock_error,
    remove_locks,
    remove_undeleted_locks,
    wait_for_git,
)
from kvartal.history.store.state_folder import (
    MOVE,
    delete_note,
    is_inner_path,
    note_time,
    read_note,
    state_folder,
    write_note,
)
from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import KvartalError

_MOST_LISTED: Final = 5
_FETCHED_BEFORE: Final = 3600.0
"""Seconds before a move in which what it moves to may have been fetched."""
_ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TOKEN: Final = re.compile(r"[0-9a-f]{0,64}")
_PATHS_FROM_STDIN: Final = ("--pathspec-from-file=-", "--pathspec-file-nul")


@dataclass(frozen=True, slots=True)
class _Move:
    """A fast-forward under way; its fields are the keys of the note.

    Attributes:
        branch: The branch, without ``refs/heads/``.
        before: Id of the commit it comes from.
        after: Id of the commit it goes to.
        started: When, in seconds since the epoch.
        begun: Whether nothing prevents it, and the files may have been touched.
        token: Makes the names of its temporary files unique; empty in notes of earlier versions.
    """

    branch: str
    before: str
    after: str
    started: float
    begun: bool
    token: str = ""


def fast_forward(
    repository: Repository, branch: str, before: str, after: str
) -> MoveNotCleanedUp | None:
    """Move branch, index and working files on to a descendant of the branch's commit.

    To be called with the write lock held. Files that do not differ between the two commits stay as
    they are, staged and edited ones too.

    Args:
        repository: As seen from any of its folders.
        branch: The branch at HEAD, without ``refs/heads/``.
        before: Id of its commit.
        after: Id of the commit to move to.

    Returns:
        What failed after the move, which is done all the same.

    Raises:
        WouldOverwriteFiles: Uncommitted files would be overwritten; nothing was touched.
        KvartalError: Git refused; everything is as before.
    """
    top = repository.at("")
    wait_for_git(top, branch)
    note = _note_path(top.git_dir)
    move = _Move(branch, before, after, time.time(), begun=False, token=secrets.token_hex(6))
    # Checking the files locks the index: what a crash leaves of that is recovered too.
    write_note(note, asdict(move))
    files = tuple(_changed_files(top, before, after))
    own = own_files(top, files)
    known = digests(top.folder, own)
    obstacle = _obstacle(top, before, files)
    if obstacle is not None:
        delete_note(note)
        raise obstacle
    write_note(note, asdict(replace(move, begun=True)))
    try:
        write_files(top, own, move.token, known)
        moved = _set_index(top, own) or _merge(top, after)
    except BaseException:
        # A failure of going back must not hide the reason: the note stays, and is recovered later.
        with suppress(KvartalError, OSError):
            recover_fast_forward(repository)
        raise
    # A hook after the merge may fail, and the merge has happened all the same.
    if top.commit_id() != after:
        lock = blocking_lock(moved)
        error = commit_error(top, moved) if lock is None else lock_error(top, lock)
        recover_fast_forward(repository)
        raise error
    try:
        remove_undeleted_locks(top, branch, moved, move.started)
        _flush(top, move, [file for file in files if file not in own])
        clean_up(top, own, move.token, known)
        delete_note(note)
    except (KvartalError, OSError) as failed:
        # The branch has moved on. The note stays, and the next start does the rest.
        return MoveNotCleanedUp(reason=system_reason(failed))
    return None


def _set_index(top: Repository, files: Iterable[ChangedFile]) -> GitResult | None:
    """Let the index hold the files of the later commit; return how git refused, if it did."""
    entries = "".join(
        f"{file.modes[1]} {file.after or '0' * len(file.before or '')}\t{file.path}\0"
        for file in files
    )
    if not entries:
        return None
    result = top.run("update-index", "-z", "--index-info", stdin=encode(entries), writes=True)
    return result if result.code else None


def _merge(top: Repository, after: str) -> GitResult:
    """Let git move on to a commit, and write what is left to it."""
    options = ("--quiet", "--ff-only", "--no-overwrite-ignore")
    return top.run("-c", "merge.autoStash=false", "merge", *options, after, writes=True)


def _flush(top: Repository, move: _Move, files: Iterable[ChangedFile]) -> None:
    """Flush to the disk what git left to the system: the files it wrote, and names in folders."""
    with write_errors(top.git_dir):
        fsync_files(top.folder, files)
    flush_repository(top, move.started - _FETCHED_BEFORE)


def is_fast_forwarding(git_dir: Path) -> bool:
    """Return whether there is a note of a fast-forward under way."""
    return _note_path(git_dir).exists()


def recover_fast_forward(repository: Repository) -> None:
    """Take back a fast-forward that was interrupted, if there is one.

    To be called with the write lock held.

    Args:
        repository: As seen from any of its folders.

    Raises:
        KvartalError: Something prevents it; what the crash left stays as it is.
    """
    move = _noted_move(repository.git_dir)
    if move is not None:
        top = repository.at("")
        clear_interrupted_git(top, move.branch, move.started)
        remove_locks(top, [top.git_dir / "ORIG_HEAD.lock"], move.started)
        if move.begun:
            files = tuple(_changed_files(top, move.before, move.after))
            if top.commit_id() == move.before:
                _go_back(top, move, files)
            elif move.token:
                clean_up(top, own_files(top, files), move.token)
            _flush(top, move, files)
    delete_note(_note_path(repository.git_dir))


def _go_back(top: Repository, move: _Move, files: tuple[ChangedFile, ...]) -> None:
    """Set index and working files back to the commit at which the branch still is."""
    own = own_files(top, files)
    go_back(top, own, move.token)
    rest = [file for file in files if file not in own and is_touched(top, file)]
    for file in rest:
        if file.before is None:
            delete_file(top.folder, file.path)
    # None of these was staged when the move began.
    paths = [file.path for file in files]
    _run_with_paths(top, ("reset", "--quiet", move.before, *_PATHS_FROM_STDIN), paths)
    lost = [file.path for file in rest if file.before is not None]
    _run_with_paths(top, ("checkout-index", "--force", "--quiet", "-u", "-z", "--stdin"), lost)


def _obstacle(
    top: Repository, before: str, files: tuple[ChangedFile, ...]
) -> WouldOverwriteFiles | None:
    """Return the files that would be overwritten: edited, staged, or where new ones go."""
    top.run("update-index", "-q", "--refresh", writes=True)
    arguments = ("diff-index", "--name-only", "-z", "--no-renames", before, "--")
    edited = set(top.read_text(*arguments).split("\0"))
    deleted = {top.folder / file.path for file in files if file.after is None}
    overwritten = [file.path for file in files if file.path in edited]
    for file in files:
        if file.before is None:
            overwritten += _obstructing(top.folder, file.path, deleted)
    return WouldOverwriteFiles(paths=path_list(overwritten)) if overwritten else None


def _obstructing(top: Path, path: str, deleted: AbstractSet[Path]) -> list[str]:
    """Return what would be lost where a new file goes: a file, or what else is in a folder.

    Args:
        top: The folder of the repository.
        path: The new file.
        deleted: The files that the move deletes.
    """
    place = top / path
    if not os.path.lexists(place):
        return []
    if place.is_symlink() or not place.is_dir():
        return [path]
    inside = (file for file in place.rglob("*") if file.is_symlink() or not file.is_dir())
    return [file.relative_to(top).as_posix() for file in inside if file not in deleted]


def path_list(paths: Iterable[str]) -> str:
    """Return a few paths as a sentence names them, and how many there are in all."""
    first, *rest = every = list(paths)
    if len(every) > _MOST_LISTED:
        return ", ".join((first, *rest[: _MOST_LISTED - 1], f"… ({len(every)})"))
    return ", ".join(every)


def _changed_files(top: Repository, before: str, after: str) -> Iterator[ChangedFile]:
    arguments = ("diff-tree", "-r", "-z", "--no-renames", before, after)
    fields = top.read_text(*arguments).split("\0")
    for entry, path in zip(fields[::2], fields[1::2], strict=False):
        old_mode, new_mode, old, new = entry.lstrip(":").split(" ")[:4]
        yield ChangedFile(path, _id_or_none(old), _id_or_none(new), (old_mode, new_mode))


def _id_or_none(object_id: str) -> str | None:
    """Return an id; None for the zeros that git writes where there is no file."""
    return object_id if object_id.strip("0") else None


def _run_with_paths(top: Repository, arguments: tuple[str, ...], paths: list[str]) -> None:
    if paths:
        stdin = encode("".join(f"{path}\0" for path in paths))
        top.run(*arguments, stdin=stdin, writes=True).checked()


def _note_path(git_dir: Path) -> Path:
    return state_folder(git_dir) / MOVE


def _noted_move(git_dir: Path) -> _Move | None:
    """Return the move that is noted; None for no note, an unfinished one, or one not of ours."""
    note = read_note(_note_path(git_dir))
    try:
        move = _Move(**note)
    except TypeError:
        return None
    fields = asdict(move)
    is_ours = (
        is_inner_path(fields["branch"])
        and _is_match(_ID, fields["before"])
        and _is_match(_ID, fields["after"])
        and isinstance(fields["begun"], bool)
        and _is_match(_TOKEN, fields["token"])
    )
    return replace(move, started=note_time(note)) if is_ours else None


def _is_match(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None

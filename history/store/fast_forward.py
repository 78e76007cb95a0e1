"""Fast-forward: branch, index and files move on to a later commit, so that a crash is recoverable.

Git writes the files first, then the index, then the branch, and moves nothing at all when a file
of the user's would be overwritten. Killed in between it would leave received work looking like a
manual edit; so the move is noted before, and a start that finds the note goes back.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from kvartal.history.git.command import encode
from kvartal.history.git.diagnosis import refusal
from kvartal.history.git.repository import Repository
from kvartal.history.store.errors import WouldOverwriteFiles
from kvartal.history.store.git_locks import remove_locks, remove_own_locks, wait_for_git
from kvartal.history.store.state_folder import delete_note, read_note, state_folder, write_note
from kvartal.schema.errors import KvartalError

_MOST_LISTED: Final = 5
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
    """

    branch: str
    before: str
    after: str
    started: float
    begun: bool


@dataclass(frozen=True, slots=True)
class _ChangedFile:
    """A file that differs between the two commits.

    Attributes:
        path: From the root.
        before: Id of its content in the earlier commit; None where it does not exist.
        after: The same in the later one.
    """

    path: str
    before: str | None
    after: str | None


def fast_forward(repository: Repository, branch: str, before: str, after: str) -> None:
    """Move branch, index and working files on to a descendant of the branch's commit.

    To be called with the write lock held. Files that do not differ between the two commits stay as
    they are, staged and edited ones too.

    Args:
        repository: As seen from any of its folders.
        branch: The branch at HEAD, without ``refs/heads/``.
        before: Id of its commit.
        after: Id of the commit to move to.

    Raises:
        WouldOverwriteFiles: Uncommitted files would be overwritten; nothing was touched.
        KvartalError: Git refused; everything is as before.
    """
    top = repository.at("")
    wait_for_git(top, branch)
    note = _note_path(top.git_dir)
    # Checking the files locks the index: what a crash leaves of that is recovered too.
    write_note(note, asdict(_Move(branch, before, after, time.time(), begun=False)))
    obstacle = _obstacle(top, before, after)
    if obstacle is not None:
        delete_note(note)
        raise obstacle
    write_note(note, asdict(_Move(branch, before, after, time.time(), begun=True)))
    try:
        error = _merge(top, after)
    except BaseException:
        # A failure of going back must not hide the reason: the note stays, and is recovered later.
        with suppress(KvartalError, OSError):
            recover_fast_forward(repository)
        raise
    if error is not None:
        recover_fast_forward(repository)
        raise error
    delete_note(note)


def _merge(top: Repository, after: str) -> KvartalError | None:
    """Let git move on to a commit; return why it did not."""
    options = ("--quiet", "--ff-only", "--no-overwrite-ignore")
    result = top.run("-c", "merge.autoStash=false", "merge", *options, after, writes=True)
    # A hook after the merge may fail, and the merge has happened all the same.
    return None if top.commit_id() == after else refusal(top, result)


def is_fast_forwarding(git_dir: Path) -> bool:
    """Tell whether there is a note of a fast-forward under way."""
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
        remove_own_locks(top, move.branch, move.started)
        remove_locks(top, [top.git_dir / "ORIG_HEAD.lock"], move.started)
        if move.begun and top.commit_id() == move.before:
            _go_back(top, move)
    delete_note(_note_path(repository.git_dir))


def _go_back(top: Repository, move: _Move) -> None:
    """Set index and working files back to the commit at which the branch still is."""
    files = list(_changed_files(top, move.before, move.after))
    touched = [file for file in files if _is_touched_by_git(top, file)]
    for file in touched:
        if file.before is None:
            _delete_file(top.folder, file.path)
    # None of these was staged when the move began.
    paths = [file.path for file in files]
    _run_with_paths(top, ("reset", "--quiet", move.before, *_PATHS_FROM_STDIN), paths)
    lost = [file.path for file in touched if file.before is not None]
    _run_with_paths(top, ("checkout-index", "--force", "--quiet", "-u", "-z", "--stdin"), lost)


def _is_touched_by_git(top: Repository, file: _ChangedFile) -> bool:
    """Tell whether git has written, begun to write or removed a working file during the move."""
    place = top.folder / file.path
    if not place.is_symlink() and place.is_dir():
        return False
    if not os.path.lexists(place):
        return file.before is not None
    stored = _stored_id(top, file.path)
    if stored == file.before:
        return False
    if file.after is None or stored == file.after:
        return stored == file.after
    complete = next(top.objects([file.after])) or b""
    return not place.is_symlink() and complete.startswith(place.read_bytes())


def _stored_id(top: Repository, path: str) -> str | None:
    """Return the id under which git would store a working file."""
    place = top.folder / path
    if place.is_symlink():
        return top.object_name(os.fsencode(place.readlink()))
    result = top.run("hash-object", f"--path={path}", "--", path)
    return result.text.strip() if not result.code else None


def _delete_file(top: Path, path: str) -> None:
    """Delete a file that did not exist before, and the folders that are empty then."""
    place = top / path
    place.unlink(missing_ok=True)
    with suppress(OSError):  # Not empty: somebody uses it.
        for folder in place.relative_to(top).parents[:-1]:
            (top / folder).rmdir()


def _obstacle(top: Repository, before: str, after: str) -> WouldOverwriteFiles | None:
    """Return the files that would be overwritten: edited, staged, or where new ones go."""
    files = list(_changed_files(top, before, after))
    top.run("update-index", "-q", "--refresh", writes=True)
    arguments = ("diff-index", "--name-only", "-z", "--no-renames", before, "--")
    edited = set(top.read_text(*arguments).split("\0"))
    overwritten = [
        file.path
        for file in files
        if file.path in edited or (file.before is None and os.path.lexists(top.folder / file.path))
    ]
    return WouldOverwriteFiles(paths=path_list(overwritten)) if overwritten else None


def path_list(paths: Iterable[str]) -> str:
    """Return a few paths as a sentence names them, and how many there are in all."""
    first, *rest = every = list(paths)
    if len(every) > _MOST_LISTED:
        return ", ".join((first, *rest[: _MOST_LISTED - 1], f"… ({len(every)})"))
    return ", ".join(every)


def _changed_files(top: Repository, before: str, after: str) -> Iterator[_ChangedFile]:
    arguments = ("diff-tree", "-r", "-z", "--no-renames", before, after)
    fields = top.read_text(*arguments).split("\0")
    for entry, path in zip(fields[::2], fields[1::2], strict=False):
        old, new = entry.split(" ")[2:4]
        yield _ChangedFile(path, _id_or_none(old), _id_or_none(new))


def _id_or_none(object_id: str) -> str | None:
    """Return an id; None for the zeros that git writes where there is no file."""
    return object_id if object_id.strip("0") else None


def _run_with_paths(top: Repository, arguments: tuple[str, ...], paths: list[str]) -> None:
    if paths:
        stdin = encode("".join(f"{path}\0" for path in paths))
        top.run(*arguments, stdin=stdin, writes=True).checked()


def _note_path(git_dir: Path) -> Path:
    return state_folder(git_dir) / "move.json"


def _noted_move(git_dir: Path) -> _Move | None:
    try:
        return _Move(**read_note(_note_path(git_dir)))
    except TypeError:
        # None, or not a note of ours: an unfinished one means that nothing was moved yet.
        return None

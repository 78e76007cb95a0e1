"""The branch and the working files go on to a commit that is there, so that a crash can be healed.

Git writes the files first, then the index, then the branch, and moves nothing at all when a file
of the user's is in the way. Killed in between it would leave received work looking like an edit
by hand; so the way is noted down before, and a start that finds the note goes back to its
beginning.
"""

import json
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
from kvartal.history.store.files import sync_folder, writing
from kvartal.history.store.git_locks import clear_away, clear_locks, wait_for_git
from kvartal.history.store.write_lock import FOLDER
from kvartal.schema.errors import KvartalError

NAME: Final = "move.json"
_MOST_TOLD: Final = 5
_FROM_STDIN: Final = ("--pathspec-from-file=-", "--pathspec-file-nul")


@dataclass(frozen=True, slots=True)
class _Move:
    """A way that was begun.

    Attributes:
        branch: The branch, without ``refs/heads/``.
        before: Id of the commit it comes from.
        after: Id of the commit it goes to.
        started: When, in seconds since the epoch.
        begun: Whether nothing is in the way, and the files may have been touched.
    """

    branch: str
    before: str
    after: str
    started: float
    begun: bool


@dataclass(frozen=True, slots=True)
class _File:
    """A file that differs between the two commits: its path from the root and its two versions."""

    path: str
    before: str | None
    after: str | None


def move_on(repository: Repository, branch: str, before: str, after: str) -> None:
    """Bring branch, index and working files to a commit that the branch's own leads up to.

    To be called with the lock of all writers held. Files that the way does not touch stay as they
    are, staged and edited ones too.

    Args:
        repository: As seen from any of its folders.
        branch: The branch at HEAD, without ``refs/heads/``.
        before: Id of its commit.
        after: Id of the commit to go to.

    Raises:
        WouldOverwriteFiles: Files of the user's stand where others have to go; nothing was touched.
        KvartalError: Git refused; everything is as before.
    """
    top = repository.at("")
    wait_for_git(top, branch)
    # To look at the files is to lock the index: what a crash leaves of that is healed too.
    _note(top.git_dir, _Move(branch, before, after, time.time(), begun=False))
    obstacle = _obstacle(top, before, after)
    if obstacle is not None:
        _forget(top.git_dir)
        raise obstacle
    _note(top.git_dir, _Move(branch, before, after, time.time(), begun=True))
    try:
        refused = _merged(top, after)
    except BaseException:
        # A failure of the way back must not hide the reason: the note stays, and is healed later.
        with suppress(KvartalError, OSError):
            heal_move(repository)
        raise
    if refused is not None:
        heal_move(repository)
        raise refused
    _forget(top.git_dir)


def _merged(top: Repository, after: str) -> KvartalError | None:
    """Let git go on to a commit; return why it did not."""
    options = ("--quiet", "--ff-only", "--no-overwrite-ignore")
    result = top.run("-c", "merge.autoStash=false", "merge", *options, after, writes=True)
    # A hook after the merge may end badly, and the merge is there all the same.
    return None if top.commit_id() == after else refusal(top, result)


def is_moving(git_dir: Path) -> bool:
    """Tell whether there is a note of a way that was begun."""
    return (git_dir / FOLDER / NAME).exists()


def heal_move(repository: Repository) -> None:
    """Take back a way that was begun and not come to its end; nothing where there is none.

    To be called with the lock of all writers held.

    Args:
        repository: As seen from any of its folders.

    Raises:
        KvartalError: Something is in the way; what the crash left stays as it is.
    """
    move = _noted(repository.git_dir)
    if move is not None:
        top = repository.at("")
        clear_away(top, move.branch, move.started)
        clear_locks(top, [top.git_dir / "ORIG_HEAD.lock"], move.started)
        if move.begun and top.commit_id() == move.before:
            _go_back(top, move)
    _forget(repository.git_dir)


def _go_back(top: Repository, move: _Move) -> None:
    """Put index and working files back to the commit at which the branch still is."""
    files = list(_differing(top, move.before, move.after))
    lost: list[str] = []
    for file in files:
        if not _is_of_git(top, file):
            continue
        if file.before is None:
            _drop(top.folder, file.path)
        else:
            lost.append(file.path)
    # Nothing of these was staged when the way was begun.
    _with_paths(top, ("reset", "--quiet", move.before, *_FROM_STDIN), [f.path for f in files])
    _with_paths(top, ("checkout-index", "--force", "--quiet", "-u", "-z", "--stdin"), lost)


def _is_of_git(top: Repository, file: _File) -> bool:
    """Tell whether a working file is not as it was, and git's doing: written, begun or removed."""
    place = top.folder / file.path
    if not place.is_symlink() and place.is_dir():
        return False
    if not os.path.lexists(place):
        return file.before is not None
    stored = _stored(top, file.path)
    if stored == file.before:
        return False
    if file.after is None or stored == file.after:
        return stored == file.after
    whole = next(top.objects([file.after])) or b""
    return not place.is_symlink() and whole.startswith(place.read_bytes())


def _stored(top: Repository, path: str) -> str | None:
    """Return the id under which git would store a working file."""
    place = top.folder / path
    if place.is_symlink():
        return top.object_name(os.fsencode(place.readlink()))
    result = top.run("hash-object", f"--path={path}", "--", path)
    return result.text.strip() if not result.code else None


def _drop(top: Path, path: str) -> None:
    """Remove a file that was not there, and the folders that were made for it."""
    place = top / path
    place.unlink(missing_ok=True)
    with suppress(OSError):  # Not empty: then it is somebody's.
        for folder in place.relative_to(top).parents[:-1]:
            (top / folder).rmdir()


def _obstacle(top: Repository, before: str, after: str) -> WouldOverwriteFiles | None:
    """Return which files of the user's are in the way: edited, staged, in the place of new ones."""
    files = list(_differing(top, before, after))
    top.run("update-index", "-q", "--refresh", writes=True)
    arguments = ("diff-index", "--name-only", "-z", "--no-renames", before, "--")
    edited = set(top.read_text(*arguments).split("\0"))
    found = [
        file.path
        for file in files
        if file.path in edited or (file.before is None and os.path.lexists(top.folder / file.path))
    ]
    return WouldOverwriteFiles(paths=named(found)) if found else None


def named(paths: Iterable[str]) -> str:
    """Return a few paths as a sentence names them, and how many more there are."""
    first, *rest = found = list(paths)
    if len(found) > _MOST_TOLD:
        return ", ".join((first, *rest[: _MOST_TOLD - 1], f"… ({len(found)})"))
    return ", ".join(found)


def _differing(top: Repository, before: str, after: str) -> Iterator[_File]:
    printed = top.read_text("diff-tree", "-r", "-z", "--no-renames", before, after).split("\0")
    for told, path in zip(printed[::2], printed[1::2], strict=False):
        old, new = told.split(" ")[2:4]
        yield _File(path, _there(old), _there(new))


def _there(object_id: str) -> str | None:
    """Return an id; None for the zeros that git writes where there is no file."""
    return object_id if object_id.strip("0") else None


def _with_paths(top: Repository, arguments: tuple[str, ...], paths: list[str]) -> None:
    if paths:
        stdin = encode("".join(f"{path}\0" for path in paths))
        top.run(*arguments, stdin=stdin, writes=True).checked()


def _note(git_dir: Path, move: _Move) -> None:
    path = git_dir / FOLDER / NAME
    with writing(path):
        temporary = path.with_name(f"{NAME}.new")
        with temporary.open("w", encoding="ascii") as file:
            json.dump(asdict(move), file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)


def _noted(git_dir: Path) -> _Move | None:
    try:
        return _Move(**json.loads((git_dir / FOLDER / NAME).read_bytes()))
    except (OSError, ValueError, TypeError):
        # Not written whole: then nothing was moved, for the note comes first.
        return None


def _forget(git_dir: Path) -> None:
    for name in (NAME, f"{NAME}.new"):
        (git_dir / FOLDER / name).unlink(missing_ok=True)

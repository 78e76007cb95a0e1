"""The files of a fast-forward: each is written, exchanged and flushed to disk as a save does it.

Git's own checkout truncates a file and then writes it, and flushes nothing: killed, or with the
power cut, it leaves an empty plan. Here a file is always as in the one commit or as in the other,
and its old version stays beside it, under a temporary name, until the branch has moved: so going
back needs no room on the disk.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from kvartal.history.git.command import GitResult, decode, git_process, pipe
from kvartal.history.git.repository import Repository
from kvartal.history.store.changed_files import EXECUTABLE, ChangedFile
from kvartal.history.store.commit import SPARED
from kvartal.history.store.errors import PlanChangedOutside, WouldOverwriteFiles
from kvartal.history.store.files import (
    file_digest,
    fsync_file,
    fsync_folder,
    move_to_new_path,
    remove_file,
    replace_file,
    spare_path,
    swap,
    write_errors,
    write_new_file,
)


def digests(top: Path, files: Iterable[ChangedFile]) -> dict[str, str | None]:
    """Return the SHA-256 of the files on disk, by path."""
    return {file.path: file_digest(top / file.path) for file in files}


def write_files(
    top: Repository, files: Iterable[ChangedFile], token: str, known: Mapping[str, str | None]
) -> None:
    """Bring files to the later commit; their old versions stay beside them.

    Args:
        top: The repository as seen from its root.
        files: Those of `own_files`.
        token: Makes the names of the temporary files unique.
        known: SHA-256 of the files as they were checked, by path.

    Raises:
        WouldOverwriteFiles: Somebody has written one of them since; it stays as it is.
        KvartalError: Git or the file system refuses.
    """
    for file in files:
        place, temporary = top.folder / file.path, file.temporary(top.folder, token)
        with write_errors(place):
            if file.after is None:
                _hide(place, temporary, known[file.path])
                continue
            _make_folders(place.parent)
            _write_version(top, file.path, file.after, temporary, like=place)
            _set_mode(temporary, file.modes[1])
            if file.before is None:
                _place_new(temporary, place)
            else:
                _swap(place, temporary, known[file.path])


def go_back(top: Repository, files: Iterable[ChangedFile], token: str) -> None:
    """Bring files back to the earlier commit, as far as `write_files` has come.

    What somebody else has written since stays as it is.

    Raises:
        KvartalError: Git or the file system refuses; the next start tries again.
    """
    for file in files:
        place, temporary = top.folder / file.path, file.temporary(top.folder, token)
        with write_errors(place):
            if not temporary.exists() and spare_path(temporary).exists():
                replace_file(spare_path(temporary), temporary)
            if is_touched(top, file):
                _restore(top, file, temporary)
            for path in (temporary, spare_path(temporary)):
                remove_file(path)


def clean_up(
    top: Repository,
    files: Iterable[ChangedFile],
    token: str,
    known: Mapping[str, str | None] | None = None,
) -> None:
    """Delete the old versions of files after the branch has moved.

    Args:
        top: The repository as seen from its root.
        files: The files.
        token: As for `write_files`.
        known: As for `write_files`; None where it is no longer known.
    """
    for file in files:
        temporary = file.temporary(top.folder, token)
        for old in (temporary, spare_path(temporary)):
            if old.exists() and not _is_known(top, file, old, known):
                # Another program still had the old file open and wrote to it: not to be lost.
                place = top.folder / file.path
                replace_file(old, place.with_name(f"{place.name}{SPARED}{token}"))
            remove_file(old)
        if file.after is None:
            _remove_empty_folders(top.folder, file.path)


def fsync_files(top: Path, files: Iterable[ChangedFile]) -> None:
    """Flush files that git wrote, and the folders that name them, to the disk."""
    folders = set[Path]()
    for file in files:
        place = top / file.path
        if file.after is not None and place.is_file() and not place.is_symlink():
            fsync_file(place)
        folders.update(
            folder
            for folder in (place.parent, *place.parent.parents)
            if folder.is_relative_to(top) and folder.is_dir()
        )
    for folder in folders:
        fsync_folder(folder)


def is_touched(top: Repository, file: ChangedFile) -> bool:
    """Return whether a file was written, begun to be written or deleted during the move."""
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
    complete = top.object(file.after)
    return not place.is_symlink() and complete.startswith(place.read_bytes())


def delete_file(top: Path, path: str) -> None:
    """Delete a file that did not exist before, and the folders that are empty then."""
    remove_file(top / path)
    _remove_empty_folders(top, path)


def _restore(top: Repository, file: ChangedFile, temporary: Path) -> None:
    place = top.folder / file.path
    if file.before is None:
        remove_file(temporary)
        delete_file(top.folder, file.path)
        return
    if not temporary.exists() or _stored_id(top, file.path, temporary) != file.before:
        if temporary.exists() and place.exists():
            replace_file(temporary, place.with_name(f"{place.name}{SPARED}{temporary.name[1:13]}"))
        remove_file(temporary)
        _make_folders(place.parent)
        _write_version(top, file.path, file.before, temporary, like=place)
        _set_mode(temporary, file.modes[0])
    if place.exists():
        _swap(place, temporary, file_digest(place))
    else:
        _place_new(temporary, place)


def _write_version(top: Repository, path: str, object_id: str, target: Path, *, like: Path) -> None:
    """Write a version of a file as git would check it out: filters and line ends included."""
    remove_file(target)
    command = ("cat-file", "--filters", f"--path={path}", object_id)
    with git_process(top.folder, command) as process:
        write_new_file(target, pipe(process.stdout), like=like if like.exists() else None)
        stderr = decode(pipe(process.stderr).read())
        GitResult("cat-file", process.wait(), b"", stderr.strip()).checked()


def _set_mode(path: Path, mode: str) -> None:
    if os.name == "posix":
        rights = path.stat().st_mode & 0o777
        wanted = rights | (rights & 0o444) >> 2 if mode == EXECUTABLE else rights & ~0o111
        if wanted != rights:
            path.chmod(wanted)


def _hide(place: Path, temporary: Path, known: str | None) -> None:
    replace_file(place, temporary)
    if file_digest(temporary) != known:
        replace_file(temporary, place)
        raise WouldOverwriteFiles(paths=place.name)
    fsync_folder(place.parent)


def _swap(place: Path, temporary: Path, known: str | None) -> None:
    with _overwriting(place):
        swap(place, temporary, expected=known or "")


def _place_new(temporary: Path, place: Path) -> None:
    try:
        move_to_new_path(temporary, place)
    except FileExistsError as error:
        raise WouldOverwriteFiles(paths=place.name) from error
    fsync_folder(place.parent)


@contextmanager
def _overwriting(place: Path) -> Iterator[None]:
    try:
        yield
    except PlanChangedOutside as error:
        raise WouldOverwriteFiles(paths=place.name) from error


def _make_folders(folder: Path) -> None:
    missing = [step for step in (folder, *folder.parents) if not step.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for step in missing:
        fsync_folder(step.parent)


def _remove_empty_folders(top: Path, path: str) -> None:
    with suppress(OSError):  # Not empty: somebody uses it.
        for folder in PurePosixPath(path).parents[:-1]:
            (top / folder).rmdir()


def _is_known(
    top: Repository, file: ChangedFile, old: Path, known: Mapping[str, str | None] | None
) -> bool:
    if known is not None:
        return file_digest(old) == known[file.path]
    return _stored_id(top, file.path, old) in {file.before, file.after}


def _stored_id(top: Repository, path: str, place: Path | None = None) -> str | None:
    """Return the id under which git would store a working file.

    Args:
        top: The repository as seen from its root.
        path: The path whose attributes count.
        place: The file, if it is not the one at that path.
    """
    place = place or top.folder / path
    if place.is_symlink():
        return top.object_name(os.fsencode(place.readlink()))
    result = top.run("hash-object", f"--path={path}", "--", str(place.relative_to(top.folder)))
    return result.text.strip() if not result.code else None

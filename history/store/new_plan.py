"""The file of a new programme: written whole, or not there."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import NotARepository
from kvartal.history.git.identity import knows_identity
from kvartal.history.store.files import (
    TEMPORARY_SUFFIX,
    fsync_folder,
    move_to_new_path,
    remove_file,
    write_errors,
    write_new_file,
)
from kvartal.history.store.init_repository import is_unfinished
from kvartal.history.store.snapshot import InvalidPlan, check
from kvartal.history.yaml_text.loader import load
from kvartal.schema.errors import N_, KvartalError


class PlanExists(KvartalError):
    """There is a file where the new programme is to be."""

    template = N_("Файл «{path}» уже есть. Новая программа его не заменяет.")


class NoIdentityYet(KvartalError):
    """Git knows no author for the first commit of a repository that is not there yet."""

    template = N_(
        "git не знает, от чьего имени сохранять, поэтому ничего не создано. Укажите себя один раз: "
        '`git config --global user.name "Фамилия Имя"` и '
        '`git config --global user.email "имя@организация"`.'
    )


def knows_author(folder: Path) -> bool:
    """Return whether git knows in whose name to commit in a folder, or in the nearest that is.

    Raises:
        GitMissing: There is no git program.
        SettingsUnreadable: What git knows cannot be read.
    """
    nearest = next(one for one in (folder, *folder.parents) if one.is_dir())
    return knows_identity(nearest)


def check_new_plan(path: Path, text: str, *, is_author_known: bool = False) -> None:
    """Check that a new plan can be written and committed; nothing is written.

    Args:
        path: Where the file is to be; its folder need not be there yet.
        text: Its text.
        is_author_known: Whether git need not be asked for the author.

    Raises:
        PlanExists: There is such a file.
        UnreadablePlan, InvalidPlan: The text is no valid programme.
        GitMissing: There is no git program.
        NoIdentityYet: Git knows no author.
    """
    if (path.exists() or path.is_symlink()) and not _is_left_over(path, text):
        raise PlanExists(path=path)
    problems = check(load(text.encode("utf-8"), path.name))
    if problems:
        raise InvalidPlan(problems)
    if not is_author_known and not knows_author(path.resolve().parent):
        raise NoIdentityYet


@contextmanager
def written_plan(path: Path, text: str, files: Mapping[Path, bytes]) -> Iterator[None]:
    """Write a new plan file for the block, which begins its history; a refusal there deletes it.

    What comes with it is written first: whoever finds the plan after a crash finds that too.

    Args:
        path: Where the file is to be.
        text: Its text.
        files: The content of the files that come with it, by their paths; one that is there
            already is left as it is.

    Raises:
        PlanExists: There is such a file.
        KvartalError: The file system refuses.
    """
    is_left_over = _is_left_over(path, text)
    if os.path.lexists(path) and not is_left_over:
        raise PlanExists(path=path)
    wanted = dict(files)
    if not is_left_over:
        wanted[path] = text.encode("utf-8")
    new = {file: one for file, one in wanted.items() if not os.path.lexists(file)}
    folders = {folder: None for file in (*new, path) for folder in file.parents}
    made = [folder for folder in folders if not folder.exists()]
    try:
        for file, content in new.items():
            _write(file, content)
        yield
    except KvartalError:
        for file in {**new, path: b""}:
            with write_errors(file):
                remove_file(file)
        for folder in sorted(made, key=lambda one: len(one.parts), reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise


def _is_left_over(path: Path, text: str) -> bool:
    """Return whether a file is what an interrupted attempt wrote, and that is not finished yet."""
    if path.is_symlink() or not path.is_file() or path.read_bytes() != text.encode("utf-8"):
        return False
    try:
        repository = find_repository(path.resolve().parent)
    except NotARepository:
        return True
    is_committed = repository.object_id(f"HEAD:./{path.name}") is not None
    return not is_committed or is_unfinished(path)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    with write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        write_new_file(temporary, BytesIO(content))
        move_to_new_path(temporary, path)
        fsync_folder(path.parent)

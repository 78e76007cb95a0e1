"""The file of a new programme: written whole, or not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from kvartal.history.git.command import run_git
from kvartal.history.store.files import remove_file, write_errors, write_new_file
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
    """
    nearest = next(one for one in (folder, *folder.parents) if one.is_dir())
    return not run_git(nearest, ("var", "GIT_AUTHOR_IDENT")).code


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
    if path.exists() or path.is_symlink():
        raise PlanExists(path=path)
    problems = check(load(text.encode("utf-8"), path.name))
    if problems:
        raise InvalidPlan(problems)
    if not is_author_known and not knows_author(path.resolve().parent):
        raise NoIdentityYet


@contextmanager
def written_plan(path: Path, text: str) -> Iterator[None]:
    """Write a new plan file for the block, which begins its history; a refusal there deletes it.

    Args:
        path: Where the file is to be.
        text: Its text.

    Raises:
        PlanExists: There is such a file.
        KvartalError: The file system refuses.
    """
    if path.exists() or path.is_symlink():
        raise PlanExists(path=path)
    made = [folder for folder in path.parents if not folder.exists()]
    with write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new_file(path, BytesIO(text.encode("utf-8")))
    try:
        yield
    except KvartalError:
        with write_errors(path):
            remove_file(path)
        for folder in made:
            if not any(folder.iterdir()):
                folder.rmdir()
        raise

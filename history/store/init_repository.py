"""Creating a repository for a plan that has none, with the plan in its first commit."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Final

from kvartal.history.git.command import encode, run_git
from kvartal.history.git.driver_setup import attributes_line
from kvartal.history.git.errors import NotARepository, ReadOnlyFolder
from kvartal.history.git.repository import Repository, find_repository
from kvartal.history.store.files import write_errors, write_new_file
from kvartal.history.store.ledger import Ledger, SaveResult
from kvartal.history.store.write_lock import write_lock
from kvartal.schema.errors import N_, KvartalError, Translate, untranslated

PLANS: Final = "plan"
"""The name of the folder of plans in a programme's folder."""
ATTRIBUTES_FILE: Final = ".gitattributes"
_SUBJECT: Final = N_("Настройки git: сравнивать и сливать программу по полям")


def repository_folder(plan: Path, home: Path | None = None) -> Path:
    """Return the folder whose repository is to hold a plan.

    It is the one above ``plan/``; where that is the user's home folder or the root of a disk, or
    where the plan is in a folder with a different name, it is the plan's own folder.

    Args:
        plan: The plan file, with symbolic links followed.
        home: The user's home folder; found out if not given.
    """
    folder = plan.parent
    parent = folder.parent
    is_own_folder = parent not in (parent.parent, home or Path.home())
    return parent if folder.name == PLANS and is_own_folder else folder


def init_repository(path: Path, *, translate: Translate = untranslated) -> SaveResult:
    """Create a repository for a plan, unless it is in one, and commit the plan as it is.

    What a refused call leaves unfinished is finished by the next one.

    Args:
        path: The plan file.
        translate: Turns Russian templates into the language of commit messages.

    Returns:
        The programme, and its first commit; no commit where it had been committed already.

    Raises:
        UnreadablePlan, InvalidPlan: The file is not a programme; nothing was created.
        KvartalError: Git or the file system refuses; each reason has its class.
    """
    ledger = Ledger(path, translate=translate)
    snapshot = ledger.read()
    plan = path.resolve()
    try:
        find_repository(plan.parent)
    except NotARepository:
        _create(repository_folder(plan))
    result = ledger.adopt(snapshot)
    repository = find_repository(plan.parent)
    if result.commit is not None:
        _add_attributes(repository, translate)
    return result


def _create(folder: Path) -> None:
    result = run_git(folder, ("init", "--quiet"), writes=True)
    if result.code and "Permission denied" in result.stderr:
        raise ReadOnlyFolder(path=folder)
    result.checked()


def _add_attributes(repository: Repository, translate: Translate) -> None:
    """Commit a file of attributes that says which files are merged and compared by fields.

    One that exists already belongs to the user: `kvartal git-setup` does without it.
    """
    top = repository.at("")
    path = top.folder / ATTRIBUTES_FILE
    if path.exists():
        return
    with write_lock(repository.git_dir), write_errors(path):
        line = f"{attributes_line(repository.prefix)}\n"
        write_new_file(path, BytesIO(encode(line)))
        result = top.add([ATTRIBUTES_FILE])
        if not result.code:
            result = top.commit_only([ATTRIBUTES_FILE], f"{translate(_SUBJECT)}\n")
        if result.code:
            # The plan is committed all the same, and `kvartal git-setup` does without this file.
            with suppress(KvartalError):
                top.reset_index([ATTRIBUTES_FILE])
            path.unlink()

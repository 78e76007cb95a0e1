"""A history is begun: a repository for a plan that has none, with the plan as its first commit."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Final

from kvartal.history.git.command import encode, run_git
from kvartal.history.git.driver_setup import attributes_line
from kvartal.history.git.errors import NotARepository, ReadOnlyFolder
from kvartal.history.git.repository import Repository, find_repository
from kvartal.history.store.files import write_new, writing
from kvartal.history.store.ledger import Ledger, SaveResult
from kvartal.history.store.write_lock import locked
from kvartal.schema.errors import N_, KvartalError, Translate, untranslated

PLANS: Final = "plan"
"""What the folder of the plans is called in a programme's folder."""
ATTRIBUTES_FILE: Final = ".gitattributes"
_SUBJECT: Final = N_("Настройки git: сравнивать и сливать программу по полям")


def home_for(plan: Path, personal: Path | None = None) -> Path:
    """Return the folder whose repository is to hold a plan.

    It is the one above ``plan/``; where that would be somebody's whole home folder or the root of
    a disk, or the plan stands in a folder of another name, it is the plan's own folder.

    Args:
        plan: The plan file, with symbolic links followed.
        personal: The user's home folder; the system says which, if not given.
    """
    folder = plan.parent
    above = folder.parent
    is_apart = above not in (above.parent, personal or Path.home())
    return above if folder.name == PLANS and is_apart else folder


def begin(path: Path, *, translate: Translate = untranslated) -> SaveResult:
    """Make a repository for a plan, unless it is in one, and commit the plan as it is.

    What a refusal left half done is done by the next call.

    Args:
        path: The plan file.
        translate: Turns Russian templates into the language that commit messages are written in.

    Returns:
        The programme, and the commit that it begins with; no commit where it was there already.

    Raises:
        UnreadablePlan, InvalidPlan: The file is not a programme; nothing was made.
        KvartalError: Git or the file system refuses; each reason with a class of its own.
    """
    ledger = Ledger(path, translate=translate)
    snapshot = ledger.look()
    plan = path.resolve()
    try:
        find_repository(plan.parent)
    except NotARepository:
        _make(home_for(plan))
    outcome = ledger.adopt(snapshot)
    repository = find_repository(plan.parent)
    if outcome.commit is not None:
        _add_attributes(repository, translate)
    return outcome


def _make(folder: Path) -> None:
    result = run_git(folder, ("init", "--quiet"), writes=True)
    if result.code and "Permission denied" in result.stderr:
        raise ReadOnlyFolder(path=folder)
    result.checked()


def _add_attributes(repository: Repository, translate: Translate) -> None:
    """Say in the repository itself which files are merged and compared by fields.

    A file of attributes that is there already is the user's: `kvartal git-setup` does without it.
    """
    top = repository.at("")
    path = top.folder / ATTRIBUTES_FILE
    if path.exists():
        return
    with locked(repository.git_dir), writing(path):
        line = f"{attributes_line(repository.prefix)}\n"
        write_new(path, BytesIO(encode(line)))
        result = top.add([ATTRIBUTES_FILE])
        if not result.code:
            result = top.commit_only([ATTRIBUTES_FILE], f"{translate(_SUBJECT)}\n")
        if result.code:
            # The history has begun all the same, and `kvartal git-setup` does without this file.
            with suppress(KvartalError):
                top.reset_index([ATTRIBUTES_FILE])
            path.unlink()

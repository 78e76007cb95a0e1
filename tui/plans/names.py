"""What plan files are called: in messages, in the repository, in what is carried from them."""

from collections.abc import Sequence
from pathlib import Path

from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.i18n import _


class PlanIsLink(KvartalError):
    """The plan file is a link: what belongs to it is at its real place.

    Never raised: it explains what was not found.
    """

    template = N_(
        "«{path}» ведёт по ссылке к файлу «{real}»: программа и её подтверждающие файлы — там, "
        "рядом со ссылкой их не ищут."
    )


def path_in_repository(path: Path) -> str:
    """Return the path of a file from the root of its repository; git is not started.

    Without a repository it is the path from the current folder.
    """
    file = path.resolve()
    folder = _repository_root(file)
    return file.relative_to(folder).as_posix() if folder else Path(display_name(path)).as_posix()


def path_to_carry_from(path: Path) -> str:
    """Return what `carried_from.plan` says of a programme: the path from its repository's root.

    Without a repository it is the path from the root of the one that its history will begin with.
    """
    from kvartal.history.store.init_repository import repository_folder

    file = path.resolve()
    return file.relative_to(_repository_root(file) or repository_folder(file)).as_posix()


def _repository_root(file: Path) -> Path | None:
    return next((folder for folder in file.parents if (folder / ".git").exists()), None)


def linked_plan(path: Path) -> PlanIsLink | None:
    """Return where a plan that is a link leads; None for a plain file.

    Args:
        path: The plan file.
    """
    # A link to the folder takes the evidence along.
    if not path.is_symlink():
        return None
    return PlanIsLink(path=display_name(path), real=display_name(path.resolve()))


def display_name(path: Path) -> str:
    """Return a path as messages show it: relative to the current folder if it is inside.

    Such a one has slashes on every system, as the paths in a plan and its history have.
    """
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def copies_sentence(copies: Sequence[Path]) -> str:
    """Return that there are copies of plans, and that they are not plans."""
    template = _(
        "Рядом с программой лежат её копии: {files}. Программами они не считаются: уберите их или "
        "откройте по имени: kvartal --plan ПУТЬ."
    )
    return template.format(files=", ".join(map(display_name, copies)))


def no_files_sentence(no_files: Sequence[Path]) -> str:
    """Return that something has the name of a plan and cannot be read."""
    template = _(
        "Не прочитано, хотя названо как программа: {files}. Это не файл: папка, ссылка в никуда "
        "или по кругу. `kvartal validate ФАЙЛ` скажет, что именно."
    )
    return template.format(files=", ".join(map(display_name, no_files)))

"""The plan file to work with: the option's, the environment's, or the nearest one up from here.

Where there is no such file, the last commit may hold one that was deleted.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from os import scandir
from pathlib import Path
from typing import Final

from kvartal.history.programme import Programme, open_programme
from kvartal.schema.errors import EXIT_REFUSED, EXIT_USAGE, N_, KvartalError
from kvartal.tui.i18n import _, translator

VARIABLE: Final = "KVARTAL_PLAN"
FOLDER: Final = "plan"
SUFFIX: Final = ".yaml"


class PlanNotFound(KvartalError):
    """No plan file was named, and there is none in this folder or above it."""

    template = N_(
        "Не нашлось файла программы: ни здесь ({folder}), ни в папках выше нет plan/*.yaml. "
        "Перейдите в папку программы или укажите файл: kvartal --plan ПУТЬ."
    )
    exit_code = EXIT_USAGE


class NoSuchPlanFile(KvartalError):
    """The plan file that was named does not exist."""

    template = N_("Файла программы «{path}» нет ({source}). Проверьте путь.")
    exit_code = EXIT_USAGE


class NoPlanInFolder(KvartalError):
    """A folder was named that holds no plan file."""

    template = N_("В папке «{path}» нет файлов программы *.yaml ({source}). Укажите сам файл.")
    exit_code = EXIT_USAGE


class PlanFolderUnreadable(KvartalError):
    """The folder in which a plan was looked for cannot be read."""

    template = N_(
        "Папку «{path}» прочесть нельзя ({reason}): есть ли в ней программа, не узнать. Откройте "
        "себе доступ к ней или укажите файл: kvartal --plan ПУТЬ."
    )


class PlanOnlyCommitted(PlanNotFound):
    """There is no plan file on disk, but the last commit holds one."""

    template = N_(
        "Файла программы «{path}» нет на диске, а в последней записи истории он есть. Верните его: "
        "`kvartal adopt --aside`, или откройте экран (`kvartal`) и нажмите F6."
    )
    exit_code = EXIT_REFUSED


class NamedPlanOnlyCommitted(NoSuchPlanFile):
    """The plan file that was named does not exist, but the last commit holds it."""

    template = PlanOnlyCommitted.template
    exit_code = EXIT_REFUSED


def find_plan(option: Path | None, cwd: Path, environ: Mapping[str, str], today: date) -> Path:
    """Return the path of the plan file to work with; git is asked only where there is none.

    Args:
        option: What ``--plan`` says, if anything: a file, or a folder that holds plan files.
        cwd: The folder to start from, absolute.
        environ: Read for ``KVARTAL_PLAN``, which says the same.
        today: Among several plans of a folder this year's is taken, else the latest.

    Raises:
        NoSuchPlanFile: The file that was named does not exist.
        NoPlanInFolder: The folder that was named holds no plan file.
        PlanNotFound: None was named, and no folder from ``cwd`` up holds one.
        PlanOnlyCommitted, NamedPlanOnlyCommitted: It does not exist, but the last commit holds it.
        OutsideSparseCheckout: The same, and it is outside what is checked out of the repository.
    """
    try:
        return _on_disk(option, cwd, environ, today)
    except NoSuchPlanFile as error:
        path = error.fields["path"]
        if isinstance(path, Path) and _is_committed(path):
            raise NamedPlanOnlyCommitted(path=path) from None
        raise
    except PlanNotFound:
        committed = _committed_plan(cwd, today)
        if committed is None:
            raise
        raise PlanOnlyCommitted(path=committed) from None


def committed_path(error: PlanOnlyCommitted | NamedPlanOnlyCommitted) -> Path:
    """Return where the deleted plan file was."""
    return Path(str(error.fields["path"]))


def open_plan(path: Path) -> Programme:
    """Return the programme of a plan file, with texts in the user's language; nothing is read."""
    return open_programme(path, name=display_name(path), translate=_, translator=translator)


def display_name(path: Path) -> str:
    """Return a path as messages show it: relative to the current folder if it is inside."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _on_disk(option: Path | None, cwd: Path, environ: Mapping[str, str], today: date) -> Path:
    if option is not None:
        return _named(cwd / option, "--plan", today)
    if environ.get(VARIABLE):
        return _named(cwd / environ[VARIABLE], VARIABLE, today)
    for folder in (cwd, *cwd.parents):
        path = _in_folder(folder / FOLDER, today)
        if path is not None:
            return path
    raise PlanNotFound(folder=cwd)


def _named(path: Path, source: str, today: date) -> Path:
    if path.is_dir():
        plan = _in_folder(path / FOLDER, today) or _in_folder(path, today)
        if plan is None:
            raise NoPlanInFolder(path=path, source=source)
        return plan
    if not path.exists():
        raise NoSuchPlanFile(path=path, source=source)
    return path


def _in_folder(folder: Path, today: date) -> Path | None:
    try:
        # The pattern alone would find nothing in a folder that cannot be read.
        scandir(folder).close()
        paths = [path for path in folder.glob(f"*{SUFFIX}") if path.is_file()]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        from kvartal.history.system_errors import system_reason

        raise PlanFolderUnreadable(path=folder, reason=system_reason(error)) from error
    return _latest(paths, today)


def _latest(plans: Iterable[Path], today: date) -> Path | None:
    """Return this year's plan, else the latest; one whose name is not a year comes last."""
    return max(plans, key=lambda path: _rank(path, today), default=None)


def _rank(path: Path, today: date) -> tuple[bool, int, str]:
    stem = path.stem
    year = int(stem) if stem.isascii() and stem.isdigit() else 0
    return year == today.year, year, path.name


def _is_committed(path: Path) -> bool:
    from kvartal.history.git.errors import GitMissing, NotARepository, NoWorkTree
    from kvartal.history.store.missing_plan import is_deleted

    try:
        return is_deleted(path)
    except (GitMissing, NotARepository, NoWorkTree):  # No history: then there is simply no file.
        return False


def _committed_plan(cwd: Path, today: date) -> Path | None:
    from kvartal.history.git.errors import GitMissing, NotARepository, NoWorkTree
    from kvartal.history.store.missing_plan import deleted_plan

    try:
        return deleted_plan(cwd, FOLDER, SUFFIX, lambda plans: _latest(plans, today))
    except (GitMissing, NotARepository, NoWorkTree):
        return None

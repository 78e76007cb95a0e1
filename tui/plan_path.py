"""Which plan file is meant: the option's, the environment's, or the nearest one up from here.

Where no file is found, the last commit may hold one that was deleted.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from kvartal.schema.errors import EXIT_REFUSED, EXIT_USAGE, N_, KvartalError

VARIABLE: Final = "KVARTAL_PLAN"
FOLDER: Final = "plan"
SUFFIX: Final = ".yaml"


class NoPlan(KvartalError):
    """No plan file was named, and none lies in this folder or above it."""

    template = N_(
        "Не нашлось файла программы: ни здесь ({folder}), ни в папках выше нет plan/*.yaml. "
        "Перейдите в папку программы или укажите файл: kvartal --plan ПУТЬ."
    )
    exit_code = EXIT_USAGE


class PlanMissing(KvartalError):
    """The plan file that was named is not there."""

    template = N_("Файла программы «{path}» нет ({source}). Проверьте путь.")
    exit_code = EXIT_USAGE


class NoPlanInFolder(KvartalError):
    """A folder was named that holds no plan file."""

    template = N_("В папке «{path}» нет файлов программы *.yaml ({source}). Укажите сам файл.")
    exit_code = EXIT_USAGE


class PlanGone(NoPlan):
    """No plan file is there, but the last commit holds one."""

    template = N_(
        "Файла программы «{path}» нет на диске, а в последней записи истории он есть. Верните его: "
        "`kvartal adopt --aside`, или откройте экран (`kvartal`) и нажмите F6."
    )
    exit_code = EXIT_REFUSED


class NamedPlanGone(PlanMissing):
    """The plan file that was named is not there, but the last commit holds it."""

    template = PlanGone.template
    exit_code = EXIT_REFUSED


def find_plan(option: Path | None, cwd: Path, environ: Mapping[str, str], today: date) -> Path:
    """Return the path of the plan file to work with.

    Args:
        option: What ``--plan`` says, if anything: a file, or a folder that holds plan files.
        cwd: The folder to start from, absolute.
        environ: Looked at for ``KVARTAL_PLAN``, which says the same.
        today: Among several plans of a folder its year's is taken, else the latest.

    Raises:
        PlanMissing: The file that was named is not there.
        NoPlanInFolder: The folder that was named holds no plan file.
        NoPlan: None was named, and no folder from ``cwd`` up holds one.
    """
    if option is not None:
        return _named(cwd / option, "--plan", today)
    if environ.get(VARIABLE):
        return _named(cwd / environ[VARIABLE], VARIABLE, today)
    for folder in (cwd, *cwd.parents):
        found = _in_folder(folder / FOLDER, today)
        if found is not None:
            return found
    raise NoPlan(folder=cwd)


def _named(path: Path, source: str, today: date) -> Path:
    if path.is_dir():
        found = _in_folder(path / FOLDER, today) or _in_folder(path, today)
        if found is None:
            raise NoPlanInFolder(path=path, source=source)
        return found
    if not path.exists():
        raise PlanMissing(path=path, source=source)
    return path


def _in_folder(folder: Path, today: date) -> Path | None:
    """Return this year's plan of a folder, else the latest; one not named by a year comes last."""
    return choose([path for path in folder.glob(f"*{SUFFIX}") if path.is_file()], today)


def choose(plans: Iterable[Path], today: date) -> Path | None:
    """Return this year's plan, else the latest; None of none.

    Args:
        plans: Files of one folder.
        today: The date.
    """
    return max(plans, key=lambda path: _rank(path, today), default=None)


def _rank(path: Path, today: date) -> tuple[bool, int, str]:
    stem = path.stem
    year = int(stem) if stem.isascii() and stem.isdigit() else 0
    return year == today.year, year, path.name


def located_plan(option: Path | None, cwd: Path, environ: Mapping[str, str], today: date) -> Path:
    """Return the path of the plan file to work with; arguments as for `find_plan`.

    Raises:
        PlanGone, NamedPlanGone: It is not there, but the last commit holds it.
        OutsideSparse: The same, and it is outside what is checked out of the repository.
        PlanMissing, NoPlanInFolder, NoPlan: As `find_plan` does.
    """
    try:
        return find_plan(option, cwd, environ, today)
    except PlanMissing as error:
        path = error.fields["path"]
        if isinstance(path, Path) and _is_kept(path):
            raise NamedPlanGone(path=path) from None
        raise
    except NoPlan:
        gone = _kept(cwd, today)
        if gone is None:
            raise
        raise PlanGone(path=gone) from None


def gone_path(error: PlanGone | NamedPlanGone) -> Path:
    """Return where the file stood that is not there."""
    return Path(str(error.fields["path"]))


def _is_kept(path: Path) -> bool:
    from kvartal.history.git.errors import OutsideSparse
    from kvartal.history.store.missing_plan import is_kept

    try:
        return is_kept(path)
    except OutsideSparse:
        raise
    except KvartalError:  # No history that could be asked: then it is simply not there.
        return False


def _kept(cwd: Path, today: date) -> Path | None:
    from kvartal.history.git.errors import OutsideSparse
    from kvartal.history.store.missing_plan import kept_plan

    try:
        return kept_plan(cwd, FOLDER, SUFFIX, lambda plans: choose(plans, today))
    except OutsideSparse:
        raise
    except KvartalError:
        return None

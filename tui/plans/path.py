"""The plan files to work with: the options', the environment's, or the nearest ones up from here.

In a folder of several it is the one whose period holds the date in question, else the latest. Where
there is no such file, the last commit may hold one that was deleted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from glob import glob, has_magic
from pathlib import Path
from typing import Final

from kvartal.history.programme import Programme, open_programme
from kvartal.schema.errors import EXIT_REFUSED, EXIT_USAGE, N_, KvartalError
from kvartal.tui.i18n import _, translator
from kvartal.tui.plans.files import FOLDER, SUFFIX, copies_in, no_files_in, plans_in
from kvartal.tui.plans.names import display_name
from kvartal.tui.plans.periods import period_in_file

VARIABLE: Final = "KVARTAL_PLAN"


class PlanNotFound(KvartalError):
    """No plan file was named, and there is none in this folder or above it."""

    template = N_(
        "Не нашлось файла программы: ни здесь ({folder}), ни в папках выше нет plan/*.yaml. "
        "Перейдите в папку программы или укажите файл: kvartal --plan ПУТЬ."
    )
    exit_code = EXIT_USAGE


class PlanElsewhere(PlanNotFound):
    """There is none in this folder or above it, but other folders of the repository have some."""

    template = N_(
        "Программы нет ни здесь ({folder}), ни в папках выше, а в репозитории есть: {plans}. "
        "Назовите нужную: kvartal --plan ПУТЬ."
    )
    stable_code = "plan-not-found"


class NoSuchPlanFile(KvartalError):
    """The plan file that was named does not exist."""

    template = N_("Файла программы «{path}» нет ({source}). Проверьте путь.")
    exit_code = EXIT_USAGE


class NoPlanInFolder(KvartalError):
    """A folder was named that holds no plan file."""

    template = N_("В папке «{path}» нет файлов программы *.yaml ({source}). Укажите сам файл.")
    exit_code = EXIT_USAGE


class NoPlanMatches(KvartalError):
    """A pattern was given that no plan file matches."""

    template = N_("Под образец «{pattern}» не подходит ни один файл ({source}). Проверьте его.")
    exit_code = EXIT_USAGE


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


@dataclass(frozen=True, slots=True)
class PlanSelection:
    """The plan files that a call is about.

    Attributes:
        paths: The files, at least one.
        is_named: The user named them: by an option or in the environment.
        is_choice: There are further ones, so that an answer has to say which it is about.
        copies: Copies of plans beside them, which were not taken for plans.
        no_files: What has the name of a plan beside them and cannot be read as a file.
    """

    paths: tuple[Path, ...]
    is_named: bool = False
    is_choice: bool = False
    copies: tuple[Path, ...] = ()
    no_files: tuple[Path, ...] = ()


def find_plan(option: Path | None, cwd: Path, environ: Mapping[str, str], today: date) -> Path:
    """Return the path of the plan file to work with; git is asked only where there is none.

    Args:
        option: What ``--plan`` says, if anything: a file, or a folder that holds plan files.
        cwd: The folder to start from, absolute.
        environ: Read for ``KVARTAL_PLAN``, which says the same.
        today: Among several plans of a folder the one that holds this day is taken, else the
            latest.

    Raises:
        KvartalError: As for `find_plans`.
    """
    return find_plans([] if option is None else [option], cwd, environ, today).paths[-1]


def find_plans(
    options: Sequence[Path], cwd: Path, environ: Mapping[str, str], today: date
) -> PlanSelection:
    """Return the plan files to work with; git is asked only where there is none.

    Args:
        options: What ``--plan`` says, each a file, a folder that holds plan files, or a pattern.
        cwd: The folder to start from, absolute.
        environ: Read for ``KVARTAL_PLAN``, which says the same.
        today: The day that the call is about.

    Raises:
        NoSuchPlanFile: A file that was named does not exist.
        NoPlanInFolder: A folder that was named holds no plan file.
        NoPlanMatches: A pattern fits no file.
        PlanNotFound: None was named, and no folder from ``cwd`` up holds one.
        PlanOnlyCommitted, NamedPlanOnlyCommitted: It does not exist, but the last commit holds it.
        OutsideSparseCheckout: The same, and it is outside what is checked out of the repository.
    """
    try:
        return _on_disk(options, cwd, environ, today)
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


def _on_disk(
    options: Sequence[Path], cwd: Path, environ: Mapping[str, str], today: date
) -> PlanSelection:
    if options:
        return _named_plans([cwd / one for one in options], "--plan", today)
    if environ.get(VARIABLE):
        return _named_plans([cwd / environ[VARIABLE]], VARIABLE, today)
    for folder in (cwd, *cwd.parents):
        paths, no_files = plans_in(folder / FOLDER), no_files_in(folder / FOLDER)
        if paths:
            chosen = _holding(paths, today)
            copies = copies_in(folder / FOLDER)
            is_choice = len(paths) > 1
            return PlanSelection(chosen, is_choice=is_choice, copies=copies, no_files=no_files)
        if no_files:
            return PlanSelection(no_files[-1:])
    raise PlanNotFound(folder=cwd)


def _named_plans(paths: Iterable[Path], source: str, today: date) -> PlanSelection:
    plans: list[Path] = []
    copies: list[Path] = []
    is_choice = False
    for path in paths:
        if has_magic(str(path)) and not path.exists():
            # The pattern may be absolute, which Path.glob does not take.
            matching = map(Path, sorted(glob(str(path), recursive=True)))  # noqa: PTH207
            files = [one for one in matching if one.is_file()]
            beside = {folder: frozenset(copies_in(folder)) for folder in {f.parent for f in files}}
            copies += [one for one in files if one in beside[one.parent]]
            files = [one for one in files if one not in beside[one.parent]]
            if not files:
                raise NoPlanMatches(pattern=display_name(path), source=source)
            plans += files
        elif path.is_dir():
            found = plans_in(path / FOLDER) or plans_in(path)
            if not found:
                raise NoPlanInFolder(path=path, source=source)
            is_choice = is_choice or len(found) > 1
            plans += _holding(found, today)
            copies += copies_in(found[0].parent)
        elif path.exists():
            plans.append(path)
        else:
            raise NoSuchPlanFile(path=path, source=source)
    once = tuple({path.resolve(): path for path in plans}.values())
    return PlanSelection(once, is_named=True, is_choice=is_choice, copies=tuple(copies))


def _holding(plans: Sequence[Path], today: date) -> tuple[Path, ...]:
    """Return the plans whose period holds a day, in the order of their names; else the latest."""
    if len(plans) == 1:
        return tuple(plans)
    periods = {path: period_in_file(path) for path in plans}
    holding = [path for path, period in periods.items() if period is not None and today in period]
    if holding:
        return tuple(sorted(holding))
    dated = [(period.due, path.name, path) for path, period in periods.items() if period]
    latest = max(dated)[2] if dated else _latest(plans, today)
    return () if latest is None else (latest,)


def _latest(plans: Iterable[Path], today: date) -> Path | None:
    """Return this year's plan, else the latest, by their names alone."""
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

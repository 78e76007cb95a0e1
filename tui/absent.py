"""Which plan is meant where no file of it is found: the history may hold one, to be had back."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from kvartal.schema.errors import EXIT_REFUSED, N_, KvartalError
from kvartal.tui.plan_path import FOLDER, SUFFIX, NoPlan, PlanMissing, choose, find_plan


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
